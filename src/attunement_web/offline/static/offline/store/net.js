/** Asks the server's API. Any throw means: no answer. */

import { packed } from "./packed.js";

const API = "/api/v1/";
const PATIENCE = 20_000; // ms for one answer

/** `net` as `logic/sync.js` asks for it, and {me, kit}. `store` keeps who is signed in, for the token that writing needs. */
export function network(store, { fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const get = (path) => ask(fetch, path, {});

  async function me() {
    const reply = await get("me");
    if (reply.status === 200 && reply.body?.person?.id === store.person) {
      await store.write((tx) => tx.put("meta", { name: "me", ...reply.body }));
    }
    return reply;
  }

  async function post(path, body) {
    const reply = await send(path, body);
    if (reply.status !== 403) return reply;
    const known = await me(); // the token changes with each sign-in
    return known.status === 200 ? send(path, body) : known;
  }

  async function send(path, body) {
    const known = await store.read((tx) => tx.get("meta", "me"));
    const sent = await packed(JSON.stringify(body));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": known?.csrf ?? "", ...sent.headers };
    return ask(fetch, path, { method: "POST", headers, body: sent.body });
  }

  return {
    me,
    kit: (child) => get(`children/${child}/kit`),
    push: (body) => post("push", body),
    pull: ({ family, ...question }) => get(`families/${family}/changes?${new URLSearchParams(question)}`),
  };
}

async function ask(fetch, path, how) {
  const answer = await fetch(API + path, { ...how, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  const json = answer.headers.get("Content-Type")?.includes("json");
  const [retryAfter, now] = [seconds(answer.headers.get("Retry-After")), Date.parse(answer.headers.get("Date")) || null];
  return { status: answer.status, retryAfter, now, body: json ? await answer.json() : null };
}

function seconds(header) {
  if (!header) return null;
  const found = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(found) ? Math.max(found, 0) : null;
}
