/** This phone: its clock and chance, whose it is at the moment, and how much room it gives. */

import { database } from "./database.js";

const WHOSE = "attunement.person", CHILD = "attunement.child", LOOK = "attunement.look";

/** What `logic` asks of a phone; `zone` is the family's own clock where one is given, as on the server's pages. */
export function env(zone = "") {
  return {
    now: () => Date.now(),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    zone: () => zone || Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** The person who used this phone last, "" for nobody. A browser that keeps nothing has nobody. */
export const whose = () => remembered(WHOSE);
export const belongsTo = (person) => remember(WHOSE, person);
export const lastChild = () => remembered(CHILD);
export const rememberChild = (child) => remember(CHILD, child);
export const rememberLook = (look) => remember(LOOK, look);

/** Whether this browser keeps anything at all: tried, and not asked. */
export async function keepsThings(person) {
  try {
    const store = database(person);
    await store.write((tx) => tx.put("meta", { name: "tried" }));
    return store;
  } catch {
    return null;
  }
}

/** Ask that nothing of ours is thrown away to make room; whether it was granted, and what share of the room is taken. */
export async function room({ storage = navigator.storage } = {}) {
  const stays = Boolean(await quietly(() => storage?.persist?.()));
  const { usage = 0, quota = 0 } = (await quietly(() => storage?.estimate?.())) ?? {};
  return { stays, share: quota ? usage / quota : 0 };
}

async function quietly(ask) {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function remember(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch { /* this browser keeps nothing; the page says so where it matters */ }
}
