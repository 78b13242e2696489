import { Component } from "@odoo/owl";
import { formatFloat } from "@web/views/fields/formatters";

/** How departments rate each other; figures of too few answers are empty. */
export class CampaignDepartments extends Component {
    static template = "customer_care.CampaignDepartments";
    static props = { departments: Object };

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }
}
