/* Keeps the shell (a page, styles, scripts, pictures: nothing of anybody) and gives it where there is no network.
   Context: print (of all its bytes), shell (its address), addresses (of its files, as JSON) */
"use strict";
const KEPT = "attunement-shell-{{ print }}", OURS = "attunement-shell-";
const SHELL = "{{ shell }}", FILES = {{ addresses|safe }};
const PATIENCE = 4000; // ms without an answer: then what the phone has is better than a white page
const PROXY_TROUBLE = new Set([502, 503, 504, 521, 522, 523, 524]); // somebody else answered for our server
const CHILD = "^/child/[0-9a-f-]{36}/";
const NOTING = new RegExp(`${CHILD}note/$`);
const IN_SHELL = new RegExp(`^/$|^/help/now/$|${CHILD}(moments/([0-9a-f-]{36}/([a-z]+/)?)?|note/|milestones/|ideas/|ask/)?$`);

self.addEventListener("install", event => event.waitUntil(keep()));
self.addEventListener("activate", event => event.waitUntil(Promise.all([tidy(), self.clients.claim()])));
self.addEventListener("sync", event => event.waitUntil(sendWhatWaits()));
self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (FILES.includes(url.pathname)) event.respondWith(kept(request, url.pathname));
  else if (request.mode !== "navigate") return;
  else if (url.pathname === SHELL || (NOTING.test(url.pathname) && !url.search)) event.respondWith(kept(request, SHELL));
  else event.respondWith(page(request, IN_SHELL.test(url.pathname) ? PATIENCE : 0));
});

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll([SHELL, ...FILES].map(address => new Request(address, { cache: "no-cache", credentials: "omit" })));
  await self.skipWaiting();
}

/** Only older shells go. What people keep lies in IndexedDB, which no update touches. */
async function tidy() {
  const older = (await caches.keys()).filter(name => name.startsWith(OURS) && name !== KEPT);
  await Promise.all(older.map(name => caches.delete(name)));
}

async function kept(request, address) {
  const found = await (await caches.open(KEPT)).match(address, { ignoreVary: true });
  return found ?? fetch(request);
}

async function page(request, patience) {
  try {
    const answer = await Promise.race([fetch(request), ...(patience ? [silence(patience)] : [])]);
    return PROXY_TROUBLE.has(answer.status) ? kept(request, SHELL) : answer;
  } catch {
    return kept(request, SHELL);
  }
}

function silence(ms) {
  return new Promise((_, reject) => setTimeout(reject, ms));
}

/** With no page open: sends what waits, and settles nothing. The next page hears "already" and settles it. */
async function sendWhatWaits() {
  const names = (await indexedDB.databases?.() ?? []).map(one => one.name).filter(name => /^attunement-[0-9a-f-]{36}$/.test(name));
  await Promise.all(names.map(sendFrom));
}

async function sendFrom(name) {
  const { device, waiting } = await readOutbox(name);
  if (!device || !waiting.length) return;
  const known = await fetch("/api/v1/me", { cache: "no-store", redirect: "error" });
  if (known.status >= 500) throw new Error("later"); // the browser asks again
  const me = known.ok ? await known.json() : null;
  if (!me || name !== `attunement-${me.person.id}`) return; // signed out, or somebody else: a page will say so
  const body = JSON.stringify({ device: device.id, sent_at: new Date().toISOString(), operations: waiting });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": me.csrf };
  const answer = await fetch("/api/v1/push", { method: "POST", headers, body });
  if (answer.status >= 500) throw new Error("later");
}

function readOutbox(name) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.transaction.abort(); // there was none: make none
    opening.onerror = reject;
    opening.onsuccess = () => {
      const db = opening.result, tx = db.transaction(["meta", "outbox"]);
      const device = tx.objectStore("meta").get("device");
      const waiting = tx.objectStore("outbox").getAll(null, 100);
      tx.oncomplete = () => {
        db.close();
        resolve({ device: device.result, waiting: waiting.result.map(one => one.operation) });
      };
      tx.onabort = reject;
    };
  });
}
