/** Ids made on the phone (RFC 9562). `random(n)` gives n random bytes; neither id is ever a secret. */

const LATEST = 2 ** 48 - 1; // the widest time that fits

export function uuid7(ms, random) {
  const bytes = random(16);
  let time = Math.min(Math.max(Math.floor(ms), 0), LATEST);
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  return written(bytes, 7);
}

export function uuid4(random) {
  return written(random(16), 4);
}

function written(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
