/** The phone's own database: one for each person, in IndexedDB. Written means on the disk, or it was not written. */

const VERSION = 1;
const KEYS = { rows: "id", outbox: "seq", aside: "key", meta: "name", kits: "child" };
const TABLES = Object.keys(KEYS);
const OURS = "attunement-";

/** {read, write} as `logic/sync.js` asks for them, and {close, erase}. Nothing is opened before the first use. */
export function database(person, { factory = globalThis.indexedDB } = {}) {
  const name = OURS + person;
  let opening = null;
  const forget = () => { opening = null; };
  const connection = () => (opening ??= open(factory, name, forget).catch((trouble) => { forget(); throw trouble; }));

  async function run(mode, work) {
    const begun = await begin(await connection(), mode) ?? await begin(await again(), mode);
    if (!begun) throw new Error("the phone's database closes as soon as it is opened");
    return complete(begun, work);
  }

  function again() {
    forget();
    return connection();
  }

  async function close() {
    const closing = opening;
    forget();
    (await closing)?.close();
  }

  async function erase() {
    await close();
    await asked(factory.deleteDatabase(name));
  }

  return { person, close, erase, read: (work) => run("readonly", work), write: (work) => run("readwrite", work) };
}

/** The people who have a database on this phone, where the browser tells. */
export async function people({ factory = globalThis.indexedDB } = {}) {
  const found = (await factory.databases?.()) ?? [];
  return found.map((one) => one.name).filter((name) => name.startsWith(OURS)).map((name) => name.slice(OURS.length));
}

function open(factory, name, forget) {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, VERSION);
    opening.onupgradeneeded = () => upgrade(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      db.onclose = forget;
      db.onversionchange = () => { forget(); db.close(); }; // another tab brings a newer version, or signs out
      resolve(db);
    };
  });
}

/** Only adds what is missing, so that no upgrade ever takes a waiting moment away. */
function upgrade(db) {
  for (const table of TABLES) {
    if (!db.objectStoreNames.contains(table)) db.createObjectStore(table, { keyPath: KEYS[table] });
  }
}

/** Null where the connection was closed under us. */
async function begin(db, mode) {
  try {
    return db.transaction(TABLES, mode, { durability: "strict" });
  } catch (trouble) {
    if (trouble.name === "InvalidStateError") return null;
    throw trouble;
  }
}

function complete(transaction, work) {
  return new Promise((resolve, reject) => {
    let given, thrown = null;
    transaction.oncomplete = () => resolve(given);
    transaction.onabort = () => reject(thrown ?? transaction.error ?? new Error("the phone took nothing"));
    work(over(transaction)).then((value) => { given = value; }, (trouble) => {
      thrown = trouble;
      stop(transaction);
    });
  });
}

function stop(transaction) {
  try {
    transaction.abort();
  } catch { /* it was over already, and said so */ }
}

function over(transaction) {
  const table = (name) => transaction.objectStore(name);
  return {
    get: (name, key) => asked(table(name).get(key)),
    all: (name, limit) => asked(table(name).getAll(null, limit)),
    count: (name) => asked(table(name).count()),
    put: (name, record) => asked(table(name).put(record)),
    delete: (name, key) => asked(table(name).delete(key)),
  };
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
