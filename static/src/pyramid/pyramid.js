import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** For each person the contacts known at least so well, beside the typical number. */
export class RelationshipPyramid extends Component {
    static template = "customer_care.RelationshipPyramid";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get pyramids() {
        return this.props.record.data[this.props.name] || [];
    }

    /** "5", or "0.3–0.5" where it is a range. */
    typical({ low, high }) {
        const number = (value) =>
            formatFloat(value, { digits: [16, value % 1 ? 1 : 0] });
        return low === high ? number(low) : `${number(low)}–${number(high)}`;
    }

    percent(share) {
        return formatFloat(share, { digits: [16, 0] });
    }

    open(pyramid) {
        return this.action.doAction("customer_care.relationship_report_action", {
            additionalContext: { search_default_user_id: pyramid.id },
            viewType: "list",
        });
    }
}

registry.category("fields").add("care_relationship_pyramid", {
    component: RelationshipPyramid,
    displayName: _t("Relationship Pyramid"),
    supportedTypes: ["json"],
});
