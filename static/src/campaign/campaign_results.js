import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatFloat } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const TONES = {
    very_high: "#1a8754",
    high: "#7fbf7b",
    neutral: "#c9c9c9",
    low: "#f4a259",
    very_low: "#d1495b",
};
const DARK = new Set(["very_high", "very_low"]);
const SIZE = 320;
const EDGE = 36;
const HALF = 50;
const DOT = 19;

/** Points that would cover each other are put side by side, towards the left. */
function spread(points) {
    const placed = [];
    for (const point of points) {
        const covers = ({ x, y }) => Math.hypot(x - point.x, y - point.y) < DOT;
        while (placed.some(covers)) {
            point.x -= DOT;
        }
        placed.push(point);
    }
}

/**
 * What a campaign found out, with the definitions beside the figures. Counted when the tab
 * is opened, and again when the form is loaded.
 */
export class CampaignResults extends Component {
    static template = "customer_care.CampaignResults";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ results: false });
        useRecordObserver((record) => this.load(record));
    }

    async load(record) {
        const known = record.data && record.resId;
        const [row] = known
            ? await this.orm.webRead(record.resModel, [known], {
                  specification: { results: {} },
              })
            : [];
        this.state.results = row?.results || false;
    }

    get results() {
        return this.state.results;
    }

    number(value, digits = 0) {
        return value === null || value === undefined || value === false
            ? "–"
            : formatFloat(value, { digits: [16, digits] });
    }

    signed(value) {
        return value > 0 ? `+${this.number(value)}` : this.number(value);
    }

    /** "95 %: 61–79", or why there is no interval. */
    interval(mean, signed = false) {
        if (!mean.count) {
            return _t("no answer");
        }
        if (mean.low === null) {
            return _t("a single answer has no confidence interval");
        }
        const show = (value) => (signed ? this.signed(value) : this.number(value));
        return _t("95 % confidence interval: %(low)s to %(high)s", {
            low: show(mean.low),
            high: show(mean.high),
        });
    }

    get levels() {
        return this.results.levels.map((level) => ({
            ...level,
            color: TONES[level.key],
            text: DARK.has(level.key) ? "#fff" : "#222",
        }));
    }

    /** Importance to the right, satisfaction upwards; what is important and bad is red. */
    get chart() {
        const span = SIZE - 2 * EDGE;
        const points = this.results.dimensions
            .map((dimension, index) => ({
                ...dimension,
                number: index + 1,
                x: EDGE + (span * dimension.importance) / 100,
                y: SIZE - EDGE - (span * dimension.satisfaction) / 100,
                urgent: dimension.importance >= HALF && dimension.ratio < 1,
            }))
            .filter(
                ({ importance, satisfaction }) =>
                    importance !== null && satisfaction !== null
            );
        spread(points);
        return { size: SIZE, edge: EDGE, span, middle: EDGE + span / 2, points };
    }

    ratioTone(ratio) {
        if (ratio === null) {
            return "";
        }
        return ratio < 1 ? "text-danger" : "text-success";
    }
}

registry.category("view_widgets").add("care_campaign_results", {
    component: CampaignResults,
});
