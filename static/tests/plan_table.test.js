import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class CareRole extends models.Model {
    _name = "care.role";
    _order = "sequence, id";

    name = fields.Char();
    active = fields.Boolean({ default: true });
    sequence = fields.Integer();

    _records = [
        { id: 1, name: "Sales Rep", sequence: 20, active: true },
        { id: 2, name: "Director", sequence: 10, active: true },
        { id: 3, name: "Trainer", sequence: 5, active: false },
        { id: 4, name: "Beautician", sequence: 6, active: false },
    ];
}

class CarePlanRule extends models.Model {
    _name = "care.plan.rule";

    plan_id = fields.Many2one({ relation: "care.plan" });
    role_id = fields.Many2one({ relation: "care.role", required: true });
    channel = fields.Selection({
        selection: [
            ["onsite", "On-site stay"],
            ["visit", "Visit"],
            ["phone", "Phone"],
            ["online", "Message or online"],
        ],
    });
    mode = fields.Selection({
        selection: [
            ["fixed", "Regularly"],
            ["sampling", "By sampling"],
            ["as_needed", "As needed"],
        ],
        default: "fixed",
    });
    times = fields.Integer({
        onChange: (rule) => {
            rule.summary = `${rule.times} a month`;
        },
    });
    summary = fields.Char();

    _records = [
        {
            id: 11,
            plan_id: 1,
            role_id: 1,
            channel: "visit",
            mode: "fixed",
            times: 2,
            summary: "2 a month",
        },
        {
            id: 12,
            plan_id: 1,
            role_id: 1,
            channel: "phone",
            mode: "sampling",
            times: 1,
            summary: "1 a month, a sample",
        },
        {
            id: 13,
            plan_id: 1,
            role_id: 3,
            channel: "onsite",
            mode: "as_needed",
            times: 1,
            summary: "as needed",
        },
    ];
}

class CarePlan extends models.Model {
    _name = "care.plan";

    name = fields.Char();
    what_if = fields.Char();
    rule_ids = fields.One2many({
        relation: "care.plan.rule",
        relation_field: "plan_id",
        onChange: (plan) => {
            plan.what_if = "Reckoned anew";
        },
    });

    _records = [{ id: 1, name: "VIP", rule_ids: [11, 12, 13], what_if: "As saved" }];
}

defineMailModels();
defineModels([CareRole, CarePlanRule, CarePlan]);

const arch = (attributes = "", list = "") => `
    <form>
        <field name="name"/>
        <field name="what_if" readonly="1"/>
        <field name="rule_ids" widget="care_plan_table" ${attributes}>
            <list ${list}>
                <field name="role_id"/>
                <field name="channel"/>
                <field name="mode"/>
                <field name="summary"/>
            </list>
            <form>
                <field name="role_id"/>
                <field name="channel"/>
                <field name="times"/>
                <field name="summary" readonly="1"/>
            </form>
        </field>
    </form>`;

const mount = (...attributes) =>
    mountView({
        type: "form",
        resModel: "care.plan",
        resId: 1,
        arch: arch(...attributes),
    });

/** Any saving is a step: what is not saved shows by its absence. */
function watchSaving() {
    onRpc("web_save", ({ model, args }) => {
        expect.step([model, args[1]]);
    });
}

const at = (role, channel) => `.o_care_plan_table td[data-cell='${role}-${channel}']`;
const edit = (role, channel) => `${at(role, channel)} .o_care_plan_cell button:first`;
const plus = (role, channel) => `${at(role, channel)} .o_care_plan_add`;
const cross = (role, channel) => `${at(role, channel)} .o_care_plan_remove`;
const whatIf = "div[name=what_if]";

test("roles by channels, in their order", async () => {
    await mount();
    expect(queryAllTexts(".o_care_plan_table thead th")).toEqual([
        "Role",
        "On-site stay",
        "Visit",
        "Phone",
        "Message or online",
    ]);
    // An archived role with a rule is there, after the active ones; another is not.
    expect(queryAllTexts(".o_care_plan_table tbody th")).toEqual([
        "Director",
        "Sales Rep",
        "Trainer",
    ]);
    expect(".o_care_plan_table tbody td").toHaveCount(12);
    expect(".o_care_plan_cell").toHaveCount(3);
    expect(at(1, "visit")).toHaveText("2 a month");
    expect(at(3, "onsite")).toHaveText("as needed");
});

test("what is owed as needed is pale, what is sampled has a sign", async () => {
    await mount();
    expect(edit(3, "onsite")).toHaveClass("text-muted");
    expect(edit(1, "visit")).not.toHaveClass("text-muted");
    expect(`${at(1, "phone")} i[aria-label='By sampling']`).toHaveCount(1);
    expect(`${at(1, "visit")} i[aria-label]`).toHaveCount(0);
});

