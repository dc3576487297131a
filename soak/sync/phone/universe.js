/** One family, its phones, its network and its mishaps, all from one seed; then quiet, and what everybody sees. */

import { visible } from "../../../src/attunement_web/offline/static/offline/logic/visible.js";
import { dice } from "./dice.js";
import * as people from "./people.js";
import { Phone } from "./phone.js";
import { Wire } from "./wire.js";

const TRIES = 12; // rounds of syncing in which everything has to be through, once the network is kind
const SHARING = ["note", "send", "", "take", "", ""];

export class Universe {
  constructor({ seed, family, children, persons, start, ticks }, codes, plant) {
    Object.assign(this, { seed, family, children, codes, plant, dice: dice(seed), now: start, ready: [] });
    this.tally = { crashes: 0, through: 0, lost: 0, slow: 0, twice: 0, refused: 0, silent: 0 };
    this.wire = new Wire(this.dice, this.tally);
    this.page = this.dice.weighted([[80, 500], [12, 3], [8, 1]]); // rows in one answer
    this.crashes = this.dice.pick([0, 0.02, 0.05]);
    this.hasty = this.dice.chance(0.3);
    this.left = Math.min(this.dice.between(6, 16), ticks); // until it grows quiet
    this.finished = this.quiet = false;
    this.trouble = [];
    this.rights = null; // a person whose rights are to change now
    this.shares = this.dice.chance(0.5) ? SHARING.length : 0; // first, in peace, a moment that all phones come to know
    this.phones = Array.from({ length: this.dice.between(1, 3) }, () => new Phone(this, this.dice.pick(persons)));
  }

  /** A store transaction of `tab`, in line to be run. */
  step(tab, run) {
    return new Promise((resolve, reject) => this.ready.push({ tab, run, resolve, reject }));
  }

  /** Run one transaction that stands in line, whichever; the tab may die right before or after it. */
  advance() {
    if (this.ready.length === 0) return;
    const [next] = this.ready.splice(this.dice.below(this.ready.length), 1);
    if (!next.tab.alive) return;
    const dies = this.dice.chance(this.crashes);
    next.run().then((result) => (dies ? this.dies(next.tab) : next.resolve(result)), next.reject);
  }

  dies(tab) {
    tab.alive = false;
    this.tally.crashes += 1;
  }

  /** People do things, the network moves; gives the requests that reach the server. */
  tick() {
    this.now += this.dice.below(3_600_000);
    if (this.shares > 0) this.share();
    else if (this.left > 0) {
      this.live();
      this.left -= 1;
    } else if (!this.quiet) this.calm();
    return this.wire.turn();
  }

  share() {
    this.wire.kind = this.shares > 1;
    const [first] = this.phones;
    const step = SHARING[SHARING.length - this.shares];
    if (step === "note") this.does(first.tabs[0], people.note);
    if (step === "send") this.does(first.tabs[0], (tab) => tab.sync());
    if (step === "take") for (const phone of this.phones) this.does(phone.tabs[0], (tab) => tab.sync());
    this.shares -= 1;
  }

  live() {
    for (const phone of this.phones) {
      if (!this.dice.chance(0.6)) continue;
      const tab = this.dice.pick(phone.tabs.filter((open) => open.alive)) ?? phone.open();
      this.does(tab, this.dice.weighted(this.choices(phone)));
    }
  }

  choices(phone) {
    return [
      [30, people.note], [26, people.change], [8, people.remove], [6, people.restore], [2, people.poison],
      [60, (tab) => tab.sync()], [4, () => phone.tabs.length < 3 && phone.open()], [2, () => phone.crash()],
      [2, people.jump], [1, people.travel], [1, () => phone.save()], [1, () => phone.rewind()],
      [0.5, () => (this.rights = phone.person)],
    ];
  }

  does(tab, what) {
    Promise.resolve(what(tab)).catch((error) => this.trouble.push(`${error.stack}`));
  }

  /** The network is kind, every phone starts anew, and all of them sync: to the end, and then once more. */
  calm() {
    this.quiet = this.wire.kind = true;
    this.crashes = 0;
    const fresh = this.phones.map((phone) => (phone.crash(), phone.tabs.at(-1)));
    this.settle(fresh).catch((error) => this.trouble.push(`${error.stack}`)).then(() => (this.finished = true));
  }

  async settle(tabs) {
    await Promise.all(tabs.map((tab) => this.through(tab)));
    while (!this.wire.quiet) await this.wire.ask("pause", tabs[0], {}); // what is still under way comes in late
    for (const told of await Promise.all(tabs.map((tab) => tab.sync()))) {
      if (told.state !== "done") this.trouble.push(`the last sync ended as ${told.state}`);
    }
  }

  async through(tab) {
    for (let round = 0; round < TRIES; round += 1) {
      const { state } = await tab.sync();
      if (state === "done" && tab.phone.disk.outbox.size === 0) return;
    }
    this.trouble.push(`still ${tab.phone.disk.outbox.size} waiting after ${TRIES} rounds`);
  }

  report() {
    const phones = this.phones.map(({ person, disk, captures, perhaps, rewound }) => ({
      person, captures, perhaps, rewound,
      waiting: disk.outbox.size,
      aside: [...disk.aside.values()],
      visible: visible([...disk.rows.values()], [...disk.outbox.values()]),
    }));
    return { seed: this.seed, trouble: this.trouble, tally: this.tally, phones };
  }
}
