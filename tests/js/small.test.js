import assert from "node:assert/strict";
import { test } from "node:test";
import { delay } from "../../src/attunement_web/offline/static/offline/logic/pace.js";
import { uuid4, uuid7 } from "../../src/attunement_web/offline/static/offline/logic/uuid.js";
import { offsetMinutes, when } from "../../src/attunement_web/offline/static/offline/logic/when.js";

const bytes = (value) => (n) => new Uint8Array(n).fill(value);

test("an id begins with its time and says which kind it is", () => {
  assert.equal(uuid7(0x0123456789ab, bytes(0xff)), "01234567-89ab-7fff-bfff-ffffffffffff");
  assert.equal(uuid4(bytes(0)), "00000000-0000-4000-8000-000000000000");
  assert.match(uuid7(-5, bytes(0)), /^00000000-0000-7000-8000-/);
});

test("waiting grows from a second to five minutes, never alike on two phones, and a server may ask for more", () => {
  assert.equal(delay(0, { random: bytes(0) }), 1_000);
  assert.ok(delay(1, { random: bytes(255) }) <= 2_000);
  assert.ok(delay(40, { random: bytes(255) }) <= 300_000);
  assert.ok(delay(40, { random: bytes(255) }) > 290_000);
  assert.ok(delay(1, { random: bytes(0), retryAfter: 120 }) >= 120_000);
  assert.ok(delay(1, { random: bytes(0), retryAfter: 1e9 }) <= 3_600_000);
});

test("a rough word gets a time on this phone's clock", () => {
  const at = Date.parse("2026-03-04T08:30:00Z");
  const told = (precision, more = {}) => when(precision, { now: at, zone: "Europe/Madrid", ...more });
  assert.equal(told("while").happened_at, "2026-03-04T08:00:00.000Z");
  assert.equal(told("today").happened_at, "2026-03-04T05:30:00.000Z");
  assert.deepEqual(told("day", { day: "2026-03-01" }), {
    happened_at: "2026-03-01T11:00:00.000Z", local_day: "2026-03-01", zone: "Europe/Madrid", offset_minutes: 60, precision: "day",
  });
  assert.equal(told("today", { clock: "07:05" }).precision, "clock");
});

test("earlier today never falls into yesterday", () => {
  const soon = Date.parse("2026-03-03T23:40:00Z"); // 0:40 in Madrid
  assert.equal(when("today", { now: soon, zone: "Europe/Madrid" }).happened_at, "2026-03-03T23:00:00.000Z");
});

test("a phone that names no zone, or one it cannot reckon with, uses UTC", () => {
  for (const zone of [undefined, "", "Etc/Unknown", "Nowhere/Else"]) {
    assert.equal(when("now", { now: 0, zone }).zone, "UTC");
  }
  assert.equal(offsetMinutes(0, undefined), 0);
});
