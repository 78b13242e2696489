/* Order of the day and directions, see tests/phone/test_phone_browser.py. */
(async () => {
    function same(found, expected) {
        const [one, other] = [found, expected].map((value) => JSON.stringify(value));
        if (one !== other) {
            throw new Error(`${one} is not ${other}`);
        }
    }

    const folder = document
        .querySelector("script[type=module]")
        .src.replace("day.js", "");
    const { byTimeAndNearness, directions, kilometers } = await import(
        `${folder}order.js`
    );
    const { batches } = await import(`${folder}queue.js`);

    const place = (longitude) => ({ latitude: 50, longitude, address: "" });
    const stop = (name, start, where) => ({
        name,
        start,
        place: where && place(where),
    });
    const names = (stops, here) =>
        byTimeAndNearness(stops, here).map((row) => row.name);
    const stops = [
        stop("far", false, 9),
        stop("nowhere", false, 0),
        stop("late", 200, 4),
        stop("near", false, 5),
        stop("early", 100, 1),
        stop("middle", false, 7),
    ];
    same(names(stops), ["early", "late", "near", "middle", "far", "nowhere"]);
    same(names(stops, place(10)), [
        "early",
        "late",
        "far",
        "middle",
        "near",
        "nowhere",
    ]);
    same(names([stop("b", false, 0), stop("a", false, 0)]), ["b", "a"]);
    same(Math.round(kilometers(place(4), place(5))), 71);

    const town = { latitude: 0, longitude: 0, address: "1 Lane, Ghent" };
    same(directions("google", []), null);
    same(directions("google", [{ latitude: 0, longitude: 0, address: "" }]), null);
    const google = new URL(directions("google", [place(4), town, place(5)]));
    same(google.searchParams.get("destination"), "50,5");
    same(google.searchParams.get("waypoints"), "50,4|1 Lane, Ghent");
    const many = Array.from({ length: 30 }, (_, number) => place(number + 1));
    const shown = new URL(directions("google", many)).searchParams;
    same(shown.get("waypoints").split("|").length, 9);
    const amap = new URL(directions("amap", [{ ...place(4), name: "Spa" }]));
    same(amap.searchParams.get("to"), "4,50,Spa");
    same(directions("geo", [town]), "geo:0,0?q=1%20Lane%2C%20Ghent");
    same(
        directions("apple", [place(4), town]),
        "https://maps.apple.com/?dirflg=d&daddr=50%2C4+to:1%20Lane%2C%20Ghent"
    );

    const sizes = (reports) => [...batches(reports)].map((batch) => batch.length);
    same(sizes([]), []);
    same(sizes(Array(45).fill({})), [20, 20, 5]);
    same(sizes(Array(3).fill({ photos: ["x".repeat(1_500_000)] })), [1, 1, 1]);
})().then(
    () => console.log("test successful"),
    (error) => console.error(error.stack || error.message)
);
