import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
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
async function mountSheet(filed = [], opened = []) {
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

async function noisePhoto(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
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
