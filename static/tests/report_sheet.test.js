import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    makeDialogMockEnv,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import { browser } from "@web/core/browser/browser";
import { startsIn } from "@customer_care/planner/planner";
import { fitted, shrinkPhoto } from "@customer_care/report_sheet/photo";
import { ReportSheet } from "@customer_care/report_sheet/report_sheet";

defineMailModels();

const channels = [
    ["visit", "Visit"],
    ["phone", "Phone"],
];

/** @param {Object[]} filed reports that the sheet sends
 * @param {Object[]} opened actions that it opens */
async function mountSheet(filed = [], opened = [], sheet = {}) {
    onRpc("care.interaction", "sheet_values", () => ({
        partner_id: 1,
        name: "Velvet Salon",
        target_id: false,
        interaction_id: false,
        channel: "visit",
        summary: "Sells well",
        topic: "",
        contact_id: false,
        checked_in_at: false,
        channels,
        faces: [["5", "Highly satisfied"]],
        persons: [],
        may_add_person: false,
        roles: [],
        purposes: [],
        required: Object.fromEntries(
            channels.map(([name]) => [name, { text: false, purpose: false }])
        ),
        links: [],
        brief: "",
        chips: [],
        ...sheet,
    }));
    onRpc("care.interaction", "report_from_phone", ({ args: [values] }) => {
        filed.push(values);
        return {
            id: 7,
            new: true,
            name: "Velvet Salon",
            uncounted: false,
            next: false,
        };
    });
    const env = await makeDialogMockEnv();
    patchWithCleanup(env.services.action, {
        doAction: (action) => opened.push(action),
    });
    await mountWithCleanup(ReportSheet, {
        env,
        props: { close() {}, partner_id: 1 },
    });
}

test("typing by voice only where the browser can do it", async () => {
    patchWithCleanup(window, {
        SpeechRecognition: undefined,
        webkitSpeechRecognition: undefined,
    });
    await mountSheet();
    expect(".o_care_sheet_photo").toHaveCount(1);
    expect(".o_care_sheet_voice").toHaveCount(0);
});

test("what is said comes behind what is written", async () => {
    let recognition;
    class Recognition {
        constructor() {
            recognition = this;
        }
        start() {
            expect.step("start");
        }
        stop() {
            this.onend();
        }
        hear(transcript, isFinal) {
            const result = Object.assign([{ transcript }], { isFinal });
            this.onresult({ results: [result], resultIndex: 0 });
        }
    }
    patchWithCleanup(window, { SpeechRecognition: Recognition });
    await mountSheet();
    await contains(".o_care_sheet_voice").click();
    expect(".o_care_sheet_voice").toHaveText("Stop");
    recognition.hear("wants", false);
    await animationFrame();
    expect(".o_care_sheet_summary").toHaveValue("Sells well");
    recognition.hear(" wants the serum ", true);
    await animationFrame();
    expect(".o_care_sheet_summary").toHaveValue("Sells well wants the serum");
    await contains(".o_care_sheet_voice").click();
    expect(".o_care_sheet_voice").toHaveText("Speak");
    expect.verifySteps(["start"]);
});

test("what is said last is waited for", async () => {
    const ended = new Deferred();
    class Recognition {
        start() {}
        async stop() {
            await ended;
            const result = Object.assign([{ transcript: "the serum" }], {
                isFinal: true,
            });
            this.onresult({ results: [result], resultIndex: 0 });
            this.onend();
        }
    }
    patchWithCleanup(window, { SpeechRecognition: Recognition });
    const filed = [];
    await mountSheet(filed);
    await contains(".o_care_sheet_voice").click();
    await contains(".o_care_sheet_file").click();
    expect(filed).toHaveLength(0);
    expect(".o_care_sheet_file").not.toBeEnabled();
    ended.resolve();
    await animationFrame();
    expect(filed.map(({ summary }) => summary)).toEqual(["Sells well the serum"]);
});

test("a photo that is still made smaller is waited for", async () => {
    const read = new Deferred();
    patchWithCleanup(window, { createImageBitmap: () => read });
    const filed = [];
    await mountSheet(filed);
    addPhoto();
    await contains(".o_care_sheet_file").click();
    expect(filed).toHaveLength(0);
    read.resolve(Object.assign(drawing(), { close() {} }));
    await waitFor(".o_care_sheet_filed");
    expect(filed.map(({ photos }) => photos.length)).toEqual([1]);
});

