/** Many phones that send everything several times at once and hear only some of the answers. Asked and told in JSON. */

import { keepNote } from "../../../src/attunement_web/offline/static/offline/logic/capture.js";
import { sync } from "../../../src/attunement_web/offline/static/offline/logic/sync.js";
import { when } from "../../../src/attunement_web/offline/static/offline/logic/when.js";
import { dice } from "./dice.js";
import { line } from "./line.js";
import { emptyDisk, storeOver } from "./memory.js";

const ROUNDS = 200; // in which every phone has to be through

const asked = JSON.parse(process.argv[2]);
const lines = [];
const left = await Promise.all(Array.from({ length: asked.phones }, (_, number) => phone(number)));
const statuses = {};
for (const { told } of lines) for (const [status, times] of Object.entries(told.statuses)) statuses[status] = (statuses[status] ?? 0) + times;
console.log(JSON.stringify({ waiting: left.reduce((sum, each) => sum + each, 0), statuses }));

async function phone(number) {
  const chance = dice(asked.seed * 1000 + number);
  const store = storeOver(emptyDisk());
  const env = { now: () => Date.now(), random: (n) => chance.bytes(n), zone: () => "Europe/Madrid" };
  const child = asked.children[number % asked.children.length];
  for (let count = 0; count < asked.moments; count += 1) {
    await keepNote(store, { child, fields: { signal: chance.pick(asked.codes.signals) }, when: when("now", { now: env.now(), zone: "Europe/Madrid" }) }, env);
  }
  const own = line({ base: asked.base, token: asked.tokens[number % asked.tokens.length] });
  lines.push(own);
  const net = { push: (body) => stormy(own.net, body, chance), pull: own.net.pull };
  for (let round = 0; round < ROUNDS; round += 1) {
    const { state } = await sync({ store, net, env, families: [] });
    if (state === "done") break;
  }
  return store.read(async (tx) => (await tx.count("outbox")) + (await tx.count("aside")));
}

/** The same push several times at once; one of the answers is heard, or none. */
async function stormy(net, body, chance) {
  const answers = await Promise.all(Array.from({ length: asked.times }, () => net.push(body)));
  if (chance.chance(asked.dropped)) throw new Error("no answer");
  return chance.pick(answers);
}
