import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllAttributes, queryRect } from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const FEELINGS = [
    ["1", "Very dissatisfied"],
    ["2", "Somewhat dissatisfied"],
    ["3", "No opinion"],
    ["4", "Fairly satisfied"],
    ["5", "Highly satisfied"],
];

class CareInteraction extends models.Model {
    _name = "care.interaction";

    satisfaction = fields.Selection({ selection: FEELINGS });

    _records = [
        { id: 1, satisfaction: "4" },
        { id: 2, satisfaction: false },
    ];
}

defineMailModels();
defineModels([CareInteraction]);

const mount = (resId, attributes = "") =>
    mountView({
        type: "form",
        resModel: "care.interaction",
        resId,
        arch: `<form><field name="satisfaction" widget="care_faces" ${attributes}/></form>`,
    });

test("a button for each feeling, named after it", async () => {
    await mount(1);
    const labels = FEELINGS.map(([, label]) => label);
    const buttons = ".o_care_faces button";
    expect(queryAllAttributes(buttons, "title")).toEqual(labels);
    expect(queryAllAttributes(buttons, "aria-label")).toEqual(labels);
    expect(queryAllAttributes(buttons, "aria-pressed")).toEqual([
        "false",
        "false",
        "false",
        "true",
        "false",
    ]);
    expect(`${buttons} svg`).toHaveCount(5);
});

test("a feeling is chosen and changed", async () => {
    onRpc("care.interaction", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mount(2);
    expect(".o_care_faces [aria-pressed=true]").toHaveCount(0);
    expect(".o_care_face_label").toHaveCount(0);
    await contains("button[title='Very dissatisfied']").click();
    expect(".o_care_faces [aria-pressed=true]").toHaveCount(1);
    expect(".o_care_face_label").toHaveText("Very dissatisfied");
    await contains("button[title='Highly satisfied']").click();
    expect(".o_care_faces [aria-pressed=true]").toHaveCount(1);
    expect("button[title='Highly satisfied']").toHaveAttribute("aria-pressed", "true");
    await clickSave();
    expect.verifySteps([{ satisfaction: "5" }]);
});

test("the same face again takes it back", async () => {
    onRpc("care.interaction", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mount(1);
    await contains("button[title='Fairly satisfied']").click();
    expect(".o_care_faces [aria-pressed=true]").toHaveCount(0);
    await clickSave();
    expect.verifySteps([{ satisfaction: false }]);
});

test("read only: the one face, with its name", async () => {
    await mount(1, 'readonly="1"');
    expect(".o_field_care_faces button").toHaveCount(0);
    expect(".o_care_face[role=img]").toHaveCount(1);
    expect(".o_care_face").toHaveAttribute("aria-label", "Fairly satisfied");
    expect(".o_care_face.o_care_explain").toHaveAttribute("title", "Fairly satisfied");
});

test("read only without a feeling: nothing", async () => {
    await mount(2, 'readonly="1"');
    expect(".o_field_care_faces").toHaveText("");
    expect(".o_field_care_faces svg").toHaveCount(0);
});

test("a list shows the faces and lets nobody change them", async () => {
    await mountView({
        type: "list",
        resModel: "care.interaction",
        arch: '<list><field name="satisfaction" widget="care_faces"/></list>',
    });
    expect(".o_data_row").toHaveCount(2);
    expect(".o_care_face").toHaveCount(1);
    expect(".o_data_row button").toHaveCount(0);
});

test("the group of faces has the name of the field", async () => {
    await mount(1);
    expect(".o_care_faces[role=group]").toHaveAttribute("aria-label", "Satisfaction");
});

test("a face is large enough for a thumb", async () => {
    await mount(1);
    const { width, height } = queryRect(".o_care_faces button:first");
    expect(width).toBeGreaterThan(43);
    expect(height).toBeGreaterThan(43);
});

test("each face has its colour", async () => {
    await mount(2);
    const colors = queryAll(".o_care_faces svg").map(
        (svg) => getComputedStyle(svg).fill
    );
    expect(new Set(colors).size).toBe(5);
    expect(colors).not.toInclude("none");
});
