import { h, icon } from "./dom.js";

/** What one needs to know at the customer's door */
export class Brief {
    constructor(app, stop, brief) {
        Object.assign(this, { app, stop, brief });
        this.words = app.words;
    }

    render() {
        const { brief, stop } = this;
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
                        this.app.dates.day(row.aim)
                    ),
                    row.duty,
                ])
            ),
            this.people(brief.persons),
            this.part(
                words.complaints,
                brief.complaints.map((row) => [row.text, this.app.dates.day(row.date)]),
                "late"
            ),
            this.part(
                words.promises,
                brief.promises.map((row) => [
                    row.text,
                    row.date && this.app.dates.day(row.date),
                    row.by,
                ])
            ),
            this.part(
                words.quotations,
                brief.quotations.map((row) => [
                    row.text,
                    row.amount,
                    this.app.dates.day(row.date),
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
        return this.app.dates.day(`2000-${birthday}`);
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
                                  this.app.dates.day(row.date),
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
}
