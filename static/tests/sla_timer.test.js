import { ticker } from "@customer_care/sla_timer/shared_tick";
import { duration, SlaBadge, workingSeconds } from "@customer_care/sla_timer/sla_timer";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAttribute, queryText } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import {
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    pagerNext,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

const RUNNING = {
    state: "on_track",
    deadline: "2026-11-09 14:00:00",
    warn: "2026-11-09 13:00:00",
    now: "2026-11-09 10:00:00",
    target: "reply",
    parts:
        "2026-11-09 10:00:00/2026-11-09 12:00:00," +
        "2026-11-09 13:00:00/2026-11-09 17:00:00," +
        "2026-11-10 09:00:00/2026-11-10 12:00:00",
};

class CareTimer extends models.Model {
    _name = "care.timer";

    clock = fields.Json({ string: "Clock" });

    _records = [
        { id: 1, clock: RUNNING },
        { id: 2, clock: { ...RUNNING, state: "paused", deadline: false, parts: "" } },
        { id: 3, clock: { ...RUNNING, state: "none", deadline: false, parts: "" } },
        { id: 4, clock: { ...RUNNING, parts: null } },
        { id: 5, clock: { ...RUNNING, deadline: "2026-11-09 11:00:00" } },
    ];
}

defineMailModels();
defineModels([CareTimer]);

const HOUR = 3600 * 1000;
const mount = (resId) => {
    mockDate("2026-11-09 10:00:00", +0);
    return mountView({
        type: "form",
        resModel: "care.timer",
        resId,
        resIds: [1, 5],
        arch: `<form><field name="clock" widget="care_sla_timer"/></form>`,
    });
};
const wait = async (milliseconds) => {
    await advanceTime(milliseconds);
    await animationFrame();
};
const tone = () => queryAttribute(".o_care_timer", "data-state");

test("counts working time", async () => {
    const parts = [
        [0, 2000],
        [5000, 9000],
    ];
    expect(workingSeconds(parts, 1000, 6000)).toBe(2);
    expect(workingSeconds(null, 1000, 6000)).toBe(5);
    expect(workingSeconds(parts, 6000, 1000)).toBe(0);
});

test("says how long in words", async () => {
    await mount(3);
    expect(String(duration(30))).toBe("30 s");
    expect(String(duration(61))).toBe("2 min");
    expect(String(duration(3 * 3600 + 60))).toBe("3 h 01 min");
});

test("counts down and stands still over lunch", async () => {
    await mount(1);
    expect(queryText(".o_care_timer")).toBe("3 h 00 min left");
    expect(tone()).toBe("on_track");
    await wait(2 * HOUR);
    expect(queryText(".o_care_timer")).toBe("1 h 00 min left");
    await wait(HOUR / 2);
    expect(queryText(".o_care_timer")).toBe("1 h 00 min left");
});

test("warns, and is late after the deadline", async () => {
    await mount(1);
    await wait(3.5 * HOUR);
    expect(tone()).toBe("at_risk");
    expect(".text-bg-warning").toHaveCount(1);
    await wait(HOUR);
    expect(tone()).toBe("missed");
    expect(queryText(".o_care_timer")).toBe("30 min late");
});

test("is right after a night in an open tab", async () => {
    await mount(1);
    mockDate("2026-11-10 10:00:30", +0);
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(10);
    expect(queryText(".o_care_timer")).toBe("4 h 00 min late");
});

test("the next record has a clock of its own", async () => {
    await mount(1);
    await pagerNext();
    expect(queryText(".o_care_timer")).toBe("1 h 00 min left");
});

test("says when it is paused, and nothing without a clock", async () => {
    await mount(2);
    expect(queryText(".o_care_timer")).toBe("Paused");
    await mount(3);
    expect(".o_care_timer:contains(left)").toHaveCount(0);
});

test("runs around the clock and can be read aloud", async () => {
    await mount(4);
    expect(queryText(".o_care_timer")).toBe("4 h 00 min left");
    expect(queryAttribute(".o_care_timer", "role")).toBe("timer");
    expect(queryAttribute(".o_care_timer", "aria-label")).toInclude("Reply by");
});

test("all rows of a page share one interval, which ends with the last", async () => {
    let running = 0;
    let started = 0;
    patchWithCleanup(ticker, {
        start() {
            running++;
            started++;
            return super.start();
        },
        stop(id) {
            running--;
            super.stop(id);
        },
    });
    mockDate("2026-11-09 10:00:00", +0);
    class Page extends Component {
        static components = { SlaBadge };
        static props = [];
        static template = xml`<SlaBadge t-foreach="state.rows" t-as="row" t-key="row" timer="timer"/>`;

        setup() {
            this.state = useState({ rows: [1, 2, 3] });
            this.timer = RUNNING;
        }
    }
    const page = await mountWithCleanup(Page);
    expect(".o_care_timer:contains(3 h 00 min left)").toHaveCount(3);
    expect(started).toBe(1);
    page.state.rows = [2];
    await wait(HOUR);
    expect(running).toBe(1);
    expect(".o_care_timer:contains(2 h 00 min left)").toHaveCount(1);
    page.state.rows = [];
    await animationFrame();
    expect(running).toBe(0);
    page.state.rows = [4, 5];
    await animationFrame();
    expect(started).toBe(2);
});
