import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The macros for the complaint, each one click. */
export class Macros extends Component {
    static template = "customer_care.Macros";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        // Those of useService stop when the menu of a small screen closes.
        this.orm = this.env.services.orm;
        this.action = this.env.services.action;
        this.state = useState({ macros: [] });
    }

    async load() {
        this.state.macros = await this.orm.call(
            this.props.record.resModel,
            "read_macros",
            [[this.props.record.resId]]
        );
    }

    async apply(macro) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "apply_macro", [
            [record.resId],
            macro.id,
        ]);
        const onClose = () => record.model.load();
        if (action) {
            await this.action.doAction(action, { onClose });
        } else {
            await onClose();
        }
    }
}

registry
    .category("view_widgets")
    .add("care_macros", { component: Macros, extractProps: () => ({}) });
