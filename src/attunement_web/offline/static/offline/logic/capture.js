/**
 * What a person does becomes one waiting operation, in one transaction. When the promise resolves, it is saved on this
 * phone. `moment` is the row as it was shown (from `visible`): its revision is what the person had seen.
 * env: {now: () => ms, random: (n) => Uint8Array of n, zone: () => IANA name}
 */

import { operation } from "./operation.js";
import { append } from "./outbox.js";
import { uuid7 } from "./uuid.js";

export function keepNote(store, { child, fields, when, id = null }, env) {
  const entity = id ?? uuid7(env.now(), env.random);
  return keep(store, "note", { entity, child, base: 0, fields: { ...fields, ...when } }, env);
}

/** `fields`: only those that were changed; `child` among them moves the moment to a brother or sister. */
export function keepChange(store, { moment, fields }, env) {
  return keep(store, "change", { ...about(moment), fields }, env);
}

export function keepRemoval(store, { moment }, env) {
  return keep(store, "remove", { ...about(moment), fields: {} }, env);
}

export function keepRestore(store, { moment }, env) {
  return keep(store, "restore", { ...about(moment), fields: {} }, env);
}

function about(moment) {
  return { entity: moment.id, child: moment.child, base: moment.revision };
}

function keep(store, type, what, env) {
  const clock = { now: env.now(), zone: env.zone() };
  return store.write((tx) => append(tx, (seq) => operation(type, what, { seq, ...clock }), env));
}
