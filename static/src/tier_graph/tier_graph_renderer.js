import { patch } from "@web/core/utils/patch";
import { GraphRenderer } from "@web/views/graph/graph_renderer";

/** A tier has the colour of its badges. */
patch(GraphRenderer.prototype, {
    getBarChartData() {
        const data = super.getBarChartData();
        this.colorTiers(["backgroundColor"]);
        return data;
    },

    getLineChartData() {
        const data = super.getLineChartData();
        if (this.model.metaData.groupBy.length > 1) {
            this.colorTiers([
                "borderColor",
                "pointBackgroundColor",
                "hoverBackgroundColor",
            ]);
        }
        return data;
    },

    getPieChartData() {
        const data = super.getPieChartData();
        this.colorTiers(["backgroundColor", "hoverBackgroundColor"]);
        return data;
    },

    colorTiers(names) {
        this.model.getTierColors().forEach((color, index) => {
            if (color?.length) {
                for (const name of names) {
                    this.model.data.datasets[index][name] = color;
                }
            }
        });
    },
});
