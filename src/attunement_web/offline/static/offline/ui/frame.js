/** The frame of the shell: whose page it is, the five places, and what is to be said about the network. */

import { opened } from "../logic/part.js";
import { draw, shape } from "./draw.js";

export function frame({ child, children, view, role, kit }, doc = document) {
  const nav = doc.querySelector("[data-nav]"), nobody = doc.body.dataset.nobody;
  nav.hidden = !kit;
  doc.body.classList.toggle("with-nav", Boolean(kit));
  if (!kit) return;
  for (const link of nav.querySelectorAll("a")) {
    link.dataset.path ??= link.getAttribute("href");
    link.setAttribute("href", link.dataset.path.replace(nobody, child));
    link.dataset.view = viewOf(link.dataset.path);
    link.closest("li").hidden = opened(role, link.dataset.view) !== link.dataset.view;
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  doc.querySelector("[data-picker]").replaceChildren(picker({ child, children, kit }));
}

function viewOf(path) {
  return path.split("/").at(-2).length === 36 ? "today" : path.split("/").at(-2);
}

function picker({ child, children, kit }) {
  const lines = children.map((one) => draw("picker-child", { child: one.id, name: one.name, now: String(one.id === child), shape: shape(one.shape) }));
  return draw("picker", { name: kit.name, shape: shape(kit.shape), children: lines });
}

/** At most one line: signed out, somebody else, no network, or the network back again. */
export function notice({ state, away, wasAway }, doc = document) {
  const id = { "signed-out": "signed-out", "someone-else": "someone-else" }[state] ?? (away ? "away" : wasAway ? "back" : "");
  const place = doc.querySelector("[data-notices]");
  if (place.dataset.shows === id) return;
  place.dataset.shows = id;
  place.replaceChildren(...(id ? [draw(id)] : []));
  place.querySelector("[data-do=reload]")?.addEventListener("click", () => doc.defaultView.location.reload());
}
