import assert from "node:assert/strict";
import { test } from "node:test";
import { keepChange, keepNote, keepRemoval } from "../../src/attunement_web/offline/static/offline/logic/capture.js";
import { outboxFile } from "../../src/attunement_web/offline/static/offline/logic/outbox.js";
import { state } from "../../src/attunement_web/offline/static/offline/logic/state.js";
import { sync } from "../../src/attunement_web/offline/static/offline/logic/sync.js";
import { visible } from "../../src/attunement_web/offline/static/offline/logic/visible.js";
import { when } from "../../src/attunement_web/offline/static/offline/logic/when.js";
import { CHILD, FAMILY, NOON, aPhone, aServer, ok } from "./family.js";

const now = when("now", { now: NOON, zone: "Europe/Madrid" });
const note = (phone, fields = {}) => keepNote(phone.store, { child: CHILD, fields, when: now }, phone.env);
const synced = (phone, net) => sync({ store: phone.store, env: phone.env, net, families: [FAMILY] });
const numbers = (server) => server.pushes.map(({ operations }) => operations.map(({ seq }) => seq));
const seen = ({ disk }) => visible([...disk.rows.values()], [...disk.outbox.values()]);

test("what was noted is numbered, waits, and is in sight at once", async () => {
  const phone = aPhone();
  await note(phone, { signal: "smile" });
  await note(phone, { signal: "cry" });
  assert.deepEqual([...phone.disk.outbox.keys()], [1, 2]);
  assert.deepEqual(seen(phone).map(({ signal, waiting }) => [signal, waiting]), [["cry", true], ["smile", true]]);
});

test("a note that breaks off leaves neither a number nor a row", async () => {
  const phone = aPhone();
  await assert.rejects(keepNote(phone.store, { child: CHILD, fields: {}, when: now }, { ...phone.env, now: () => NaN }));
  assert.equal(phone.disk.meta.size + phone.disk.outbox.size, 0);
});

test("what the server has taken stays in sight before any pull brings it", async () => {
  const [phone, server] = [aPhone(), aServer()];
  await note(phone, { signal: "smile" });
  assert.equal((await synced(phone, { ...server.net, pull: () => Promise.reject(new Error("gone")) })).state, "later");
  assert.equal(phone.disk.outbox.size, 0);
  assert.deepEqual(seen(phone).map(({ signal, waiting }) => [signal, waiting]), [["smile", false]]);
});

test("a refused one is set aside with its reason and words, and blocks nothing", async () => {
  const [phone, server] = [aPhone(), aServer({ refuse: ({ seq }) => (seq === 1 ? "unknown-code" : "") })];
  await note(phone, { words: "first tooth" });
  await note(phone);
  const told = await synced(phone, server.net);
  assert.deepEqual([told.sent, told.aside, phone.disk.outbox.size], [1, 1, 0]);
  const [aside] = (await state(phone.store)).aside;
  assert.deepEqual([aside.reason, aside.operation.fields.words], ["unknown-code", "first tooth"]);
});

test("a hundred go at once", async () => {
  const [phone, server] = [aPhone(), aServer()];
  for (let count = 0; count < 230; count += 1) await note(phone);
  await synced(phone, server.net);
  assert.deepEqual(server.pushes.map(({ operations }) => operations.length), [100, 100, 30]);
});

test("a mebibyte at most goes at once", async () => {
  const [phone, server] = [aPhone(), aServer()];
  for (let count = 0; count < 30; count += 1) await note(phone, { words: "x".repeat(60_000) });
  await synced(phone, server.net);
  assert.ok(server.pushes.every((body) => JSON.stringify(body).length <= 2 ** 20));
  assert.deepEqual(numbers(server).flat(), Array.from({ length: 30 }, (_, at) => at + 1));
});

