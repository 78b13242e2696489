import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
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

class CareComplaint extends models.Model {
    _name = "care.complaint";
}

class CareComplaintCategory extends models.Model {
    _name = "care.complaint.category";

    complete_name = fields.Char();
}

class CareCall extends models.Model {
    _name = "care.call";
}

defineMailModels();
defineModels([CareCall, CareComplaint, CareComplaintCategory]);

const CUSTOMER = { id: 1, name: "Lotus Hall", phone: "0451 1", tier: "A", open: 0 };

/** The caller is searched and read before the dialog shows. */
async function opened() {
    await animationFrame();
    await animationFrame();
}

async function ring(call) {
    getService("customer_care.call").onCall({ state: "ringing", ...call });
    await opened();
}

async function start() {
    onRpc("care.complaint", "care_hotline_find", ({ args }) =>
        args[0] === "04511" ? [CUSTOMER] : []
    );
    onRpc("care.complaint", "care_hotline_customer", () => ({
        ...CUSTOMER,
        card: { complaints: [], promises: [] },
        orders: [],
        open_documents: [],
    }));
    onRpc("care.call", "announce_shown", ({ args }) => {
        expect.step(`shown ${args[0]}`);
        return true;
    });
    onRpc("has_access", () => true);
    await mountWithCleanup(WebClient);
}

test("a ringing call opens the hotline with the caller, once", async () => {
    await start();
    await ring({ call_id: 5, number: "04511" });
    expect(".o_care_who").toHaveText(/Lotus Hall/);
    expect.verifySteps(["shown 5"]);
    await ring({ call_id: 5, number: "04511" });
    expect(".o_care_hotline").toHaveCount(1);
});

test("a second call is told, and its notice goes when another answers", async () => {
    await start();
    await ring({ call_id: 5, number: "04511" });
    expect.verifySteps(["shown 5"]);
    await ring({ call_id: 6, number: false });
    expect(".o_care_hotline").toHaveCount(1);
    expect(".o_notification").toHaveText(/Number withheld/);
    getService("customer_care.call").onCall({ call_id: 6, state: "answered" });
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});

test("a call is told to whoever has opened the hotline by hand", async () => {
    onRpc("res.users", "has_group", () => true);
    await start();
    await contains(".o_care_hotline_button").click();
    await opened();
    await ring({ call_id: 8, number: "04511" });
    expect(".o_care_hotline").toHaveCount(1);
    expect(".o_notification").toHaveText(/04511/);
    await contains(".o_care_hotline .btn-close").click();
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "care_hotline",
    });
    await opened();
    await ring({ call_id: 9, number: "04512" });
    expect(".o_care_hotline").toHaveCount(1);
    expect(".o_notification").toHaveCount(2);
});

test("the notice opens the hotline", async () => {
    await start();
    await ring({ call_id: 5, number: "04511" });
    expect.verifySteps(["shown 5"]);
    await ring({ call_id: 7, number: "04511" });
    await contains(".o_notification_buttons button").click();
    await opened();
    expect(".o_care_hotline").toHaveCount(2);
    expect.verifySteps(["shown 7"]);
});
