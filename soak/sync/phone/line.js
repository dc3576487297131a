import { packed } from "../../../src/attunement_web/offline/static/offline/store/packed.js";

/** A network for phones that speak to a real server: `fetch`, a token, and a line as thin as wished. */

/** `kbits`: how much a second goes each way; `delay`: ms until the first byte, both ways together. */
export function line({ base, token, kbits = Infinity, delay = 0 }) {
  const told = { requests: 0, statuses: {}, bytes_up: 0, bytes_down: 0 };
  const wait = (ms) => (ms > 0 ? new Promise((done) => setTimeout(done, ms)) : undefined);
  const ask = async (path, options = {}) => {
    const { body, headers } = await packed(options.body ?? "");
    const up = new Blob([body]).size + 300; // the head of a request
    await wait(delay / 2 + up * 8 / kbits);
    const answer = await fetch(base + path, {
      ...options,
      body: options.body && body,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const down = Number(answer.headers.get("content-length") ?? bytes.length) + 300;
    await wait(delay / 2 + down * 8 / kbits);
    told.requests += 1;
    told.statuses[answer.status] = (told.statuses[answer.status] ?? 0) + 1;
    told.bytes_up += up;
    told.bytes_down += down;
    return { status: answer.status, retryAfter: Number(answer.headers.get("retry-after")) || null, body: parsed(bytes) };
  };
  const net = {
    push: (body) => ask("/api/v1/push", { method: "POST", body: JSON.stringify(body) }),
    pull: ({ family, ...rest }) => ask(`/api/v1/families/${family}/changes?${new URLSearchParams(rest)}`),
  };
  return { net, told, me: () => ask("/api/v1/me") };
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
