import { isoDay } from "./dates.js";

const STEP = 15 * 60_000; // ms
const SEARCH_DAYS = 14;
const MINUTE = 60_000;

export const CHIP_DAYS = { tomorrow: 1, week_1: 7, week_2: 14, week_4: 28 };

export function addDays(iso, days) {
    const day = new Date(`${iso}T12:00`);
    day.setDate(day.getDate() + days);
    return isoDay(day);
}

/** The first free start on a day or after it, on a quarter of an hour.
 * @param {Object} free {day: [[start, end]]} in ms, in the order of the days
 * @param {number} length ms
 * @param {number[][]} taken spans that are free no more
 * @returns {number | null} ms */
export function firstSlot(free, day, length, taken = []) {
    const last = addDays(day, SEARCH_DAYS);
    for (const [date, spans] of Object.entries(free)) {
        if (date < day || date > last) {
            continue;
        }
        for (const [start, end] of without(spans, taken)) {
            const from = Math.ceil(start / STEP) * STEP;
            if (from + length <= end) {
                return from;
            }
        }
    }
    return null;
}

function without(spans, taken) {
    return taken.reduce(
        (left, [from, to]) =>
            left
                .flatMap(([start, end]) =>
                    to <= start || end <= from
                        ? [[start, end]]
                        : [
                              [start, from],
                              [to, end],
                          ]
                )
                .filter(([start, end]) => start < end),
        spans
    );
}

/** {chip: ms} of the next appointments that the user may choose with one tap: in working
 * hours, where neither the calendar nor a report that waits has something else; empty if
 * the day that is kept knows no free time. */
export function nextSlots({ bundle, reports, now }, stop, channel) {
    const free = bundle.free?.[stop.company];
    if (!free) {
        return {};
    }
    const length = (name) => (free.minutes[name] || 60) * MINUTE;
    const taken = reports
        .filter((row) => row.next_at && row.state !== "refused")
        .map((row) => [row.next_at, row.next_at + length(row.channel)]);
    const today = isoDay(now());
    const days = Object.fromEntries(
        Object.entries(CHIP_DAYS).map(([name, ahead]) => [name, addDays(today, ahead)])
    );
    if (stop.next_due > today) {
        days.when_due = stop.next_due;
    }
    const slots = {};
    for (const [name, day] of Object.entries(days)) {
        const start = firstSlot(free.days, day, length(channel), taken);
        if (start) {
            slots[name] = start;
        }
    }
    return slots;
}
