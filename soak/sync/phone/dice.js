/** Seeded chance (sfc32): the same seed, the same universe. */

export function dice(seed) {
  let [a, b, c, counter] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1];
  const word = () => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let round = 0; round < 12; round += 1) word();
  const float = () => word() / 2 ** 32;
  const below = (n) => Math.floor(float() * n);
  return {
    below,
    chance: (share) => float() < share,
    between: (low, high) => low + below(high - low + 1),
    pick: (list) => list[below(list.length)],
    bytes: (n) => Uint8Array.from({ length: n }, () => word() & 0xff),
    weighted(choices) {
      const total = choices.reduce((sum, [weight]) => sum + weight, 0);
      let at = float() * total;
      return (choices.find(([weight]) => (at -= weight) < 0) ?? choices.at(-1))[1];
    },
  };
}
