import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const CAUSE = {
    name: "cause",
    text: "enter the cause",
    field: "solution",
    page: "case",
};
const LETTER = {
    name: "letter",
    text: "send the letter",
    button: "button[name=send]",
    field: "solution",
    page: "case",
};

class CareComplaint extends models.Model {
    _name = "care.complaint";

    name = fields.Char();
    solution = fields.Text();
    step_missing = fields.Json();

    _records = [
        {
            id: 1,
            name: "Jars",
            step_missing: { next: "Execute", missing: [CAUSE, LETTER] },
        },
    ];
}

defineMailModels();
defineModels([CareComplaint]);

const mount = (button = "") =>
    mountView({
        type: "form",
        resModel: "care.complaint",
        resId: 1,
        arch: `<form>${button}<sheet>
            <field name="step_missing" widget="care_next_step"/>
            <notebook>
                <page name="main" string="Main"><field name="name"/></page>
                <page name="case" string="Case"><field name="solution"/></page>
            </notebook>
        </sheet></form>`,
    });

test("a link opens the page of the field and focuses it", async () => {
    await mount();
    expect(".o_care_next_step a").toHaveCount(2);
    expect("[name=solution]").toHaveCount(0);
    await contains("a[data-what=cause]").click();
    await waitFor("[name=solution] textarea:focus");
});

test("a button that brings what is missing is pressed", async () => {
    onRpc("care.complaint", "send", () => {
        expect.step("pressed");
        return true;
    });
    await mount(
        `<header><button name="send" type="object" string="Send" class="sent"/></header>`
    );
    await contains("a[data-what=letter]").click();
    await expect.waitForSteps(["pressed"]);
});

test("without the button, its field is focused", async () => {
    await mount();
    await contains("a[data-what=letter]").click();
    await waitFor("[name=solution] textarea:focus");
});
