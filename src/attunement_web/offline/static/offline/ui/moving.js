/** Taps that lead elsewhere: to another view, or to a brother or sister. What was typed is kept before. */

import { rememberChild } from "../store/phone.js";
import { address } from "./route.js";

/** Hears every click of the page. Without a network a link to a view stays in the shell; else it goes where it says. */
export function moving({ app, draws, keep, win = window }) {
  return async function moves(event) {
    const chip = event.target.closest("button[data-child]"), link = event.target.closest("a[href]");
    if (chip) return toChild(chip.dataset.child);
    if (!link || isOwn(link, event)) return undefined;
    const stays = link.hash && link.getAttribute("href").startsWith("#") || (app.away && link.dataset.view);
    if (!stays && !app.at?.flush) return undefined;
    event.preventDefault();
    await app.at?.flush?.();
    if (!stays) return win.location.assign(link.href);
    rememberChild(link.dataset.child ?? app.at?.child ?? "");
    win.history.pushState(null, "", link.href);
    return draws();
  };

  async function toChild(child) {
    const { view, moment } = app.at;
    if (moment && !(await keep({ child }))) return undefined;
    win.history.replaceState(null, "", address({ view, child, moment: moment?.id }));
    rememberChild(child);
    return draws();
  }
}

/** What the browser does by itself: another tab, a file, a place on this page. */
function isOwn(link, event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.download || link.getAttribute("href") === "#content";
}
