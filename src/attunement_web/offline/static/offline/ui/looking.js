/** What the phone keeps to read: the last 30 days, milestones of the age, ideas, when to ask, urgent help. */

import { dateWords, todayIn } from "./days.js";
import { draw } from "./draw.js";
import { days } from "./summary.js";

const LATELY = 2; // days on the shell's own first page

export function today(page) {
  const recent = [...new Set(page.moments.map((one) => one.local_day))].slice(0, LATELY);
  const shown = page.moments.filter((one) => recent.includes(one.local_day));
  return draw("today", { name: page.kit.name, child: page.child, days: days(page, shown) });
}

export function moments(page) {
  const first = new Date(Date.parse(`${todayIn(page.kit.zone)}T12:00:00Z`) - 30 * 86_400_000).toISOString().slice(0, 10);
  const shown = page.moments.filter((one) => one.local_day >= first || one.waiting);
  return draw("moments", { name: page.kit.name, child: page.child, days: days(page, shown), empty: !shown.length });
}

export function milestones(page) {
  const { months, parts } = page.kit.milestones;
  const lines = (part) => part.lines.map((line) => draw("milestone", { ...line, seen: line.seen_on ? dateWords(line.seen_on) : "" }));
  const filled = parts.filter((part) => part.lines.length);
  return draw("milestones", { months, child: page.child, parts: filled.map((part) => draw("part", { ...part, lines: lines(part) })) });
}

export function ideas(page) {
  const groups = page.kit.ideas.map((group) => draw("ideas-group", { title: group.title, ideas: group.ideas.map((one) => draw("idea", one)) }));
  return draw("ideas", { groups });
}

export function ask(page) {
  const { rows, ...texts } = page.kit.ask;
  const reasons = (about) => rows[about].map((row) => draw("reason", { ...row, items: row.items.length ? row.items.map((text) => draw("item", { text })) : "" }));
  return draw("ask", { ...texts, child_rows: reasons("child"), feelings: reasons("feelings"), caregiver: reasons("caregiver") });
}

export function urgent(page) {
  const { troubles, country, lines, each_time } = page.kit.urgent;
  const [first = { name: "", number: "", dial: "" }] = lines;
  return draw("urgent", {
    country, each_time, dial: first.dial, number: first.number, first: first.name,
    troubles: troubles.map((one) => draw("trouble", { ...one, lines: one.lines.map(line) })),
  });
}

function line(one) {
  const how = one.how && one.how !== "call" ? [one.how] : [];
  const aside = [...how, one.note].filter(Boolean).map((text) => `${text}.`).concat(one.checked || []).join(" ");
  return draw("help-line", { ...one, aside, way: one.how === "text" ? "sms" : "tel" });
}
