import { tierColor } from "@customer_care/tier_colors/tier_colors";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class CareTier extends models.Model {
    _name = "care.tier";
    name = fields.Char();
    color = fields.Integer();
    _records = [
        { id: 1, name: "A", color: 3 },
        { id: 2, name: "B", color: 10 },
    ];
}

class CareCustomerReport extends models.Model {
    _name = "care.customer.report";
    tier_id = fields.Many2one({ relation: "care.tier" });
    state = fields.Selection({
        selection: [
            ["new", "New"],
            ["lost", "Lost"],
        ],
    });
    _records = [
        { id: 1, tier_id: 2, state: "new" },
        { id: 2, tier_id: 1, state: "new" },
        { id: 3, tier_id: 2, state: "lost" },
        { id: 4, tier_id: false, state: "lost" },
    ];
}

defineMailModels();
defineModels([CareTier, CareCustomerReport]);

async function colorsOf(mode, ...groups) {
    await mountView({
        type: "graph",
        resModel: "care.customer.report",
        arch: `<graph type="${mode}">${groups
            .map((name) => `<field name="${name}"/>`)
            .join("")}</graph>`,
    });
    await animationFrame();
    // eslint-disable-next-line no-undef
    const chart = Chart.getChart(queryFirst(".o_graph_renderer canvas"));
    return Object.fromEntries(
        chart.data.datasets
            .filter((dataset) => dataset.type !== "line" || mode === "line")
            .flatMap((dataset) => {
                const { backgroundColor, borderColor, label } = dataset;
                const color = mode === "line" ? borderColor : backgroundColor;
                return Array.isArray(color)
                    ? chart.data.labels.map((name, index) => [name, color[index]])
                    : [[label, color]];
            })
    );
}

test("badges and charts take their colours from the same palette", async () => {
    expect(tierColor(3)).toBe("#e8bb1d");
    expect(tierColor(0)).toBe(tierColor(false));
});

for (const mode of ["bar", "pie"]) {
    test(`tiers have their colours in a ${mode} chart`, async () => {
        expect(await colorsOf(mode, "tier_id")).toEqual({
            A: tierColor(3),
            B: tierColor(10),
            None: tierColor(0),
        });
    });
}

for (const mode of ["bar", "line"]) {
    test(`tiers have their colours as series of a ${mode} chart`, async () => {
        expect(await colorsOf(mode, "state", "tier_id")).toEqual({
            A: tierColor(3),
            B: tierColor(10),
            None: tierColor(0),
        });
    });
}

test("other series keep Odoo's colours", async () => {
    const colors = Object.values(await colorsOf("bar", "tier_id", "state"));
    expect(colors).toHaveLength(2);
    expect(colors).not.toInclude(tierColor(3));
    expect(colors).not.toInclude(tierColor(10));
});

test("a badge has the colour of the tier without a field for it", async () => {
    await mountView({
        type: "list",
        resModel: "care.customer.report",
        arch: `<list><field name="tier_id" widget="care_tier_badge"/></list>`,
    });
    expect(queryAllTexts(".o_data_row .badge")).toEqual(["B", "A", "B"]);
    expect(".o_data_row .badge.o_badge_color_3").toHaveCount(1);
    expect(".o_data_row .badge.o_badge_color_10").toHaveCount(2);
});
