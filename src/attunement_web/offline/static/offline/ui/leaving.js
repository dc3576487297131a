/** Signing out takes what this phone keeps with it; while moments wait, the person decides what becomes of them. */

import { belongsTo } from "../store/phone.js";
import { standing } from "../store/shelf.js";
import { draw, words } from "./draw.js";
import { saveFile } from "./file.js";
import { line } from "./standing.js";

export function asksBeforeLeaving(form, { store, keeper }) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const counts = await standing(store);
    if (counts.waiting || counts.aside.length) ask(form, counts, { store, keeper });
    else leave(form, { store, keeper });
  });
}

async function leave(form, { store, keeper }) {
  keeper.stop();
  await store.erase();
  belongsTo("");
  form.submit(); // does not ask again
}

function ask(form, counts, { store, keeper }) {
  const part = draw("leaving", { line: line(counts) }), dialog = part.firstElementChild;
  const said = dialog.querySelector("[data-said]");
  const ways = {
    stay: () => dialog.close(),
    discard: () => leave(form, { store, keeper }),
    async file() {
      await saveFile(store);
      setTimeout(() => leave(form, { store, keeper }), 1000); // the file is on its way to the disk
    },
    async send() {
      await keeper.now();
      const left = await standing(store);
      if (left.waiting || left.aside.length) said.textContent = words("word-not-sent");
      else await leave(form, { store, keeper });
    },
  };
  dialog.addEventListener("click", (event) => ways[event.target.dataset.do]?.());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