test("silence, a broken proxy and a hotel's page leave all as it was", async () => {
  for (const answer of [null, { status: 502, retryAfter: 7, body: null }, ok(null), ok({ device: "another", results: [] })]) {
    const [phone, server] = [aPhone(), aServer()];
    await note(phone);
    const push = answer ? async () => answer : () => Promise.reject(new Error("gone"));
    const told = await synced(phone, { ...server.net, push });
    assert.deepEqual([told.state, told.retryAfter, phone.disk.outbox.size], ["later", answer?.retryAfter ?? null, 1]);
  }
});

test("whoever is signed out keeps what waits", async () => {
  const [phone, server] = [aPhone(), aServer()];
  await note(phone);
  const told = await synced(phone, { ...server.net, push: async () => ({ status: 401, retryAfter: null, body: {} }) });
  assert.deepEqual([told.state, phone.disk.outbox.size, server.pages.length], ["signed-out", 1, 0]);
});

test("a server that lost what it acknowledged gets all that waits, from a new device", async () => {
  const [phone, server] = [aPhone(), aServer()];
  await note(phone);
  await synced(phone, server.net);
  const old = phone.disk.meta.get("device").id;
  await note(phone);
  const push = async (body) => (body.device === old ? ok({ device: old, last_seq: 0, results: [] }) : server.net.push(body));
  assert.equal((await synced(phone, { ...server.net, push })).state, "done");
  assert.deepEqual(numbers(server), [[1], [1]]);
  assert.notEqual(phone.disk.meta.get("device").id, old);
});

test("a phone that came back from an older copy of itself sends as a new device, and sets nothing aside", async () => {
  const [phone, server] = [aPhone(), aServer()];
  await note(phone);
  await note(phone);
  const old = phone.disk.meta.get("device").id;
  const other = (body) => body.operations.map(({ seq }) => ({ seq, verdict: "refused", reason: seq === 1 ? "other-content" : "not-found", revision: 0 }));
  const push = async (body) => (body.device === old ? ok({ device: old, last_seq: 5, results: other(body) }) : server.net.push(body));
  const told = await synced(phone, { ...server.net, push });
  assert.deepEqual([told.sent, told.aside, numbers(server)], [2, 0, [[1, 2]]]);
});

test("one that no server can read is found by halves and set aside; the others arrive", async () => {
  const [phone, server] = [aPhone(), aServer()];
  for (const words of ["a", "b", "unreadable", "c", "d"]) await note(phone, { words });
  const hurts = ({ operations }) => operations.some(({ fields }) => fields.words === "unreadable");
  const push = async (body) => (hurts(body) ? { status: 422, retryAfter: null, body: {} } : server.net.push(body));
  const told = await synced(phone, { ...server.net, push });
  assert.deepEqual([told.sent, told.aside, phone.disk.outbox.size], [4, 1, 0]);
});

test("text is kept as every database can hold it", async () => {
  const { fields } = await note(aPhone(), { words: "a\u0000b \ud83d 👶🏽" });
  assert.equal(fields.words, "ab \ufffd 👶🏽");
});

test("an edit carries the revision that was on screen, and a removal hides at once", async () => {
  const phone = aPhone();
  const moment = { id: "m", child: CHILD, revision: 4 };
  phone.disk.rows.set("m", { ...moment, removed: false, ...now });
  assert.equal((await keepChange(phone.store, { moment, fields: { words: "w" } }, phone.env)).base, 4);
  assert.equal(seen(phone)[0].words, "w");
  await keepRemoval(phone.store, { moment }, phone.env);
  assert.deepEqual(seen(phone), []);
});

test("a page can say how many wait, and since when", async () => {
  const phone = aPhone();
  assert.deepEqual(await state(phone.store), { waiting: 0, oldest_ms: null, oldest_day: null, aside: [] });
  await note(phone);
  await note(phone);
  const told = await state(phone.store);
  assert.deepEqual([told.waiting, told.oldest_day], [2, "2026-03-04"]);
  assert.equal((await outboxFile(phone.store, phone.env)).operations.length, 2);
});
