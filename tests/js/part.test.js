import assert from "node:assert/strict";
import { test } from "node:test";
import { bare, opened, over, print, seesAll, wanted } from "../../src/attunement_web/offline/static/offline/logic/part.js";
import { NOON } from "./family.js";

const kit = (child, role, kept_at = NOON) => ({ child, role, kept_at, print: print({ id: child }) });
const named = (kits) => kits.map(({ child }) => child);

test("who only notes begins with that, and everybody else with today", () => {
  assert.deepEqual(["today", "milestones", "moments", "ideas"].map((view) => opened("relative", view)), ["note", "note", "moments", "ideas"]);
  for (const role of ["guardian", "caregiver", undefined]) assert.equal(opened(role, "today"), "today");
});

test("who only notes does not see the whole record", () => {
  assert.deepEqual(["relative", "caregiver", "guardian"].map(seesAll), [false, true, true]);
});

test("a kit goes with the part that it was made for", () => {
  const kits = [kit("a", "caregiver"), kit("b", "guardian"), kit("c", "guardian")];
  assert.deepEqual(named(over(kits, [{ id: "a", role: "relative" }, { id: "b", role: "guardian" }])), ["a", "c"]);
});

test("an old kit is asked for again, the child at hand first", () => {
  const children = [{ id: "a" }, { id: "b" }, { id: "c" }];
  const kits = [kit("b", "guardian"), kit("c", "guardian", NOON - 7 * 3600_000)];
  assert.deepEqual(wanted(kits, children, { now: NOON, last: "c" }).map(({ id }) => id), ["c", "a"]);
});

test("a kit for whoever is signed out holds what noting takes, and nothing that was told", () => {
  const lines = [{ says: "Smiles", stage: "often", seen_on: "2026-01-02" }];
  const full = { name: "Mia", codes: { cry: ["Cries"] }, people: ["Ruth"], members: { a: "Alice" }, milestones: { months: 4, parts: [{ title: "t", lines }] } };
  const kept = bare(full);
  assert.deepEqual([kept.name, kept.codes, kept.people, kept.members], ["Mia", full.codes, [], {}]);
  assert.deepEqual(kept.milestones.parts, [{ title: "t", lines: [{ says: "Smiles", stage: "", seen_on: "" }] }]);
});

test("a kit is old as soon as the server says something else of its child", () => {
  const mia = { id: "a", name: "Mia", zone: "Europe/Madrid", told: "1 noon", epoch: "e1" };
  const kits = [{ ...kit("a", "guardian"), print: print(mia) }];
  const asked = (child) => wanted(kits, [child], { now: NOON, last: "a" }).length;
  assert.equal(asked({ ...mia }), 0);
  for (const other of [{ name: "Mia B." }, { zone: "UTC" }, { told: "2 noon" }, { told: "" }, { epoch: "e2" }]) assert.equal(asked({ ...mia, ...other }), 1);
  assert.equal(wanted([{ child: "a", role: "guardian", kept_at: NOON }], [mia], { now: NOON, last: "a" }).length, 1, "one from before");
});
