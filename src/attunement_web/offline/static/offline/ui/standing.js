/** The line that says where notes stand: how many wait on this phone and since when, or that they have arrived. */

import { localDay } from "../logic/when.js";
import { counted, draw } from "./draw.js";
import { since, todayIn } from "./days.js";
import { saveFile } from "./file.js";

const LONG = 3 * 86_400_000; // ms; then a copy in a file is offered

/** Fills `place` from `counts` ({waiting, oldest, aside}); `arrived`: how many of them the server has meanwhile. */
export function showStanding(place, counts, { store, arrived = 0, signedOut = false, stays = true } = {}) {
  const { waiting, aside, oldest } = counts;
  if (!waiting && !arrived && !aside.length) return place.replaceChildren();
  const patience = stays ? LONG : LONG / 3; // a browser that may clear what it keeps
  const values = {
    line: line(counts, arrived), more: waiting > 0 || !arrived, arrived: !waiting && arrived > 0,
    signed_out: signedOut && waiting > 0, long: waiting > 0 && Date.now() - Date.parse(oldest.at) > patience,
  };
  values.ways = values.arrived || values.signed_out || values.long;
  const part = draw("standing", values);
  part.querySelector("[data-do=file]")?.addEventListener("click", () => saveFile(store));
  part.querySelector("[data-do=reload]")?.addEventListener("click", () => location.reload());
  part.firstElementChild.classList.toggle("standing--waits", waiting > 0);
  return place.replaceChildren(part);
}

export function line({ waiting, oldest, aside }, arrived = 0) {
  if (waiting) return counted("waiting", waiting, { day: since(localDay(Date.parse(oldest.at), oldest.zone), todayIn(oldest.zone)) });
  if (arrived) return counted("arrived", arrived);
  return counted("aside", aside.length);
}