test("the form goes on with what was entered", async () => {
    const opened = [];
    await mountSheet([], opened, { purposes: [{ id: 3, name: "Training" }] });
    await contains(".o_care_sheet_summary").edit("Wants the serum");
    await contains(".o_care_sheet_more").click();
    await contains(".o_care_sheet_purposes button").click();
    await contains(".o_care_sheet_form").click();
    expect(opened[0].context).toEqual({
        default_partner_id: 1,
        default_summary: "Wants the serum",
        default_purpose_ids: [[6, false, [3]]],
    });
});

test("a planned contact has what was entered before its form opens", async () => {
    onRpc("care.interaction", "write", ({ args }) => expect.step(args) || true);
    const opened = [];
    await mountSheet([], opened, { interaction_id: 5 });
    await contains(".o_care_faces button").click();
    await contains(".o_care_sheet_form").click();
    expect.verifySteps([[[5], { satisfaction: "5" }]]);
    expect(opened[0].res_id).toBe(5);
    expect(opened[0].context).toEqual({ default_partner_id: 1 });
});

test("the form takes no photos, which one confirms", async () => {
    const opened = [];
    await mountSheet([], opened);
    addPhoto(await noisePhoto(4, 4));
    await waitFor(".o_care_sheet_photos img");
    await contains(".o_care_sheet_form").click();
    await contains(".modal-footer .btn-secondary:contains(Cancel)").click();
    expect(opened).toHaveLength(0);
    await contains(".o_care_sheet_form").click();
    await contains(".modal-footer .btn-primary:contains(Full Form)").click();
    expect(opened).toHaveLength(1);
});

test("check in, and nobody is there", async () => {
    mockDate("2026-03-05 09:12:00", 0);
    const filed = [];
    await mountSheet(filed);
    patchWithCleanup(browser, {
        navigator: {
            geolocation: {
                getCurrentPosition: (found) =>
                    found({ coords: { latitude: 31.2, longitude: 121.5 } }),
            },
        },
    });
    await contains(".o_care_sheet_check_in").click();
    expect(".o_care_sheet_check_in").toHaveText("Checked in 09:12");
    expect(".o_care_sheet_check_in").not.toBeEnabled();
    await contains(".o_care_sheet_nobody").click();
    expect(".o_care_sheet_filed").toHaveCount(1);
    const [{ state, checked_in_at, latitude }] = filed;
    expect([state, checked_in_at, latitude]).toEqual([
        "not_met",
        "2026-03-05 09:12:00",
        31.2,
    ]);
});

test("a report of the wrong customer is corrected where it was filed", async () => {
    const opened = [];
    await mountSheet([], opened);
    await contains(".o_care_sheet_file").click();
    await contains(".o_care_sheet_correct").click();
    const [{ res_model, res_id }] = opened;
    expect([res_model, res_id]).toEqual(["care.interaction", 7]);
});

function drawing(width = 4, height = 4) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas;
}

function addPhoto(blob = new Blob()) {
    const files = new DataTransfer();
    files.items.add(new File([blob], "shelf.png", { type: "image/png" }));
    const input = queryOne(".o_care_sheet_body input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function noisePhoto(width, height) {
    const canvas = drawing(width, height);
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(width, height);
    for (let i = 0; i < pixels.data.length; i++) {
        pixels.data[i] = (i * 2654435761) >>> 24; // compresses badly, like a real photo
    }
    context.putImageData(pixels, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

test("the longer side of a photo has 1600 pixels, its shape stays", () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitted(640, 480)).toEqual({ width: 640, height: 480 });
});

test("a large photo becomes a small JPEG", async () => {
    const large = await noisePhoto(2000, 1000);
    const small = await shrinkPhoto(large, 400);
    expect(small.type).toBe("image/jpeg");
    const image = await createImageBitmap(small);
    expect([image.width, image.height]).toEqual([400, 200]);
    expect(small.size).toBeLessThan(large.size / 5);
});

test("what is no picture is refused", async () => {
    await expect(
        shrinkPhoto(new Blob(["text"], { type: "image/png" }))
    ).rejects.toThrow();
});

test("a contact begins where there is room for all of it", () => {
    const span = { start: "2026-03-05 08:10:00", end: "2026-03-05 10:00:00" };
    expect(startsIn(span, 60).map(({ value }) => value)).toEqual([
        "2026-03-05 08:30:00",
        "2026-03-05 09:00:00",
    ]);
    expect(startsIn(span, 120)).toEqual([]);
});
