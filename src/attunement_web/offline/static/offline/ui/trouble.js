/** What is only on this phone: waiting, or not taken by the server until it is tried again or let go; and a saved file handed in. */

import { tryAgain } from "../logic/outbox.js";
import { env } from "../store/phone.js";
import { dateWords } from "./days.js";
import { counted, draw, words } from "./draw.js";
import { handIn, saveFile } from "./file.js";
import { line } from "./standing.js";
import { days as daysOf, wording } from "./summary.js";

export function aside(page) {
  const lines = page.aside.map((one) => lineOf(page, one));
  const days = page.kit ? daysOf(page, page.moments.filter((one) => one.waiting)) : "";
  const any = page.waiting || lines.length;
  const part = draw("aside", { any, days, line: page.waiting ? line(page) : "", lines: lines.length ? lines : "" });
  part.querySelector("[data-do=file]")?.addEventListener("click", () => saveFile(page.store));
  for (const button of part.querySelectorAll("[data-let-go]")) button.addEventListener("click", () => letGo(page, button.dataset.letGo));
  for (const button of part.querySelectorAll("[data-again]")) button.addEventListener("click", () => again(page, button.dataset.again));
  const form = part.querySelector("[data-hand-in]"), begun = document.querySelector("[data-hand-in]");
  if (begun) form.replaceWith(begun); // whatever else is drawn anew, a file that was chosen stays chosen
  else form.addEventListener("submit", (event) => {
    event.preventDefault();
    hand(form, page.net);
  });
  return part;
}

function lineOf({ kit }, { key, operation }) {
  const { fields, at } = operation;
  const codes = [fields.signal, ...(fields.acts ?? []), fields.outcome].filter(Boolean);
  const what = codes.length && kit ? codes.map((code) => wording(kit, code)).join(", ") : words("word-good");
  return draw("aside-line", { key, entity: operation.entity, what, words: fields.words ?? "", day: dateWords(at.slice(0, 10)) });
}

async function letGo(page, key) {
  await page.store.write((tx) => tx.delete("aside", key));
  page.again();
}

/** With all that was set aside of the same moment: a change alone would be refused again where the note itself was. */
async function again(page, entity) {
  if ((await page.attempt(() => page.store.write((tx) => tryAgain(tx, entity, env()).then(() => true)))) === null) return;
  page.keeper.changed();
  page.again();
}

async function hand(form, net) {
  const [file] = form.querySelector("input").files;
  if (!file) return form.querySelector("input").focus();
  const said = await outcome(file, net);
  return document.querySelector("[data-toasts]").replaceChildren(draw("toast", { words: said })); // stays when the list is drawn anew
}

async function outcome(file, net) {
  try {
    const there = await handIn(await file.text(), net);
    return there === null ? words("not-handed-in") : counted("handed-in", there);
  } catch {
    return words("not-a-file");
  }
}
