import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllAttributes, queryAllTexts, queryText } from "@odoo/hoot-dom";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    pagerNext,
} from "@web/../tests/web_test_helpers";

const EMPTY = {
    id: 7,
    score: 25,
    missing: ["Phone", "Region"],
    number: false,
    made: false,
    verified: false,
    stale: true,
    company: true,
    visible: true,
    tier: false,
    tier_color: 0,
    tier_reason: null,
    locked_until: false,
    lock_reason: false,
    monthly: 0,
    share: 0,
    currency: 1,
    last_order: false,
    preferences: false,
    external: false,
    trend: [
        { month: "2026-10-01", amount: 0 },
        { month: "2026-11-01", amount: 0 },
    ],
    facts: [],
    names: { referrals: 0 },
    purchase_state: "none",
    credit_state: "none",
    labels: { decision_role: {}, relationship_level: {}, channel: { phone: "Phone" } },
    timeline: [],
    team: [],
    due: [],
    reports: [],
    faces: [],
    features: { visit: true, complaint: true, satisfaction: true },
    satisfaction: [],
    satisfaction_trend: null,
    promises: [],
    complaints: [],
    contacts: [],
};
const FULL = {
    ...EMPTY,
    score: 95,
    missing: [],
    number: "K000007",
    made: "2026-01-02",
    verified: "2026-11-01",
    stale: false,
    tier: "A · VIP",
    tier_reason: "15,000 a month",
    trend: [
        { month: "2026-10-01", amount: 100 },
        { month: "2026-11-01", amount: 200 },
    ],
    facts: [
        {
            name: "care_purchase_state",
            label: "Purchases",
            value: "Lost",
            state: "lost",
        },
        {
            name: "care_credit_state",
            label: "Payment",
            value: "No invoices",
            state: "none",
        },
        { name: "care_region_id", label: "Region", value: "Harbour", state: false },
    ],
    names: { referrals: 2, care_card_user_id: "Ann", care_verified_user_id: "Bob" },
    satisfaction: [],
    satisfaction_trend: null,
    promises: [
        {
            id: 1,
            promise: "A sample",
            promise_date: "2026-11-09",
            user: "Ann",
            cost: 50,
            currency: 2,
        },
        { id: 2, promise: "A call", promise_date: "2026-11-10", user: null },
    ],
    complaints: [
        {
            id: 3,
            name: "C1",
            subject: "Late",
            received_at: "2026-11-10 06:00:00",
            user: "Bob",
            timer: { state: "met", deadline: false, now: "2026-11-10 09:00:00" },
        },
    ],
    due: [
        {
            id: 4,
            channel: "phone",
            date_aim: "2026-11-12",
            pace: "behind",
            user: "Ann",
            role: "Rep",
        },
    ],
};

const HISTORY = {
    satisfaction_waves: [
        {
            key: "campaign-1",
            id: 1,
            date: "2026-03-01",
            name: "Spring",
            score: 100,
            low: null,
            high: null,
            disagree: false,
            persons: [{ id: 1, name: "Ann", role: "Buyer", score: 100 }],
        },
        {
            key: "campaign-2",
            id: 2,
            date: "2026-08-01",
            name: "Autumn",
            score: 50,
            low: 10,
            high: 90,
            disagree: true,
            persons: [
                { id: 2, name: "Ann", role: "Buyer", score: 90 },
                { id: 3, name: "Bob", role: false, score: 10 },
            ],
        },
    ],
    satisfaction_change: { value: -50, significant: true },
};

class CareCard extends models.Model {
    _name = "care.card";

    name = fields.Char();
    care_card = fields.Json({ string: "Card" });

    _records = [
        { id: 7, care_card: FULL },
        { id: 8, care_card: EMPTY },
        { id: 10, care_card: { ...EMPTY, ...HISTORY } },
        {
            id: 11,
            care_card: {
                ...EMPTY,
                ...HISTORY,
                satisfaction_change: { value: 12, significant: false },
            },
        },
        { id: 9, care_card: { ...EMPTY, visible: false } },
    ];
}

