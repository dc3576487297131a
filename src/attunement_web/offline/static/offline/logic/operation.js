/** One operation: what a person did, with the clock and zone of her phone. It goes to the server as it is kept here. */

import { knownZone, offsetMinutes } from "./when.js";

export const SCHEMA = 1;

const SAID_NOTHING = {
  signal: "", acts: [], outcome: "", mended: null, calm: null, with_child: "", feeling: "", words: "",
};

/** A note says everything, so that no field waits for a change to exist. */
export function noteFields(fields, when) {
  return { ...SAID_NOTHING, ...fields, ...when };
}

export function operation(type, { entity, child, base, fields }, { seq, now, zone }) {
  const place = knownZone(zone);
  return {
    seq,
    schema: SCHEMA,
    type,
    entity,
    child,
    base,
    at: new Date(now).toISOString(),
    zone: place,
    offset_minutes: offsetMinutes(now, place),
    fields: clean(fields),
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
