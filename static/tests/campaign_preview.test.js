import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const campaign = (id, values) => ({
    id,
    sample_mode: "count",
    sample_size: 20,
    state: "sampled",
    audience_count: 30,
    invited_count: 20,
    left_out: false,
    seed: "autumn",
    sample_help: {
        response: 40,
        assumed: false,
        rows: [
            { measure: "score", margin: 5, answers: 23, ask: 30, enough: false },
            { measure: "nps", margin: 10, answers: 8, ask: 20, enough: true },
        ],
    },
    ...values,
});

class CareCampaign extends models.Model {
    _name = "care.campaign";

    sample_mode = fields.Selection({
        selection: [
            ["all", "All"],
            ["count", "So many"],
        ],
    });
    sample_size = fields.Integer();
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["sampled", "Sampled"],
        ],
    });
    audience_count = fields.Integer();
    invited_count = fields.Integer();
    left_out = fields.Json();
    sample_help = fields.Json();
    seed = fields.Char();

    _records = [
        campaign(1),
        campaign(2, {
            invited_count: 17,
            // In an order of its own, with a reason that comes later
            left_out: { duplicate: 1, no_phone: 0, complaint: 12, new_reason: 5 },
        }),
        campaign(3, {
            sample_mode: "all",
            invited_count: 0,
            left_out: { quarantine: 30 },
        }),
        campaign(4, { state: "draft", audience_count: 0, invited_count: 0 }),
    ];
}

defineMailModels();
defineModels([CareCampaign]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "care.campaign",
        resId,
        arch: `<form><field name="left_out" widget="care_campaign_preview"/></form>`,
    });

test("as many as were wanted: no warning, nobody is left out", async () => {
    await mount(1);
    expect("[data-part=invited]").toHaveText("20");
    expect("[data-part=available]").toHaveText("30");
    expect(".o_care_preview .alert").toHaveCount(0);
    expect("[data-reason]").toHaveCount(0);
});

test("fewer than were wanted: said, with the reasons", async () => {
    await mount(2);
    expect("[data-part=available]").toHaveText("17");
    expect(".o_care_preview .alert").toHaveText(/The sample is larger .* all 17 are/);
    expect(queryAllTexts("[data-reason]")).toEqual([
        "12Open complaint",
        "1Same e-mail as another customer",
    ]);
    // Who shares an address is in the sample with another card: no list of them
    expect("[data-reason=duplicate] a").toHaveCount(0);
});

test("a reason opens who is left out by it", async () => {
    onRpc("care.campaign", "action_view_left_out", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "res.partner" };
    });
    mockService("action", {
        doAction: (action) => expect.step(action.res_model),
    });
    await mount(2);
    await contains("[data-reason=complaint] a").click();
    expect.verifySteps([[[2], "complaint"], "res.partner"]);
});

test("nobody can be asked", async () => {
    await mount(3);
    expect("[data-part=available]").toHaveText("0");
    expect(".o_care_preview .alert").toHaveText(/No customer can be invited/);
    expect(queryAllTexts("[data-reason]")).toEqual(["30Recently asked"]);
});

test("not drawn yet: no reproach", async () => {
    await mount(4);
    expect("[data-part=invited]").toHaveText("0");
    expect(".o_care_preview .alert:contains(Nobody)").toHaveCount(0);
});

test("how many answers are needed, and the seed", async () => {
    await mount(1);
    const text = document.querySelector("[data-part='sample_help']").textContent;
    expect(text).toInclude("For ± 5 points of satisfaction you need 23 answers.");
    expect(text).toInclude("That is more than are likely to answer");
    expect(text).toInclude("For ± 10 points of NPS you need 8 answers.");
    expect(text).toInclude("Ask about 20 customers.");
    expect(text).toInclude("Response rate of your latest campaigns: 40 %");
    expect("code").toHaveText("autumn");
});
