import { browser } from "@web/core/browser/browser";

const PATIENCE = 10_000; // ms

/** Where the browser is; it may refuse to say. */
export function currentPosition() {
    const { geolocation } = browser.navigator;
    if (!geolocation) {
        return Promise.reject({});
    }
    return new Promise((resolve, reject) =>
        geolocation.getCurrentPosition(resolve, reject, {
            enableHighAccuracy: true,
            timeout: PATIENCE,
        })
    );
}
