/** All that a page shows of this phone, read in one go. */

import { visible } from "../logic/visible.js";

/** {me, children, kits (by child), moments (newest first), waiting, oldest, aside}; `waiting` counts moments, not taps. */
export async function shelf(store) {
  const kept = await store.read(async (tx) => ({
    me: await tx.get("meta", "me"), rows: await tx.all("rows"), outbox: await tx.all("outbox"),
    aside: await tx.all("aside"), kits: await tx.all("kits"),
  }));
  const kits = new Map(kept.kits.map((kit) => [kit.child, kit]));
  return { me: kept.me, children: children(kept.me), kits, moments: visible(kept.rows, kept.outbox), ...counts(kept) };
}

/**
 * A moment that was shown, as the shelf has it now. A phone keeps 30 days, so one of long ago is `left` behind once only
 * the server has it. Null for what was set aside.
 */
export function standsNow(moment, { moments, aside }) {
  const found = moments.find((one) => one.id === moment.id);
  if (found || aside.some(({ operation }) => operation.entity === moment.id)) return found ?? null;
  return { ...moment, waiting: false, left: true };
}

/** Only what waits: for pages that come from the server. */
export async function standing(store) {
  return counts(await store.read(async (tx) => ({ outbox: await tx.all("outbox"), aside: await tx.all("aside") })));
}

function counts({ outbox, aside }) {
  const oldest = outbox[0]?.operation;
  return { waiting: new Set(outbox.map((one) => one.operation.entity)).size, oldest: oldest ?? null, aside };
}

function children(me) {
  return (me?.families ?? []).flatMap((family) => family.children.map((child) => ({ ...child, family: family.id })));
}

/** The copies of what the server has go; what waits and what was set aside stay. */
export function clearCopies(store) {
  return store.write(async (tx) => {
    for (const { id } of await tx.all("rows")) await tx.delete("rows", id);
    for (const { child } of await tx.all("kits")) await tx.delete("kits", child);
    for (const { name } of await tx.all("meta")) if (name !== "device") await tx.delete("meta", name);
  });
}
