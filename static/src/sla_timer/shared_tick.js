const SECOND = 1000;

/** The interval of the page. */
export const ticker = {
    start: () => setInterval(tick, SECOND),
    stop: (id) => clearInterval(id),
};

const subscribers = new Set();
let interval = null;

function tick() {
    for (const subscriber of [...subscribers]) {
        subscriber();
    }
}

/**
 * Call a function each second, and when the tab is looked at again. All callers on a
 * page share one interval, which runs while there is one of them.
 *
 * @param {Function} subscriber
 * @returns {Function} stops it
 */
export function everySecond(subscriber) {
    subscribers.add(subscriber);
    if (interval === null) {
        interval = ticker.start();
        document.addEventListener("visibilitychange", tick);
    }
    return () => {
        subscribers.delete(subscriber);
        if (!subscribers.size && interval !== null) {
            ticker.stop(interval);
            document.removeEventListener("visibilitychange", tick);
            interval = null;
        }
    };
}
