/** Talks with the server over standard input and output, one line of JSON each way a tick; runs many universes at once. */

import { createInterface } from "node:readline";
import { PLANTS } from "./plants.js";
import { Universe } from "./universe.js";

const STEPS = 4; // transactions that each universe may run in a tick
const LONGEST = 400; // ticks; a universe that is not through by then hangs

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => JSON.parse((await lines.next()).value ?? "null");
const say = (value) => new Promise((done) => process.stdout.write(`${JSON.stringify(value)}\n`, done));
const turn = () => new Promise((done) => setImmediate(done));

for (let group = await next(); group; group = await next()) await run(group);

async function run({ universes: told, codes }) {
  const universes = told.map((each) => new Universe(each, codes, PLANTS[process.argv[2]]));
  for (let tick = 0; tick < LONGEST; tick += 1) {
    const living = universes.filter((universe) => !universe.finished);
    if (living.length === 0) break;
    for (let step = 0; step < STEPS; step += 1) {
      for (const universe of living) universe.advance();
      await turn();
    }
    await exchange(living);
    await turn();
  }
  for (const universe of universes) if (!universe.finished) universe.trouble.push("it never came to an end");
  await say({ reports: universes.map((universe) => universe.report()) });
}

async function exchange(universes) {
  const pushes = [];
  const pulls = [];
  const rights = [];
  for (const universe of universes) {
    for (const request of universe.tick()) {
      if (request.kind === "pause") request.resolve();
      else (request.kind === "push" ? pushes : pulls).push({ universe, request });
    }
    if (universe.rights) rights.push([universe.seed, universe.rights]);
    universe.rights = null;
  }
  if (pushes.length + pulls.length + rights.length === 0) return;
  const asked = ({ universe, request }) => ({ seed: universe.seed, person: request.tab.phone.person, ...request.body });
  await say({ pushes: pushes.map(asked), pulls: pulls.map(asked), rights });
  const answer = await next();
  pushes.forEach(({ universe, request }, at) => universe.wire.answered(request, answer.pushes[at]));
  pulls.forEach(({ universe, request }, at) => universe.wire.answered(request, answer.pulls[at]));
}
