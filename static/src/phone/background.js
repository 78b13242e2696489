/** Part of the service worker: sends the reports that wait when the browser says that
 * there is a network. The page may do so at the same time: one of them waits for the
 * other, and a report that is sent twice is filed once. */
import { LoggedOut, Offline, Queue } from "./queue.js";
import { Store } from "./store.js";
import { SENT, SYNC_TAG } from "./worker.js";

self.addEventListener("sync", (event) => {
    if (event.tag === SYNC_TAG) {
        event.waitUntil(send());
    }
});

/** What it throws, the browser tries again later. */
async function send() {
    const store = await Store.open();
    try {
        const user = await store.owner();
        const queue = new Queue(store, user);
        // An open page has the photos that did not fit into the store.
        const pages = await self.clients.matchAll({ includeUncontrolled: true });
        queue.leavesPartial = pages.length > 0;
        if (user && (await queue.sync())) {
            await tellPages();
        }
    } catch (error) {
        if (error instanceof Offline) {
            throw error;
        }
        if (!(error instanceof LoggedOut)) {
            console.warn(error.message); // the page says so when it is open
        }
    } finally {
        store.close();
    }
}

async function tellPages() {
    for (const client of await self.clients.matchAll()) {
        client.postMessage(SENT);
    }
}
