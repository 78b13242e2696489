import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Successors (rows) and how much of what they get (columns). */
export class HandoverPreview extends Component {
    static template = "customer_care.HandoverPreview";
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("care_handover", {
    component: HandoverPreview,
    displayName: _t("Handover Preview"),
    supportedTypes: ["json"],
});
