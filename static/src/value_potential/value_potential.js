import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { hasTouch } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Model, useModelWithSampleData } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { SearchModel } from "@web/search/search_model";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { graphView } from "@web/views/graph/graph_view";
import { standardViewProps } from "@web/views/standard_view_props";
import { ActionHelper } from "@web/views/action_helper";
import { fade, GRID_COLOR, textColor, tierColor } from "../tier_colors/tier_colors";
import { amountAxis, spread } from "./value_potential_scale";

/** Rows of the chart from the bottom; customers without potential are in the first. */
const LEVELS = [false, "low", "medium", "high"];

class ValuePotentialModel extends Model {
    setup({ resModel }) {
        this.resModel = resModel;
    }

    async load({ domain, context }) {
        this.data = await this.orm.call(
            this.resModel,
            "get_value_potential",
            [domain],
            { context }
        );
    }
}

/** What customers buy a month against how much more they could buy. */
export class ValuePotentialChart extends Component {
    static template = "customer_care.ValuePotentialChart";
    static props = { data: Object, potentials: Array };

    setup() {
        this.action = useService("action");
        this.ui = useService("ui");
        this.canvas = useRef("canvas");
        this.hidden = new Set();
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                // eslint-disable-next-line no-undef
                this.chart = new Chart(this.canvas.el, this.config());
                this.touched = null;
                return () => this.chart.destroy();
            },
            () => [this.props.data, this.ui.isSmall]
        );
    }

    get data() {
        return this.props.data;
    }

    get sampled() {
        return this.data.points.length < this.data.total;
    }

    get unratedCount() {
        return this.data.points.filter((point) => !point.potential).length;
    }

    get sampledText() {
        return _t(
            "The %(shown)s largest of %(total)s customers are shown. Filter to see the others.",
            {
                shown: formatInteger(this.data.points.length),
                total: formatInteger(this.data.total),
            }
        );
    }

    get unratedText() {
        return _t(
            "%s customers have no potential yet: rate it on their tab Care.",
            formatInteger(this.unratedCount)
        );
    }

    get description() {
        return _t("Value and potential of %s customers", this.data.points.length);
    }

    formatCount(count) {
        return formatInteger(count);
    }

    dotStyle(tier) {
        return `background-color: var(--o-care-color-${tier.color})`;
    }

    formatAmount(amount, options = {}) {
        return formatMonetary(amount, {
            currencyId: this.data.currency_id,
            ...options,
        });
    }

    levelLabel(level) {
        return LEVELS[level]
            ? this.props.potentials.find(([key]) => key === LEVELS[level])[1]
            : _t("Not rated");
    }

    toggle(tier) {
        if (!this.hidden.delete(tier.id)) {
            this.hidden.add(tier.id);
        }
        this.chart.setDatasetVisibility(
            this.data.tiers.indexOf(tier),
            !this.hidden.has(tier.id)
        );
        this.chart.update();
        this.render();
    }

    // ------------------------------------------------------------------
    // Chart
    // ------------------------------------------------------------------

    config() {
        const { points, tiers } = this.data;
        const axis = amountAxis(points.map((point) => point.amount));
        const floor = this.unratedCount ? -0.5 : 0.5;
        const color = textColor();
        return {
            type: "scatter",
            data: {
                datasets: tiers.map((tier) => this.dataset(tier, axis)),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                layout: { padding: { right: this.ui.isSmall ? 4 : 16 } },
                onClick: (event, elements) => this.onClick(event, elements),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        displayColors: false,
                        callbacks: {
                            title: ([item]) => item.raw.point.name,
                            label: ({ raw }) => this.tooltip(raw.point),
                        },
                    },
                },
                scales: {
                    x: {
                        type: axis.type,
                        min: axis.min,
                        max: axis.max,
                        title: {
                            display: true,
                            text: _t("Purchases a month"),
                            color,
                        },
                        grid: { color: fade(GRID_COLOR, 0.2) },
                        ticks: {
                            color,
                            maxRotation: 0,
                            autoSkip: true,
                            maxTicksLimit: this.ui.isSmall ? 5 : 12,
                            callback: (value) => this.amountTick(value, axis),
                        },
                    },
                    y: {
                        min: floor,
                        max: 3.5,
                        title: {
                            display: !this.ui.isSmall,
                            text: _t("Potential"),
                            color,
                        },
                        grid: { display: false },
                        afterBuildTicks: (scale) => {
                            scale.ticks = LEVELS.map((_level, value) => ({
                                value,
                            })).filter(({ value }) => value > floor);
                        },
                        ticks: {
                            color,
                            autoSkip: false,
                            callback: (value) => this.levelLabel(value),
                        },
                    },
                },
            },
            plugins: [
                { id: "levels", beforeDatasetsDraw: (chart) => this.lines(chart) },
            ],
        };
    }

    dataset(tier, axis) {
        const color = tierColor(tier.color);
        return {
            label: tier.code,
            data: this.data.points
                .filter((point) => point.tier_id === tier.id)
                .map((point) => ({
                    x: axis.place(point.amount),
                    y: LEVELS.indexOf(point.potential) + spread(point.partner_id),
                    point,
                })),
            backgroundColor: fade(color, 0.75),
            borderColor: color,
            hidden: this.hidden.has(tier.id),
            pointRadius: this.data.points.length > 300 ? 4 : 6,
            pointHoverRadius: 9,
            clip: 10,
            pointHitRadius: hasTouch() ? 10 : 3,
        };
    }

    amountTick(value, axis) {
        if (!axis.isLabelled(value)) {
            return null;
        }
        const amount = this.formatAmount(value, {
            humanReadable: true,
            digits: [16, 0],
            minDigits: 2,
        });
        return value === axis.min && axis.clamped ? `≤ ${amount}` : amount;
    }

    tooltip(point) {
        const tier = this.data.tiers.find(({ id }) => id === point.tier_id);
        return [
            _t("Tier: %s", `${tier.code} · ${tier.name}`),
            _t("Purchases a month: %s", this.formatAmount(point.amount)),
            _t("Potential: %s", this.levelLabel(LEVELS.indexOf(point.potential))),
        ];
    }

    /** Between the levels, and where tiers begin. */
    lines({ ctx, chartArea: { left, right, top, bottom }, scales }) {
        ctx.save();
        ctx.lineWidth = 1;
        ctx.strokeStyle = fade(GRID_COLOR, 0.4);
        for (const level of [0.5, 1.5, 2.5]) {
            const y = scales.y.getPixelForValue(level);
            this.line(ctx, left, y, right, y);
        }
        ctx.setLineDash([4, 4]);
        ctx.font = "bold 12px sans-serif";
        for (const tier of this.data.tiers) {
            if (tier.bound && tier.bound > scales.x.min && tier.bound < scales.x.max) {
                const x = scales.x.getPixelForValue(tier.bound);
                ctx.strokeStyle = ctx.fillStyle = tierColor(tier.color);
                this.line(ctx, x, top, x, bottom);
                ctx.fillText(tier.code, x + 4, top + 12);
            }
        }
        ctx.restore();
    }

    line(ctx, x1, y1, x2, y2) {
        ctx.beginPath();
        ctx.moveTo(x1, y1);
        ctx.lineTo(x2, y2);
        ctx.stroke();
    }

    /** Fingers see no tooltip: their first touch shows it, the second opens. */
    onClick(event, [element]) {
        const point =
            element &&
            this.chart.data.datasets[element.datasetIndex].data[element.index].point;
        const again = point && this.touched === point;
        this.touched = point;
        if (point && (again || event.native.pointerType !== "touch")) {
            return this.open(point);
        }
    }

    open(point) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: point.partner_id,
            views: [[false, "form"]],
        });
    }
}

export class ValuePotentialController extends Component {
    static template = "customer_care.ValuePotentialView";
    static components = {
        ActionHelper,
        CogMenu,
        Layout,
        SearchBar,
        ValuePotentialChart,
    };
    static props = { ...standardViewProps };

    setup() {
        this.model = useModelWithSampleData(
            ValuePotentialModel,
            { resModel: this.props.resModel },
            { lazy: !this.env.inDialog }
        );
        useSetupAction({ rootRef: useRef("root") });
        this.searchBarToggler = useSearchBarToggler();
    }

    get filtered() {
        return (
            this.env.searchModel.facets.length > 0 ||
            this.env.searchModel
                .getSections()
                .some(({ values }) =>
                    [...values.values()].some((value) => value.checked)
                )
        );
    }
}

registry.category("views").add("care_value_potential", {
    ...graphView,
    Controller: ValuePotentialController,
    SearchModel,
    searchMenuTypes: ["filter", "favorite"],
    props: (genericProps) => genericProps,
});
