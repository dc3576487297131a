/** Which view an address means: those of the server's pages, and the shell's own behind "#". */

const ID = "[0-9a-f-]{36}";
const CHILD = new RegExp(`^/child/(${ID})/(.*)$`);
const MOMENT = new RegExp(`^moments/(${ID})/([a-z]*)/?$`);
const PLACES = { "": "today", "note/": "note", "moments/": "moments", "milestones/": "milestones", "ideas/": "ideas", "ask/": "ask" };
const STEPS = new Set(["note", "answer", "ending", "mending", "kept", "moment"]);
const VIEWS = new Set([...Object.values(PLACES), ...STEPS, "urgent", "aside"]);

/** {view, child, moment}; null for an anchor on the page. `child` "" is whoever was seen last. */
export function route({ pathname, hash }) {
  const [, child = "", rest = ""] = CHILD.exec(pathname) ?? [];
  const [view, moment = ""] = hash.slice(1).split("/");
  if (VIEWS.has(view)) return { view, child, moment };
  if (hash && hash !== "#") return null;
  return { child, moment: "", ...place(pathname, child, rest) };
}

function place(pathname, child, rest) {
  if (pathname === "/help/now/") return { view: "urgent" };
  if (!child) return { view: pathname === "/" || pathname === "/offline/" ? "today" : "elsewhere" };
  const [, moment, step] = MOMENT.exec(rest) ?? [];
  if (moment) return { view: STEPS.has(step || "moment") ? step || "moment" : "elsewhere", moment };
  return { view: PLACES[rest] ?? "elsewhere" };
}

/** Where a view has its address. */
export function address({ view, child, moment = "" }) {
  if (view === "urgent") return "/help/now/";
  if (view === "note" && !moment) return `/child/${child}/note/`;
  if (STEPS.has(view)) return `/child/${child}/note/#${view}/${moment}`;
  const found = Object.entries(PLACES).find(([, name]) => name === view);
  return found ? `/child/${child}/${found[0]}` : `/offline/#${view}`;
}