defineMailModels();
defineModels([CareCard]);

const mount = (resId) => {
    mockDate("2026-11-10 09:00:00", +0);
    return mountView({
        type: "form",
        resModel: "care.card",
        resId,
        resIds: [7, 8],
        arch: `<form><field name="name"/><widget name="care_customer_card"/></form>`,
    });
};

test("says who the customer is", async () => {
    await mount(7);
    expect(queryText(".o_care_score")).toBe("95 %");
    expect(queryAllTexts(".o_care_card_top .badge")).toEqual([
        "A · VIP",
        "Purchases: Lost",
    ]);
    expect(".o_care_card_top .text-bg-danger").toHaveCount(1);
    expect(queryText("[data-field='care_region_id']")).toBe("Harbour");
    expect(queryText(".o_care_tier_reason")).toInclude("15,000 a month");
    expect(queryText("[data-part='facts']")).toInclude("2 customers");
});

test("an answer that comes late is not shown on the next customer", async () => {
    await mount(7);
    const late = new Deferred();
    onRpc("care.card", "web_read", async ({ args, kwargs, parent }) => {
        if (args[0][0] === 7 && kwargs.specification.care_card) {
            await late;
        }
        return parent();
    });
    await contains("[name=name] input").edit("Salon");
    await clickSave();
    await pagerNext();
    expect(queryText(".o_care_score")).toBe("25 %");
    late.resolve();
    await animationFrame();
    expect(queryText(".o_care_score")).toBe("25 %");
});

test("bars are as high as the months were good", async () => {
    await mount(7);
    const heights = queryAllAttributes(".o_care_trend rect", "height").map(Number);
    expect(heights[0] * 2).toBe(heights[1]);
});

test("what is late is red", async () => {
    await mount(7);
    expect(queryAllTexts("[data-part='promises'] .text-danger")).toEqual([
        "by 11/09/2026 (Ann)",
    ]);
    expect(queryText("[data-part='promises']")).toInclude("50.00");
    expect("[data-part='due'] .text-danger").toHaveCount(1);
    expect(queryText("[data-part='complaints'] .o_care_row")).toInclude("3 hours ago");
    expect(queryText("[data-part='complaints'] .o_care_timer")).toBe("In time");
});

test("an empty card says what to do", async () => {
    await mount(8);
    expect(queryText("[data-part='completeness']")).toInclude("Never verified");
    expect(queryAllTexts("[data-part='completeness'] .badge")).toEqual([
        "Phone",
        "Region",
    ]);
    expect(queryText("[data-part='contacts']")).toInclude("Who decides there?");
    expect(queryText("[data-part='team']")).toInclude("Nobody is assigned to");
    expect(queryText("[data-part='timeline']")).toInclude("No tier changes");
});

test("amounts are for the account team", async () => {
    await mount(9);
    expect(".o_care_trend").toHaveCount(0);
    expect(queryText("[data-part='value']")).toInclude("account team");
});

test("scores over time, with the interval of several persons", async () => {
    await mount(10);
    expect("[data-part='history'] circle").toHaveCount(2);
    expect("[data-part='history'] .o_care_range").toHaveCount(1);
    expect(queryText("[data-part='history']")).toInclude(
        "Down 50 points: more than chance"
    );
    expect(queryAllTexts("[data-part='history'] li")).toEqual([
        "Ann (Buyer): 90",
        "Bob: 10",
    ]);
    expect(queryText("[data-part='history']")).toInclude("disagree");
    const [first, second] = queryAll("[data-part='history'] circle").map((circle) =>
        Number(circle.getAttribute("cy"))
    );
    expect(first).toBe(14);
    expect(second).toBe(45);
});

test("a change of one answer may be chance", async () => {
    await mount(11);
    expect(queryText("[data-part='history']")).toInclude("Up 12 points; may be chance");
});
