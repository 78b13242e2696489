import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";

const { DateTime } = luxon;
const WIDTH = 600;
const ROW = 26;
const LEFT = 30;

/** Steps of a customer's tier over time: the best tier on top, today at the right. */
export class TierTimeline extends Component {
    static template = "customer_care.TierTimeline";
    static props = { changes: Array };

    get changes() {
        return this.props.changes;
    }

    get chart() {
        const changes = this.changes.map((change) => ({
            ...change,
            sequence: change.sequence === null ? Infinity : change.sequence,
            day: deserializeDate(change.date),
        }));
        const sequences = [...new Set(changes.map((change) => change.sequence))];
        sequences.sort((a, b) => a - b);
        const levels = sequences.map((sequence, index) => {
            const { code } = changes.find((c) => c.sequence === sequence);
            return { code: code || "–", y: ROW * (index + 0.5) };
        });
        const start = changes[0].day.toMillis();
        const end = Math.max(
            DateTime.now().startOf("day").toMillis(),
            changes.at(-1).day.toMillis()
        );
        const x = (day) =>
            LEFT + ((WIDTH - LEFT) * (day.toMillis() - start)) / (end - start || 1);
        const y = (change) => levels[sequences.indexOf(change.sequence)].y;
        const points = changes.map((change) => ({ x: x(change.day), y: y(change) }));
        const path = points
            .map((point, index) =>
                index ? `H${point.x}V${point.y}` : `M${point.x},${point.y}`
            )
            .join("");
        return {
            levels,
            left: LEFT,
            width: WIDTH,
            height: ROW * levels.length,
            path: `${path}H${WIDTH}`,
            dots: points.map((point, index) => ({
                ...point,
                x: Math.min(point.x, WIDTH - 5),
                color: changes[index].color || 0,
                title: `${formatDate(changes[index].day)}: ${changes[index].code || "–"}`,
            })),
            from: formatDate(changes[0].day),
        };
    }

    get description() {
        return this.changes
            .map(
                (change) =>
                    `${formatDate(deserializeDate(change.date))} ${change.code || "–"}`
            )
            .join(", ");
    }
}
