/** Keeps this phone and its server in step: one tab at a time, soon after each change, and again after each trouble. */

import { forgetDiary, forgetOthers } from "../logic/absorb.js";
import { delay } from "../logic/pace.js";
import { bare, over, print, wanted } from "../logic/part.js";
import { sync } from "../logic/sync.js";
import { env, lastChild } from "./phone.js";

const LOCK = "attunement-sync-", CHANNEL = "attunement-";

/**
 * {now, changed, stop}: `now()` brings both in step and gives what came of it; `changed()` tells the other tabs and sends.
 * `tell(told)` hears of every change, here and in other tabs; `told` is null where only another tab knows more.
 */
export function keeping({ store, net, tell, doc = document, win = window, locks = navigator.locks }) {
  const channel = new BroadcastChannel(CHANNEL + store.person);
  let failures = 0, timer = null, running = null, asked = false, stopped = false;

  function now() {
    asked = true;
    return (running ??= turns().catch(ended).finally(() => { running = null; }));
  }

  /** What is asked for while a turn runs gets a turn of its own: it may have come too late for this one. */
  async function turns() {
    let told = null;
    while (asked) {
      asked = false;
      told = together(told, await locked(locks, LOCK + store.person, () => turn({ store, net })));
    }
    if (stopped || store.erased()) return told;
    plan(told);
    tell(told);
    channel.postMessage("changed");
    return told;
  }

  /** A turn whose store went with a signing out, here or in another tab, is over, and nobody has to hear of it. */
  function ended(trouble) {
    if (!store.erased()) throw trouble;
    return { ...NOTHING, state: "signed-out" };
  }

  function plan(told) {
    clearTimeout(timer);
    failures = told.state === "later" ? failures + 1 : 0;
    if (told.state === "later") timer = setTimeout(now, delay(failures, { random: env().random, retryAfter: told.retryAfter }));
  }

  function changed() {
    if (!stopped) channel.postMessage("changed");
    askTheBrowser();
    return now();
  }

  const seen = () => doc.visibilityState === "visible" && now();
  channel.onmessage = () => tell(null);
  win.addEventListener("online", now);
  doc.addEventListener("visibilitychange", seen);
  return { now, changed, stop };

  /** A turn that runs ends by itself, without another after it. */
  function stop() {
    stopped = true;
    asked = false;
    clearTimeout(timer);
    channel.close();
    win.removeEventListener("online", now);
    doc.removeEventListener("visibilitychange", seen);
  }
}

/** How it stands after the later turn, and what both have brought. */
function together(before, told) {
  const both = (name) => (before?.[name] ?? 0) + (told[name] ?? 0);
  return { ...told, sent: both("sent"), taken: both("taken"), aside: both("aside"), kits: both("kits"), gone: both("gone") };
}

/** Who is signed in, what waits and what is new, then the kits: all of it may be asked for again at any time. */
async function turn({ store, net }) {
  if (navigator.onLine === false) return { ...NOTHING, state: "later" }; // the browser knows of no network at all
  const known = await answered(net.me);
  if (known.status === 200 && known.body?.person?.id !== store.person) return { ...NOTHING, state: "someone-else" };
  if (known.status === 401 && known.body?.code) return { ...NOTHING, state: "signed-out", gone: await store.write(leave) };
  if (known.status !== 200) return { ...NOTHING, state: known.status === 401 ? "signed-out" : "later", retryAfter: known.retryAfter };
  const families = known.body.families.map((one) => one.id);
  await store.write((tx) => forgetOthers(tx, families));
  const told = await sync({ store, net, env: env(), families });
  if (told.state === "done") told.kits = await freshKits({ store, net }, known.body.families.flatMap(({ epoch, children }) => children.map((one) => ({ ...one, epoch }))));
  return told;
}

const NOTHING = { retryAfter: null, sent: 0, taken: 0, aside: 0, kits: 0, gone: 0 };

/**
 * Nobody is signed in here any more: the session was over, or somebody ended it from afar, as one does with a lost phone.
 * The diary goes, and comes back after signing in. What waits stays, and as much of the kits as noting takes.
 */
async function leave(tx) {
  let gone = await forgetDiary(tx);
  for (const kit of await tx.all("kits")) {
    if (kit.kept_at === 0) continue;
    await tx.put("kits", { ...bare(kit), kept_at: 0 });
    gone += 1;
  }
  return gone;
}

/** Those that our part no longer opens go; then the kit of the child at hand first. */
async function freshKits({ store, net }, children) {
  for (const { child } of over(await store.read((tx) => tx.all("kits")), children)) await store.write((tx) => tx.delete("kits", child));
  const kept = await store.read((tx) => tx.all("kits"));
  let fresh = 0;
  for (const child of wanted(kept, children, { now: Date.now(), last: lastChild() })) {
    const reply = await answered(() => net.kit(child.id));
    if (reply.status !== 200 || reply.body?.child !== child.id) break;
    await store.write((tx) => tx.put("kits", { ...reply.body, role: child.role, print: print(child), kept_at: Date.now() }));
    fresh += 1;
  }
  return fresh;
}

async function answered(ask) {
  try {
    return await ask();
  } catch {
    return { status: 0, retryAfter: null, body: null };
  }
}

/** Without locks every tab tries for itself: the server's own check of the order is what holds. */
function locked(locks, name, work) {
  return locks ? locks.request(name, work) : work();
}

async function askTheBrowser() {
  try {
    await (await navigator.serviceWorker?.getRegistration())?.sync?.register("send");
  } catch { /* not every browser sends for a closed page */ }
}
