/** On the page for signing in: a phone that was signed in until now hears that this is over, and lets the diary go. */

import { database, people } from "../store/database.js";
import { keeping } from "../store/keeping.js";
import { network } from "../store/net.js";

for (const person of await people().catch(() => [])) {
  const store = database(person);
  keeping({ store, net: network(store), tell() {} }).now();
}
