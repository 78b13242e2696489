import { onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Rules of a contact plan in one table, role by channel. A rule is edited in a dialog and
 * stays unsaved with its plan, so that the plan can show what it would ask of people. */
export class PlanTable extends X2ManyField {
    static template = "customer_care.PlanTable";

    setup() {
        super.setup();
        this.orm = useService("orm");
        onWillStart(async () => {
            this.activeRoles = await this.orm.searchRead("care.role", [], ["name"]);
        });
    }

    /** Channels of the selection, the highest rank first. */
    get channels() {
        return this.list.fields.channel.selection;
    }

    /** All roles, those that are archived but still have a rule last. */
    get rows() {
        const roles = this.activeRoles.map(({ id, name }) => ({ id, name }));
        for (const { data } of this.list.records) {
            if (data.role_id && !roles.some((role) => role.id === data.role_id.id)) {
                roles.push({ id: data.role_id.id, name: data.role_id.display_name });
            }
        }
        return roles.map((role) => ({
            role,
            cells: this.channels.map(([channel, label]) => ({
                channel,
                label,
                rules: this.list.records.filter(
                    ({ data }) =>
                        data.role_id.id === role.id && data.channel === channel
                ),
            })),
        }));
    }

    get canRemove() {
        return !this.props.readonly && this.activeActions.delete;
    }

    addLabel(role, cell) {
        return _t("Add: %(role)s, %(channel)s", {
            role: role.name,
            channel: cell.label,
        });
    }

    removeLabel(role, cell) {
        return _t("Remove: %(role)s, %(channel)s", {
            role: role.name,
            channel: cell.label,
        });
    }

    add(role, cell) {
        return this.onAdd({
            context: { default_role_id: role.id, default_channel: cell.channel },
        });
    }

    remove(rule) {
        return this.list.delete(rule);
    }
}

export const planTable = {
    ...x2ManyField,
    component: PlanTable,
    displayName: _t("Table of Role by Channel"),
    supportedTypes: ["one2many"],
};

registry.category("fields").add("care_plan_table", planTable);
