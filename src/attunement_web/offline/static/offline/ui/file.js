/** The last resort: what waits as a file, and such a file handed in again. */

import { MOST, batch } from "../logic/batch.js";
import { outboxFile } from "../logic/outbox.js";
import { uuid4 } from "../logic/uuid.js";
import { env } from "../store/phone.js";

const NAME = "attunement-waiting";

/** Hands the person a file with all that waits and all that was set aside; nothing leaves the phone's own store. */
export async function saveFile(store, doc = document) {
  const held = await outboxFile(store, env());
  const url = URL.createObjectURL(new Blob([JSON.stringify(held, null, 1)], { type: "application/json" }));
  const link = Object.assign(doc.createElement("a"), { href: url, download: `${NAME}-${new Date().toISOString().slice(0, 10)}.json` });
  doc.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Sends a saved file: first what was set aside, asked anew, then what waited, each in its own order and under its own
 * device. Gives how many entries the server has; null: not now.
 */
export async function handIn(text, net) {
  const file = JSON.parse(text);
  if (file?.format !== 1 || !Array.isArray(file.operations)) throw new SyntaxError("not a file of ours");
  const again = (file.aside ?? []).map(({ operation }, at) => ({ ...operation, seq: at + 1 }));
  const first = await push({ device: file.aside_device ?? uuid4(env().random), operations: again }, net);
  const then = first === null ? null : await push(file, net);
  return then === null ? null : first + then;
}

async function push({ device, operations: left }, net) {
  let there = 0;
  while (left.length) {
    const operations = batch(left, MOST);
    const answer = await net.push({ device, sent_at: new Date().toISOString(), operations }).catch(() => null);
    const results = answer?.status === 200 ? answer.body.results : [];
    if (!results.length) return null;
    there += results.filter((one) => one.verdict !== "refused").length;
    left = left.slice(results.length);
  }
  return there;
}
