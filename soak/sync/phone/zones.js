/** Says of each instant in each zone what the phone's clock shows: one line of JSON in, one out. */

import { createInterface } from "node:readline";
import { knownZone, localDay, offsetMinutes, when } from "../../../src/attunement_web/offline/static/offline/logic/when.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { zone, instants, walls } = JSON.parse(line);
  const known = knownZone(zone) === zone;
  const shown = known ? instants.map((ms) => [localDay(ms, zone), offsetMinutes(ms, zone)]) : [];
  const told = known ? walls.map(([now, precision, day, clock]) => when(precision, { now, zone, day, clock })) : [];
  process.stdout.write(`${JSON.stringify({ zone, known, shown, told })}\n`);
}
