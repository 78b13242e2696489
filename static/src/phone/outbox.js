import { h } from "./dom.js";
import { draftOf } from "./report.js";

/** The reports that this phone keeps: those that wait, that were filed today, and those
 * about which the user decides. */
export class Outbox {
    constructor(app) {
        this.app = app;
        this.words = app.words;
    }

    render() {
        const { words } = this;
        this.app.show(
            h(
                "header",
                { class: "customer" },
                h("a", { class: "back", href: "#", "aria-label": words.back }, "‹"),
                h("h1", {}, words.outbox)
            ),
            h(
                "ul",
                { class: "stops" },
                this.app.reports
                    .toSorted((a, b) => b.at - a.at)
                    .map((row) => this.report(row))
            )
        );
    }

    report(row) {
        const { words } = this;
        return h(
            "li",
            { class: row.state },
            h("strong", {}, row.name),
            h(
                "span",
                { class: "muted" },
                [
                    words[`state_${row.state}`],
                    this.app.dates.time(row.at + this.app.offset),
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
            h("div", { class: "row" }, this.buttons(row))
        );
    }

    /** What one can do about it */
    buttons(row) {
        const { app, words } = this;
        const button = (text, onclick) =>
            h("button", { type: "button", onclick }, text);
        if (row.state === "filed") {
            const href = `/odoo/care.interaction/${row.contactId}`;
            return row.contactId
                ? [h("a", { class: "button", href }, words.open_report)]
                : [];
        }
        const retry = (again) => () => this.decided(app.queue.retry(row.key, again));
        return [
            row.state === "refused" && button(words.retry, retry(false)),
            row.code === "reported" && button(words.again, retry(true)),
            app.bundle?.customers[row.partner] &&
                button(words.change, () => this.change(row)),
            button(words.delete, () => this.delete(row)),
        ];
    }

    async decided(work) {
        await work;
        await this.app.render();
        this.app.attempt();
    }

    /** Wrong customer, wrong word: it is a draft again. */
    async change(row) {
        const { app, words } = this;
        if (await app.store.get("drafts", row.partner)) {
            app.say(words.change_other, "warning");
        } else if (await app.queue.takeBack(row.key, draftOf(row))) {
            location.hash = `c/${row.partner}`;
        } else {
            app.say(words.change_late, "warning");
        }
    }

    async delete(row) {
        const { app, words } = this;
        if (!confirm(words.delete_sure)) {
            return;
        }
        if (!(await app.queue.takeBack(row.key))) {
            app.say(words.change_late, "warning");
        }
        await this.decided();
    }
}
