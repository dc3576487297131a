/**
 * Keeps a phone and its family's server in step: sends what waits, takes what is new. No browser in here: `store` and
 * `net` come in as arguments, so the same lines run in a page over IndexedDB and in Node under the explorer.
 *
 * store.read(work), store.write(work)
 *     One transaction over all tables. `work(tx)` is async and awaits nothing but `tx`. The promise gives what `work`
 *     returned, after the transaction is complete (writing: durability "strict"); when `work` throws, nothing is stored.
 *     tx.get(table, key)        the record, or undefined
 *     tx.all(table, limit?)     records in ascending order of key
 *     tx.count(table)
 *     tx.put(table, record)     the key is a property of the record
 *     tx.delete(table, key)
 * Tables, with their key:
 *     rows    id    moments as the server last gave them, with `family`, and `settled`: the revision at which it
 *                   acknowledged our own newest change, whose effect is in the row though no pull has brought it yet
 *     outbox  seq   {seq, format: 1, operation}: what waits, never rewritten (a new device renumbers it)
 *     aside   key   {key, seq, reason, set_aside_at (ms), operation}: what the server could not take; shown, never dropped
 *     meta    name  {name: "device", id, last}   {name: "family:ID", epoch, cursor}
 *
 * net.push({device, sent_at, operations})         each gives {status, retryAfter (seconds or null), now (ms on the server's
 * net.pull({family, after, days?, limit})         clock, or null), body (parsed JSON, or null where it is none)}; any throw
 *                                                 means: no answer.
 */

import { absorb, cursorOf, forget, forgetOutlived, outlived } from "./absorb.js";
import { MOST, batch } from "./batch.js";
import { renew, setAside } from "./outbox.js";
import { dispel, doubtful, settle } from "./settle.js";

const DAYS = 30; // what a phone keeps
const ROWS = 500; // in one answer
const FUTILE = 6; // answers in a row that move nothing, before we leave it for later
const CANNOT_READ = new Set([400, 413, 422]);

/**
 * Send all that waits, then take what is new of each family. Gives {state, retryAfter, sent, taken, aside}, where state
 * is "done", "later" (try again after a while) or "signed-out". Safe from several tabs at once; a lock only saves work.
 */
export async function sync({ store, net, env, families }) {
  const told = { state: "done", retryAfter: null, sent: 0, taken: 0, aside: 0 };
  await send({ store, net, env }, told);
  if (told.state === "signed-out" || told.silent) return told;
  const doubts = await store.read(doubtful);
  let now = null;
  for (const family of families) now = (await take({ store, net }, family, told)) ?? now;
  if (doubts.length > 0 && told.state === "done") await store.write((tx) => dispel(tx, doubts));
  if (now !== null) await age(store, { now, days: DAYS });
  return told;
}

/** What a phone keeps goes as the days go by. Asked first: most turns find nothing, and writing waits for the disk. */
async function age(store, kept) {
  const old = await store.read((tx) => outlived(tx, kept));
  if (old.length > 0) await store.write((tx) => forgetOutlived(tx, kept));
}

async function send({ store, net, env }, told) {
  let most = MOST;
  for (let futile = 0; futile < FUTILE; ) {
    const sent = await store.read((tx) => waiting(tx, most));
    if (sent.operations.length === 0) return;
    const reply = await answered(() => net.push({ device: sent.device, sent_at: new Date(env.now()).toISOString(), operations: sent.operations }));
    if (reply.status === 200 && isAnswer(reply.body, sent)) {
      const moved = await store.write((tx) => settle(tx, { sent, answer: reply.body, env }));
      told.sent += moved.settled - moved.aside;
      told.aside += moved.aside;
      futile = moved.settled > 0 ? 0 : futile + 1;
    } else if (CANNOT_READ.has(reply.status) && reply.body && sent.operations.length > 1) {
      most = Math.ceil(sent.operations.length / 2);
    } else if (CANNOT_READ.has(reply.status) && reply.body) {
      told.aside += await store.write((tx) => unreadable(tx, sent, env));
    } else if (reply.status === 404 && reply.body?.code) {
      await store.write(async (tx) => (await isOurs(tx, sent)) && renew(tx, env));
      futile += 1;
    } else return trouble(reply, told);
  }
  told.state = "later";
}

/** The first of what waits, as one push. */
async function waiting(tx, most) {
  const device = await tx.get("meta", "device");
  const entries = await tx.all("outbox", most);
  return { device: device?.id ?? null, operations: batch(entries.map((entry) => entry.operation), most) };
}

/** The server cannot read this one at all: into sight with it, and the numbers close behind it. */
async function unreadable(tx, sent, env) {
  const entry = await tx.get("outbox", sent.operations[0].seq);
  if (!entry || !(await isOurs(tx, sent))) return 0;
  await setAside(tx, entry, { device: sent.device, reason: "unreadable", now: env.now() });
  await renew(tx, env);
  return 1;
}

async function isOurs(tx, sent) {
  return (await tx.get("meta", "device"))?.id === sent.device;
}

/** Gives the server's time, where all is taken. */
async function take({ store, net }, family, told) {
  for (let futile = 0; futile < FUTILE; ) {
    const { epoch, cursor } = await store.read((tx) => cursorOf(tx, family));
    const fresh = cursor === 0 ? { days: DAYS } : {};
    const reply = await answered(() => net.pull({ family, after: cursor, limit: ROWS, ...fresh }));
    if (reply.status === 404 && reply.body?.code) return store.write((tx) => forget(tx, family)); // we do not belong to it any more
    if (reply.status !== 200 || !isPage(reply.body)) return trouble(reply, told);
    const next = await store.write((tx) => absorb(tx, { asked: { family, epoch, cursor }, answer: reply.body }));
    if (next === "done") told.taken += reply.body.moments.length;
    if (next === "done") return reply.now;
    futile = next === "more" ? 0 : futile + 1;
  }
  told.state = "later";
  return undefined;
}

async function answered(ask) {
  try {
    return await ask();
  } catch {
    return { status: 0, retryAfter: null, body: null };
  }
}

function trouble({ status, retryAfter }, told) {
  told.state = status === 401 || status === 403 ? "signed-out" : "later";
  told.retryAfter = Math.max(told.retryAfter ?? 0, retryAfter ?? 0) || null;
  told.silent = status === 0;
}

/** A hotel's sign-in page also says 200. */
function isAnswer(body, sent) {
  return body?.device === sent.device && Number.isInteger(body.last_seq) && Array.isArray(body.results);
}

function isPage(body) {
  return typeof body?.epoch === "string" && Array.isArray(body.moments) && body.cursor !== undefined;
}
