/** The service worker of the page. Where browsers can send in the background, they wake
 * it as soon as there is a network, be the page open or not. */

export const SYNC_TAG = "care-day";
export const SENT = "care-day-sent";

/** @param {Function} onSent called when reports were sent in the background */
export function startWorker(onSent) {
    const { serviceWorker } = navigator;
    if (!serviceWorker) {
        return;
    }
    serviceWorker.addEventListener("message", ({ data }) => {
        if (data === SENT) {
            onSent();
        }
    });
    return serviceWorker.register("/care/day/service-worker.js", {
        scope: "/care/day",
    });
}

/** Have the reports that wait sent as soon as there is a network; without this, the page
 * sends them when it is open. */
export async function sendInBackground() {
    if (!("SyncManager" in globalThis && navigator.serviceWorker)) {
        return;
    }
    try {
        const registration = await navigator.serviceWorker.ready;
        await registration.sync.register(SYNC_TAG);
    } catch {
        // The user does not allow it, or this is a private window.
    }
}
