import { clock, isoDay } from "./dates.js";
import { h } from "./dom.js";
import { shrink } from "./photo.js";
import { locate } from "./position.js";
import { ReportForm } from "./report_form.js";

const MAX_PHOTOS = 10;
const SAVE_AFTER = 200; // ms
const DAY = 24 * 3600 * 1000; // ms

/** The report of one customer. What is entered is kept as a draft at once, so that
 * nothing is lost if the browser is killed. */
export class ReportSheet {
    constructor(app, stop, brief) {
        Object.assign(this, { app, stop, brief });
        this.words = app.words;
    }

    async open() {
        const kept = await this.app.store.get("drafts", this.stop.customer);
        this.draft = (kept && withoutOldCheckIn(kept)) || {
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

    /** Save at once what is being typed: the page is left. */
    async flush() {
        if (this.timer) {
            clearTimeout(this.timer);
            await this.save();
        }
        await this.reading;
    }

    async save() {
        this.timer = null;
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

    render() {
        this.element.replaceChildren(...new ReportForm(this).parts().filter(Boolean));
    }

    /** @param {string | null} chip none to have no appointment */
    async chooseNext(chip, start) {
        await this.set(
            chip
                ? { next_chip: chip, next_day: isoDay(start), next_time: clock(start) }
                : { next_chip: "", next_day: "", next_time: "" }
        );
        this.render();
    }

    async choose(name, key) {
        await this.set({ [name]: key });
        this.render();
    }

    addPhotos(files) {
        this.reading = Promise.all([this.reading, this.readPhotos([...files])]);
        return this.reading;
    }

    async readPhotos(files) {
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

    /** Photos that are still made smaller are waited for; a second tap files nothing. */
    async file(state) {
        if (this.filing) {
            return;
        }
        this.filing = true;
        this.render();
        await this.reading;
        if (state === "done" && this.isEmpty) {
            this.filing = false;
            this.render();
            this.app.say(this.words.empty, "warning");
            return;
        }
        this.filed = true;
        clearTimeout(this.timer);
        await this.app.file(this.report(state));
    }

    get isEmpty() {
        const { summary, feeling, promise, photos } = this.draft;
        return !(summary?.trim() || feeling || promise?.trim() || photos.length);
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
            opened: app.opened[customer],
            served: app.bundle.served,
            next_at: next_day
                ? new Date(`${next_day}T${next_time || "10:00"}`).getTime()
                : undefined,
        };
    }
}

/** A check-in holds for a day, except on site, which takes several. */
function withoutOldCheckIn({ checked_in, latitude, longitude, ...draft }) {
    const isOld = draft.channel !== "onsite" && !(Date.now() - checked_in <= DAY);
    return isOld ? draft : { ...draft, checked_in, latitude, longitude };
}

/** The draft that a report was made of, to go on with */
export function draftOf({ partner, next_at, ...values }) {
    return {
        ...values,
        customer: partner,
        ...(next_at && { next_day: isoDay(next_at), next_time: clock(next_at) }),
        sent: false,
        partial: false,
        message: "",
        note: "",
        code: "",
    };
}

function newKey() {
    const random = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
