/* Plays a rep without a network on the page itself, see tests/phone/test_phone_browser.py.
 * The browser's own store is used, and read anew as after a restart. */
(async () => {
    const day = globalThis.careDay;
    const online = window.fetch;

    function assert(ok, text) {
        if (!ok) {
            throw new Error(`Not so: ${text}`);
        }
    }

    async function until(check, text) {
        for (let tries = 0; tries < 200; tries++) {
            const found = await check();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`Waited in vain for: ${text}`);
    }

    // The worker has a network all the time: it must not send what the page cannot.
    let registered = 0;
    SyncManager.prototype.register = async () => registered++;
    const find = (selector) => document.querySelector(selector);
    const cut = () => Promise.reject(new TypeError("Failed to fetch"));
    const folder = find("script[type=module]").src.replace("day.js", "");
    const { Store } = await import(`${folder}store.js`);
    const { Queue } = await import(`${folder}queue.js`);
    const restarted = () => Store.open();
    const states = async (store) => (await store.all("outbox")).map((row) => row.state);

    async function write(text) {
        location.hash = "";
        const link = await until(() => find(".stops a[href^='#c/']"), "a customer");
        link.click();
        const area = await until(() => find(".sheet textarea"), "the report");
        area.value = text;
        area.oninput({ target: area });
        await until(
            async () => (await (await restarted()).all("drafts"))[0]?.summary === text,
            "a draft in the store"
        );
    }

    async function takePhoto() {
        const canvas = document.createElement("canvas");
        canvas.width = 4000;
        canvas.height = 3000;
        canvas.getContext("2d").fillRect(0, 0, 2000, 3000);
        const blob = await new Promise((resolve) =>
            canvas.toBlob(resolve, "image/png")
        );
        const files = new DataTransfer();
        files.items.add(new File([blob], "shelf.png", { type: "image/png" }));
        const input = find(".sheet input[type=file]");
        input.files = files.files;
        input.onchange({ target: input });
    }

    async function photograph() {
        await takePhoto();
        await until(() => find(".picture"), "the picture");
        const image = find(".picture img");
        await image.decode();
        assert(image.naturalWidth === 1280, "the photo is made smaller");
    }

    /** Online again, until all reports are in this state */
    async function settle(...expected) {
        window.fetch = online;
        await until(async () => {
            await day.attempt();
            return (await states(day.store)).join() === expected.join();
        }, `reports to be ${expected}`);
    }

    const file = () => find("button[name=file]").click();

    await until(() => day.net === "online", "the server");

    // A check-in of four weeks ago was never filed
    await day.store.put("drafts", {
        customer: day.stops()[0].customer,
        key: "left-over-for-four-weeks",
        channel: "visit",
        photos: [],
        checked_in: Date.now() - 28 * 24 * 3600 * 1000,
        latitude: 31.2,
        longitude: 121.5,
    });

    // Without a network: draft, report, restart
    window.fetch = cut;
    await write("Written without a network");
    assert(!find("button[name=check_in]").disabled, "one can check in anew");
    find(".faces button:nth-child(4)").click();
    await photograph();
    const promise = find("input[name=promise]");
    const days = find("[name=promise_date]").closest("div:not(.chips)");
    assert(days.hidden, "nothing is promised yet");
    const button = find("button[name=file]");
    promise.value = "Samples";
    promise.dispatchEvent(new Event("input"));
    assert(!days.hidden, "it is asked by when");
    promise.dispatchEvent(new Event("change"));
    assert(button.isConnected, "the button that is being pressed stays");
    await takePhoto();
    file();
    file();
    await until(() => find(".toast"), "word that it is kept");
    await until(
        async () => (await states(await restarted())).join() === "waiting",
        "the queue"
    );
    await until(() => day.net === "offline", "no network");
    const [kept] = await (await restarted()).all("outbox");
    assert(
        kept.photos.length === 2 && kept.feeling === "4",
        "photos and face are kept"
    );
    assert((await (await restarted()).all("drafts")).length === 0, "no draft is left");

    // The server files it, and its answer is lost
    window.fetch = async (...args) => {
        await online(...args);
        return cut();
    };
    await new Queue(await restarted(), day.user).sync().catch(() => {});
    assert((await states(await restarted())).join() === "waiting", "it still waits");
    await settle("filed");

    // The store is full
    const { promote } = day.store;
    day.store.promote = () =>
        Promise.reject(new DOMException("", "QuotaExceededError"));
    window.fetch = cut;
    await write("The store is full");
    file();
    const toast = await until(() => find(".toast.warning"), "a warning");
    assert(toast.textContent === day.words.full_all, "it is said in words");
    assert(day.store.isVolatile, "it is kept in memory");
    day.store.promote = promote;
    await settle("filed", "filed");

    // Its photos do not fit into the store
    day.store.promote = (report) =>
        report.photos.length
            ? Promise.reject(new DOMException("", "QuotaExceededError"))
            : promote.call(day.store, report);
    window.fetch = cut;
    await write("The photos do not fit");
    await photograph();
    const before = registered;
    file();
    await until(() => day.store.isVolatile, "it is kept in memory");
    const worker = new Queue(await restarted(), day.user);
    await until(async () => (await worker.waiting()).length, "its words in the store");
    worker.leavesPartial = true;
    assert(!(await worker.waiting()).length, "the worker leaves it to the page");
    day.store.promote = promote;
    await settle("filed", "filed", "filed");
    assert(registered === before, "it is not sent in the background");

    // Another user is here in between
    window.fetch = cut;
    await write("Sealed");
    file();
    await until(
        async () => (await states(await restarted())).includes("waiting"),
        "the queue"
    );
    await until(() => !day.attempting, "rest");
    const other = await restarted();
    await other.take(day.user + 1);
    assert((await other.all("outbox")).length === 0, "the other user sees no report");
    assert(!(await other.get("meta", "day")), "the other user sees no customers");
    const [sealed] = await other.all("sealed");
    const text = new TextDecoder().decode(sealed.data);
    assert(sealed.user === day.user && !text.includes("Sealed"), "it is encrypted");
    await other.unseal(day.user + 1, "00".repeat(32));
    assert((await other.all("outbox")).length === 0, "it is not the other user's");
    await other.take(day.user);
    await settle("filed");

    // The session is over
    window.fetch = async () =>
        new Response(
            JSON.stringify({ error: { code: 100, message: "Session Expired" } }),
            {
                headers: { "Content-Type": "application/json" },
            }
        );
    await write("Logged out");
    file();
    await until(() => day.net === "login", "the log-in");
    assert(find(".status a.button"), "there is a link to log in");
    assert((await states(await restarted())).includes("waiting"), "it is kept");
    await settle("filed", "filed");
})().then(
    () => console.log("test successful"),
    (error) => console.error(error.stack || error.message)
);
