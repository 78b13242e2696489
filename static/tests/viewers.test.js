import { sentence } from "@customer_care/viewers/viewers_service";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryText } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class CareComplaint extends models.Model {
    _name = "care.complaint";

    name = fields.Char();

    _records = [
        { id: 1, name: "C1" },
        { id: 2, name: "C2" },
    ];
}

defineMailModels();
defineModels([CareComplaint]);

const announced = [];

async function open(resId = 1) {
    announced.length = 0;
    onRpc("care.complaint", "announce_viewer", ({ args }) => {
        const [[id], state, , asks = false] = args;
        announced.push([id, state, asks]);
        return 5;
    });
    await mountView({
        type: "form",
        resModel: "care.complaint",
        resId,
        resIds: [1, 2],
        arch: `<form><widget name="care_viewers"/><field name="name"/></form>`,
    });
    await animationFrame();
}

async function told(values) {
    getService("care_viewers").onTold({
        complaint_id: 1,
        user_id: 900,
        name: "Lin",
        state: "viewing",
        tab: "a",
        ...values,
    });
    await animationFrame();
}

test("who is alone says it once and sees nobody", async () => {
    await open();
    await advanceTime(300_000);
    expect(announced).toEqual([[1, "viewing", true]]);
    expect(".o_care_viewer").toHaveCount(0);
});

test("others are seen, who writes first, each person once", async () => {
    await open();
    await told();
    expect(queryText(".o_care_viewer")).toBe("Lin is looking at this");
    await told({ tab: "b", state: "writing" });
    await told({ tab: "c", user_id: 901, name: "Ana" });
    expect(queryAllTexts(".o_care_viewer")).toEqual([
        "Lin is writing an answer",
        "Ana is looking at this",
    ]);
    await told({ tab: "b", state: "left" });
    await told({ complaint_id: 2, user_id: 902 });
    expect(queryAllTexts(".o_care_viewer")).toEqual([
        "Lin is looking at this",
        "Ana is looking at this",
    ]);
});

test("who asks is answered", async () => {
    await open();
    await told({ asks: true });
    expect(announced.slice(1)).toEqual([[1, "viewing", false]]);
    await told();
    expect(announced).toHaveLength(2);
});

test("who closed the browser vanishes in less than two minutes", async () => {
    await open();
    await told();
    await advanceTime(60_000);
    expect(".o_care_viewer").toHaveCount(1);
    await advanceTime(60_000);
    await animationFrame();
    expect(".o_care_viewer").toHaveCount(0);
    const said = announced.length;
    expect(said).toBeGreaterThan(1);
    await advanceTime(120_000);
    expect(announced).toHaveLength(said, { message: "alone again, it is quiet" });
});

test("when somebody answered, as the page shows times", async () => {
    mockDate("2026-11-10 12:00:00", +8);
    await open();
    const lin = { name: "Lin", colleague: true };
    expect(sentence({ ...lin, date: "2026-11-10 02:32:00" })).toMatch(
        /^Lin answered at 10:32.AM\.$/
    );
    expect(sentence({ ...lin, date: "2026-11-09 02:32:00" })).toMatch(/Nov 9/);
    const rosa = { name: "Rosa", colleague: false, date: "2026-11-10 02:32:00" };
    expect(sentence(rosa)).toMatch(/^Rosa wrote at/);
});
