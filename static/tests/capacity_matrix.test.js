import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const cell = (planned, working, load) => ({ planned, working, load });

const MATRIX = {
    weeks: ["2026-03-02", "2026-03-09"],
    rows: [
        { id: 7, name: "Ann", cells: [cell(48, 40, 120), cell(40, 40, 100)] },
        { id: 8, name: "Bob", cells: [cell(32, 40, 80), cell(31.6, 40, 79)] },
        { id: 9, name: "Cai", cells: [cell(2.5, 0, null), cell(0, 40, 0)] },
    ],
};

class CareCapacity extends models.Model {
    _name = "care.capacity";

    weeks = fields.Integer();
    matrix = fields.Json();

    _records = [
        { id: 1, weeks: 2, matrix: MATRIX },
        { id: 2, weeks: 2, matrix: { weeks: ["2026-03-02"], rows: [] } },
        { id: 3, weeks: 2, matrix: false },
    ];
}

defineMailModels();
defineModels([CareCapacity]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "care.capacity",
        resId,
        arch: `<form><field name="weeks"/><field name="matrix" widget="care_capacity_matrix"/></form>`,
    });

const at = (row, column) => `.o_care_capacity tbody tr:eq(${row}) td:eq(${column})`;

test("people by weeks", async () => {
    await mount(1);
    expect(queryAllTexts(".o_care_capacity thead th")).toEqual([
        "Week of",
        "Mar 2",
        "Mar 9",
    ]);
    expect(queryAllTexts(".o_care_capacity tbody th")).toEqual(["Ann", "Bob", "Cai"]);
    expect(".o_care_capacity thead th[scope=col]").toHaveCount(3);
    expect(".o_care_capacity tbody th[scope=row]").toHaveCount(3);
    expect(".o_care_capacity caption").toHaveCount(1);
});

test("loads, from what kind they are to what they read", async () => {
    await mount(1);
    expect(at(0, 0)).toHaveClass("o_care_capacity_over");
    expect(at(0, 1)).toHaveClass("o_care_capacity_nearly");
    expect(at(1, 0)).toHaveClass("o_care_capacity_nearly");
    expect(at(1, 1)).toHaveClass("o_care_capacity_free");
    expect(at(2, 0)).toHaveClass("o_care_capacity_closed");
    expect(at(2, 1)).toHaveClass("o_care_capacity_idle");
    // Not by colour alone: who has too much to do is marked in the text, too.
    expect(at(0, 0)).toHaveText("120 % !\n48 of 40 h");
    expect(at(0, 1)).toHaveText("100 %\n40 of 40 h");
    expect(at(1, 1)).toHaveText("79 %\n31.6 of 40 h");
    expect(at(2, 0)).toHaveText("No working hours\n2.5 of 0 h");
    expect(at(2, 1)).toHaveText("–");
    expect(`${at(0, 0)} button`).toHaveAttribute(
        "aria-label",
        "Ann, week of Mar 2: 120 % !, 48 of 40 h"
    );
    expect(`${at(2, 1)} button`).toHaveCount(0);
});

/** Contrast by WCAG 2: 4.5 is what normal text needs. */
function contrast(...colors) {
    const [light, dark] = colors
        .map((color) => {
            const [r, g, b] = color
                .match(/[\d.]+/g)
                .slice(0, 3)
                .map((value) => value / 255)
                .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        })
        .sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

test("an overload can be read on its red", async () => {
    await mount(1);
    const { backgroundColor } = getComputedStyle(queryFirst(at(0, 0)));
    const { color } = getComputedStyle(queryFirst(`${at(0, 0)} button`));
    expect(contrast(color, backgroundColor)).toBeGreaterThan(4.5);
});

test("a cell opens the contacts behind it", async () => {
    onRpc("care.capacity", "action_open_cell", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "care.plan.target" };
    });
    mockService("action", {
        doAction: (action) => expect.step(action.res_model),
    });
    await mount(1);
    await contains(`${at(1, 1)} button`).click();
    expect.verifySteps([[[1], 8, "2026-03-09"], "care.plan.target"]);
});

for (const resId of [2, 3]) {
    test(`nobody owes anything: a sentence (${resId})`, async () => {
        await mount(resId);
        expect(".o_care_capacity").toHaveCount(0);
        expect(".o_field_care_capacity_matrix").toHaveText(/No contacts are due/);
    });
}

test("on a phone the table scrolls beside the people", async () => {
    await mount(1);
    expect(queryFirst(".o_care_capacity")).toHaveStyle({ overflowX: "auto" });
    expect(".o_care_capacity tbody th:first").toHaveStyle({ position: "sticky" });
});
