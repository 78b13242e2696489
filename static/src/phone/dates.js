/** Days and times in the reader's language */
export class Dates {
    constructor(app) {
        this.app = app;
    }

    /** @param {string} iso a day, as 2026-11-10 */
    day(iso) {
        return this.format(
            { day: "numeric", month: "short" },
            new Date(`${iso}T12:00`)
        );
    }

    /** With its day, unless that is today */
    time(milliseconds) {
        const here = isoDay(milliseconds) === isoDay(this.app.now());
        return this.format(
            {
                hour: "2-digit",
                minute: "2-digit",
                ...(here ? {} : { day: "numeric", month: "short" }),
            },
            new Date(milliseconds)
        );
    }

    /** An appointment: its weekday, day and time */
    appointment(milliseconds) {
        return this.format(
            {
                weekday: "short",
                day: "numeric",
                month: "short",
                hour: "2-digit",
                minute: "2-digit",
            },
            new Date(milliseconds)
        );
    }

    format(options, date) {
        return new Intl.DateTimeFormat(this.app.lang, options).format(date);
    }
}

const two = (number) => String(number).padStart(2, "0");

export function isoDay(time) {
    const day = new Date(time);
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export function clock(time) {
    const moment = new Date(time);
    return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
