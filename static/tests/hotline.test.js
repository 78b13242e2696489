import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { HotlineDialog } from "@customer_care/hotline/hotline";

class CareComplaint extends models.Model {
    _name = "care.complaint";
}

class CareComplaintCategory extends models.Model {
    _name = "care.complaint.category";

    complete_name = fields.Char();

    _records = [{ id: 1, complete_name: "Delivery" }];
}

defineMailModels();
defineModels([CareComplaint, CareComplaintCategory]);

const ROWS = ["Lotus Hall", "Lotus Branch"].map((name, place) => ({
    id: place + 1,
    name,
    person: false,
    phone: "0451",
    tier: "A",
    tier_color: 1,
    alarm: false,
    open: 0,
}));

async function open() {
    onRpc("care.complaint", "care_hotline_find", ({ args }) => {
        expect.step(`find ${args[0]}`);
        return ROWS;
    });
    onRpc("care.complaint", "care_hotline_customer", ({ args }) => ({
        ...ROWS[args[0] - 1],
        card: { complaints: [], promises: [] },
        alarm_label: false,
        orders: [],
    }));
    onRpc("care.complaint", "care_hotline_record", ({ args }) => {
        const { partner_id, subject } = args[0];
        expect.step(`record ${partner_id} ${subject} ${args[1]}`);
        return { id: 7, name: "C7", subject, open: true };
    });
    onRpc("has_access", () => true);
    await mountWithCleanup(WebClient);
    getService("dialog").add(HotlineDialog);
    await animationFrame();
}

test("Enter does not wait for the list, and records with the second", async () => {
    await open();
    await contains(".o_care_hotline input:first").edit("lotus", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["find lotus"]);
    expect(".o_care_who").toHaveText(/Lotus Hall/);
    expect(queryOne("#o_care_subject")).toBeFocused();
    expect(".o_care_record").not.toBeEnabled();
    await contains("#o_care_subject").edit("Leaks", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["record 1 Leaks false"]);
    expect(".o_dialog").toHaveCount(0);
    expect(".o_notification").toHaveText(/C7 has been recorded/);
});

test("arrows choose another one, and the last is a new contact", async () => {
    await open();
    await contains(".o_care_hotline input:first").edit("lotus", { confirm: false });
    await runAllTimers();
    await animationFrame();
    expect.verifySteps(["find lotus"]);
    expect(queryAllTexts(".o_care_caller b")).toEqual(["Lotus Hall", "Lotus Branch"]);
    await press("ArrowDown");
    await animationFrame();
    expect(".o_care_caller.active").toHaveText(/Lotus Branch/);
    await press("ArrowDown");
    await press("ArrowDown");
    await animationFrame();
    expect(".o_care_caller.active").toHaveText(/New contact: lotus/);
    await press("Enter");
    await animationFrame();
    expect(".o_care_who input").toHaveValue("lotus");
    await contains("#o_care_subject").edit("Leaks", { confirm: false });
    await contains(".o_care_solved").click();
    expect.verifySteps(["record undefined Leaks true"]);
});

test("an answer that comes late does not replace a newer one", async () => {
    await open();
    const late = new Deferred();
    onRpc("care.complaint", "care_hotline_find", ({ args }) =>
        args[0] === "lo" ? late.then(() => [ROWS[1]]) : [ROWS[0]]
    );
    const input = contains(".o_care_hotline input:first");
    await input.edit("lo", { confirm: false });
    await runAllTimers();
    await input.edit("lotus", { confirm: false });
    await runAllTimers();
    await animationFrame();
    late.resolve();
    await animationFrame();
    expect(queryAllTexts(".o_care_caller b")).toEqual(["Lotus Hall"]);
});
