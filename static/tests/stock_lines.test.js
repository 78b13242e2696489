import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAllValues } from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const line = (category_id, name, quantity, hint = "") => ({
    category_id,
    name,
    quantity,
    hint,
});

class CareInteraction extends models.Model {
    _name = "care.interaction";

    stock_lines = fields.Json();

    _records = [
        {
            id: 1,
            stock_lines: [line(7, "Mask", 2.5), line(8, "Serum", null, "usually 4")],
        },
    ];
}

class ProductCategory extends models.Model {
    _name = "product.category";

    name = fields.Char();

    _records = [
        { id: 7, name: "Mask" },
        { id: 8, name: "Serum" },
        { id: 9, name: "Soap" },
    ];
}

defineMailModels();
defineModels([CareInteraction, ProductCategory]);

const mount = (attributes = "") =>
    mountView({
        type: "form",
        resModel: "care.interaction",
        resId: 1,
        arch: `<form><field name="stock_lines" widget="care_stock_lines" ${attributes}/></form>`,
    });

/** What is saved: [category, quantity] */
function onSave(steps) {
    onRpc("care.interaction", "web_save", ({ args }) => {
        steps.push(
            args[1].stock_lines.map(({ category_id, quantity }) => [
                category_id,
                quantity,
            ])
        );
    });
}

test("a quantity per usual category, empty where none is counted", async () => {
    const saved = [];
    onSave(saved);
    await mount();
    expect(queryAllTexts(".o_care_stock_line span")).toEqual(["Mask", "Serum"]);
    expect(queryAllValues(".o_care_stock_line input")).toEqual(["2.5", ""]);
    await contains(".o_care_stock_line[data-category='8'] input").edit("0");
    await contains(".o_care_stock_line[data-category='7'] input").edit("1,000");
    await clickSave();
    await contains(".o_care_stock_line[data-category='7'] input").edit("");
    await contains(".o_care_stock_line[data-category='8'] input").edit("some");
    await clickSave();
    expect(saved).toEqual([
        [
            [7, 1000],
            [8, 0],
        ],
        [
            [7, null],
            [8, "some"],
        ],
    ]);
});

test("another category is added once", async () => {
    const saved = [];
    onSave(saved);
    await mount();
    await contains(".o_care_stock_lines .o-autocomplete--input").click();
    expect(queryAllTexts(".o-autocomplete--dropdown-item")).not.toInclude("Mask");
    await contains(".o-autocomplete--dropdown-item:contains(Soap)").click();
    await contains(".o_care_stock_line[data-category='9'] input").edit("3");
    await clickSave();
    expect(saved[0].at(-1)).toEqual([9, 3]);
});

test("read only, what was counted is shown", async () => {
    await mount("readonly='1'");
    expect(queryAllTexts(".o_care_stock_line span")).toEqual(["Mask", "2.5"]);
    expect(".o_care_stock_lines input").toHaveCount(0);
});
