/** On the server's pages: installs the worker, keeps phone and server in step, says what waits, asks before signing out. */

import { keeping } from "../store/keeping.js";
import { network } from "../store/net.js";
import { belongsTo, keepsThings, rememberChild, rememberLook, room, whose } from "../store/phone.js";
import { clearCopies, standing } from "../store/shelf.js";
import { database, people } from "../store/database.js";
import { draw } from "./draw.js";
import { saveFile } from "./file.js";
import { asksBeforeLeaving } from "./leaving.js";
import { line, showStanding } from "./standing.js";

const { person = "", child = "", worker, unsure } = document.body.dataset;
const place = document.querySelector("[data-standing]");

const REFUSED = { status: 401, retryAfter: null, body: null }; // what the server says until she has proved more

async function begin() {
  rememberLook(document.documentElement.dataset.look ?? "");
  navigator.serviceWorker?.register(worker).catch(() => {}); // without one the server's pages do everything
  const store = await keepsThings(person);
  if (!store) return belongsTo(person); // the shell then knows whom to tell that this browser keeps nothing
  await former();
  belongsTo(person);
  if (child) rememberChild(child);
  const net = unsure === undefined ? network(store) : { ...network(store), me: async () => REFUSED }, before = await standing(store);
  const keeper = keeping({ store, net, tell });
  asksBeforeLeaving(document.querySelector("[data-signs-out]"), { store, keeper });
  const { stays } = await room();
  await tell(null);
  return keeper.now();

  async function tell(told) {
    const counts = await standing(store);
    const arrived = told?.state === "done" ? Math.max(before.waiting - counts.waiting, 0) : 0;
    showStanding(place, counts, { store, arrived, signedOut: told?.state === "signed-out", stays });
  }
}

/** Copies of what another person saw go at once; what she noted and nobody has yet stays until somebody decides. */
async function former() {
  const others = [...new Set([whose(), ...(await people())])].filter((one) => one && one !== person);
  for (const other of others) {
    const store = database(other), counts = await standing(store);
    if (counts.waiting || counts.aside.length) await theirs(store, counts);
    else await store.erase();
  }
}

async function theirs(store, counts) {
  await clearCopies(store);
  const part = draw("another", { line: line(counts) }), notice = part.firstElementChild;
  notice.querySelector("[data-do=file]").addEventListener("click", () => saveFile(store));
  notice.querySelector("[data-do=discard]").addEventListener("click", async () => {
    await store.erase();
    notice.remove();
  });
  place.before(notice);
}

if (person) begin();
