import assert from "node:assert/strict";
import { test } from "node:test";
import { forgetDiary, forgetOthers } from "../../src/attunement_web/offline/static/offline/logic/absorb.js";
import { keepChange, keepNote } from "../../src/attunement_web/offline/static/offline/logic/capture.js";
import { sync } from "../../src/attunement_web/offline/static/offline/logic/sync.js";
import { visible } from "../../src/attunement_web/offline/static/offline/logic/visible.js";
import { when } from "../../src/attunement_web/offline/static/offline/logic/when.js";
import { CHILD, FAMILY, NOON, aPhone, aServer, ok, row } from "./family.js";

const BROTHER = "33333333-3333-4333-8333-333333333333";
const page = (moments, more = {}) => ok({ epoch: "e1", cursor: 9, more: false, moments, ...more });
const seen = ({ disk }) => visible([...disk.rows.values()], [...disk.outbox.values()]).map(({ id }) => id);

/** Syncs against these answers, one after the other; the last goes on. Gives what was asked. */
async function pulled(phone, ...answers) {
  const asked = [];
  const pull = async (what) => (asked.push(what), answers.length > 1 ? answers.shift() : answers[0]);
  const told = await sync({ store: phone.store, env: phone.env, net: { ...aServer().net, pull }, families: [FAMILY] });
  return { asked, told };
}

test("the first pull asks for thirty days, the next for what is new", async () => {
  const phone = aPhone();
  const { asked } = await pulled(phone, page([row("a", 3)], { cursor: 3, more: true }), page([row("b", 9)]));
  assert.deepEqual(asked.map(({ after, days }) => [after, days]), [[0, 30], [3, undefined]]);
  assert.deepEqual(seen(phone).sort(), ["a", "b"]);
});

test("an older row never takes the place of a newer one", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 7, { words: "newer" })], { cursor: 5 }));
  await pulled(phone, page([row("a", 6, { words: "older" })]));
  assert.equal(phone.disk.rows.get("a").words, "newer");
});

test("what was removed elsewhere goes out of sight", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)], { cursor: 3 }));
  await pulled(phone, page([{ id: "a", child: CHILD, revision: 4, removed: true }]));
  assert.deepEqual(seen(phone), []);
});

test("other rights drop the rows and take them afresh; what waits stays", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)], { cursor: 3 }));
  const now = when("now", { now: NOON, zone: "UTC" });
  await keepNote(phone.store, { child: CHILD, fields: {}, when: now }, phone.env);
  const silent = { ...aServer().net, push: () => Promise.resolve({ status: 503, retryAfter: null, body: null }) };
  const asked = [];
  const pull = async (what) => (asked.push(what.after), page(what.after === 0 ? [row("b", 4)] : [], { epoch: "e2", cursor: 4 }));
  await sync({ store: phone.store, env: phone.env, net: { ...silent, pull }, families: [FAMILY] });
  assert.deepEqual([asked, [...phone.disk.rows.keys()], phone.disk.outbox.size], [[3, 0], ["b"], 1]);
});

test("a family that we do not belong to any more leaves the phone", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)]));
  await pulled(phone, { status: 404, retryAfter: null, body: { code: "not-found" } });
  assert.equal(phone.disk.rows.size, 0);
});

test("a family in which we have no part any more leaves the phone, and the others stay", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)]));
  await phone.store.write((tx) => forgetOthers(tx, [FAMILY]));
  assert.deepEqual(seen(phone), ["a"]);
  await phone.store.write((tx) => forgetOthers(tx, [CHILD]));
  assert.deepEqual([phone.disk.rows.size, phone.disk.meta.has("family:" + FAMILY)], [0, false]);
});

test("a child whose part ended leaves the phone, and its brother or sister comes afresh", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("hers", 3), row("his", 4, { child: BROTHER })]));
  await pulled(phone, page([], { epoch: "e2" }), page([row("his", 4, { child: BROTHER })], { epoch: "e2" }));
  assert.deepEqual(seen(phone), ["his"]);
});

test("a proxy's own not-found takes nothing from the phone", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)]));
  const { told } = await pulled(phone, { status: 404, retryAfter: null, body: null });
  assert.deepEqual([told.state, phone.disk.rows.size], ["later", 1]);
});

test("an answer to an old question is put aside", async () => {
  const phone = aPhone();
  const quicker = { name: "family:" + FAMILY, epoch: "e1", cursor: 20 };
  let first = true;
  const pull = async () => {
    if (first) phone.disk.meta.set(quicker.name, quicker); // another tab came first
    const answer = first ? page([row("a", 3)]) : page([], { cursor: 20 });
    first = false;
    return answer;
  };
  await sync({ store: phone.store, env: phone.env, net: { ...aServer().net, pull }, families: [FAMILY] });
  assert.deepEqual([phone.disk.rows.size, phone.disk.meta.get(quicker.name).cursor], [0, 20]);
});

test("a note that was removed elsewhere before its answer came does not haunt the phone", async () => {
  const phone = aPhone();
  phone.disk.rows.set("ghost", row("ghost", 0, { settled: 5 }));
  await pulled(phone, page([row("a", 8)]));
  assert.deepEqual(seen(phone), ["a"]);
});

test("whoever is signed out keeps what waits and no diary, and takes it afresh on coming back", async () => {
  const phone = aPhone();
  await pulled(phone, page([row("a", 3)], { cursor: 3 }));
  phone.disk.rows.set("ours", row("ours", 0, { settled: 5 })); // acknowledged, and not yet named by a pull
  await keepNote(phone.store, { child: CHILD, fields: {}, when: when("now", { now: NOON, zone: "UTC" }) }, phone.env);
  const device = phone.disk.meta.get("device");
  assert.equal(await phone.store.write(forgetDiary), 2);
  assert.deepEqual([phone.disk.rows.size, phone.disk.outbox.size, phone.disk.meta.get("device")], [0, 1, device]);
  const { asked } = await pulled(phone, page([row("a", 3)]));
  assert.deepEqual(asked.map(({ after, days }) => [after, days]), [[0, 30]]);
  assert.ok(seen(phone).includes("a"));
});

test("what is older than thirty days on the server's clock goes, unless something about it waits", async () => {
  const phone = aPhone();
  const day = (local_day) => ({ local_day, happened_at: `${local_day}T11:00:00Z`, zone: "Europe/Madrid" });
  const rows = [row("old", 1, day("2026-02-01")), row("changed", 2, day("2026-02-01")), row("first", 3, day("2026-02-02")), row("new", 4)];
  const at = (now) => ({ ...page(rows), now });
  const broken = async () => ({ status: 503, retryAfter: null, body: null });
  await pulled(phone, page(rows));
  assert.equal(phone.disk.rows.size, 4); // a server that does not say what time it is
  await keepChange(phone.store, { moment: rows[1], fields: { words: "w" } }, phone.env);
  const taken = async (net) => sync({ store: phone.store, env: phone.env, net: { ...aServer().net, ...net }, families: [FAMILY] });
  await taken({ push: broken, pull: async () => at(NOON) });
  assert.deepEqual([...phone.disk.rows.keys()].sort(), ["changed", "first", "new"]);
  await taken({ pull: async () => at(NOON + 13 * 3600_000) }); // the next day has begun in Madrid
  assert.deepEqual([...phone.disk.rows.keys()], ["new"]);
});
