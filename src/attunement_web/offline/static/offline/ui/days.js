/** Days and clock times as people say them, in the language of the page. */

import { localDay } from "../logic/when.js";
import { words } from "./draw.js";

const language = () => document.documentElement.lang;
const noon = (day) => new Date(`${day}T12:00:00Z`);

/** Today, yesterday, a weekday within the week, else the date. */
export function dayWords(day, today) {
  const ago = Math.round((noon(today) - noon(day)) / 86_400_000);
  if (ago === 0) return words("word-today");
  if (ago === 1) return words("word-yesterday");
  return written(day, day.slice(0, 4) === today.slice(0, 4) ? { weekday: "long", day: "numeric", month: "long" } : WHOLE);
}

/** The same, short enough for "the oldest since Tuesday". */
export function since(day, today) {
  const ago = Math.round((noon(today) - noon(day)) / 86_400_000);
  if (ago < 2) return words(ago < 1 ? "word-since-today" : "word-since-yesterday");
  return written(day, ago < 7 ? { weekday: "long" } : { day: "numeric", month: "long" });
}

export function dateWords(day) {
  return written(day, WHOLE);
}

/** The wall clock of the family when it happened. */
export function clockWords(moment) {
  const wall = new Date(Date.parse(moment.happened_at) + moment.offset_minutes * 60_000);
  return new Intl.DateTimeFormat(language(), { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(wall);
}

export function clockValue(moment) {
  return new Date(Date.parse(moment.happened_at) + moment.offset_minutes * 60_000).toISOString().slice(11, 16);
}

export const todayIn = (zone) => localDay(Date.now(), zone);

const WHOLE = { day: "numeric", month: "long", year: "numeric" };

function written(day, how) {
  return new Intl.DateTimeFormat(language(), { ...how, timeZone: "UTC" }).format(noon(day));
}
