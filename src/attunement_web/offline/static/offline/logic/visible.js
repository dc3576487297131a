/** What the person sees: the server's rows, with all that waits laid over them. */

import { noted } from "./operation.js";

/** `row` (or null) after one operation of our own. */
export function applied(row, operation) {
  const { type, entity, child, at, fields } = operation;
  const bare = { id: entity, child, revision: 0, removed: false, noted_by: null, at, others: [] };
  if (type === "note") return row ?? { ...bare, ...noted(operation) };
  if (row === null) return null;
  if (type === "change") return { ...row, ...fields };
  return { ...row, removed: type === "remove" };
}

/** Newest first; a waiting removal hides. `rows` and `waiting` are the tables `rows` and `outbox`. */
export function visible(rows, waiting) {
  const seen = new Map(rows.map((row) => [row.id, row]));
  const changed = new Set();
  for (const { operation } of waiting) {
    seen.set(operation.entity, applied(seen.get(operation.entity) ?? null, operation));
    changed.add(operation.entity);
  }
  return [...seen.values()]
    .filter((row) => row && !row.removed && row.happened_at) // what was emptied and comes back has no content until it is pulled
    .map((row) => ({ ...row, waiting: changed.has(row.id) }))
    .sort(newestFirst);
}

function newestFirst(one, other) {
  return (
    compared(other.local_day, one.local_day) ||
    Date.parse(other.happened_at) - Date.parse(one.happened_at) ||
    compared(other.id, one.id)
  );
}

function compared(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
