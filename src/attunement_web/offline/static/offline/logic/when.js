/**
 * When a moment happened: the instant, and the day and clock around the person who noted it, fixed for good.
 * The same rules as the server's own pages (diary.actions.when).
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const A_LITTLE_WHILE = 30 * MINUTE;
const EARLIER = 3 * 60 * MINUTE; // where "earlier today" stands in the day when no clock time is given
const NOON = "12:00";
const clocks = new Map(); // making a formatter costs far more than using it

/** The five fields for a precision of "now", "while", "today" or "day"; `clock` ("HH:MM") wins over the rough word. */
export function when(precision, { now, zone, day = null, clock = null }) {
  const place = knownZone(zone);
  if (precision === "now") return placed(now, place, precision);
  if (precision === "while") return placed(now - A_LITTLE_WHILE, place, precision);
  const today = localDay(now, place);
  const that = precision === "today" || day === null ? today : day;
  if (clock !== null) return placed(instant(that, clock, place), place, "clock");
  if (that === today) return placed(Math.max(now - EARLIER, instant(today, "00:00", place)), place, "today");
  return placed(instant(that, NOON, place), place, "day");
}

/** The calendar day in `zone` at `ms`, as YYYY-MM-DD. */
export function localDay(ms, zone) {
  return new Date(ms + offsetMinutes(ms, zone) * MINUTE).toISOString().slice(0, 10);
}

/** Minutes that the clocks of `zone` are ahead of UTC at `ms`. */
export function offsetMinutes(ms, zone) {
  const part = {};
  for (const { type, value } of clock(zone).formatToParts(ms)) part[type] = Number(value);
  const shown = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return Math.round((shown - Math.floor(ms / 1000) * 1000) / MINUTE);
}

/** `zone`, or UTC where this phone names one that it cannot reckon with. */
export function knownZone(zone) {
  try {
    clock(zone);
    return zone || "UTC";
  } catch {
    return "UTC";
  }
}

function placed(ms, zone, precision) {
  return {
    happened_at: new Date(ms).toISOString(),
    local_day: localDay(ms, zone),
    zone,
    offset_minutes: offsetMinutes(ms, zone),
    precision,
  };
}

/** The instant of a wall clock time: the first where it comes twice; one that never came moves on by the gap. */
function instant(day, time, zone) {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const before = wall - offsetMinutes(wall - DAY, zone) * MINUTE;
  const after = wall - offsetMinutes(wall + DAY, zone) * MINUTE;
  const reads = (ms) => ms + offsetMinutes(ms, zone) * MINUTE === wall;
  return reads(before) || !reads(after) ? before : after;
}

function clock(zone) {
  if (!clocks.has(zone)) {
    const digits = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
    const options = { ...digits, timeZone: zone || "UTC", hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" };
    clocks.set(zone, new Intl.DateTimeFormat("en", options));
  }
  return clocks.get(zone);
}
