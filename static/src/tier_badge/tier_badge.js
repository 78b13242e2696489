import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/**
 * The tier of a customer, with a mark where one of the best has an open complaint.
 * The model says it in its field ``care_alarm``.
 */
export class TierBadge extends BadgeField {
    static template = "customer_care.TierBadge";

    get alarm() {
        return {
            late: { tone: "text-danger", label: _t("Complaint is late") },
            open: { tone: "text-warning", label: _t("Open complaint") },
        }[this.props.record.data.care_alarm];
    }
}

registry.category("fields").add("care_tier", {
    ...badgeField,
    component: TierBadge,
    displayName: _t("Tier"),
    supportedTypes: ["many2one"],
    fieldDependencies: [{ name: "care_alarm", type: "selection" }],
});
