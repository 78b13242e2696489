import { CustomerPage } from "./customer.js";
import { Dates } from "./dates.js";
import { DayList } from "./list.js";
import { byTimeAndNearness } from "./order.js";
import { Outbox } from "./outbox.js";
import { locate } from "./position.js";
import { call, LoggedOut, Offline, OtherUser, Queue } from "./queue.js";
import { say, Status } from "./status.js";
import { LEAVING, Store } from "./store.js";
import { sendInBackground, startWorker } from "./worker.js";

const RETRY_AFTER = 30_000; // ms
const DAY = 24 * 3600 * 1000;
const LOGOUT = "/web/session/logout?redirect=/web/login";

/** The page: what it keeps, when it talks to the server, and which part is shown */
export class Day {
    constructor(values) {
        Object.assign(this, values);
        this.root = document.getElementById("day");
        this.bundle = null;
        this.offset = 0;
        this.net = "loading";
        this.reports = [];
        this.opened = {}; // {customer: when the brief was opened first, ms}
        this.now = this.now.bind(this);
        this.dates = new Dates(this);
        this.status = new Status(this);
        this.list = new DayList(this);
        this.customer = new CustomerPage(this);
        this.outbox = new Outbox(this);
        this.say = say;
    }

    async start() {
        this.store = await Store.open();
        this.queue = new Queue(this.store, this.user);
        await this.store.take(this.user);
        this.offset = (await this.store.get("meta", "offset"))?.value || 0;
        const kept = (await this.store.get("meta", "day"))?.value;
        if (kept?.user === this.user) {
            this.bundle = kept;
        }
        await this.render();
        this.listen();
        if (!this.store.db) {
            this.say(this.words.no_store, "warning");
        }
        await this.attempt();
    }

