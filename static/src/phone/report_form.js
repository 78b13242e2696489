import { isoDay } from "./dates.js";
import { face, h, icon } from "./dom.js";
import { addDays, CHIP_DAYS, nextSlots } from "./slots.js";

/** What one sees of a report, in reach of the thumb */
export class ReportForm {
    constructor(sheet) {
        const { app, brief, draft, words } = sheet;
        Object.assign(this, { sheet, app, brief, draft, words });
    }

    parts() {
        const { draft, words, sheet } = this;
        return [
            h("h2", {}, words.report),
            this.chips("channel", words.channels),
            this.persons(),
            this.faces(),
            this.text("summary", words.what, 3),
            this.photos(),
            ...this.promise(),
            this.next(),
            draft.next_day ? this.appointment() : "",
            h(
                "footer",
                { class: "thumb" },
                h(
                    "button",
                    {
                        type: "button",
                        disabled: sheet.filing,
                        onclick: () => sheet.file("not_met"),
                    },
                    words.nobody
                ),
                h(
                    "button",
                    {
                        type: "button",
                        class: "primary",
                        name: "file",
                        disabled: sheet.filing,
                        onclick: () => sheet.file("done"),
                    },
                    words.file
                )
            ),
        ];
    }

    chips(name, choices, label) {
        return h(
            "div",
            { class: "chips", role: "group", "aria-label": label },
            Object.entries(choices).map(([key, text]) =>
                this.chip(text, String(this.draft[name] || "") === key, () =>
                    this.sheet.choose(name, key)
                )
            )
        );
    }

    chip(text, pressed, onclick) {
        return h(
            "button",
            { type: "button", "aria-pressed": String(pressed), onclick },
            ...[text].flat()
        );
    }

    persons() {
        const { persons } = this.brief;
        if (!persons.length) {
            return "";
        }
        return h(
            "div",
            {},
            h("label", {}, this.words.with),
            h(
                "div",
                { class: "chips" },
                persons.map((person) =>
                    this.chip(
                        [person.name, person.role].filter(Boolean).join(" · "),
                        this.draft.contact === person.id,
                        () =>
                            this.sheet.choose(
                                "contact",
                                this.draft.contact === person.id ? false : person.id
                            )
                    )
                )
            )
        );
    }

    faces() {
        return h(
            "div",
            {},
            h("label", {}, this.words.how),
            h(
                "div",
                { class: "faces" },
                Object.entries(this.words.feelings).map(([key, text]) =>
                    h(
                        "button",
                        {
                            type: "button",
                            title: text,
                            "aria-label": text,
                            "aria-pressed": String(this.draft.feeling === key),
                            onclick: () =>
                                this.sheet.choose(
                                    "feeling",
                                    this.draft.feeling === key ? "" : key
                                ),
                        },
                        face(key)
                    )
                )
            ),
            this.draft.feeling
                ? h("div", { class: "muted" }, this.words.feelings[this.draft.feeling])
                : ""
        );
    }

    text(name, label, rows) {
        return h(
            "label",
            {},
            label,
            h("textarea", {
                name,
                rows,
                maxlength: 10_000,
                value: this.draft[name] || "",
                oninput: (event) => this.sheet.type(name, event.target.value),
            })
        );
    }

    /** Its days come and go while one types: a tap that follows must not find the button
     * moved away or replaced. */
    promise() {
        const { draft, sheet, words } = this;
        const days = this.days("promise_date", words.promised_by);
        days.hidden = !draft.promise;
        const line = h("input", {
            name: "promise",
            maxlength: 300,
            autocomplete: "off",
            value: draft.promise || "",
            oninput: (event) => {
                sheet.type("promise", event.target.value);
                days.hidden = !draft.promise;
            },
        });
        return [h("label", {}, words.promised, line), days];
    }

    photos() {
        const { words } = this;
        return h(
            "div",
            { class: "photos" },
            this.draft.photos.map((photo, place) =>
                h(
                    "button",
                    {
                        type: "button",
                        class: "picture",
                        "aria-label": `${words.remove} ${words.photo} ${place + 1}`,
                        title: words.remove,
                        onclick: () => this.sheet.removePhoto(place),
                    },
                    h("img", { alt: "", src: `data:image/jpeg;base64,${photo}` })
                )
            ),
            h(
                "label",
                { class: "button" },
                icon("camera"),
                words.photo,
                h("input", {
                    type: "file",
                    accept: "image/*",
                    multiple: true,
                    onchange: (event) => this.sheet.addPhotos(event.target.files),
                })
            )
        );
    }

    days(name, label) {
        const { words, app } = this;
        const today = isoDay(app.now());
        const chosen = this.draft[name];
        return h(
            "div",
            {},
            h("label", {}, label),
            h(
                "div",
                { class: "chips" },
                Object.entries(CHIP_DAYS).map(([word, ahead]) => {
                    const day = addDays(today, ahead);
                    return this.chip(words[word], chosen === day, () =>
                        this.sheet.choose(name, chosen === day ? "" : day)
                    );
                }),
                this.date(name, label)
            )
        );
    }

    date(name, label) {
        return h("input", {
            type: "date",
            name,
            "aria-label": label,
            min: isoDay(this.app.now()),
            value: this.draft[name] || "",
            onchange: (event) => this.sheet.choose(name, event.target.value),
        });
    }

    /** The next appointment: free slots, of which each takes one tap, or another day */
    next() {
        const { app, draft, sheet, words } = this;
        const slots = nextSlots(app, sheet.stop, draft.channel);
        if (!Object.keys(slots).length) {
            return this.days("next_day", words.next);
        }
        return h(
            "div",
            {},
            h("label", {}, words.next),
            h(
                "div",
                { class: "chips slots" },
                Object.entries(slots).map(([word, start]) => {
                    const chosen =
                        draft.next_chip === word && draft.next_day === isoDay(start);
                    const label = [
                        words[word],
                        h("small", {}, app.dates.appointment(start)),
                    ];
                    return this.chip(label, chosen, () =>
                        sheet.chooseNext(chosen ? null : word, start)
                    );
                }),
                this.date("next_day", words.next)
            )
        );
    }

    appointment() {
        return h(
            "div",
            { class: "row" },
            h("input", {
                type: "time",
                name: "next_time",
                "aria-label": this.words.next,
                value: this.draft.next_time || "10:00",
                onchange: (event) => this.sheet.set({ next_time: event.target.value }),
            }),
            h("input", {
                name: "next_topic",
                placeholder: this.words.next_about,
                "aria-label": this.words.next_about,
                maxlength: 300,
                value: this.draft.next_topic || "",
                oninput: (event) => this.sheet.type("next_topic", event.target.value),
            })
        );
    }
}
