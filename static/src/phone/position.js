const PATIENCE = 10_000; // ms

/** Where the phone is, or null if it does not say */
export function locate() {
    return new Promise((resolve) => {
        if (!navigator.geolocation) {
            return resolve(null);
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
            () => resolve(null),
            { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 }
        );
    });
}
