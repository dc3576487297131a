/** What waits on this phone: its place in the order, its device, and a way out as a file. */

import { uuid4 } from "./uuid.js";

export const FORMAT = 1;

/** Put one operation at the end of the outbox; `make(seq)` gives it. Inside a transaction. */
export async function append(tx, make, env) {
  const device = (await tx.get("meta", "device")) ?? newDevice(env);
  const seq = device.last + 1;
  const operation = make(seq);
  await tx.put("meta", { ...device, last: seq });
  await tx.put("outbox", { seq, format: FORMAT, operation });
  return operation;
}

/**
 * Begin again as a new device, with all that waits, in the same order. For when this phone and the server no longer
 * speak of the same past: one of them came back from an older copy. The moments keep their ids, so none is doubled.
 */
export async function renew(tx, env) {
  const waiting = await tx.all("outbox");
  for (const { seq } of waiting) await tx.delete("outbox", seq);
  const device = newDevice(env);
  for (const entry of waiting) {
    device.last += 1;
    await tx.put("outbox", { ...entry, seq: device.last, operation: { ...entry.operation, seq: device.last } });
  }
  await tx.put("meta", device);
}

/** Out of the outbox into sight: the server cannot take this one, and the person shall see why and what it said. */
export async function setAside(tx, entry, { device, reason, now }) {
  const { seq, operation } = entry;
  await tx.put("aside", { key: `${device}:${seq}`, seq, reason, set_aside_at: now, operation });
  await tx.delete("outbox", seq);
}

/** All of this moment that was set aside goes once more to the end of the outbox, in its order and under new numbers. */
export async function tryAgain(tx, entity, env) {
  for (const { key, operation } of await setAsideInOrder(tx)) {
    if (operation.entity !== entity) continue;
    await append(tx, (seq) => ({ ...operation, seq }), env);
    await tx.delete("aside", key);
  }
}

/** By key, the tenth would come before the second. */
async function setAsideInOrder(tx) {
  return (await tx.all("aside")).sort((one, other) => one.set_aside_at - other.set_aside_at || one.seq - other.seq);
}

/**
 * All that waits or was set aside, to be saved to a file as a last resort. The server has given its word on what was set
 * aside under its number; `aside_device` is who asks again.
 */
export function outboxFile(store, env) {
  return store.read(async (tx) => ({
    format: FORMAT,
    device: (await tx.get("meta", "device"))?.id ?? null,
    operations: (await tx.all("outbox")).map((entry) => entry.operation),
    aside_device: uuid4(env.random),
    aside: (await setAsideInOrder(tx)).map(({ reason, operation }) => ({ reason, operation })),
  }));
}

function newDevice(env) {
  return { name: "device", id: uuid4(env.random), last: 0 };
}