    listen() {
        addEventListener("hashchange", () => this.render());
        addEventListener("online", () => this.attempt());
        addEventListener("offline", () => this.setNet("offline"));
        addEventListener("beforeunload", (event) => {
            if (this.store.isVolatile) {
                event.preventDefault();
            }
        });
        addEventListener("beforeinstallprompt", (event) => {
            event.preventDefault();
            this.installation = event;
            this.renderList();
        });
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.attempt();
            } else {
                this.customer.sheet?.flush();
            }
        });
        setInterval(() => this.attempt(true), RETRY_AFTER);
        navigator.storage?.persist?.();
        startWorker(() => this.attempt());
        navigator.permissions
            ?.query({ name: "geolocation" })
            .then(({ state }) => state === "granted" && this.nearMe())
            .catch(() => {});
    }

    // ------------------------------------------------------------
    // The server
    // ------------------------------------------------------------

    /** @param {boolean} ifNeeded only if something waits, or the network was away */
    async attempt(ifNeeded = false) {
        if (this.isLeaving) {
            return this.leave();
        }
        const waiting = await this.queue.waiting();
        if (this.attempting) {
            this.again ||= !ifNeeded;
            return;
        }
        if (ifNeeded && !waiting.length && this.net === "online") {
            return;
        }
        this.attempting = true;
        this.again = false;
        try {
            if (waiting.length) {
                this.setNet("sending");
            }
            await this.refresh();
            if (await this.queue.sync()) {
                await this.refresh();
            }
            this.setNet("online");
        } catch (error) {
            this.explain(error);
        } finally {
            this.attempting = false;
        }
        await this.queue.forgetFiled(new Date(this.now()).setHours(0, 0, 0, 0));
        await this.renderList();
        if (this.again) {
            await this.attempt();
        }
    }

    explain(error) {
        if (error instanceof Offline) {
            this.setNet("offline");
        } else if (error instanceof LoggedOut) {
            this.setNet("login");
        } else if (error instanceof OtherUser) {
            this.setNet("other");
        } else {
            this.problem = this.words.server.replace("%s", error.message);
            this.setNet("error");
        }
    }

    async refresh() {
        const asked = Date.now();
        const bundle = await call("/care/day/data");
        if (this.isLeaving) {
            return;
        }
        if (bundle.user !== this.user) {
            throw new OtherUser();
        }
        this.bundle = bundle;
        // by how much this phone's clock is slow, give or take the time of the answer
        this.offset = bundle.served - (asked + Date.now()) / 2;
        try {
            await this.store.put("meta", { name: "day", value: bundle });
            await this.store.put("meta", { name: "offset", value: this.offset });
            await this.store.unseal(this.user, bundle.seal);
        } catch {
            this.say(this.words.full_all, "warning");
        }
    }

    now() {
        return Date.now() + this.offset;
    }

    /** The report tells when the brief was read first today. */
    async noteOpened(customer) {
        const kept = (await this.store.get("meta", "opened"))?.value || {};
        const fresh = Object.entries(kept).filter(([, at]) => Date.now() - at < DAY);
        this.opened = { [customer]: Date.now(), ...Object.fromEntries(fresh) };
        await this.store
            .put("meta", { name: "opened", value: this.opened })
            .catch(() => {});
    }

    async file(report) {
        const kept = await this.queue.add(report);
        const isKept = kept === "kept";
        const name = { kept: "kept", photos: "full", memory: "full_all" }[kept];
        this.say(this.words[name], isKept ? "success" : "warning");
        this.reports = await this.store.all("outbox");
        const next = this.stops().find(
            (stop) => stop.today && !stop.isDone && stop.customer !== report.partner
        );
        location.hash = next ? `c/${next.customer}` : "";
        if (isKept) {
            sendInBackground();
        }
        this.attempt();
    }

    async logOut() {
        await this.customer.sheet?.flush();
        await this.queue.sync().catch(() => {});
        const waiting = (await this.store.all("outbox")).some(
            (row) => row.state !== "filed"
        );
        if (waiting && !confirm(this.words.logout_waiting)) {
            return;
        }
        localStorage.setItem(LEAVING, "1");
        await this.store.wipe();
        this.bundle = null;
        location.hash = "";
        await this.render();
        await this.leave();
    }

    get isLeaving() {
        return Boolean(localStorage.getItem(LEAVING));
    }

    /** Nothing is read or sent any more until the server has logged the user out. */
    async leave() {
        try {
            await fetch("/web/webclient/version_info", { method: "HEAD" });
            location.replace(LOGOUT);
        } catch {
            this.setNet("offline");
        }
    }

    // ------------------------------------------------------------
    // Pages
    // ------------------------------------------------------------

    async render() {
        this.reports = await this.store.all("outbox");
        const [page, id] = location.hash.slice(1).split("/");
        this.page = page;
        if (page === "c" && this.bundle?.customers[id]) {
            await this.customer.render(Number(id));
        } else if (page === "reports") {
            this.outbox.render();
        } else {
            this.page = "";
            this.list.render();
        }
        scrollTo(0, 0);
    }

    /** What the network changes; a report that is being written is left alone. */
    async renderList() {
        this.reports = await this.store.all("outbox");
        this.status.render();
        if (this.page === "c") {
            return;
        }
        const top = scrollY;
        this.page === "reports" ? this.outbox.render() : this.list.render();
        scrollTo(0, top);
    }

    show(...children) {
        this.root.replaceChildren(this.status.element, ...children);
        this.status.render();
    }

    setNet(net) {
        this.net = net;
        this.status.render();
    }

    stops() {
        if (!this.bundle) {
            return [];
        }
        const done = new Set(
            this.reports
                .filter(
                    (row) =>
                        row.state === "waiting" ||
                        (row.state === "filed" &&
                            row.at + this.offset > this.bundle.served)
                )
                .map((row) => row.partner)
        );
        const stops = this.bundle.stops.map((stop) => ({
            ...stop,
            brief: this.bundle.customers[stop.customer],
            place: this.bundle.customers[stop.customer],
            isDone: done.has(stop.customer),
        }));
        return byTimeAndNearness(stops, this.here);
    }

    async nearMe(asked = false) {
        this.here = await locate();
        if (!this.here && asked) {
            this.say(this.words.no_position, "warning");
        }
        if (!this.page) {
            await this.renderList();
        }
    }
}
