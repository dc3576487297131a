/** Everything optional about a moment; each field is kept as soon as it is left, and only what was changed. */

import { mayHaveCalmed } from "../logic/reading.js";
import { offsetMinutes, when } from "../logic/when.js";
import { clockValue, dateWords, todayIn } from "./days.js";
import { draw, shape, words } from "./draw.js";

const JUST_NOTED = 2 * 3600_000; // ms; until then "just now" is what a person would say
const CLOCKS_DIFFER = 5 * 60_000;
const WHEN = new Set(["precision", "day", "clock"]);

/** The form of one moment, as it was noted. `keep()` is asked whenever a field was changed. */
export function details(page, keep) {
  const { kit, moment } = page;
  const part = draw("details", {
    fresh: Date.now() - Date.parse(moment.at) < JUST_NOTED, today: todayIn(kit.zone), siblings: siblingChips(page),
    more: draw("details-more", {
      calmed: mayHaveCalmed(kit, moment) || moment.calm !== null, people: people(kit), acts: moment.signal ? acts(page) : "",
    }),
  });
  const form = part.querySelector("form");
  fill(form, shown(page));
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => event.preventDefault());
  return part;
}

/** The fields that say something else than the moment; a time that cannot be gets its kind line, and is not among them. */
export function changes(form, page) {
  const said = answers(form), was = shown(page), found = {};
  const differs = (name) => String(said[name] ?? "") !== String(was[name] ?? "");
  if ([...WHEN].some(differs)) Object.assign(found, placed(form, said, page));
  if (differs("person") || differs("with_child")) found.with_child = who(said, was);
  for (const name of ["feeling", "words", "child"]) if (differs(name)) found[name] = said[name];
  if (differs("calm")) found.calm = said.calm === "" || said.calm === undefined ? null : Number(said.calm);
  if (page.moment.signal && differs("acts")) found.acts = said.acts;
  return found;
}

function who(said, was) {
  if (said.person === "+" || (!said.person && said.with_child !== was.with_child)) return said.with_child.trim();
  return said.person ?? said.with_child.trim();
}

function placed(form, said, { kit, moment }) {
  const now = Date.parse(moment.at);
  wrong(form, "");
  if (said.precision === "day" && !said.day) return wrong(form, words("word-pick-day"));
  const clock = said.precision === "today" || said.precision === "day" ? said.clock || null : null;
  const found = when(said.precision, { now, zone: kit.zone, day: said.precision === "day" ? said.day : null, clock });
  if (Date.parse(found.happened_at) > Date.now() + CLOCKS_DIFFER) return wrong(form, words("word-not-come"));
  if (found.local_day < kit.born) return wrong(form, words("word-too-early", { born: dateWords(kit.born) }));
  return found;
}

function wrong(form, line) {
  const list = form.querySelector("[data-wrong]");
  list.hidden = !line;
  list.firstElementChild.textContent = line;
  return {};
}

/** The moment in the words of the form. */
function shown({ kit, moment }) {
  const named = kit.people.includes(moment.with_child);
  return {
    ...whenShown(kit, moment), feeling: moment.feeling, words: moment.words, acts: moment.acts, child: moment.child,
    calm: moment.calm === null ? "" : String(moment.calm),
    person: named || !moment.with_child ? moment.with_child : "+", with_child: named ? "" : moment.with_child,
  };
}

function whenShown(kit, moment) {
  if (moment.precision === "now" || moment.precision === "while") return { precision: moment.precision, day: "", clock: "" };
  const noted = Date.parse(moment.at), shift = offsetMinutes(noted, kit.zone) * 60_000;
  const sameDay = moment.local_day === new Date(noted + shift).toISOString().slice(0, 10);
  return {
    precision: sameDay ? "today" : "day", day: sameDay ? "" : moment.local_day,
    clock: moment.precision === "clock" ? clockValue(moment) : "",
  };
}

function answers(form) {
  const said = Object.fromEntries(new FormData(form));
  return { ...said, acts: new FormData(form).getAll("acts") };
}

function fill(form, values) {
  for (const field of form.elements) {
    const value = values[field.name];
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = value.includes(field.value);
    else if (field.name) field.value = value ?? "";
  }
}

function chip(kind, name, value, text) {
  return draw("chip", { kind, name, value, words: text });
}

function people(kit) {
  return kit.people.length ? kit.people.map((name) => chip("radio", "person", name, name)) : "";
}

/** Those already noted first, so that nothing noted is ever out of reach. */
function acts({ kit, moment }) {
  const codes = [...moment.acts, ...(kit.offered.acts[moment.signal] ?? kit.offered.acts[""]).flat()];
  return [...new Set(codes)].filter((code) => code in kit.codes).map((code) => chip("checkbox", "acts", code, kit.codes[code][0]));
}

function siblingChips({ siblings }) {
  if (siblings.length < 2) return "";
  return siblings.map((one) => {
    const part = chip("radio", "child", one.id, one.name);
    part.querySelector("input").after(shape(one.shape));
    return part;
  });
}
