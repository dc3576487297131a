/** How long to wait before the next try, so that a thousand phones do not come back in the same second. */

const SHORTEST = 1_000;
const LONGEST = 5 * 60_000;
const PATIENCE = 60 * 60_000; // a server may ask for more than our longest, not for days

/** Milliseconds after `failures` tries in a row; `retryAfter` (seconds) is what the server asked for, or null. */
export function delay(failures, { random, retryAfter = null }) {
  const widest = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 16));
  const asked = Math.min(PATIENCE, (retryAfter ?? 0) * 1000);
  return Math.round(Math.max(asked, SHORTEST) + share(random) * (widest - SHORTEST));
}

function share(random) {
  const [high, low] = random(2);
  return (high * 256 + low) / 65536;
}
