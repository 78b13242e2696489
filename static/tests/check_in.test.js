import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    pagerNext,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import { browser } from "@web/core/browser/browser";

class CareInteraction extends models.Model {
    _name = "care.interaction";

    name = fields.Char();
    latitude = fields.Float({ digits: [10, 7] });
    longitude = fields.Float({ digits: [10, 7] });
    checked_in_at = fields.Datetime();

    _records = [
        { id: 1, name: "First" },
        { id: 2, name: "Second" },
        {
            id: 3,
            name: "Third",
            latitude: 31.2304,
            longitude: 121.4737,
            checked_in_at: "2026-03-05 08:00:00",
        },
        { id: 4, name: "Fourth", checked_in_at: "2026-03-05 08:00:00" },
    ];
}

defineMailModels();
defineModels([CareInteraction]);

beforeEach(() => {
    mockDate("2026-03-05 10:15:00", 0);
    onRpc("care.interaction", "web_save", ({ args }) => {
        expect.step(args);
    });
});

const mount = (resId, parameters = {}) =>
    mountView({
        type: "form",
        resModel: "care.interaction",
        resId,
        resIds: [1, 2, 3, 4],
        arch: `<form><field name="name"/><widget name="care_check_in"/></form>`,
        ...parameters,
    });

/** Answer of the browser; the promise is settled by hand to see what is in between. */
function mockPosition() {
    const calls = [];
    patchWithCleanup(browser, {
        navigator: {
            geolocation: {
                getCurrentPosition: (done, failed, options) =>
                    calls.push({ done, failed, options }),
            },
        },
    });
    return calls;
}

const button = ".o_care_check_in button";
const SHANGHAI = { coords: { latitude: 31.2304, longitude: 121.4737 } };

test("checked in with time and position", async () => {
    const calls = mockPosition();
    await mount(1);
    expect(button).toHaveText("Check In");
    await contains(button).click();
    expect(calls).toHaveLength(1);
    expect(calls[0].options).toEqual({ enableHighAccuracy: true, timeout: 10_000 });
    calls[0].done(SHANGHAI);
    await animationFrame();
    expect(button).toHaveCount(0);
    expect(".o_care_check_in").toHaveText(/10:15/);
    expect(".o_notification").toHaveCount(0);
    await clickSave();
    expect.verifySteps([
        [
            [1],
            {
                checked_in_at: "2026-03-05 10:15:00",
                latitude: 31.2304,
                longitude: 121.4737,
            },
        ],
    ]);
});

test("the button waits for the position, and asks once", async () => {
    const calls = mockPosition();
    await mount(1);
    await contains(button).click();
    expect(button).not.toBeEnabled();
    expect(button).toHaveText("Locating…");
    calls[0].done(SHANGHAI);
    await animationFrame();
    expect(calls).toHaveLength(1);
});

for (const [code, words] of [
    [1, /does not share your location.*browser/],
    [2, /is not available/],
    [3, /could not be found in time/],
]) {
    test(`refused with code ${code}: the time alone, and why`, async () => {
        const calls = mockPosition();
        await mount(1);
        await contains(button).click();
        calls[0].failed({ code });
        await animationFrame();
        expect(".o_notification").toHaveCount(1);
        expect(".o_notification_content").toHaveText(words);
        expect(".o_notification_content").toHaveText(/without it/);
        expect(button).toHaveCount(0);
        expect(".o_care_check_in").toHaveText(/10:15.*without location/s);
        expect(".o_care_check_in a").toHaveCount(0);
        await clickSave();
        expect.verifySteps([[[1], { checked_in_at: "2026-03-05 10:15:00" }]]);
    });
}

test("no geolocation, as on a page without https: the time alone", async () => {
    patchWithCleanup(browser, { navigator: {} });
    await mount(1);
    await contains(button).click();
    expect(".o_notification_content").toHaveText(/is not available/);
    await clickSave();
    expect.verifySteps([[[1], { checked_in_at: "2026-03-05 10:15:00" }]]);
});

test("the time is that of the click", async () => {
    const calls = mockPosition();
    await mount(1);
    await contains(button).click();
    mockDate("2026-03-05 10:15:09", 0);
    calls[0].done(SHANGHAI);
    await animationFrame();
    await clickSave();
    expect.verifySteps([
        [
            [1],
            {
                checked_in_at: "2026-03-05 10:15:00",
                latitude: 31.2304,
                longitude: 121.4737,
            },
        ],
    ]);
});

test("who pages on while waiting does not check in elsewhere", async () => {
    const calls = mockPosition();
    await mount(1);
    await contains(button).click();
    await pagerNext();
    expect("div[name=name] input").toHaveValue("Second");
    calls[0].done(SHANGHAI);
    await animationFrame();
    expect(button).toHaveCount(1);
    expect(button).toBeEnabled();
    expect(".o_form_status_indicator_buttons.invisible").toHaveCount(1);
    expect.verifySteps([]);
});

test("a link to the map", async () => {
    await mount(3);
    expect(button).toHaveCount(0);
    expect(".o_care_check_in").toHaveText(/8:00/);
    expect(".o_care_check_in a").toHaveAttribute(
        "href",
        "https://www.openstreetmap.org/?mlat=31.2304&mlon=121.4737#map=17/31.2304/121.4737"
    );
    expect(".o_care_check_in a").toHaveAttribute("target", "_blank");
    expect(".o_care_check_in a").toHaveAttribute("rel", /noopener/);
});

test("checked in without a position: no link", async () => {
    await mount(4);
    expect(button).toHaveCount(0);
    expect(".o_care_check_in a").toHaveCount(0);
    expect(".o_care_check_in").toHaveText(/without location/);
});

test("read only: the button is disabled", async () => {
    await mount(1, { readonly: true });
    expect(button).not.toBeEnabled();
});
