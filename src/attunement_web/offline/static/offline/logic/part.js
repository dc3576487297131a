/** What somebody's part in a child opens on a phone, and what it leaves there. */

const KITS_LAST = 6 * 3600_000; // ms; a family's habits change slowly
const INSTEAD = { relative: { today: "note", milestones: "note" } }; // who only notes begins with that

/** The view that this part opens where `view` was asked for. */
export function opened(role, view) {
  return INSTEAD[role]?.[view] ?? view;
}

/** What noting takes, and nothing that the family told: neither milestones nor who was with the child. */
export function bare(kit) {
  const { months, parts } = kit.milestones;
  const untold = (part) => ({ ...part, lines: part.lines.map(({ says }) => ({ says, stage: "", seen_on: "" })) });
  return { ...kit, people: [], members: {}, milestones: { months, parts: parts.map(untold) } };
}

/** Whether it opens the whole record; else noting ends at her own moments, as on the server's pages. */
export const seesAll = (role) => role !== "relative";

/** The kits that go: of children who are ours no longer, or in whom our part is another than it was made for. */
export function over(kits, children) {
  return kits.filter((kit) => !children.some(({ id, role }) => id === kit.child && role === kit.role));
}

/** All that the server says of a child; a kit that was made for something else is an old one. */
export const print = (child) => JSON.stringify(child);

/** The children whose kit is asked for, of those at hand the one that was seen last first. */
export function wanted(kits, children, { now, last }) {
  const fresh = new Set(kits.filter((kit) => now - (kit.kept_at ?? 0) <= KITS_LAST).map((kit) => `${kit.child} ${kit.print}`));
  return children.filter((one) => !fresh.has(`${one.id} ${print(one)}`)).sort((one) => (one.id === last ? -1 : 1));
}
