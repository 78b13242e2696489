import { Brief } from "./brief.js";
import { h, icon, tier } from "./dom.js";
import { directions } from "./order.js";
import { ReportSheet } from "./report.js";

/** A customer: how to reach it, its brief, and the report */
export class CustomerPage {
    constructor(app) {
        this.app = app;
        this.words = app.words;
    }

    async render(id) {
        const brief = this.app.bundle.customers[id];
        const stop = this.app.stops().find((row) => row.customer === id);
        await this.sheet?.flush();
        await this.app.noteOpened(id);
        const sheet = new ReportSheet(this.app, stop, brief);
        const form = await sheet.open();
        this.sheet = sheet;
        this.app.show(
            h(
                "header",
                { class: "customer" },
                h(
                    "a",
                    { class: "back", href: "#", "aria-label": this.words.back },
                    "‹"
                ),
                h("h1", {}, brief.name),
                tier(brief)
            ),
            this.touch(brief, sheet),
            new Brief(this.app, stop, brief).render(),
            form
        );
    }

    touch(brief, sheet) {
        const { words } = this;
        const route = directions(this.app.bundle.map, [brief]);
        const link = (href, name, more) =>
            h("a", { class: "button", href, ...more }, icon(name), words[name]);
        const checkIn = h("button", { type: "button", name: "check_in" });
        const showCheckIn = () => {
            const { checked_in, latitude } = sheet.draft;
            checkIn.disabled = Boolean(checked_in);
            const when =
                checked_in && this.app.dates.time(checked_in + this.app.offset);
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
}
