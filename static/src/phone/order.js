const RADIUS = 6371; // km
const radians = (degrees) => (degrees * Math.PI) / 180;

export function kilometers(a, b) {
    const dLat = radians(b.latitude - a.latitude);
    const dLon = radians(b.longitude - a.longitude);
    const chord =
        Math.sin(dLat / 2) ** 2 +
        Math.cos(radians(a.latitude)) *
            Math.cos(radians(b.latitude)) *
            Math.sin(dLon / 2) ** 2;
    return 2 * RADIUS * Math.asin(Math.sqrt(chord));
}

export const hasPlace = (place) => Boolean(place?.latitude || place?.longitude);

/** Those with a time first, by time; then from one to the nearest, beginning where one is
 * or where the last appointment is; those without a place last, as they come.
 * @param {Object[]} stops with `start` (ms, or false) and `place` */
export function byTimeAndNearness(stops, here) {
    const timed = stops.filter((stop) => stop.start).sort((a, b) => a.start - b.start);
    const free = stops.filter((stop) => !stop.start);
    const placed = free.filter((stop) => hasPlace(stop.place));
    const last = timed.findLast((stop) => hasPlace(stop.place));
    let from = hasPlace(here) ? here : last?.place;
    const chain = [];
    while (from && placed.length) {
        const distances = placed.map((stop) => kilometers(from, stop.place));
        const nearest = distances.indexOf(Math.min(...distances));
        const [stop] = placed.splice(nearest, 1);
        chain.push(stop);
        from = stop.place;
    }
    return [
        ...timed,
        ...chain,
        ...placed,
        ...free.filter((stop) => !hasPlace(stop.place)),
    ];
}

const GOOGLE_STOPS = 9;
const point = (place) =>
    hasPlace(place) ? `${place.latitude},${place.longitude}` : place.address;

/** Directions through places in the phone's map.
 * @param {Object[]} places with `latitude` and `longitude`, or `address` */
export function directions(app, places) {
    const known = places.filter((place) => hasPlace(place) || place.address);
    if (!known.length) {
        return null;
    }
    if (app === "amap") {
        return amap(known);
    }
    if (app === "apple") {
        return `https://maps.apple.com/?dirflg=d&daddr=${known
            .map((place) => encodeURIComponent(point(place)))
            .join("+to:")}`;
    }
    if (app === "geo") {
        const [first] = known;
        const where = hasPlace(first) ? point(first) : "0,0";
        return `geo:${where}?q=${encodeURIComponent(point(first))}`;
    }
    const shown = known.slice(0, GOOGLE_STOPS + 1);
    const url = new URL("https://www.google.com/maps/dir/?api=1&travelmode=driving");
    url.searchParams.set("destination", point(shown.at(-1)));
    if (shown.length > 1) {
        url.searchParams.set("waypoints", shown.slice(0, -1).map(point).join("|"));
    }
    return url.href;
}

/** Amap takes points with longitude first; a place without them is searched for. */
function amap(places) {
    const placed = places.filter(hasPlace);
    if (!placed.length) {
        const keyword = encodeURIComponent(places[0].address);
        return `https://uri.amap.com/search?keyword=${keyword}&callnative=1`;
    }
    const text = ({ longitude, latitude, name }) => `${longitude},${latitude},${name}`;
    const url = new URL("https://uri.amap.com/navigation?mode=car&coordinate=wgs84");
    url.searchParams.set("to", text(placed.at(-1)));
    if (placed.length > 1) {
        url.searchParams.set("via", placed.slice(0, -1).map(text).join("|"));
    }
    url.searchParams.set("callnative", "1");
    return url.href;
}
