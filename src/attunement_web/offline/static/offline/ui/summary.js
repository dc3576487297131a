/** One moment in words, with its drawings, as the server's pages say it. */

import { reading } from "../logic/reading.js";
import { clockWords, dayWords, todayIn } from "./days.js";
import { draw, icon, words } from "./draw.js";

export function wording(kit, code) {
  return kit.codes[code]?.[0] ?? code;
}

/** `opens`: a tap opens it. `day`: says which day it was. */
export function summary(page, moment, { opens = false, day = false } = {}) {
  const { kit } = page, { dot } = reading(kit, moment);
  return draw("summary", {
    opens, id: moment.id, waiting: opens && moment.waiting, words: moment.words, mended: moment.mended === true,
    icon: icon(moment.signal in kit.codes ? moment.signal : "good-moment"),
    signal: moment.signal ? wording(kit, moment.signal) : words("word-good"),
    done: moment.acts.length || moment.outcome ? done(kit, moment) : "",
    aside: aside(page, moment, day),
    dot, said: words(`dot-${dot}`),
  });
}

function done(kit, moment) {
  const acts = moment.acts.map((act) => wording(kit, act)).join(", ");
  return moment.outcome ? [acts, draw("word-arrow"), wording(kit, moment.outcome)] : [acts];
}

function aside(page, moment, day) {
  const clock = clockWords(moment), said = [];
  if (day) said.push(dayWords(moment.local_day, todayIn(page.kit.zone)));
  if (moment.precision === "now") said.push(clock);
  else if (moment.precision === "while" || moment.precision === "clock") said.push(words("word-about-clock", { clock }));
  const who = page.kit.members[moment.noted_by ?? page.me?.person.id];
  if (who) said.push(words("word-noted-by", { who }));
  if (moment.with_child) said.push(words("word-with", { who: moment.with_child }));
  if (moment.feeling && document.getElementById(`feeling-${moment.feeling}`)) said.push(words(`feeling-${moment.feeling}`));
  if (moment.calm !== null) said.push(words(`calm-${moment.calm}`));
  return said.map((text) => Object.assign(document.createElement("span"), { textContent: text }));
}

/** The days of these moments, newest first, each with its lines. */
export function days(page, moments) {
  const found = Map.groupBy ? Map.groupBy(moments, (one) => one.local_day) : grouped(moments);
  return [...found].map(([day, those]) => draw("day", {
    title: dayWords(day, todayIn(page.kit.zone)),
    lines: those.map((moment) => draw("line", { id: moment.id, summary: summary(page, moment, { opens: true }) })),
  }));
}

function grouped(moments) {
  const found = new Map();
  for (const one of moments) found.set(one.local_day, [...(found.get(one.local_day) ?? []), one]);
  return found;
}
