import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import {
    deserializeDateTime,
    serializeDate,
    serializeDateTime,
} from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { calendarView } from "@web/views/calendar/calendar_view";

const { DateTime } = luxon;
const WEEK = 7;
const STEP = 30; // minutes

/** Times in a free span at which something of so many minutes can begin. */
export function startsIn(span, minutes) {
    const end = deserializeDateTime(span.end);
    const first = deserializeDateTime(span.start);
    const over = first.minute % STEP;
    const starts = [];
    for (
        let start = over ? first.plus({ minutes: STEP - over }) : first;
        start.plus({ minutes }) <= end;
        start = start.plus({ minutes: STEP })
    ) {
        starts.push({
            value: serializeDateTime(start),
            label: start.toFormat("HH:mm"),
        });
    }
    return starts;
}

/**
 * One's days with what is planned and the time that is free: choose a contact and tap a
 * time, or drag it there.
 */
export class Planner extends Component {
    static template = "customer_care.Planner";
    static components = { Dialog };
    static props = {
        close: Function,
        date: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const first = this.props.date || serializeDate(DateTime.local());
        this.state = useState({
            first,
            day: first,
            chosen: false,
            days: [],
            due: [],
            busy: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const { days, due } = await this.orm.call(
            "care.plan.target",
            "planner_values",
            [this.state.first, WEEK]
        );
        Object.assign(this.state, { days, due });
        const day = days.find(({ date }) => date === this.state.day);
        if (!day?.free.length) {
            this.state.day = (days.find(({ free }) => free.length) || days[0]).date;
        }
    }

    get chosen() {
        return this.state.due.find(({ id }) => id === this.state.chosen);
    }

    starts(span) {
        return this.chosen ? startsIn(span, this.chosen.minutes) : [];
    }

    move(weeks) {
        const today = serializeDate(DateTime.local());
        const first = serializeDate(DateTime.fromISO(this.state.first).plus({ weeks }));
        this.state.first = first < today ? today : first;
        this.state.day = this.state.first;
        return this.load();
    }

    choose(id) {
        this.state.chosen = this.state.chosen === id ? false : id;
    }

    async plan(start, id = this.state.chosen) {
        if (this.state.busy || !id) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call("care.plan.target", "plan_contact", [[id], start]);
            this.state.chosen = false;
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    onDragStart(ev, id) {
        ev.dataTransfer.setData("text/plain", String(id));
        this.state.chosen = id;
    }

    onDrop(ev, start) {
        return this.plan(start, Number(ev.dataTransfer.getData("text/plain")));
    }

    open(contact) {
        this.props.close({ dismiss: true });
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "care.interaction",
            res_id: contact.id,
            views: [[false, "form"]],
        });
    }
}

function openPlanner(env, date) {
    return new Promise((resolve) =>
        env.services.dialog.add(Planner, { date }, { onClose: resolve })
    );
}

/** The view below is loaded anew, unless something else was opened from the planner. */
registry.category("actions").add("customer_care.planner", async (env, action) => {
    const closed = await openPlanner(env, action.params?.date);
    return closed?.dismiss ? undefined : { type: "ir.actions.act_window_close" };
});

/** A day that is tapped in the calendar of My Contacts is planned. */
class MyCalendarController extends CalendarController {
    async createRecord(record) {
        const closed = await openPlanner(
            this.env,
            record?.start && serializeDate(record.start)
        );
        if (!closed?.dismiss) {
            await this.model.load();
        }
    }
}

registry.category("views").add("care_my_calendar", {
    ...calendarView,
    Controller: MyCalendarController,
});
