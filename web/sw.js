/**
 * The service worker: lets the officials' pages load without a network, so that a reload off line is safe. Browsers
 * run it over HTTPS and on localhost only; elsewhere the pages do without.
 *
 * It keeps the pages and their files and nothing else: no answer of the API ever. The server writes version and list
 * of files into this text, so that every new version of the program is a new worker with a new cache.
 */

const VERSION = "@version";
const SHELL = "@shell".split(" ");
const CACHE = `zhijie-${VERSION}`;
/** How long a page waits for the network before the kept one is shown, in milliseconds. */
const PATIENCE_MS = 2500;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Where a file of this version stands: /v/<version>/…, which never changes. @param {string} path */
const versioned = (path) => `/v/${VERSION}${path}`;

worker.addEventListener("install", (event) => {
  // What is not ours to answer goes by, where the browser lets us say so: of what a page sends when it goes away, one in
  // ten got lost on the way through this worker.
  const { addRoutes } = /** @type {{ addRoutes?: (rules: object) => Promise<void> }} */ (event);
  if (addRoutes) event.waitUntil(addRoutes.call(event, { condition: { urlPattern: "/api/*" }, source: "network" }));
  event.waitUntil(keepAll().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  const path = url.pathname === "/" ? "/index.html" : url.pathname;
  if (path.startsWith(versioned("/"))) event.respondWith(keptFirst(request));
  else if (request.mode === "navigate" && SHELL.includes(path)) event.respondWith(networkFirst(event, path));
});

/** Everything of this version or nothing: a server of another version does not mark its files to be kept. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    SHELL.map(async (path) => {
      const response = await fetch(versioned(path));
      const keep = response.headers.get("cache-control") || "";
      if (!response.ok || !keep.includes("immutable")) throw new Error(`${path} is not of version ${VERSION}`);
      // A page is kept under its own name, and as an answer without an address: the browser keeps the one it asked for.
      const headers = new Headers(response.headers);
      headers.delete("content-encoding");
      headers.delete("content-length");
      const copy = new Response(await response.blob(), { headers });
      await cache.put(path.endsWith(".html") ? path : versioned(path), copy);
    }),
  );
}

/** The new version serves at once; what older ones kept goes. */
async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  // The page is asked for while this worker still starts.
  if (worker.registration.navigationPreload) await worker.registration.navigationPreload.enable();
  await worker.clients.claim();
}

/** @param {Request} request */
async function keptFirst(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}

/**
 * The newest page where the network answers in time, else the kept one.
 *
 * @param {FetchEvent} event @param {string} path
 * @returns {Promise<Response>}
 */
async function networkFirst(event, path) {
  const fresh = Promise.resolve(event.preloadResponse).then((early) => early || fetch(event.request));
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const answer = await Promise.race([fresh, late]).catch(() => null);
  return answer && answer.status < 500 ? answer : kept;
}
