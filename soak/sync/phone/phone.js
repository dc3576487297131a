/** A phone with its disk and clock, and the tabs that are open on it. */

import { sync } from "../../../src/attunement_web/offline/static/offline/logic/sync.js";
import { copyOf, emptyDisk, transact } from "./memory.js";

export class Phone {
  constructor(universe, person) {
    const { dice } = universe;
    Object.assign(this, { universe, person, disk: emptyDisk(), skew: 0, zone: "Europe/Madrid", tabs: [] });
    this.captures = []; // {operation, saw}: those whose transaction completed, and the moment as it stood on the screen
    this.perhaps = []; // completed too, but then the phone came back from an older copy of itself
    this.saved = null;
    this.rewound = false;
    this.env = {
      now: () => (universe.now += 1) + this.skew,
      random: (n) => dice.bytes(n),
      zone: () => this.zone,
    };
    this.open();
  }

  open() {
    this.tabs = this.tabs.filter((tab) => tab.alive);
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }

  crash() {
    this.universe.tally.crashes += 1;
    for (const tab of this.tabs) tab.alive = false;
    this.open();
  }

  save() {
    this.saved = { disk: copyOf(this.disk), captures: this.captures.length };
  }

  /** Restored from its backup: what it kept since then is gone from it, whatever the server has heard. */
  rewind() {
    if (!this.saved) return;
    this.crash();
    this.disk = copyOf(this.saved.disk);
    this.perhaps.push(...this.captures.splice(this.saved.captures));
    this.rewound = true;
  }
}

export class Tab {
  constructor(phone) {
    const { universe } = phone;
    Object.assign(this, { phone, universe, alive: true, syncing: false });
    const during = (writing, after) => (work) =>
      universe.step(this, async () => {
        const result = await transact(phone.disk, work, { writing });
        after?.(result);
        return result;
      });
    this.store = { read: during(false), write: during(true) };
    this.capturing = (saw = null) => ({ write: during(true, (operation) => phone.captures.push({ operation, saw })) });
    const ask = (body) => universe.wire.ask("push", this, body);
    this.net = {
      push: (body) => (universe.hasty ? inTwo(body, ask) : ask(body)),
      pull: async (body) => ({ ...(await universe.wire.ask("pull", this, { ...body, limit: universe.page })), now: universe.now }),
    };
    universe.plant?.(this);
  }

  async sync() {
    if (this.syncing) return null;
    this.syncing = true;
    const told = await sync({ store: this.store, net: this.net, env: this.phone.env, families: [this.universe.family] });
    this.syncing = false;
    return told;
  }
}

/** Both halves leave at once, and may arrive in either order: what holds the order is the server's check of the numbers. */
async function inTwo(body, ask) {
  const half = Math.ceil(body.operations.length / 2);
  if (half === body.operations.length) return ask(body);
  const parts = [body.operations.slice(0, half), body.operations.slice(half)];
  const [first, second] = await Promise.allSettled(parts.map((operations) => ask({ ...body, operations })));
  if (first.status === "rejected") throw first.reason;
  const [one, other] = [first.value, second.value];
  if (one.status !== 200 || !one.body || other?.status !== 200 || !other.body) return one;
  return { ...one, body: { ...one.body, results: [...one.body.results, ...other.body.results] } };
}
