import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import {
    formatFloat,
    formatInteger,
    formatMonetary,
} from "@web/views/fields/formatters";
import { fade, GRID_COLOR, textColor, tierColor } from "../tier_colors/tier_colors";

const NAMED_BARS = 60;

/**
 * Bars from the largest amount to the smallest, and the line of their running share.
 *
 * ``bars``: ``label`` or places ``first`` to ``last``, ``amount``, ``share`` (running,
 * percent) and, where there are ``tiers``, the ``parts`` of each of them.
 * ``marks``: after how many of the ``total`` a vertical line stands.
 */
export class ParetoChart extends Component {
    static template = "customer_care.ParetoChart";
    static props = {
        data: Object,
        amountLabel: String,
        description: String,
        onOpen: Function,
    };

    setup() {
        this.ui = useService("ui");
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                // eslint-disable-next-line no-undef
                const chart = new Chart(this.canvas.el, this.config());
                return () => chart.destroy();
            },
            () => [this.props.data, this.ui.isSmall]
        );
    }

    get bars() {
        return this.props.data.bars;
    }

    config() {
        const color = textColor();
        const highest = Math.max(100, ...this.bars.map((bar) => bar.share));
        return {
            type: "bar",
            data: {
                labels: this.bars.map((bar) => this.label(bar)),
                datasets: [this.line(color), ...this.columns()],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                layout: { padding: { top: 16 } },
                onClick: (event, [element]) =>
                    element && this.props.onOpen(this.bars[element.index]),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        displayColors: false,
                        filter: (item, index) => index === 0,
                        callbacks: {
                            title: ([item]) => this.title(this.bars[item.dataIndex]),
                            label: (item) => this.tooltip(this.bars[item.dataIndex]),
                        },
                    },
                },
                scales: {
                    x: {
                        stacked: true,
                        grid: { display: false },
                        ticks: {
                            color,
                            autoSkip: true,
                            maxRotation: this.ui.isSmall ? 90 : 60,
                        },
                    },
                    y: {
                        stacked: true,
                        title: {
                            display: !this.ui.isSmall,
                            text: this.props.amountLabel,
                            color,
                        },
                        grid: { color: fade(GRID_COLOR, 0.2) },
                        ticks: {
                            color,
                            callback: (value) => this.formatShort(value),
                        },
                    },
                    share: {
                        position: "right",
                        min: 0,
                        max: highest,
                        title: {
                            display: !this.ui.isSmall,
                            text: _t("Share of sales together"),
                            color,
                        },
                        grid: { display: false },
                        ticks: { color, callback: (value) => `${value} %` },
                    },
                },
            },
            plugins: [{ id: "marks", afterDatasetsDraw: (chart) => this.marks(chart) }],
        };
    }

    /** Names of a few, numbers of many. */
    label(bar) {
        if (bar.label && !this.ui.isSmall) {
            return bar.label.length > 22 ? `${bar.label.slice(0, 21)}…` : bar.label;
        }
        return formatInteger(bar.last);
    }

    line(color) {
        return {
            type: "line",
            data: this.bars.map((bar) => bar.share),
            yAxisID: "share",
            borderColor: color,
            backgroundColor: color,
            borderWidth: 2,
            clip: 8,
            pointRadius: this.bars.length > NAMED_BARS / 2 ? 0 : 3,
            tension: 0,
        };
    }

    columns() {
        const look = { yAxisID: "y", barPercentage: 1, categoryPercentage: 0.9 };
        const { tiers } = this.props.data;
        if (!tiers) {
            const primary = getComputedStyle(document.documentElement)
                .getPropertyValue("--primary")
                .trim();
            const data = this.bars.map((bar) => bar.amount);
            return [{ ...look, data, backgroundColor: primary }];
        }
        return tiers.map((tier) => ({
            ...look,
            data: this.bars.map(
                (bar) => bar.parts.find((part) => part.tier_id === tier.id)?.amount || 0
            ),
            backgroundColor: tierColor(tier.color),
        }));
    }

    marks({ ctx, chartArea: { left, right, top, bottom } }) {
        const width = (right - left) / this.bars.length;
        ctx.save();
        ctx.setLineDash([4, 4]);
        ctx.lineWidth = 1.5;
        ctx.font = "bold 12px sans-serif";
        ctx.textAlign = "end";
        this.props.data.marks.forEach((mark, index) => {
            const x = left + width * this.place(mark.count);
            ctx.strokeStyle = ctx.fillStyle = tierColor(mark.color);
            ctx.beginPath();
            ctx.moveTo(x, top - 12);
            ctx.lineTo(x, bottom);
            ctx.stroke();
            ctx.fillText(
                mark.label || this.formatShare(mark.share),
                x - 4,
                top - 2 + 14 * (index % 2)
            );
        });
        ctx.restore();
    }

    /** Number of bars, and of a part of one, that ``count`` of all fill. */
    place(count) {
        const index = this.bars.findIndex((bar) => bar.last >= count);
        if (index < 0) {
            return this.bars.length;
        }
        const { first, last } = this.bars[index];
        return index + (count - first + 1) / (last - first + 1);
    }

    title(bar) {
        if (bar.label) {
            return bar.label;
        }
        return _t("Customers %(first)s to %(last)s", {
            first: formatInteger(bar.first),
            last: formatInteger(bar.last),
        });
    }

    tooltip(bar) {
        return [
            `${this.props.amountLabel}: ${this.formatAmount(bar.amount)}`,
            ...this.tiersOf(bar),
            _t("With all before: %s", this.formatShare(bar.share)),
        ];
    }

    tiersOf(bar) {
        return (this.props.data.tiers || [])
            .map((tier) => [tier, bar.parts.find((part) => part.tier_id === tier.id)])
            .filter(([, part]) => part)
            .map(([tier, part]) =>
                _t("%(tier)s: %(count)s", {
                    tier: tier.code || _t("No tier"),
                    count: formatInteger(part.count),
                })
            );
    }

    formatShare(share) {
        return `${formatFloat(share, { digits: [16, share % 1 ? 1 : 0] })} %`;
    }

    formatAmount(amount) {
        return formatMonetary(amount, { currencyId: this.props.data.currency_id });
    }

    formatShort(amount) {
        return formatMonetary(amount, {
            currencyId: this.props.data.currency_id,
            humanReadable: true,
            digits: [16, 0],
            minDigits: 2,
        });
    }
}
