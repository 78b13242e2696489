import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The next step of a complaint, and what its file needs before. */
export class NextStep extends Component {
    static template = "customer_care.NextStep";
    static props = { ...standardFieldProps };

    get step() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("care_next_step", {
    component: NextStep,
    supportedTypes: ["json"],
});
