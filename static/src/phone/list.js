import { isoDay } from "./dates.js";
import { h, tier } from "./dom.js";
import { directions, hasPlace, kilometers } from "./order.js";

/** The customers of today and of the week */
export class DayList {
    constructor(app) {
        this.app = app;
        this.words = app.words;
    }

    render() {
        const { app, words } = this;
        const { bundle } = app;
        if (!bundle) {
            const text = app.net === "loading" ? words.loading : words.never;
            app.show(h("h1", {}, words.title), h("p", { class: "muted" }, text));
            return;
        }
        const stops = app.stops();
        const today = stops.filter((stop) => stop.today && !stop.isDone);
        const later = stops.filter((stop) => !stop.today && !stop.isDone);
        const filed = app.reports.filter((row) => row.state !== "refused");
        const places = today.map((stop) => stop.place);
        const route = directions(bundle.map, places);
        app.show(
            h(
                "header",
                {},
                h("h1", {}, words.title),
                h(
                    "span",
                    { class: "muted" },
                    new Intl.DateTimeFormat(app.lang, {
                        weekday: "long",
                        day: "numeric",
                        month: "long",
                    }).format(new Date(app.now()))
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
                    { type: "button", onclick: () => app.nearMe(true) },
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
                    words.as_of.replace("%s", app.dates.time(bundle.served))
                ),
                h(
                    "button",
                    { type: "button", onclick: () => app.attempt() },
                    words.refresh
                ),
                app.installation
                    ? h(
                          "button",
                          { type: "button", onclick: () => app.installation.prompt() },
                          words.install
                      )
                    : "",
                h("a", { class: "button", href: "/odoo/my-contacts" }, words.backend),
                h(
                    "button",
                    { type: "button", onclick: () => app.logOut() },
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
        const { app } = this;
        const { here } = app;
        const far = hasPlace(here) && hasPlace(brief) && kilometers(here, brief);
        return h(
            "li",
            {},
            h(
                "a",
                { href: `#c/${stop.customer}` },
                h("span", { class: "head" }, h("strong", {}, brief.name), tier(brief)),
                h(
                    "span",
                    { class: "muted" },
                    [
                        stop.start && app.dates.time(stop.start),
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
        const { app } = this;
        if (
            stop.start &&
            stop.start < app.now() &&
            isoDay(stop.start) !== isoDay(app.now())
        ) {
            return this.words.unreported;
        }
        const [first] = stop.due;
        if (!first) {
            return "";
        }
        const word = first.late ? this.words.late : this.words.due;
        return word.replace("%s", app.dates.day(first.aim));
    }
}
