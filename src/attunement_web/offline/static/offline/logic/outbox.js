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

/** All that waits or was set aside, to be saved to a file as a last resort. */
export function outboxFile(store) {
  return store.read(async (tx) => ({
    format: FORMAT,
    device: (await tx.get("meta", "device"))?.id ?? null,
    operations: (await tx.all("outbox")).map((entry) => entry.operation),
    aside: (await tx.all("aside")).map(({ reason, operation }) => ({ reason, operation })),
  }));
}

function newDevice(env) {
  return { name: "device", id: uuid4(env.random), last: 0 };
}
