/** The network between tabs and server: it drops, delays, doubles and reorders, until it is told to be kind. */

const SLOWEST = 4; // ticks that a request or an answer may take

export class Wire {
  constructor(dice, tally) {
    Object.assign(this, { dice, tally });
    this.kind = false;
    this.tick = 0;
    this.requests = []; // {kind, tab, body, resolve, reject, due}
    this.answers = []; // {due, tab, arrive}
  }

  /** A promise of {status, retryAfter, body}, as `net` gives it. */
  ask(kind, tab, body) {
    return new Promise((resolve, reject) => this.requests.push({ kind, tab, body, resolve, reject, due: this.tick }));
  }

  get quiet() {
    return this.requests.length === 0 && this.answers.length === 0;
  }

  /** One tick: what arrived at the tabs is told to them; gives the requests that reach the server now. */
  turn() {
    this.tick += 1;
    const [arrived, later] = parted(this.answers, this.tick);
    this.answers = later;
    for (const { tab, arrive } of arrived) if (tab.alive) arrive();
    const [leaving, waiting] = parted(this.requests, this.tick);
    this.requests = waiting;
    return leaving.filter((request) => this.passes(request));
  }

  passes(request) {
    if (this.kind) return true;
    const fate = this.dice.weighted([[66, "through"], [9, "lost"], [10, "slow"], [11, "twice"], [4, "refused"]]);
    this.tally[fate] += 1;
    if (fate === "lost") this.answer(request, request.reject, new Error("no answer"));
    if (fate === "slow") this.requests.push({ ...request, due: this.tick + this.dice.between(1, SLOWEST) });
    if (fate === "twice") this.requests.push({ ...request, ghost: true, due: this.tick + this.dice.between(1, SLOWEST) });
    if (fate === "refused") this.answer(request, request.resolve, this.dice.pick(NOT_OURS));
    return fate === "through" || fate === "twice";
  }

  /** The server's own answer to a request that reached it. */
  answered(request, body) {
    if (request.ghost) return; // the tab hears the first of two answers
    const silent = !this.kind && this.dice.chance(0.12);
    this.tally.silent += silent;
    if (silent) this.answer(request, request.reject, new Error("no answer"));
    else this.answer(request, request.resolve, { retryAfter: null, ...body });
  }

  answer(request, arrive, what) {
    const slow = !this.kind && this.dice.chance(0.2) ? this.dice.between(1, SLOWEST) : 0;
    this.answers.push({ due: this.tick + slow, tab: request.tab, arrive: () => arrive(what) });
  }
}

/** What other machines on the way say: a busy proxy, a broken one, a hotel's sign-in page. */
const NOT_OURS = [
  { status: 503, retryAfter: 2, body: null },
  { status: 502, retryAfter: null, body: null },
  { status: 400, retryAfter: null, body: null },
  { status: 404, retryAfter: null, body: null },
  { status: 200, retryAfter: null, body: null },
];

function parted(list, tick) {
  return [list.filter(({ due }) => due <= tick), list.filter(({ due }) => due > tick)];
}
