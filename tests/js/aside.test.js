import assert from "node:assert/strict";
import { test } from "node:test";
import { keepChange, keepNote } from "../../src/attunement_web/offline/static/offline/logic/capture.js";
import { outboxFile, tryAgain } from "../../src/attunement_web/offline/static/offline/logic/outbox.js";
import { sync } from "../../src/attunement_web/offline/static/offline/logic/sync.js";
import { when } from "../../src/attunement_web/offline/static/offline/logic/when.js";
import { CHILD, FAMILY, NOON, aPhone, aServer } from "./family.js";

const now = when("now", { now: NOON, zone: "Europe/Madrid" });
const note = (phone, fields = {}) => keepNote(phone.store, { child: CHILD, fields, when: now }, phone.env);
const synced = (phone, net) => sync({ store: phone.store, env: phone.env, net, families: [FAMILY] });

test("what was set aside is tried again with all of its moment, in its order, and blocks nothing", async () => {
  let isErased = true;
  const [phone, server] = [aPhone(), aServer({ refuse: () => (isErased ? "not-found" : "") })];
  const { entity } = await note(phone, { signal: "cry" });
  for (let count = 0; count < 9; count += 1) await note(phone);
  await keepChange(phone.store, { moment: { id: entity, child: CHILD, revision: 0 }, fields: { words: "w" } }, phone.env);
  await synced(phone, server.net);
  assert.deepEqual([phone.disk.outbox.size, phone.disk.aside.size], [0, 11]);
  isErased = false;
  await phone.store.write((tx) => tryAgain(tx, entity, phone.env));
  assert.equal(phone.disk.aside.size, 9);
  assert.equal((await synced(phone, server.net)).sent, 2);
  const [note11, change12] = server.pushes.at(-1).operations;
  assert.deepEqual([note11.seq, note11.type, note11.entity, change12.seq, change12.fields], [12, "note", entity, 13, { words: "w" }]);
});

test("a file holds what was set aside in its order, and somebody new who asks for it again", async () => {
  const [phone, server] = [aPhone(), aServer({ refuse: () => "not-found" })];
  for (let count = 0; count < 11; count += 1) await note(phone);
  await synced(phone, server.net);
  const file = await outboxFile(phone.store, phone.env);
  assert.deepEqual(file.aside.map(({ operation }) => operation.seq), Array.from({ length: 11 }, (_, at) => at + 1));
  assert.notEqual(file.aside_device, file.device);
});
