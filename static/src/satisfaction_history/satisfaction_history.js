import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

const WIDTH = 320;
const HEIGHT = 90;
const EDGE = 14;
const LEAST = 0.5;

/** Scores of a customer by wave, with the interval of several persons, and the change */
export class SatisfactionHistory extends Component {
    static template = "customer_care.SatisfactionHistory";
    static props = { waves: Array, change: { type: [Object, Boolean] } };

    setup() {
        this.size = { width: WIDTH, height: HEIGHT, edge: EDGE };
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    get scored() {
        return this.props.waves.filter(({ persons }) => persons.length);
    }

    y(score) {
        return HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * score) / 100;
    }

    get points() {
        const step = (WIDTH - 2 * EDGE) / Math.max(this.scored.length - 1, 1);
        return this.scored.map((wave, index) => ({
            ...wave,
            x: EDGE + index * step,
            y: this.y(wave.score),
            top: wave.high === null ? null : this.y(wave.high),
            bottom: wave.low === null ? null : this.y(wave.low),
            words: this.words(wave),
        }));
    }

    get line() {
        return this.points.map(({ x, y }) => `${x},${y}`).join(" ");
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    words(wave) {
        const words = `${wave.name}, ${this.day(wave.date)}: ${this.number(wave.score)}`;
        return wave.low === null
            ? words
            : `${words} (${this.number(wave.low)}–${this.number(wave.high)})`;
    }

    get latest() {
        return this.scored.at(-1);
    }

    get change() {
        const { value, significant } = this.props.change;
        const points = this.number(Math.abs(value));
        if (Math.abs(value) < LEAST) {
            return _t("Same as before");
        }
        if (significant) {
            return value > 0
                ? _t("Up %s points: more than chance", points)
                : _t("Down %s points: more than chance", points);
        }
        return value > 0
            ? _t("Up %s points; may be chance", points)
            : _t("Down %s points; may be chance", points);
    }

    get tone() {
        const { value, significant } = this.props.change;
        if (!significant || Math.abs(value) < LEAST) {
            return "text-muted";
        }
        return value > 0 ? "text-success" : "text-danger";
    }
}
