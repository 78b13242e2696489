import { registries } from "@odoo/o-spreadsheet";
import "@spreadsheet/chart/odoo_chart/odoo_bar_chart";
import "@spreadsheet/chart/odoo_chart/odoo_pie_chart";

const { chartRegistry } = registries;

/** In spreadsheets, too, a tier has the colour of its badges. */
function colorTiers({ data, options }, colors) {
    colors.forEach((color, index) => {
        if (color?.length) {
            data.datasets[index].backgroundColor = color;
        }
    });
    const labels = options.plugins.legend?.labels;
    if (Array.isArray(colors[0]) && labels?.generateLabels) {
        // The legend of a pie, which asks the palette again
        const { generateLabels } = labels;
        labels.generateLabels = (chart) =>
            generateLabels(chart).map((label, index) => ({
                ...label,
                fillStyle: colors[0][index],
                strokeStyle: colors[0][index],
            }));
    }
}

for (const kind of ["odoo_bar", "odoo_pie"]) {
    const original = chartRegistry.get(kind);
    chartRegistry.replace(kind, {
        ...original,
        getChartRuntime(chart, ...others) {
            const runtime = original.getChartRuntime(chart, ...others);
            const model = chart.dataSource._model;
            if (chart.dataSource.isReady() && model?.tierColors) {
                colorTiers(runtime.chartJsConfig, model.getTierColors());
            }
            return runtime;
        },
    });
}
