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
    derived: 0.61,
    target: "nps",
});

const RESULTS = {
    anonymous: false,
    least: 5,
    asked: 16,
    answers: 12,
    aside: 1,
    response_rate: 75,
    response: {
        sample: 16,
        response: 75,
        response_partial: 81.25,
        cooperation: 80,
        refusal: 6.25,
        contact: 93.75,
        dispositions: [
            { key: "complete", label: "Answered", code: "1.1", count: 12 },
            { key: "waiting", label: "Yet to be asked", code: null, count: 3 },
        ],
        channels: [{ key: "phone", label: "Phone", sample: 4, response: 50 }],
        groups: [
            {
                name: "Response by tier",
                chance: 0.012,
                rows: [
                    { id: 1, name: "A", sample: 8, answers: 7, response: 87.5 },
                    { id: 0, name: "None", sample: 8, answers: 5, response: 62.5 },
                ],
            },
        ],
    },
    seed: "autumn",
    population: 40,
    coverage: 97.5,
    weighted: true,
    unrepresented: 3,
    previous: {
        name: "Spring",
        changes: {
            score: { value: 6, low: -2, high: 14, significant: false },
            nps: { value: 30, low: 4, high: 56, significant: true },
        },
    },
    score: { ...mean(71, 12, 60, 81), plain: 74 },
    ratio: { value: 0.92, count: 12 },
    nps: { ...mean(25, 12, -10, 60), promoters: 5, detractors: 2 },
    levels: [
        {
            key: "high",
            label: "Fairly Satisfied",
            count: 9,
            percent: 75,
            low: 43,
            high: 95,
        },
        {
            key: "low",
            label: "Somewhat Dissatisfied",
            count: 3,
            percent: 25,
            low: 5,
            high: 57,
        },
        {
            key: "very_low",
            label: "Very Dissatisfied",
            count: 0,
            percent: 0,
            low: 0,
            high: 26,
        },
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
                previous: false,
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

test("points are where their numbers are, and labels cover nothing", async () => {
    await mount(1);
    expect(queryAllTexts(".o_care_number")).toEqual(["2", "3", "4"]);
    expect(".o_care_scatter circle.o_care_bad").toHaveCount(2);
    const at = (element, x, y) =>
        [x, y].map((name) => Number(element.getAttribute(name)));
    const circles = queryAll(".o_care_scatter circle").map((circle) =>
        at(circle, "cx", "cy")
    );
    // 36 px of margin and 248 px for 100 points
    const place = (value) => 36 + 2.48 * value;
    for (const [index, [importance, satisfaction]] of [
        [75, 46],
        [75, 46],
        [20, 71],
    ].entries()) {
        expect(circles[index][0]).toBeCloseTo(place(importance), { margin: 0.01 });
        expect(circles[index][1]).toBeCloseTo(320 - place(satisfaction), {
            margin: 0.01,
        });
    }
    const labels = queryAll(".o_care_number").map((label) => at(label, "x", "y"));
    for (const [index, label] of labels.entries()) {
        for (const other of labels.slice(index + 1)) {
            expect(
                Math.hypot(label[0] - other[0], label[1] - other[1])
            ).toBeGreaterThan(15);
        }
    }
});

test("rates by their definitions, with who is in none of them", async () => {
    await mount(1);
    const text = document.querySelector("[data-part='rates']").textContent;
    for (const words of ["RR1", "RR2", "COOP1", "REF1", "CON1", "81.3", "1.1"]) {
        expect(text.includes(words)).toBe(true, { message: words });
    }
    expect(text.includes("They differ by more than chance (p = 0.012)")).toBe(true);
});

test("what figures rest on, and how they have changed", async () => {
    await mount(1);
    expect(queryText("[data-part='basis']")).toBe(
        "12 of the 40 customers who could be asked; weighted by tier (mean of the answers: 74); 3 customers are in tiers without an answer"
    );
    expect(queryText("[data-part='previous']")).toInclude("Spring");
    expect(queryAllTexts("[data-part='previous'] .badge")).toEqual([
        "within chance",
        "significant",
    ]);
    expect(queryAllTexts("[data-part='derived']")).toEqual([
        "0.61",
        "0.61",
        "0.61",
        "0.61",
    ]);
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
