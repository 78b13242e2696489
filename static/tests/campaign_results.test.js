import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryText } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

const mean = (value, count, low = null, high = null) => ({
    value,
    count,
    low,
    high,
    few: count < 30,
});

const dimension = (label, importance, satisfaction, ratio) => ({
    key: label,
    label,
    importance,
    satisfaction,
    ratio,
    count: 12,
    rated: 12,
    few: true,
});

const RESULTS = {
    anonymous: false,
    least: 5,
    asked: 16,
    answers: 12,
    aside: 1,
    response_rate: 75,
    score: mean(71, 12, 60, 81),
    ratio: { value: 0.92, count: 12 },
    nps: { ...mean(25, 12, -10, 60), promoters: 5, detractors: 2 },
    levels: [
        { key: "high", label: "Fairly Satisfied", count: 9, percent: 75 },
        { key: "low", label: "Somewhat Dissatisfied", count: 3, percent: 25 },
        { key: "very_low", label: "Very Dissatisfied", count: 0, percent: 0 },
    ],
    dimensions: [
        dimension("Company", null, 80, null),
        dimension("Product", 75, 46, 0.61),
        dimension("Emotion", 75, 46, 0.61),
        dimension("Price", 20, 71, 1.41),
    ],
    groups: [
        {
            name: "By tier",
            rows: [
                {
                    id: 1,
                    name: "A · VIP",
                    answers: 1,
                    score: mean(88, 1),
                    ratio: { value: 1.15, count: 1 },
                    nps: mean(100, 1),
                },
                { id: 2, name: false, answers: 2 },
            ],
        },
    ],
    comments: [{ words: "<b>Late</b>", customer: "Acme" }],
};

class CareCampaign extends models.Model {
    _name = "care.campaign";

    name = fields.Char();
    results = fields.Json();

    _records = [
        { id: 1, name: "Autumn", results: RESULTS },
        {
            id: 2,
            name: "Nobody yet",
            results: {
                ...RESULTS,
                answers: 0,
                score: mean(null, 0),
                nps: { ...mean(null, 0), promoters: 0, detractors: 0 },
                ratio: { value: null, count: 0 },
                dimensions: [],
                groups: [],
                comments: [],
            },
        },
    ];
}

defineMailModels();
defineModels([CareCampaign]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "care.campaign",
        resId,
        arch: `<form><field name="name"/><widget name="care_campaign_results"/></form>`,
    });

test("figures, each with its interval and how many answers it has", async () => {
    await mount(1);
    expect(queryText("[data-part='response']")).toInclude("12 of 16 answered");
    expect(queryText("[data-part='response']")).toInclude("1 set aside");
    expect(queryText("[data-part='score']")).toInclude(
        "95 % confidence interval: 60 to 81; n = 12"
    );
    expect(queryText("[data-part='nps']")).toInclude("+25");
    expect("[data-part='ratio'] .text-danger").toHaveText("0.92");
    expect("[data-part='few']").toHaveCount(1);
    expect(queryAllTexts(".o_care_levels > div")).toEqual(["75 %", "25 %"]);
});

test("points have the numbers of the table and do not cover each other", async () => {
    await mount(1);
    expect(queryAllTexts(".o_care_number")).toEqual(["2", "3", "4"]);
    expect(".o_care_scatter circle.o_care_bad").toHaveCount(2);
    const places = queryAll(".o_care_scatter circle").map((circle) =>
        Number(circle.getAttribute("cx"))
    );
    expect(places[0] - places[1]).toBeGreaterThan(18);
});

test("small groups are hidden, words of customers are shown as they are", async () => {
    await mount(1);
    expect(queryAllTexts(".o_care_results tbody td[colspan]")).toEqual([
        "Too few to be shown separately",
    ]);
    expect(".o_care_text").toHaveText("<b>Late</b>");
});

test("without an answer nothing is said about satisfaction", async () => {
    await mount(2);
    expect(queryText("[data-part='score']")).toInclude("no answer");
    expect(".o_care_levels").toHaveCount(0);
    expect(".o_care_scatter").toHaveCount(0);
    expect("[data-part='few']").toHaveCount(0);
});
