import { Component } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const NEARLY_FULL = 80;
const FULL = 100;

/** Hours of contacts owed ÷ working hours, by person (row) and week (column). */
export class CapacityMatrix extends Component {
    static template = "customer_care.CapacityMatrix";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get matrix() {
        return this.props.record.data[this.props.name] || { weeks: [], rows: [] };
    }

    weekLabel(week) {
        return deserializeDate(week).toLocaleString({ month: "short", day: "numeric" });
    }

    /** free, nearly or over; nothing to do is idle, nobody at work is closed. */
    kind({ planned, load }) {
        if (!planned) {
            return "idle";
        }
        if (load === null) {
            return "closed";
        }
        if (load > FULL) {
            return "over";
        }
        return load >= NEARLY_FULL ? "nearly" : "free";
    }

    loadText(cell) {
        const kind = this.kind(cell);
        if (kind === "idle") {
            return "–";
        }
        if (kind === "closed") {
            return _t("No working hours");
        }
        return kind === "over" ? _t("%s % !", cell.load) : _t("%s %", cell.load);
    }

    hoursText({ planned, working }) {
        const digits = { digits: [16, 1], trailingZeros: false };
        return _t("%(planned)s of %(working)s h", {
            planned: formatFloat(planned, digits),
            working: formatFloat(working, digits),
        });
    }

    label(row, week, cell) {
        return _t("%(person)s, week of %(week)s: %(load)s, %(hours)s", {
            person: row.name,
            week: this.weekLabel(week),
            load: this.loadText(cell),
            hours: this.hoursText(cell),
        });
    }

    async open(row, week) {
        const { record } = this.props;
        if (!record.resId && !(await record.save())) {
            return;
        }
        this.action.doAction(
            await this.orm.call("care.capacity", "action_open_cell", [
                [record.resId],
                row.id,
                week,
            ])
        );
    }
}

export const capacityMatrix = {
    component: CapacityMatrix,
    displayName: _t("Capacity Matrix"),
    supportedTypes: ["json"],
};

registry.category("fields").add("care_capacity_matrix", capacityMatrix);
