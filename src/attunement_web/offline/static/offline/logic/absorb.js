/** What an answer to a pull does to this phone: rows and cursor in one transaction. */

import { knownZone, localDay } from "./when.js";

const NAME = "family:";
const DAY = 24 * 3600_000;

export async function cursorOf(tx, family) {
  return (await tx.get("meta", NAME + family)) ?? { name: NAME + family, epoch: null, cursor: 0 };
}

/**
 * `asked`: {family, epoch, cursor} as they were when the request left. An answer to an old question (another tab was
 * quicker) is put aside; another epoch drops this family's rows, and never what waits.
 * Gives "done", "more", or "again" where the question has to be asked anew.
 */
export async function absorb(tx, { asked, answer }) {
  const place = await cursorOf(tx, asked.family);
  if (place.epoch !== asked.epoch || place.cursor !== asked.cursor) return "again";
  if (place.epoch !== null && place.epoch !== answer.epoch) {
    await forget(tx, asked.family);
    await tx.put("meta", { ...place, epoch: answer.epoch, cursor: 0 });
    return "again";
  }
  for (const moment of answer.moments) await store(tx, { ...moment, family: asked.family });
  await tx.put("meta", { ...place, epoch: answer.epoch, cursor: answer.cursor });
  return answer.more ? "more" : "done";
}

/** This person's rows of the family go; a row that no pull has named yet may be of any family, and comes back. */
export async function forget(tx, family) {
  for (const row of await tx.all("rows")) {
    if (row.family === family || row.family === undefined) await tx.delete("rows", row.id);
  }
  await tx.delete("meta", NAME + family);
}

/** Families in which we have no part any more leave this phone; what waits stays, and is refused into sight. */
export async function forgetOthers(tx, families) {
  for (const { name } of await tx.all("meta")) {
    if (name.startsWith(NAME) && !families.includes(name.slice(NAME.length))) await forget(tx, name.slice(NAME.length));
  }
}

/**
 * Rows of more than `days` ago of which nothing waits. `now` is the server's clock: a phone whose own is years ahead would
 * otherwise lose what no pull brings again.
 */
export async function outlived(tx, { now, days }) {
  const waiting = new Set((await tx.all("outbox")).map(({ operation }) => operation.entity));
  const begins = (zone) => localDay(now - days * DAY, knownZone(zone));
  return (await tx.all("rows")).filter((row) => !waiting.has(row.id) && row.local_day < begins(row.zone));
}

export async function forgetOutlived(tx, kept) {
  for (const { id } of await outlived(tx, kept)) await tx.delete("rows", id);
}

/** All that pulls have brought goes; the next begins afresh. Gives how many rows went. */
export async function forgetDiary(tx) {
  const rows = await tx.all("rows");
  for (const { id } of rows) await tx.delete("rows", id);
  for (const { name } of await tx.all("meta")) if (name.startsWith(NAME)) await tx.delete("meta", name);
  return rows.length;
}

/** An older row never takes the place of a newer, nor of our own acknowledged change. */
async function store(tx, moment) {
  const row = await tx.get("rows", moment.id);
  if (!row || Math.max(row.revision, row.settled ?? 0) <= moment.revision) await tx.put("rows", moment);
}