test("a rule is changed, seen at once and not saved", async () => {
    watchSaving();
    await mount();
    await contains(edit(1, "visit")).click();
    expect(".modal").toHaveCount(1);
    await contains(".modal div[name=times] input").edit("5");
    await contains(".modal .o_form_button_save").click();
    expect(".modal").toHaveCount(0);
    expect(at(1, "visit")).toHaveText("5 a month");
    expect(`${whatIf} span`).toHaveText("Reckoned anew");
    expect.verifySteps([]);
    await contains(".o_form_button_cancel").click();
    expect(at(1, "visit")).toHaveText("2 a month");
    expect(`${whatIf} span`).toHaveText("As saved");
    expect.verifySteps([]);
});

test("an empty cell asks for a rule of its role and channel", async () => {
    onRpc("web_save", ({ args }) => {
        const [[command, , values]] = args[1].rule_ids;
        expect(command).toBe(0);
        expect(values).toInclude(["role_id", 2]);
        expect(values).toInclude(["channel", "online"]);
        expect(values).toInclude(["times", 3]);
        expect.step("saved");
    });
    await mount();
    expect(plus(2, "online")).toHaveAttribute(
        "aria-label",
        "Add: Director, Message or online"
    );
    expect(plus(1, "visit")).toHaveCount(0);
    await contains(plus(2, "online")).click();
    expect(".modal div[name=role_id] input").toHaveValue("Director");
    expect(
        ".modal div[name=channel] input, .modal div[name=channel] select"
    ).toHaveValue(/online/i);
    await contains(".modal div[name=times] input").edit("3");
    await contains(".modal .o_form_button_save").click();
    expect(at(2, "online")).toHaveText("3 a month");
    expect(plus(2, "online")).toHaveCount(0);
    expect(`${whatIf} span`).toHaveText("Reckoned anew");
    expect.verifySteps([]);
    await clickSave();
    expect.verifySteps(["saved"]);
});

test("a rule is removed with the plan's saving, not before", async () => {
    watchSaving();
    await mount();
    expect(cross(1, "phone")).toHaveAttribute("aria-label", "Remove: Sales Rep, Phone");
    await contains(cross(1, "phone")).click();
    expect(`${at(1, "phone")} .o_care_plan_cell`).toHaveCount(0);
    expect(plus(1, "phone")).toHaveCount(1);
    expect(`${whatIf} span`).toHaveText("Reckoned anew");
    expect.verifySteps([]);
    await clickSave();
    expect.verifySteps([["care.plan", { rule_ids: [[2, 12]] }]]);
});

test("a role that is archived goes with its last rule", async () => {
    await mount();
    await contains(cross(3, "onsite")).click();
    expect(queryAllTexts(".o_care_plan_table tbody th")).toEqual([
        "Director",
        "Sales Rep",
    ]);
});

test("read only: rules can be read, not changed", async () => {
    await mount('readonly="1"');
    expect(".o_care_plan_add").toHaveCount(0);
    expect(".o_care_plan_remove").toHaveCount(0);
    expect(at(2, "visit")).toHaveText("–");
    await contains(edit(1, "visit")).click();
    expect(".modal div[name=summary]").toHaveText("2 a month");
    expect(".modal input").toHaveCount(0);
    expect(".modal .o_form_button_save").toHaveCount(0);
});

test("who may add but not delete gets no crosses", async () => {
    await mount("", 'delete="0"');
    expect(".o_care_plan_remove").toHaveCount(0);
    expect(".o_care_plan_add").toHaveCount(9);
});

test("who may delete but not add gets no plus", async () => {
    await mount("", 'create="0"');
    expect(".o_care_plan_add").toHaveCount(0);
    expect(".o_care_plan_remove").toHaveCount(3);
    expect(at(2, "visit")).toHaveText("–");
});

test("a plan that is not saved yet has all roles", async () => {
    await mountView({ type: "form", resModel: "care.plan", arch: arch() });
    expect(queryAllTexts(".o_care_plan_table tbody th")).toEqual([
        "Director",
        "Sales Rep",
    ]);
    expect(".o_care_plan_add").toHaveCount(8);
});

test("on a phone the table scrolls beside the roles", async () => {
    await mount();
    expect(".o_care_plan_table").toHaveStyle({ overflowX: "auto" });
    expect(".o_care_plan_table tbody th:first").toHaveStyle({ position: "sticky" });
});
