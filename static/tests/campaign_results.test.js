import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryText } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
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

const WEIGHTINGS = [
    { key: "tier", score: RESULTS.score, nps: RESULTS.nps },
    { key: "answer", score: mean(74, 12, 63, 84), nps: RESULTS.nps },
    {
        key: "sales",
        score: { ...mean(40, 9, 15, 70), effective: 3.42 },
        nps: { ...mean(-50, 9, -90, 20), promoters: 5, detractors: 2 },
        without: 3,
    },
].map((weighting) => ({
    ratio: RESULTS.ratio,
    levels: RESULTS.levels,
    ...weighting,
}));
const INSIGHTS = {
    ...RESULTS,
    weightings: WEIGHTINGS,
    sales: {
        currency: 1,
        low: 40,
        customers: 3,
        amount: 1234567,
        answered: 2000000,
        audience: 4938268,
        rows: [
            { id: 7, name: "A", customers: 2, amount: 1200000, audience: 4000000 },
            { id: 0, name: "None", customers: 1, amount: 34567, audience: 0 },
        ],
    },
    accounts: {
        persons: 14,
        accounts: 12,
        several: 2,
        split_count: 1,
        split: [
            {
                id: 5,
                name: "Acme",
                spread: 75,
                persons: [
                    { name: "Ann", role: "Buyer", score: 100 },
                    { name: "Bob", role: false, score: 25 },
                ],
            },
        ],
    },
    topics: [
        {
            id: 3,
            name: "Delivery",
            count: 25,
            score: 30,
            negative: 60,
            comments: [{ words: "Too late", customer: "Bolt" }],
        },
        {
            id: 0,
            name: "Other",
            count: 1,
            score: 80,
            negative: 0,
            comments: [{ words: "<b>Late</b>", customer: "Acme" }],
        },
    ],
};

class CareCampaign extends models.Model {
    _name = "care.campaign";

    name = fields.Char();
    results = fields.Json();

    _records = [
        { id: 1, name: "Autumn", results: RESULTS },
        { id: 3, name: "Winter", results: INSIGHTS },
        {
            id: 4,
            name: "Anonymous",
            results: {
                ...INSIGHTS,
                anonymous: true,
                weightings: WEIGHTINGS.slice(1, 2),
                sales: false,
                accounts: false,
            },
        },
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

test("figures by the weights that are chosen", async () => {
    await mount(3);
    expect(queryAllTexts("[data-part='weights'] button")).toEqual([
        "By customers in each tier",
        "Each answer the same",
        "By sales",
    ]);
    expect(queryText("[data-part='score']")).toInclude("71 of 100");
    await contains("[data-weights='sales']").click();
    expect(queryText("[data-part='score']")).toInclude("40 of 100");
    expect(queryText("[data-part='score']")).toInclude("15 to 70");
    expect(queryText("[data-part='nps']")).toInclude("-50");
    expect(queryText("[data-part='basis']")).toInclude(
        "as sure as 3.4 answers of equal weight"
    );
    expect(queryText("[data-part='basis']")).toInclude(
        "3 customers without sales do not count"
    );
    await contains("[data-weights='answer']").click();
    expect(queryText("[data-part='score']")).toInclude("74 of 100");
    expect(queryText("[data-part='basis']")).not.toInclude("weighted");
});

test("sales at risk open the customers behind them", async () => {
    onRpc("care.campaign", "action_view_at_risk", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window", res_model: "res.partner" };
    });
    mockService("action", {
        doAction: ({ res_model: model, res_id: id = "list" }) =>
            expect.step(`${model} ${id}`),
    });
    await mount(3);
    const text = queryText("[data-part='sales']");
    expect(text).toInclude("1,234,567");
    expect(text).toInclude("25 % of the sales of all customers of the audience");
    expect(text).toInclude("Score up to 40");
    expect(queryAllTexts("[data-part='sales'] tbody tr td:last-child")).toEqual([
        "30 %",
        "–",
    ]);
    await contains("[data-part='sales'] [data-open='all']").click();
    await contains("[data-part='sales'] tbody tr:last-child a").click();
    await contains("[data-part='accounts'] a").click();
    expect.verifySteps([
        "[[3],null]",
        "res.partner list",
        "[[3],0]",
        "res.partner list",
        "res.partner 5",
    ]);
    expect(queryText("[data-part='accounts']")).toInclude(
        "14 persons of 12 customers answered"
    );
    expect(queryText("[data-part='accounts'] li")).toInclude("Ann (Buyer) 100");
});

test("comments of the topic that is chosen", async () => {
    await mount(3);
    expect(queryAllTexts("[data-part='topics'] tbody tr:first-child td")).toEqual([
        "Delivery",
        "25",
        "30",
        "60 %",
        "",
    ]);
    expect(queryAllTexts("blockquote .o_care_text")).toEqual(["<b>Late</b>"]);
    await contains("[data-part='topics'] tbody tr:first-child a").click();
    expect(queryAllTexts("blockquote .o_care_text")).toEqual(["Too late"]);
    expect(queryText("[data-part='comments']")).toInclude("and 24 more");
    await contains("[data-part='topics'] tbody tr:first-child a").click();
    expect(queryAllTexts("blockquote .o_care_text")).toEqual(["<b>Late</b>"]);
});

test("anonymous campaigns have neither sales nor marks of topics", async () => {
    await mount(4);
    expect("[data-part='sales']").toHaveCount(0);
    expect("[data-part='accounts']").toHaveCount(0);
    expect("[data-part='weights']").toHaveCount(0);
    expect(queryAllTexts("[data-part='topics'] th")).toEqual(["Topic", "Comments"]);
    expect("[data-part='topics'] .fa-external-link").toHaveCount(0);
});
