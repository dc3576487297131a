/** One phone that was away for months comes back over a thin line: how long until all is on the server. */

import { keepNote } from "../../../src/attunement_web/offline/static/offline/logic/capture.js";
import { sync } from "../../../src/attunement_web/offline/static/offline/logic/sync.js";
import { when } from "../../../src/attunement_web/offline/static/offline/logic/when.js";
import { dice } from "./dice.js";
import { line } from "./line.js";
import { emptyDisk, storeOver } from "./memory.js";

const DAY = 24 * 3600_000;
const SAID = ["", "", "", "On the stairs, after the nap. She looked back twice, then came over and leaned on my leg."];

const asked = JSON.parse(process.argv[2]);
const chance = dice(asked.seed);
let now = Date.now() - asked.days * DAY;
const env = { now: () => now, random: (n) => chance.bytes(n), zone: () => "Europe/Madrid" };
const store = storeOver(emptyDisk());
for (let count = 0; count < asked.moments; count += 1) {
  now += (asked.days * DAY) / asked.moments;
  const fields = { signal: chance.pick(asked.codes.signals), acts: [chance.pick(asked.codes.acts)], outcome: chance.pick(asked.codes.outcomes) };
  const words = chance.pick(SAID);
  await keepNote(store, { child: asked.children[0], fields: { ...fields, words }, when: when("now", { now, zone: "Europe/Madrid" }) }, env);
}
env.now = () => Date.now();
const { net, told, me } = line({ base: asked.base, token: asked.tokens[0], kbits: asked.kbits, delay: asked.delay });
const family = (await me()).body.families[0].id;
const begun = performance.now();
let drained = null;
const watched = { ...net, pull: (body) => ((drained ??= performance.now() - begun), net.pull(body)) };
const { state, sent, aside } = await sync({ store, net: watched, env, families: [family] });
const waiting = await store.read((tx) => tx.count("outbox"));
const seconds = (ms) => Math.round(ms / 100) / 10;
console.log(JSON.stringify({ state, sent, aside, waiting, drained_s: seconds(drained), pulled_s: seconds(performance.now() - begun), ...told }));
