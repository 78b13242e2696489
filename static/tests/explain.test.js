import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { advanceTime, mockTouch } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class CareInteraction extends models.Model {
    _name = "care.interaction";

    name = fields.Char();

    _records = [{ id: 1, name: "Salon" }];
}

defineMailModels();
defineModels([CareInteraction]);

const mount = () =>
    mountView({
        type: "kanban",
        resModel: "care.interaction",
        arch: `<kanban><templates><t t-name="card">
            <field name="name"/>
            <i class="o_care_explain fa fa-bell" role="img" title="Open complaints" aria-label="Open complaints"/>
        </t></templates></kanban>`,
        selectRecord: () => expect.step("opened"),
    });

test("a tap says what an icon means and opens nothing", async () => {
    mockTouch(true);
    await mount();
    await contains(".o_care_explain").click();
    expect(".o_popover").toHaveText("Open complaints");
    expect.verifySteps([]);
    await advanceTime(3000);
    expect(".o_popover").toHaveCount(0);
    await contains(".o_kanban_record").click();
    expect.verifySteps(["opened"]);
});

test("with a mouse the browser says it", async () => {
    mockTouch(false);
    await mount();
    await contains(".o_care_explain").click();
    expect(".o_popover").toHaveCount(0);
    expect.verifySteps(["opened"]);
});
