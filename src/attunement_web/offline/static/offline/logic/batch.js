/** How much goes to the server at once. */

export const MOST = 100; // operations
export const MOST_BYTES = 1024 * 1024 - 1024; // a mebibyte, less room for the frame around them

/** The longest beginning of `operations` within both limits; at least one. */
export function batch(operations, most = MOST) {
  const encoder = new TextEncoder();
  const taken = [];
  let bytes = 0;
  for (const operation of operations.slice(0, most)) {
    bytes += encoder.encode(JSON.stringify(operation)).length + 1;
    if (taken.length > 0 && bytes > MOST_BYTES) break;
    taken.push(operation);
  }
  return taken;
}
