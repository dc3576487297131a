/** One moment after the taps: where it stands, undo, details; and every way in which it is kept. */

import { keepChange, keepNote, keepRemoval, keepRestore } from "../logic/capture.js";
import { seesAll } from "../logic/part.js";
import { reading } from "../logic/reading.js";
import { when } from "../logic/when.js";
import { env } from "../store/phone.js";
import { changes, details } from "./details.js";
import { draw, shape } from "./draw.js";
import { summary } from "./summary.js";

const HARD = new Set(["still-upset", "more-upset"]);

/** A first tap makes a moment; any later one changes it. Gives its id once it is on the phone's disk. */
export async function kept(page, fields) {
  const { store, kit, moment } = page, phone = env(kit.zone);
  const operation = moment
    ? await keepChange(store, { moment, fields }, phone)
    : await keepNote(store, { child: kit.child, fields, when: when("now", { now: Date.now(), zone: kit.zone }) }, phone);
  page.keeper.changed();
  return operation.entity;
}

/** The page after the taps ("kept"), and that of any moment ("moment"). */
export function momentView(name, page) {
  const { kit, moment } = page;
  const part = draw(name, {
    name: kit.name, child: kit.child, moment: moment.id, shape: shape(kit.shape),
    sees_all: seesAll(page.role), hard: HARD.has(moment.outcome), asks: reading(kit, moment).asks,
    no_act: moment.signal && !moment.acts.length, no_ending: moment.signal && moment.acts.length && !moment.outcome,
    summary: summary(page, moment, { day: name === "moment" }), saved: draw("saved", moment),
    details: details(page, () => page.flush()),
  });
  const form = part.querySelector("form");
  let last = Promise.resolve();
  page.flush = () => (last = last.then(() => keepDetails(page, form))); // one after the other: each sees what the last kept
  part.querySelector("[data-do=remove]").addEventListener("click", () => remove(page));
  return part;
}

async function keepDetails(page, form) {
  const fields = changes(form, page);
  if (!Object.keys(fields).length) return;
  if (!(await page.attempt(() => kept(page, fields)))) return;
  await ("child" in fields ? page.again() : page.refresh());
}

async function remove(page) {
  const { store, kit, moment } = page;
  if (!(await page.attempt(() => keepRemoval(store, { moment }, env(kit.zone))))) return;
  page.keeper.changed();
  page.go("moments");
  const toast = draw("gone"), place = document.querySelector("[data-toasts]");
  toast.querySelector("button").addEventListener("click", () => bringBack(page, place));
  place.replaceChildren(toast);
}

async function bringBack(page, place) {
  const { store, kit, moment } = page;
  if (!(await page.attempt(() => keepRestore(store, { moment }, env(kit.zone))))) return;
  place.replaceChildren();
  page.keeper.changed();
  page.again();
}
