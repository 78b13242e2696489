import { Component, onWillDestroy, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { everySecond } from "./shared_tick";

const SECOND = 1000;
const MINUTE = 60;
const TONES = {
    missed: "danger",
    at_risk: "warning",
    on_track: "success",
    paused: "secondary",
    met: "success",
    none: "secondary",
};

/**
 * Working seconds from one instant to another, in milliseconds since 1970.
 *
 * @param {Array|null} parts [[from, to]] in which is worked; null around the clock
 */
export function workingSeconds(parts, from, to) {
    if (parts === null) {
        return Math.max(to - from, 0) / SECOND;
    }
    return parts.reduce(
        (sum, [start, end]) =>
            sum + Math.max(Math.min(end, to) - Math.max(start, from), 0) / SECOND,
        0
    );
}

/**
 * "1 h 05 min", "4 min", "30 s"; what is left is rounded up, what is late down
 */
export function duration(seconds, round = Math.ceil) {
    if (seconds < MINUTE) {
        return _t("%s s", round(seconds));
    }
    const minutes = round(seconds / MINUTE);
    if (minutes < 60) {
        return _t("%s min", minutes);
    }
    return _t("%(hours)s h %(minutes)s min", {
        hours: Math.floor(minutes / 60),
        minutes: String(minutes % 60).padStart(2, "0"),
    });
}

const instant = (text) => (text ? deserializeDateTime(text).toMillis() : null);

/** "from/to,from/to" as [[from, to]]; null is around the clock */
function intervals(text) {
    const parts = text && text.split(",").map((part) => part.split("/").map(instant));
    return text === "" ? [] : parts;
}

/**
 * Counts the working time until the deadline down. It computes from the clock at every
 * tick and never from the last tick, so a tab that slept for a night is right at once.
 */
export class SlaBadge extends Component {
    static template = "customer_care.SlaBadge";
    static props = { timer: { optional: true } };

    setup() {
        this.state = useState({ tick: 0 });
        const stop = everySecond(() => {
            this.state.tick++;
        });
        this.loaded = { said: "", now: null, at: 0 };
        onWillDestroy(stop);
    }

    /** What the server said; its instants are read once and not at every tick. */
    get timer() {
        const timer = this.props.timer;
        const said = JSON.stringify(timer);
        if (timer && said !== this.loaded.said) {
            const isNew = timer.now !== this.loaded.now;
            Object.assign(this.loaded, {
                said,
                now: timer.now,
                at: isNew ? Date.now() : this.loaded.at,
                start: instant(timer.now),
                deadline: instant(timer.deadline),
                warn: instant(timer.warn),
                parts: intervals(timer.parts),
            });
        }
        return timer;
    }

    /** Now by the clock of the server, whatever that of the machine says. */
    get now() {
        return this.loaded.start + (Date.now() - this.loaded.at);
    }

    /** Everything the template shows. */
    get shown() {
        const timer = this.timer;
        if (!timer || !timer.deadline) {
            const state = timer ? timer.state : "none";
            return { state, tone: TONES[state], text: this.idle(state), title: "" };
        }
        void this.state.tick;
        const { deadline, warn, parts } = this.loaded;
        const now = this.now;
        const title = _t("%(what)s by %(when)s", {
            what: timer.target === "reply" ? _t("Reply") : _t("Solution"),
            when: toLocaleDateTimeString(deserializeDateTime(timer.deadline)),
        });
        if (now > deadline) {
            const late = duration(workingSeconds(parts, deadline, now), Math.floor);
            return {
                state: "missed",
                tone: "danger",
                text: _t("%s late", late),
                title,
            };
        }
        const state = warn !== null && now >= warn ? "at_risk" : "on_track";
        const left = duration(workingSeconds(parts, now, deadline));
        return { state, tone: TONES[state], text: _t("%s left", left), title };
    }

    idle(state) {
        return {
            paused: _t("Paused"),
            met: _t("In time"),
            missed: _t("Was late"),
        }[state];
    }
}

export class SlaTimer extends Component {
    static template = "customer_care.SlaTimer";
    static components = { SlaBadge };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("care_sla_timer", {
    component: SlaTimer,
    displayName: _t("SLA Timer"),
    supportedTypes: ["json"],
});
