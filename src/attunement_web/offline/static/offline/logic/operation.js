/** One operation: what a person did, with the clock and zone of her phone. It goes to the server as it is kept here. */

import { knownZone, offsetMinutes } from "./when.js";

export const SCHEMA = 1;

const SAID_NOTHING = {
  signal: "", acts: [], outcome: "", mended: null, calm: null, with_child: "", feeling: "", words: "",
};

/** All that a note says, as a row shows it: what it leaves out was not said, and its place is that of the operation. */
export function noted({ zone, offset_minutes, fields }) {
  return { ...SAID_NOTHING, zone, offset_minutes, ...fields };
}

/** Only what was said: 5,000 notes go over a slow line in a minute. */
function brief(fields, around) {
  const known = { ...SAID_NOTHING, ...around };
  const isSaid = ([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]);
  return Object.fromEntries(Object.entries(fields).filter(isSaid));
}

export function operation(type, { entity, child, base, fields }, { seq, now, zone }) {
  const place = knownZone(zone);
  const around = { zone: place, offset_minutes: offsetMinutes(now, place) };
  return {
    seq,
    schema: SCHEMA,
    type,
    entity,
    child,
    base,
    at: new Date(now).toISOString(),
    ...around,
    fields: clean(type === "note" ? brief(fields, around) : fields),
  };
}

/** Text as every database can hold it: no NUL, no half of a pair of surrogates (a cut emoji). */
function clean(value) {
  if (typeof value === "string") return wellFormed(value.replaceAll("\u0000", ""));
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, clean(inside)]));
}

function wellFormed(text) {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) => (found.length === 2 ? found : "\uFFFD"));
}
