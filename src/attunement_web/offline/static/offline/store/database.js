/** The phone's own database: one for each person, in IndexedDB. Written means on the disk, or it was not written. */

const VERSION = 1;
const KEYS = { rows: "id", outbox: "seq", aside: "key", meta: "name", kits: "child" };
const TABLES = Object.keys(KEYS);
const OURS = "attunement-";

const NOTHING = { get: async () => undefined, all: async () => [], count: async () => 0 };

/**
 * {read, write} as `logic/sync.js` asks for them, {close, erase}, and `erased()`. Nothing is opened before the first use.
 * Once erased, here or in another tab, it reads as empty and takes nothing, until somebody who signs in has made it anew:
 * a turn that was under way brings nothing back.
 */
export function database(person, { factory = globalThis.indexedDB } = {}) {
  const name = OURS + person;
  let opening = null, erased = false;
  const forget = (goesAway = false) => { opening = null; erased ||= goesAway; };
  const opened = (db) => { erased &&= !db; return db; };
  const failed = (trouble) => { forget(); throw trouble; };
  const connection = () => (opening ??= open(factory, name, { forget, anew: !erased }).then(opened, failed));

  async function run(mode, work) {
    const begun = await begin(await connection(), mode) ?? await begin(await again(), mode);
    if (!begun && erased && mode === "readonly") return work(NOTHING);
    if (!begun) throw new Error(erased ? "this diary was erased from the phone" : "the phone's database closes as soon as it is opened");
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
    erased = true;
    await close();
    await asked(factory.deleteDatabase(name));
  }

  return { person, close, erase, erased: () => erased, read: (work) => run("readonly", work), write: (work) => run("readwrite", work) };
}

/** The people who have a database on this phone, where the browser tells. */
export async function people({ factory = globalThis.indexedDB } = {}) {
  const found = (await factory.databases?.()) ?? [];
  return found.map((one) => one.name).filter((name) => name.startsWith(OURS)).map((name) => name.slice(OURS.length));
}

/** Null where there is none and none shall be made `anew`. */
function open(factory, name, { forget, anew }) {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, VERSION);
    let refused = false;
    opening.onupgradeneeded = ({ oldVersion }) => {
      refused = oldVersion === 0 && !anew;
      if (refused) opening.transaction.abort();
      else upgrade(opening.result);
    };
    opening.onerror = () => (refused ? resolve(null) : reject(opening.error));
    opening.onsuccess = () => {
      const db = opening.result;
      db.onclose = () => forget();
      db.onversionchange = ({ newVersion }) => { forget(newVersion === null); db.close(); }; // a newer version, or the end
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

/** Null where there is no connection, or it was closed under us. */
async function begin(db, mode) {
  try {
    return db && db.transaction(TABLES, mode, { durability: "strict" });
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
