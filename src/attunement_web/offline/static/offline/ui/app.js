/** The shell: reads the phone, draws the view that the address means, and keeps what is tapped. */

import { opened } from "../logic/part.js";
import { keeping } from "../store/keeping.js";
import { network } from "../store/net.js";
import { people } from "../store/database.js";
import { keepsThings, lastChild, rememberChild, room, whose } from "../store/phone.js";
import { shelf, standsNow } from "../store/shelf.js";
import { draw } from "./draw.js";
import { frame, notice } from "./frame.js";
import { kept, momentView } from "./keep.js";
import * as looking from "./looking.js";
import { STEPS, step } from "./noting.js";
import { moving } from "./moving.js";
import { address, route } from "./route.js";
import { showStanding } from "./standing.js";
import { summary } from "./summary.js";
import { aside } from "./trouble.js";

const VIEWS = { ...looking, aside };
const NO_KIT = new Set(["aside"]);
const LIVE = new Set(["today", "moments", "aside"]); // drawn anew when something came; a person is at work on the others
const NOTING = /^\/(child\/[^/]+\/note|offline)\/$/;
const place = document.querySelector("[data-page]");
const app = { store: null, net: null, keeper: null, known: null, at: null, told: null, away: !navigator.onLine || !NOTING.test(location.pathname), wasAway: false, busy: false };

async function begin() {
  const person = whose() || (await people().catch(() => []))[0] || "";
  if (!person) return nothing("nobody");
  app.store = await keepsThings(person);
  if (!app.store) return nothing("keeps-nothing");
  app.net = network(app.store);
  app.keeper = keeping({ store: app.store, net: app.net, tell });
  await draws();
  window.addEventListener("popstate", draws);
  document.addEventListener("click", moving({ app, draws, keep: (fields) => attempt(() => kept(app.at, fields)) }));
  place.addEventListener("submit", taps);
  app.keeper.now();
  app.room = await room();
}

/** A server's page is better than nothing, as long as there is one and we did not come from it. */
function nothing(view) {
  if (NOTING.test(location.pathname) && location.pathname !== "/offline/" && !location.search && navigator.onLine) location.replace("?plain");
  else show(draw(view, { child: app.at?.child }));
}

async function draws({ anew = false } = {}) {
  app.known = await shelf(app.store);
  const wanted = route(location);
  if (!wanted) return;
  const page = app.at = pageOf(wanted);
  frame({ ...page, children: app.known.children });
  say();
  if (!page.kit && !NO_KIT.has(page.view)) return nothing(app.known.me ? "no-kit" : "nobody");
  if (page.view in STEPS && (page.moment || page.view === "note")) return show(step(page.view, page), anew);
  if ((page.view === "kept" || page.view === "moment") && page.moment) return show(momentView(page.view, page), anew);
  return show(VIEWS[page.view in STEPS ? "moments" : page.view]?.(page) ?? draw("elsewhere"), anew);
}

function pageOf(wanted) {
  const { known, store, net, keeper } = app;
  const moment = known.moments.find((one) => one.id === wanted.moment) ?? null;
  const child = moment?.child ?? known.children.find((one) => one.id === (wanted.child || lastChild()))?.id ?? known.children.at(-1)?.id ?? "";
  if (child) rememberChild(child);
  const { family, role } = known.children.find((one) => one.id === child) ?? {};
  return {
    ...known, store, net, keeper, view: opened(role, wanted.view), role, child, moment, kit: known.kits.get(child) ?? null,
    siblings: known.children.filter((one) => one.family === family && known.kits.has(one.id)),
    moments: known.moments.filter((one) => one.child === child), attempt, go, refresh, again: draws,
  };
}

/** Drawn `anew`, what she reads stays where it was under her thumb. */
function show(part, anew = false) {
  const isRead = anew && !place.contains(document.activeElement);
  place.replaceChildren(part);
  const title = place.querySelector("h1");
  document.title = [title?.textContent.trim().replace(/\s+/g, " "), "Attunement"].filter(Boolean).join(" · ");
  if (!isRead) title?.focus({ preventScroll: true });
  if (!anew) window.scrollTo(0, 0);
}

/** Whatever came of keeping in step, here or in another tab. */
async function tell(told) {
  if (told) {
    const before = app.away;
    app.away = told.state === "later";
    app.wasAway ||= before && !app.away && !NOTING.test(location.pathname);
    app.told = told;
  }
  const isNews = !told || told.taken || told.sent || told.kits || told.aside || told.gone;
  return isNews && (!app.at?.kit || LIVE.has(app.at.view)) ? draws({ anew: true }) : refresh();
}

/** What changed about the moment at hand, without disturbing who is at work on it. */
async function refresh() {
  app.known = await shelf(app.store);
  say();
  const moment = app.at?.moment && standsNow(app.at.moment, app.known);
  if (!moment) return;
  app.at.moment = moment;
  place.querySelector(".where")?.replaceWith(draw("saved", moment));
  place.querySelector("[data-fill=summary]")?.replaceChildren(summary(app.at, moment, { day: app.at.view === "moment" }));
}

function say() {
  document.body.dataset.at = app.at?.view ?? "";
  notice({ state: app.told?.state, away: app.away, wasAway: app.wasAway });
  const standing = document.querySelector("[data-standing]");
  showStanding(standing, app.known, { store: app.store, signedOut: app.told?.state === "signed-out", stays: app.room?.stays });
}

/** A tap on a choice, or on a brother or sister. */
async function taps(event) {
  event.preventDefault();
  const name = event.target.dataset.choose, chosen = event.submitter?.value;
  if (!name || chosen === undefined || app.busy) return;
  const page = app.at, { fields, next } = STEPS[page.view].tap(page, chosen);
  const id = await attempt(() => kept(page, fields));
  if (!id) return;
  if (page.view === "note") history.replaceState(null, "", `#note/${id}`); // "back" returns to this same moment
  go(page.view === "note" && page.moment ? "kept" : next, id);
}

/** Whatever `work` gives once it is on the disk; null, and words, when the phone took nothing. */
async function attempt(work) {
  app.busy = true;
  try {
    return await work();
  } catch {
    document.querySelector("[data-toasts]").replaceChildren(draw("not-kept", { child: app.at.child }));
    return null;
  } finally {
    app.busy = false;
  }
}

function go(view, moment = "") {
  document.querySelector("[data-toasts]").replaceChildren();
  history.pushState(null, "", address({ view, child: app.at.child, moment }));
  return draws();
}

document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && app.at?.flush?.());
begin();
