/** The taps: what the child did, what you did, how it ended, and whether you found each other again. */

import { opened } from "../logic/part.js";
import { actsWith, reading } from "../logic/reading.js";
import { draw, icon, shape, words } from "./draw.js";
import { wording } from "./summary.js";

const MENDED = { yes: true, "not-yet": false };

/** Each step: its parts, and what a tap on a choice means: the fields it sets and the step after it. */
export const STEPS = {
  note: {
    view: ({ kit }) => choices(kit, kit.offered.signals),
    tap: (page, signal) => ({ fields: { signal }, next: signal ? "answer" : "kept" }),
  },
  answer: {
    view: ({ kit, moment }) => choices(kit, kit.offered.acts[known(kit, moment)], moment.acts),
    tap: (page, act) => ({ fields: { acts: actsWith(page.moment.acts, act) }, next: "ending" }),
  },
  ending: {
    view: ({ kit, moment }) => choices(kit, kit.offered.endings[kit.offered.ending_of[known(kit, moment)]], [moment.outcome]),
    tap: (page, outcome) => ({ fields: { outcome }, next: asks(page, { outcome }) ? "mending" : "kept" }),
  },
  mending: {
    view: () => ({}),
    tap: (page, answer) => ({ fields: { mended: MENDED[answer] }, next: "kept" }),
  },
};

function asks(page, fields) {
  return reading(page.kit, { ...page.moment, ...fields }).asks;
}

/** A signal of a scheme that this phone does not know offers what any moment does. */
function known(kit, moment) {
  return moment.signal in kit.offered.acts ? moment.signal : "";
}

/** One step as a part of the page. `page`: {kit, child, siblings, moment (null before the first tap)}. */
export function step(name, page) {
  const { kit, moment } = page, away = opened(page.role, "today") === "today" ? "" : "moments/";
  return draw(name, {
    name: kit.name, child: kit.child, moment: moment?.id ?? "", leave: moment ? `#kept/${moment.id}` : `/child/${kit.child}/${away}`,
    shape: shape(kit.shape), siblings: siblings(page), keeping: moment && name !== "note" ? keeping(kit, moment) : "",
    ...STEPS[name].view(page),
  });
}

function keeping(kit, moment) {
  const signal = moment.signal ? wording(kit, moment.signal) : words("word-good");
  return draw("keeping", { signal, moment: moment.id });
}

/** One tap to a brother or sister; a moment already kept goes along. */
export function siblings({ child, siblings: others }) {
  if (others.length < 2) return "";
  return others.map((one) => draw("chip-child", { id: one.id, name: one.name, now: String(one.id === child), shape: shape(one.shape) }));
}

function choices(kit, [first, rest], chosen = []) {
  const groups = new Map();
  for (const code of rest) groups.set(kit.codes[code][2], [...(groups.get(kit.codes[code][2]) ?? []), code]);
  const headed = [...groups].map(([group, codes]) => [
    groups.size > 1 ? heading(group) : "", draw("group", { tiles: tiles(kit, codes, chosen) }),
  ]);
  return { first: tiles(kit, first, chosen), rest: headed.length ? headed : "" };
}

function heading(group) {
  return draw("group-title", { title: words(`asks-${group}`) });
}

function tiles(kit, codes, chosen) {
  return codes.map((code) => {
    const tile = draw("tile", { code, words: wording(kit, code), icon: icon(code) });
    if (chosen.includes(code)) tile.firstElementChild.setAttribute("aria-current", "true");
    return tile;
  });
}
