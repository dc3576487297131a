/** What people do with a phone. Each is an async function over one tab, so that a crash may fall between any two steps. */

import { keepChange, keepNote, keepRemoval, keepRestore } from "../../../src/attunement_web/offline/static/offline/logic/capture.js";
import { applied, visible } from "../../../src/attunement_web/offline/static/offline/logic/visible.js";
import { when } from "../../../src/attunement_web/offline/static/offline/logic/when.js";

const NO_CODE = "no-such-code";
const PRECISIONS = ["now", "now", "while", "today"];

export async function note(tab) {
  const { dice, codes, children } = tab.universe;
  const fields = { signal: dice.pick(codes.signals), acts: [dice.pick(codes.acts)], words: dice.chance(0.3) ? said(dice) : "" };
  await keepNote(tab.capturing(), { child: dice.pick(children), fields, when: now(tab) }, tab.phone.env);
}

/** A later version of this program may know codes that the server does not: one such moment blocks nothing else. */
export async function poison(tab) {
  const { dice, children } = tab.universe;
  await keepNote(tab.capturing(), { child: dice.pick(children), fields: { signal: NO_CODE }, when: now(tab) }, tab.phone.env);
}

export async function change(tab) {
  const { dice, codes } = tab.universe;
  const seen = await shown(tab);
  const moment = dice.chance(0.6) ? seen[0] : dice.pick(seen); // the newest is what everybody speaks about
  if (!moment) return;
  const fields = dice.weighted([
    [4, { words: said(dice) }],
    [3, { outcome: dice.pick(codes.outcomes) }],
    [2, { calm: dice.below(4), mended: dice.chance(0.5) }],
    [1, { signal: dice.pick(codes.signals) }],
    [1, { acts: [dice.pick(codes.acts), dice.pick(codes.acts)] }],
    [1, now(tab)],
    [1, { child: dice.pick(tab.universe.children) }],
  ]);
  await keepChange(tab.capturing(moment), { moment, fields }, tab.phone.env);
}

export async function remove(tab) {
  const moment = tab.universe.dice.pick(await shown(tab));
  if (moment) await keepRemoval(tab.capturing(moment), { moment }, tab.phone.env);
}

export async function restore(tab) {
  const [rows, waiting] = await tables(tab);
  const now = new Map(rows.map((row) => [row.id, row]));
  for (const { operation } of waiting) now.set(operation.entity, applied(now.get(operation.entity) ?? null, operation));
  const moment = tab.universe.dice.pick([...now.values()].filter((row) => row?.removed));
  if (moment) await keepRestore(tab.capturing(moment), { moment }, tab.phone.env);
}

export function jump(tab) {
  const years = 365 * 24 * 3600_000;
  tab.phone.skew = tab.universe.dice.pick([0, 0, 90_000, -400_000, 10 * years, -10 * years]);
}

export function travel(tab) {
  tab.phone.zone = tab.universe.dice.pick(["Europe/Madrid", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]);
}

async function shown(tab) {
  return visible(...(await tables(tab)));
}

function tables(tab) {
  return tab.store.read(async (tx) => [await tx.all("rows"), await tx.all("outbox")]);
}

function now(tab) {
  const { env } = tab.phone;
  return when(tab.universe.dice.pick(PRECISIONS), { now: env.now(), zone: env.zone() });
}

function said(dice) {
  return `${dice.pick(["on the stairs", "Ä 👶🏽", "cut \ud83d", "a\u0000b", "<b>"])} ${dice.below(1e9)}`;
}
