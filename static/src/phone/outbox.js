import { h } from "./dom.js";

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
        const decide = async (work) => {
            await work();
            await this.app.render();
            this.app.attempt();
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
            row.state === "refused"
                ? h(
                      "div",
                      { class: "row" },
                      button(words.retry, () => this.app.queue.retry(row.key)),
                      row.code === "reported"
                          ? button(words.again, () =>
                                this.app.queue.retry(row.key, true)
                            )
                          : "",
                      button(words.delete, async () => {
                          if (confirm(words.delete_sure)) {
                              await this.app.store.delete("outbox", row.key);
                          }
                      })
                  )
                : ""
        );
    }
}
