import { face, h, icon } from "./dom.js";
import { shrink } from "./photo.js";

const PATIENCE = 10_000; // ms
const MAX_PHOTOS = 10;
const DAY = 24 * 3600 * 1000;
const SAVE_AFTER = 200; // ms

/** The report of one customer. What is entered is kept as a draft at once, so that
 * nothing is lost if the browser is killed. */
export class ReportSheet {
    constructor(app, stop, brief) {
        Object.assign(this, { app, stop, brief });
        this.words = app.words;
    }

    async open() {
        const kept = await this.app.store.get("drafts", this.stop.customer);
        this.draft = kept || {
            customer: this.stop.customer,
            key: newKey(),
            channel: this.stop.channel,
            contact: this.stop.contact || false,
            photos: [],
        };
        this.element = h("section", {
            class: "sheet",
            "aria-label": this.words.report,
        });
        this.render();
        return this.element;
    }

    async set(values) {
        Object.assign(this.draft, values);
        clearTimeout(this.timer);
        await this.save();
    }

    type(name, value) {
        this.draft[name] = value;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.save(), SAVE_AFTER);
    }

    async save() {
        if (this.filed) {
            return;
        }
        try {
            await this.app.store.put("drafts", this.draft);
        } catch {
            this.app.store.remember("drafts", this.draft);
            this.app.say(this.words.full_all, "warning");
        }
    }

    // ------------------------------------------------------------
    // What one sees
    // ------------------------------------------------------------

    render() {
        const { draft, words } = this;
        this.element.replaceChildren(
            h("h2", {}, words.report),
            this.chips("channel", this.app.words.channels),
            this.persons(),
            this.faces(),
            this.text("summary", words.what, 3),
            this.photos(),
            this.line("promise", words.promised),
            draft.promise ? this.days("promise_date", words.promised_by) : "",
            this.days("next_day", words.next),
            draft.next_day ? this.appointment() : "",
            h(
                "footer",
                { class: "thumb" },
                h(
                    "button",
                    { type: "button", onclick: () => this.file("not_met") },
                    words.nobody
                ),
                h(
                    "button",
                    {
                        type: "button",
                        class: "primary",
                        name: "file",
                        onclick: () => this.file("done"),
                    },
                    words.file
                )
            )
        );
    }

    chips(name, choices, label) {
        return h(
            "div",
            { class: "chips", role: "group", "aria-label": label },
            Object.entries(choices).map(([key, text]) =>
                this.chip(text, String(this.draft[name] || "") === key, () =>
                    this.choose(name, key)
                )
            )
        );
    }

    chip(text, pressed, onclick) {
        return h(
            "button",
            { type: "button", "aria-pressed": String(pressed), onclick },
            text
        );
    }

    async choose(name, key) {
        await this.set({ [name]: key });
        this.render();
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
                            this.choose(
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
                                this.choose(
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
                oninput: (event) => this.type(name, event.target.value),
            })
        );
    }

    line(name, label) {
        return h(
            "label",
            {},
            label,
            h("input", {
                name,
                maxlength: 300,
                autocomplete: "off",
                value: this.draft[name] || "",
                oninput: (event) => this.type(name, event.target.value),
                onchange: () => this.render(),
            })
        );
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
                        onclick: () => this.removePhoto(place),
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
                    onchange: (event) => this.addPhotos(event.target.files),
                })
            )
        );
    }

    async addPhotos(files) {
        for (const file of files) {
            if (this.draft.photos.length >= MAX_PHOTOS) {
                this.app.say(this.words.photo_many, "warning");
                break;
            }
            try {
                const photo = await shrink(file);
                await this.set({ photos: [...this.draft.photos, photo] });
            } catch {
                this.app.say(this.words.photo_bad, "warning");
            }
        }
        this.render();
    }

    async removePhoto(place) {
        await this.set({
            photos: this.draft.photos.filter((_, number) => number !== place),
        });
        this.render();
    }

    days(name, label) {
        const { words, app } = this;
        const days = { tomorrow: 1, week_1: 7, week_2: 14, week_4: 28 };
        const chosen = this.draft[name];
        return h(
            "div",
            {},
            h("label", {}, label),
            h(
                "div",
                { class: "chips" },
                Object.entries(days).map(([word, ahead]) => {
                    const day = isoDay(app.now() + ahead * DAY);
                    return this.chip(words[word], chosen === day, () =>
                        this.choose(name, chosen === day ? "" : day)
                    );
                }),
                h("input", {
                    type: "date",
                    name,
                    "aria-label": label,
                    min: isoDay(app.now()),
                    value: chosen || "",
                    onchange: (event) => this.choose(name, event.target.value),
                })
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
                onchange: (event) => this.set({ next_time: event.target.value }),
            }),
            h("input", {
                name: "next_topic",
                placeholder: this.words.next_about,
                "aria-label": this.words.next_about,
                maxlength: 300,
                value: this.draft.next_topic || "",
                oninput: (event) => this.type("next_topic", event.target.value),
            })
        );
    }

    // ------------------------------------------------------------
    // Checking in, filing
    // ------------------------------------------------------------

    async checkIn() {
        await this.set({ checked_in: Date.now() });
        const place = await locate();
        if (place) {
            await this.set(place);
        }
        return place;
    }

    async file(state) {
        const { draft, app } = this;
        const said = draft.summary?.trim() || draft.feeling || draft.promise?.trim();
        if (state === "done" && !said && !draft.photos.length) {
            app.say(this.words.empty, "warning");
            return;
        }
        if (this.filed) {
            return;
        }
        this.filed = true; // a second tap files nothing
        clearTimeout(this.timer);
        await app.file(this.report(state));
    }

    report(state) {
        const { draft, stop, brief, app } = this;
        const due = stop.due.find((row) => row.channel === draft.channel);
        const { customer, next_day, next_time, ...values } = draft;
        return {
            ...values,
            partner: customer,
            name: brief.name,
            company: stop.company,
            target: due?.id,
            planned: stop.planned,
            state: "waiting",
            met: state === "done",
            at: Date.now(),
            offset: app.offset,
            served: app.bundle.served,
            next_at: next_day
                ? new Date(`${next_day}T${next_time || "10:00"}`).getTime()
                : undefined,
        };
    }
}

export function locate() {
    return new Promise((resolve) => {
        if (!navigator.geolocation) {
            return resolve(null);
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
            () => resolve(null),
            { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 }
        );
    });
}

export function isoDay(time) {
    const day = new Date(time);
    const two = (number) => String(number).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function newKey() {
    const random = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
