import { h, icon } from "./dom.js";
import { byTimeAndNearness, directions, hasPlace, kilometers } from "./order.js";
import { call, LoggedOut, Offline, OtherUser, Queue } from "./queue.js";
import { isoDay, locate, ReportSheet } from "./report.js";
import { Store } from "./store.js";

const RETRY_AFTER = 30_000; // ms
const LOGOUT = "/web/session/logout?redirect=/web/login";
const LEAVING = "care_day_leaving";

class Day {
    constructor(values) {
        Object.assign(this, values);
        this.root = document.getElementById("day");
        this.bundle = null;
        this.offset = 0;
        this.net = "loading";
        this.reports = [];
    }

    async start() {
        if (localStorage.getItem(LEAVING)) {
            localStorage.removeItem(LEAVING);
            location.replace(LOGOUT);
            return;
        }
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
            }
        });
        setInterval(() => this.attempt(true), RETRY_AFTER);
        navigator.storage?.persist?.();
        navigator.serviceWorker?.register("/care/day/service-worker.js", {
            scope: "/care/day",
        });
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
        const waiting = await this.queue.waiting();
        if (this.attempting || (ifNeeded && !waiting.length && this.net === "online")) {
            return;
        }
        this.attempting = true;
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

    async file(report) {
        const kept = await this.queue.add(report);
        const name = { kept: "kept", photos: "full", memory: "full_all" }[kept];
        this.say(this.words[name], kept === "kept" ? "success" : "warning");
        this.reports = await this.store.all("outbox");
        const next = this.stops().find(
            (stop) => stop.today && !stop.isDone && stop.customer !== report.partner
        );
        location.hash = next ? `c/${next.customer}` : "";
        this.attempt();
    }

    async logOut() {
        await this.queue.sync().catch(() => {});
        const waiting = (await this.store.all("outbox")).some(
            (row) => row.state !== "filed"
        );
        if (waiting && !confirm(this.words.logout_waiting)) {
            return;
        }
        await this.store.wipe();
        this.bundle = null;
        localStorage.setItem(LEAVING, "1");
        try {
            await fetch("/web/webclient/version_info", { method: "HEAD" });
            localStorage.removeItem(LEAVING);
            location.replace(LOGOUT);
        } catch {
            // It is logged out as soon as it is online.
            location.hash = "";
            this.render();
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
            await this.renderCustomer(Number(id));
        } else if (page === "reports") {
            this.renderReports();
        } else {
            this.page = "";
            this.renderDay();
        }
        scrollTo(0, 0);
    }

    /** What the network changes; a report that is being written is left alone. */
    async renderList() {
        this.reports = await this.store.all("outbox");
        this.renderStatus();
        if (this.page === "c") {
            return;
        }
        const top = scrollY;
        this.page === "reports" ? this.renderReports() : this.renderDay();
        scrollTo(0, top);
    }

    show(...children) {
        this.status = h("div", { class: "status", role: "status" });
        this.root.replaceChildren(this.status, ...children);
        this.renderStatus();
    }

    setNet(net) {
        this.net = net;
        this.renderStatus();
    }

    renderStatus() {
        const { words } = this;
        const count = (state) =>
            this.reports.filter((row) => row.state === state).length;
        const waiting = count("waiting");
        const refused = count("refused");
        const net = {
            offline: words.offline,
            sending: words.sending,
            error: this.problem,
            login: words.login,
            other: words.other_user,
        }[this.net];
        this.status.className = `status ${this.net}`;
        this.status.replaceChildren(
            h("span", {}, net || words.online),
            this.net === "login"
                ? h(
                      "a",
                      { class: "button", href: "/web/login?redirect=/care/day" },
                      words.log_in
                  )
                : "",
            h(
                "a",
                { href: "#reports", class: refused ? "refused" : "" },
                [
                    waiting && words.waiting.replace("%s", waiting),
                    refused && words.refused.replace("%s", refused),
                ]
                    .filter(Boolean)
                    .join(" · ") || words.all_sent
            )
        );
    }

    say(text, kind) {
        document.querySelector(".toast")?.remove();
        const toast = h("div", { class: `toast ${kind}`, role: "alert" }, text);
        document.body.append(toast);
        setTimeout(() => toast.remove(), kind === "success" ? 2500 : 6000);
    }

    day(iso) {
        return new Intl.DateTimeFormat(this.lang, {
            day: "numeric",
            month: "short",
        }).format(new Date(`${iso}T12:00`));
    }

    time(milliseconds) {
        const here = isoDay(milliseconds) === isoDay(this.now());
        const options = { hour: "2-digit", minute: "2-digit" };
        if (!here) {
            Object.assign(options, { day: "numeric", month: "short" });
        }
        return new Intl.DateTimeFormat(this.lang, options).format(
            new Date(milliseconds)
        );
    }

    // ------------------------------------------------------------
    // The list
    // ------------------------------------------------------------

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

    renderDay() {
        const { words, bundle } = this;
        if (!bundle) {
            const text = this.net === "loading" ? words.loading : words.never;
            this.show(h("h1", {}, words.title), h("p", { class: "muted" }, text));
            return;
        }
        const stops = this.stops();
        const today = stops.filter((stop) => stop.today && !stop.isDone);
        const later = stops.filter((stop) => !stop.today && !stop.isDone);
        const filed = this.reports.filter((row) => row.state !== "refused");
        const places = today.map((stop) => stop.place);
        const route = directions(bundle.map, places);
        this.show(
            h(
                "header",
                {},
                h("h1", {}, words.title),
                h(
                    "span",
                    { class: "muted" },
                    new Intl.DateTimeFormat(this.lang, {
                        weekday: "long",
                        day: "numeric",
                        month: "long",
                    }).format(new Date(this.now()))
                )
            ),
            h(
                "nav",
                { class: "row" },
                route
                    ? h(
                          "a",
                          {
                              class: "button",
                              href: route,
                              target: "_blank",
                              rel: "noopener",
                          },
                          words.directions
                      )
                    : "",
                h(
                    "button",
                    { type: "button", onclick: () => this.nearMe(true) },
                    words.near_me
                )
            ),
            this.section(words.today, today) ||
                h("p", { class: "muted" }, words.nothing),
            filed.length ? this.filedSection(filed) : "",
            this.section(words.week, later),
            h(
                "footer",
                { class: "row end" },
                h(
                    "span",
                    { class: "muted" },
                    words.as_of.replace("%s", this.time(bundle.served))
                ),
                h(
                    "button",
                    { type: "button", onclick: () => this.attempt() },
                    words.refresh
                ),
                this.installation
                    ? h(
                          "button",
                          { type: "button", onclick: () => this.installation.prompt() },
                          words.install
                      )
                    : "",
                h("a", { class: "button", href: "/odoo/my-contacts" }, words.backend),
                h(
                    "button",
                    { type: "button", onclick: () => this.logOut() },
                    words.logout
                )
            )
        );
    }

    section(title, stops) {
        return (
            stops.length &&
            h(
                "section",
                {},
                h("h2", {}, `${title} (${stops.length})`),
                h(
                    "ul",
                    { class: "stops" },
                    stops.map((stop) => this.stop(stop))
                )
            )
        );
    }

    filedSection(filed) {
        return h(
            "section",
            {},
            h("h2", {}, this.words.outbox),
            h(
                "ul",
                { class: "stops" },
                filed.map((row) =>
                    h(
                        "li",
                        { class: row.state },
                        h(
                            "a",
                            { href: "#reports" },
                            h("strong", {}, row.name),
                            h(
                                "span",
                                { class: "muted" },
                                this.words[`state_${row.state}`]
                            )
                        )
                    )
                )
            )
        );
    }

    stop(stop) {
        const { brief } = stop;
        const far =
            hasPlace(this.here) && hasPlace(brief) && kilometers(this.here, brief);
        return h(
            "li",
            {},
            h(
                "a",
                { href: `#c/${stop.customer}` },
                h(
                    "span",
                    { class: "head" },
                    h("strong", {}, brief.name),
                    this.tier(brief)
                ),
                h(
                    "span",
                    { class: "muted" },
                    [
                        stop.start && this.time(stop.start),
                        this.words.channels[stop.channel],
                        stop.topic,
                        this.dueWords(stop),
                        far && `${far.toFixed(1)} km`,
                    ]
                        .filter(Boolean)
                        .join(" · ")
                ),
                brief.reason ? h("span", { class: "reason" }, brief.reason) : "",
                brief.complaints.length
                    ? h(
                          "span",
                          { class: "late" },
                          `${this.words.complaints}: ${brief.complaints.length}`
                      )
                    : ""
            )
        );
    }

    dueWords(stop) {
        if (
            stop.start &&
            stop.start < this.now() &&
            isoDay(stop.start) !== isoDay(this.now())
        ) {
            return this.words.unreported;
        }
        const [first] = stop.due;
        if (!first) {
            return "";
        }
        const word = first.late ? this.words.late : this.words.due;
        return word.replace("%s", this.day(first.aim));
    }

    tier(brief) {
        return brief.tier
            ? h(
                  "span",
                  { class: `tier color${brief.color}`, title: brief.tier_name },
                  brief.tier
              )
            : "";
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

    // ------------------------------------------------------------
    // A customer
    // ------------------------------------------------------------

    async renderCustomer(id) {
        const brief = this.bundle.customers[id];
        const stop = this.stops().find((row) => row.customer === id);
        const sheet = new ReportSheet(this, stop, brief);
        const form = await sheet.open();
        this.show(
            h(
                "header",
                { class: "customer" },
                h(
                    "a",
                    { class: "back", href: "#", "aria-label": this.words.back },
                    "‹"
                ),
                h("h1", {}, brief.name),
                this.tier(brief)
            ),
            this.touch(brief, sheet),
            this.brief(brief, stop),
            form
        );
    }

    touch(brief, sheet) {
        const { words } = this;
        const route = directions(this.bundle.map, [brief]);
        const link = (href, name, more) =>
            h("a", { class: "button", href, ...more }, icon(name), words[name]);
        const checkIn = h("button", { type: "button", name: "check_in" });
        const showCheckIn = () => {
            const { checked_in, latitude } = sheet.draft;
            checkIn.disabled = Boolean(checked_in);
            const when = checked_in && this.time(checked_in + this.offset);
            const where = latitude === undefined ? ` (${words.without_position})` : "";
            checkIn.replaceChildren(
                icon("here"),
                when ? words.checked_in.replace("%s", when) + where : words.check_in
            );
        };
        checkIn.onclick = async () => {
            checkIn.disabled = true;
            await sheet.checkIn();
            showCheckIn();
        };
        showCheckIn();
        return h(
            "nav",
            { class: "row" },
            brief.phone ? link(`tel:${brief.phone}`, "call") : "",
            brief.phone ? link(`sms:${brief.phone}`, "sms") : "",
            brief.email ? link(`mailto:${brief.email}`, "mail") : "",
            route ? link(route, "map", { target: "_blank", rel: "noopener" }) : "",
            checkIn
        );
    }

    brief(brief, stop) {
        const { words } = this;
        return h(
            "section",
            { class: "brief" },
            brief.reason ? h("p", { class: "reason" }, brief.reason) : "",
            h(
                "p",
                { class: "muted" },
                [
                    brief.tier_name,
                    brief.monthly && words.monthly.replace("%s", brief.monthly),
                    brief.address,
                ]
                    .filter(Boolean)
                    .join(" · ")
            ),
            this.part(
                words.contacts_due,
                stop.due.map((row) => [
                    words.channels[row.channel],
                    (row.late ? words.late : words.due).replace(
                        "%s",
                        this.day(row.aim)
                    ),
                    row.duty,
                ])
            ),
            this.people(brief.persons),
            this.part(
                words.complaints,
                brief.complaints.map((row) => [row.text, this.day(row.date)]),
                "late"
            ),
            this.part(
                words.promises,
                brief.promises.map((row) => [
                    row.text,
                    row.date && this.day(row.date),
                    row.by,
                ])
            ),
            this.part(
                words.quotations,
                brief.quotations.map((row) => [
                    row.text,
                    row.amount,
                    this.day(row.date),
                ])
            ),
            brief.preferences
                ? this.part(words.preferences, [[brief.preferences]])
                : "",
            this.lastReports(brief.reports)
        );
    }

    part(title, rows, kind = "") {
        return rows.length
            ? h(
                  "div",
                  { class: `part ${kind}` },
                  h("h3", {}, title),
                  rows.map((row) => h("div", {}, row.filter(Boolean).join(" · ")))
              )
            : "";
    }

    people(persons) {
        const { words } = this;
        return h(
            "div",
            { class: "part" },
            h("h3", {}, words.persons),
            persons.length
                ? persons.map((person) =>
                      h(
                          "div",
                          { class: "person" },
                          h(
                              "span",
                              {},
                              h("strong", {}, person.name),
                              " ",
                              h(
                                  "span",
                                  { class: "muted" },
                                  [
                                      person.role,
                                      person.function,
                                      person.level,
                                      person.birthday &&
                                          words.birthday.replace(
                                              "%s",
                                              this.birthday(person)
                                          ),
                                  ]
                                      .filter(Boolean)
                                      .join(" · ")
                              )
                          ),
                          person.phone
                              ? h(
                                    "a",
                                    {
                                        class: "button",
                                        href: `tel:${person.phone}`,
                                        title: person.phone,
                                        "aria-label": `${words.call} ${person.name}`,
                                    },
                                    icon("call")
                                )
                              : ""
                      )
                  )
                : h("div", { class: "muted" }, words.no_persons)
        );
    }

    birthday({ birthday }) {
        return this.day(`2000-${birthday}`);
    }

    lastReports(reports) {
        const { words } = this;
        return h(
            "details",
            { class: "part", open: reports.length > 0 },
            h("summary", {}, words.reports),
            reports.length
                ? reports.map((row) =>
                      h(
                          "div",
                          { class: "last" },
                          h(
                              "span",
                              { class: "muted" },
                              [
                                  this.day(row.date),
                                  words.channels[row.channel],
                                  row.by,
                                  row.met ? words.feelings[row.feeling] : words.not_met,
                              ]
                                  .filter(Boolean)
                                  .join(" · ")
                          ),
                          row.text ? h("div", {}, row.text) : "",
                          row.next
                              ? h("div", {}, words.next_time.replace("%s", row.next))
                              : ""
                      )
                  )
                : h("div", { class: "muted" }, words.no_reports)
        );
    }

    // ------------------------------------------------------------
    // The reports
    // ------------------------------------------------------------

    renderReports() {
        const { words } = this;
        this.show(
            h(
                "header",
                { class: "customer" },
                h("a", { class: "back", href: "#", "aria-label": words.back }, "‹"),
                h("h1", {}, words.outbox)
            ),
            h(
                "ul",
                { class: "stops" },
                this.reports
                    .toSorted((a, b) => b.at - a.at)
                    .map((row) => this.report(row))
            )
        );
    }

    report(row) {
        const { words } = this;
        const decide = async (work) => {
            await work();
            await this.render();
            this.attempt();
        };
        const button = (text, work) =>
            h("button", { type: "button", onclick: () => decide(work) }, text);
        return h(
            "li",
            { class: row.state },
            h("strong", {}, row.name),
            h(
                "span",
                { class: "muted" },
                [
                    words[`state_${row.state}`],
                    this.time(row.at + this.offset),
                    words.channels[row.channel],
                    row.state === "filed" || !row.photos.length
                        ? ""
                        : `${words.photo} ${row.photos.length}`,
                ]
                    .filter(Boolean)
                    .join(" · ")
            ),
            row.summary ? h("div", {}, row.summary) : "",
            row.promise ? h("div", {}, `${words.promises}: ${row.promise}`) : "",
            row.note ? h("div", { class: "reason" }, row.note) : "",
            row.message ? h("div", { class: "late" }, row.message) : "",
            row.state === "refused"
                ? h(
                      "div",
                      { class: "row" },
                      button(words.retry, () => this.queue.retry(row.key)),
                      row.code === "reported"
                          ? button(words.again, () => this.queue.retry(row.key, true))
                          : "",
                      button(words.delete, async () => {
                          if (confirm(words.delete_sure)) {
                              await this.store.delete("outbox", row.key);
                          }
                      })
                  )
                : ""
        );
    }
}

const day = new Day(JSON.parse(document.getElementById("values").textContent));
globalThis.careDay = day;
await day.start();
