import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { duration } from "../sla_timer/sla_timer";

const TONES = {
    ongoing: "info",
    paused: "secondary",
    met: "success",
    missed: "danger",
    cancelled: "secondary",
};
const LEAST_MILLISECONDS = 60_000;
const LEAST_PERCENT = 0.3;

const instant = (text) => deserializeDateTime(text).toMillis();

/** The policies that apply to a complaint, why, and where the time went. */
export class SlaTimeline extends Component {
    static template = "customer_care.SlaTimeline";
    static props = { ...standardFieldProps };

    get timeline() {
        return this.props.record.data[this.props.name];
    }

    /** All clocks on one axis: from the reception to the last thing that matters. */
    get axis() {
        const { clocks, events, now } = this.timeline;
        const moments = events.map(({ at }) => instant(at));
        for (const { deadline, reached, state } of clocks) {
            moments.push(
                ...[deadline, reached].filter(Boolean).map(instant),
                ...(["ongoing", "paused"].includes(state) ? [instant(now)] : [])
            );
        }
        const from = Math.min(...moments);
        const to = Math.max(...moments, from + LEAST_MILLISECONDS);
        return {
            from,
            to,
            place: (at) => Math.min((100 * (at - from)) / (to - from), 100),
        };
    }

    get clocks() {
        const axis = this.axis;
        return this.timeline.clocks.map((clock) => ({
            ...clock,
            tone: TONES[clock.state],
            label: this.stateLabel(clock),
            used: this.used(clock),
            parts: this.parts(clock, axis),
            closed: this.closed(clock, axis),
            reason: clock.reasons.join(" "),
            end: clock.deadline && {
                left: axis.place(instant(clock.deadline)),
                title: _t("Deadline %s", this.moment(clock.deadline)),
            },
        }));
    }

    /** Spans of time; what runs after the deadline is a span of its own. */
    parts(clock, axis) {
        const deadline = clock.deadline ? instant(clock.deadline) : Infinity;
        return clock.spans
            .filter(([, , kind]) => kind !== "over")
            .flatMap(([start, end, kind]) => {
                const [first, last] = [instant(start), instant(end)];
                return kind === "running" && first < deadline && deadline < last
                    ? [
                          [first, deadline, kind],
                          [deadline, last, "late"],
                      ]
                    : [[first, last, first >= deadline ? "late" : kind]];
            })
            .map(([first, last, kind]) => ({
                kind,
                left: axis.place(first),
                width: axis.place(last) - axis.place(first),
                title: this.spanTitle(kind, first, last),
            }))
            .filter(({ width }) => width > 0);
    }

    /** Time in which nobody works; what is too short to be seen is left out. */
    closed({ closed }, axis) {
        return closed
            .map(([start, end]) => [
                Math.min(instant(start), axis.to),
                Math.min(instant(end), axis.to),
            ])
            .map(([first, last]) => ({
                left: axis.place(first),
                width: axis.place(last) - axis.place(first),
            }))
            .filter(({ width }) => width >= LEAST_PERCENT);
    }

    spanTitle(kind, first, last) {
        const label = {
            running: _t("Running"),
            paused: _t("Paused"),
            late: _t("Late"),
        };
        return _t("%(what)s from %(from)s to %(to)s", {
            what: label[kind],
            from: toLocaleDateTimeString(luxon.DateTime.fromMillis(first)),
            to: toLocaleDateTimeString(luxon.DateTime.fromMillis(last)),
        });
    }

    stateLabel({ state, dropped }) {
        if (dropped) {
            return _t("No longer applies");
        }
        return {
            ongoing: _t("Running"),
            paused: _t("Paused"),
            met: _t("Met"),
            missed: _t("Missed"),
            cancelled: _t("Cancelled"),
        }[state];
    }

    used({ elapsed, allowed, deadline, state }) {
        const used = _t("%(used)s of %(allowed)s", {
            used: duration(elapsed, Math.floor),
            allowed: duration(allowed),
        });
        if (deadline && state === "ongoing") {
            return _t("%(used)s, due %(when)s", {
                used,
                when: this.moment(deadline),
            });
        }
        return used;
    }

    moment(text) {
        return toLocaleDateTimeString(deserializeDateTime(text));
    }

    get ends() {
        const { from, to } = this.axis;
        return [from, to].map((at) =>
            toLocaleDateTimeString(luxon.DateTime.fromMillis(at))
        );
    }
}

registry.category("fields").add("care_sla_timeline", {
    component: SlaTimeline,
    displayName: _t("SLA Timeline"),
    supportedTypes: ["json"],
});
