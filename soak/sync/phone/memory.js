/** The phone's store in memory, with the semantics that matter: a transaction is stored whole, or not at all. */

const KEY = { rows: "id", outbox: "seq", aside: "key", meta: "name" };
const GONE = null;

export function emptyDisk() {
  return { rows: new Map(), outbox: new Map(), aside: new Map(), meta: new Map() };
}

export function copyOf(disk) {
  return Object.fromEntries(Object.entries(disk).map(([table, records]) => [table, new Map(records)]));
}

/** Run `work` over `disk`. What it wrote is there when the promise resolves; when it throws, nothing is. */
export async function transact(disk, work, { writing }) {
  const changes = { rows: new Map(), outbox: new Map(), aside: new Map(), meta: new Map() };
  let open = true;
  const used = (table) => {
    if (!open) throw new Error(`the transaction over ${table} was over`);
  };
  const change = async (table, key, record) => {
    used(table);
    if (!writing) throw new Error(`${table} was opened for reading`);
    changes[table].set(key, record);
  };
  const result = await work({
    get: async (table, key) => (used(table), (changes[table].has(key) ? changes[table].get(key) : disk[table].get(key)) ?? undefined),
    all: async (table, limit = Infinity) => (used(table), records(disk[table], changes[table]).slice(0, limit)),
    count: async (table) => (used(table), records(disk[table], changes[table]).length),
    put: (table, record) => change(table, record[KEY[table]], record),
    delete: (table, key) => change(table, key, GONE),
  });
  open = false;
  for (const [table, changed] of Object.entries(changes)) {
    for (const [key, record] of changed) record === GONE ? disk[table].delete(key) : disk[table].set(key, record);
  }
  return result;
}

function records(stored, changed) {
  const merged = changed.size === 0 ? stored : new Map([...stored, ...changed]);
  const keys = [...merged.keys()].filter((key) => merged.get(key) !== GONE);
  keys.sort(typeof keys[0] === "number" ? (one, other) => one - other : undefined);
  return keys.map((key) => merged.get(key));
}

/** A store in the sense of logic/sync.js, without any mishap. */
export function storeOver(disk) {
  return {
    read: (work) => transact(disk, work, { writing: false }),
    write: (work) => transact(disk, work, { writing: true }),
  };
}
