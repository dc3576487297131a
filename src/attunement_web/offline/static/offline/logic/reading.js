/**
 * How a noted moment reads: the rule of the library (`attunement.moments.noted`), over the lists in the kit's `reading`.
 * A test compares both for every signal, act and ending.
 */

const NOT_SAID = 0, MISSED = 1, MISREAD = 2, LATE = 3, ANSWERED = 4;

/** {dot, asks}: how the moment is drawn, and whether to ask if the two found each other again. */
export function reading(kit, moment) {
  const { codes, reading: rule } = kit;
  const known = (code) => code in codes;
  const signal = moment.signal in rule.fits ? moment.signal : "";
  const acts = moment.acts.filter(known), outcome = known(moment.outcome) ? moment.outcome : "";
  const endedWell = rule.good.includes(outcome);
  const missed = acts.some((act) => codes[act][1] === "miss");
  const goodbye = acts.some((act) => rule.goodbye.includes(act));
  const best = Math.max(NOT_SAID, ...acts.map((act) => alone(kit, { signal, act, endedWell })));
  const answer = signal || goodbye ? best : NOT_SAID;
  const mends = acts.some((act) => rule.mends.includes(act));
  const likely = mends || (missed && best === ANSWERED) || (best === LATE && endedWell);
  const mended = moment.mended === true || (likely && moment.mended === null);
  const good = !signal && !goodbye && !missed && !rule.unresolved.includes(outcome);
  return { dot: mended ? "mended" : good ? "answered" : DRAWN[answer], asks: answer >= MISSED && answer <= LATE };
}

/** Whether to ask how long it took until calm: after an upset that did not end with the child still upset. */
export function mayHaveCalmed({ reading: rule }, { signal, outcome }) {
  return rule.upset.includes(signal) && !rule.unresolved.includes(outcome);
}

const DRAWN = ["not_said", "missed", "missed", "missed", "answered"];

/** What one act says by itself. */
function alone({ codes, reading: rule }, { signal, act, endedWell }) {
  const responds = codes[act][1] === "act";
  const fits = signal !== "" && rule.fits[signal].includes(act);
  if ((responds && (fits || endedWell)) || rule.greeting.includes(act)) return ANSWERED;
  if (rule.missed.includes(act)) return MISSED;
  if (rule.late.includes(act)) return LATE;
  return responds || codes[act][1] === "miss" ? MISREAD : NOT_SAID;
}

/** The acts after a tap: it takes the place of a single one; beside several it is one more. */
export function actsWith(acts, act, most = 12) {
  if (acts.includes(act)) return acts;
  return acts.length < 2 ? [act] : [...acts, act].slice(-most);
}
