/** A phone over memory and a server of a few lines, for the tests of the phone's logic. */

import { emptyDisk, storeOver } from "../../soak/sync/phone/memory.js";

export const CHILD = "11111111-1111-4111-8111-111111111111";
export const FAMILY = "22222222-2222-4222-8222-222222222222";
export const NOON = Date.parse("2026-03-04T12:00:00Z");

export function aPhone() {
  const disk = emptyDisk();
  let [ms, byte] = [NOON, 0];
  const env = {
    now: () => (ms += 1),
    random: (n) => Uint8Array.from({ length: n }, () => (byte += 7) & 0xff),
    zone: () => "Europe/Madrid",
  };
  return { disk, env, store: storeOver(disk) };
}

export const ok = (body) => ({ status: 200, retryAfter: null, body });

/** Takes every operation in order; `refuse` gives the reason for one that it does not take. */
export function aServer({ refuse = () => "" } = {}) {
  const server = { last: {}, pushes: [], pages: [], epoch: "e1" };
  server.net = {
    push: async (body) => {
      server.pushes.push(body);
      const { device, operations } = body;
      for (const { seq } of operations) server.last[device] = seq;
      const results = operations.map((operation) => {
        const reason = refuse(operation);
        return { seq: operation.seq, verdict: reason ? "refused" : "kept", reason, revision: operation.seq };
      });
      return ok({ device, last_seq: server.last[device], results });
    },
    pull: async (asked) => {
      server.pages.push(asked);
      return ok({ epoch: server.epoch, cursor: 9, more: false, moments: [] });
    },
  };
  return server;
}

export function row(id, revision, more = {}) {
  const when = { happened_at: "2026-03-04T11:00:00Z", local_day: "2026-03-04", zone: "UTC", offset_minutes: 0, precision: "now" };
  return { id, child: CHILD, revision, removed: false, signal: "smile", acts: [], words: "", ...when, ...more };
}
