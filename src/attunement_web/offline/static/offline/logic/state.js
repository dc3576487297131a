/** What a page may say about waiting, as data; the words are the page's own. */

import { localDay } from "./when.js";

/** {waiting, oldest_ms, oldest_day, aside}; the oldest is null where nothing waits. */
export function state(store) {
  return store.read(async (tx) => {
    const [oldest] = await tx.all("outbox", 1);
    return {
      waiting: await tx.count("outbox"),
      oldest_ms: oldest ? Date.parse(oldest.operation.at) : null,
      oldest_day: oldest ? localDay(Date.parse(oldest.operation.at), oldest.operation.zone) : null,
      aside: await tx.all("aside"),
    };
  });
}
