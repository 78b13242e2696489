/* Opens the page without a network. Its files have their version in their address, so
 * that an old page finds its own files until a new page has replaced it. */
const VERSION = "__VERSION__";
const FILES = "__FILES__".split(",");
const PAGE = "/care/day";
const FOLDER = `${PAGE}/v/`;
const PAGES = "care-day-page";
const PATIENCE = 2500; // ms, then the page that is kept opens

const cacheOf = (version) => `care-day-files-${version}`;

self.addEventListener("install", (event) => {
    event.waitUntil(
        (async () => {
            const cache = await caches.open(cacheOf(VERSION));
            await cache.addAll(FILES.map((name) => `${FOLDER}${VERSION}/${name}`));
            await fetchPage();
            await self.skipWaiting();
        })()
    );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate" && url.pathname === PAGE) {
        event.respondWith(openPage());
    } else if (url.pathname.startsWith(FOLDER)) {
        event.respondWith(openFile(request, url));
    }
});

/** Only a page that we sent is kept: no log-in page, no error. */
async function fetchPage() {
    const response = await fetch(PAGE, {
        credentials: "same-origin",
        redirect: "manual",
    });
    const version = response.headers.get("X-Care-Version");
    if (response.status === 403) {
        await caches.delete(PAGES); // the user has no day on the phone any more
    }
    if (response.ok && version) {
        const cache = await caches.open(PAGES);
        await cache.put(PAGE, response.clone());
        if (await caches.has(cacheOf(version))) {
            await forgetFiles(version);
        }
    }
    return response;
}

async function forgetFiles(version) {
    for (const name of await caches.keys()) {
        if (name.startsWith(cacheOf("")) && name !== cacheOf(version)) {
            await caches.delete(name);
        }
    }
}

async function openPage() {
    const kept = () => caches.match(PAGE, { cacheName: PAGES });
    const fetched = fetchPage();
    fetched.catch(() => {}); // it may fail after the page that is kept was shown
    const late = new Promise((resolve) =>
        setTimeout(() => kept().then(resolve), PATIENCE)
    );
    try {
        return (await Promise.race([fetched, late])) || (await fetched);
    } catch (error) {
        const page = await kept();
        if (page) {
            return page;
        }
        throw error;
    }
}

async function openFile(request, url) {
    const kept = await caches.match(request);
    if (kept) {
        return kept;
    }
    const response = await fetch(request);
    if (response.ok) {
        const version = url.pathname.slice(FOLDER.length).split("/")[0];
        const cache = await caches.open(cacheOf(version));
        await cache.put(request, response.clone());
    }
    return response;
}
