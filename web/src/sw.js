/**
 * Keeps the page that was loaded, all of one version, for when there is no network. It serves that
 * version until no tab shows it any more, so that a new one is never mixed with it.
 */
const VERSION = "raft-version-0000";
const CACHE = `raft-lab ${VERSION}`;
// What the site consists of; site.mjs knows it.
const FILES = "raft-files".split(" ");
const PAGE = "./";
const addresses = [PAGE, ...FILES.map((name) => `dist/${name}?v=${VERSION}`)];

/** Puts a file into the cache; a host that is just being renewed may have another version of it. */
async function keep(cache, address) {
  const answer = await fetch(address, { cache: "reload" });
  const isWhole = answer.ok && (await answer.clone().text()).includes(VERSION);
  if (!isWhole) throw new Error(`${address} is not of version ${VERSION}`);
  await cache.put(address, answer);
}

self.addEventListener("install", (event) => {
  const all = caches.open(CACHE).then((cache) => {
    return Promise.all(addresses.map((address) => keep(cache, address)));
  });
  event.waitUntil(all);
});

/** Other laboratories may be hosted here: only what an earlier version of this one kept is thrown away. */
self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("raft-lab ") && name !== CACHE;
  const gone = caches.keys().then(async (names) => {
    for (const name of names.filter(isOld)) {
      const cache = await caches.open(name);
      if (await cache.match(PAGE)) await caches.delete(name);
    }
  });
  event.waitUntil(gone);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  const isPage = [PAGE, "./index.html"].some((one) => pathname === new URL(one, location).pathname);
  const kept = caches.open(CACHE).then((cache) => cache.match(isPage ? PAGE : request));
  event.respondWith(kept.then((answer) => answer ?? fetch(request)));
});
