import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** How much of all the first ones make together, in whole percent. */
export function cumulativeShares(values) {
    const total = values.reduce((sum, value) => sum + value, 0);
    let sum = 0;
    return values.map((value) => {
        sum += value;
        return total ? Math.round((100 * sum) / total) : 0;
    });
}

class ParetoModel extends GraphModel {
    _getLineOverlayDataset() {
        const { datasets } = this.data;
        if (datasets.length !== 1) {
            return super._getLineOverlayDataset();
        }
        return {
            label: _t("Cumulative, %"),
            data: cumulativeShares(datasets[0].data),
            currencyIds: [],
            trueLabels: datasets[0].trueLabels,
            yAxisID: "share",
        };
    }
}

class ParetoRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (this.model.lineOverlayDataset?.yAxisID) {
            scales.share = {
                type: "linear",
                position: "right",
                min: 0,
                max: 100,
                ticks: {
                    callback: (value) => `${value} %`,
                    color: scales.x.ticks.color,
                },
                grid: { display: false },
            };
        }
        return scales;
    }
}

/** Bars from the most frequent to the least, and the line of their running share. */
registry.category("views").add("care_pareto", {
    ...graphView,
    Model: ParetoModel,
    Renderer: ParetoRenderer,
});
