/** What an answer to a push does to this phone, inside one transaction. */

import { renew, setAside } from "./outbox.js";
import { applied } from "./visible.js";

/**
 * `sent`: {device, operations}. What the server took leaves the outbox and lives on in `rows`; what it refused is set
 * aside in sight. Whatever another tab has settled before is left alone. Gives {settled, aside, renewed}.
 */
export async function settle(tx, { sent, answer, env }) {
  const told = { settled: 0, aside: 0, renewed: false };
  if ((await tx.get("meta", "device"))?.id !== sent.device) return told;
  for (const result of answer.results) {
    if (differs(result)) break; // the answers after it lean on something that never arrived
    const entry = await tx.get("outbox", result.seq);
    if (!entry) continue;
    if (result.verdict === "refused") {
      await setAside(tx, entry, { device: sent.device, reason: result.reason, now: env.now() });
      told.aside += 1;
    } else {
      await fold(tx, entry.operation, result.revision);
      await tx.delete("outbox", entry.seq);
    }
    told.settled += 1;
  }
  if (strangers(sent, answer)) {
    await renew(tx, env);
    told.renewed = true;
  }
  return told;
}

/** The server holds something else under this number: it knows another copy of this phone. */
function differs({ verdict, reason }) {
  return verdict === "refused" && reason === "other-content";
}

/** Our number means another operation there, or it lacks what it once acknowledged: a copy came back from the past. */
function strangers(sent, answer) {
  const lacks = answer.results.length === 0 && answer.last_seq < sent.operations[0].seq - 1;
  return lacks || answer.results.some(differs);
}

/**
 * `revision` of a row stays what a pull brought: others' changes before ours are not seen yet. What a pull has brought
 * already is left as it is; a note that none has brought yet has no `family` (see `doubtful`).
 */
async function fold(tx, operation, settled) {
  const before = (await tx.get("rows", operation.entity)) ?? null;
  const row = before && before.revision >= settled ? null : applied(before, operation);
  if (row) await tx.put("rows", { ...row, settled: Math.max(settled, row.settled ?? 0) });
}

/** Notes of our own that the server acknowledged and no pull has named. */
export async function doubtful(tx) {
  return (await tx.all("rows")).filter((row) => row.family === undefined);
}

/**
 * All families were pulled to their end since `doubts` were read, and these are still not named: somebody removed them
 * before our answer came, and this phone began afresh in between.
 */
export async function dispel(tx, doubts) {
  for (const { id, settled } of doubts) {
    const row = await tx.get("rows", id);
    if (row && row.family === undefined && row.settled === settled) await tx.delete("rows", id);
  }
}
