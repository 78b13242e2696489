import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/** A tier in its colour, on models that have no field for the colour. */
export class TierColorBadge extends BadgeField {
    get badgeClass() {
        return `o_badge_color_${this.props.record.data[this.props.name]?.color || 0}`;
    }
}

registry.category("fields").add("care_tier_badge", {
    ...badgeField,
    component: TierColorBadge,
    displayName: _t("Tier in Its Color"),
    supportedTypes: ["many2one"],
    relatedFields: [{ name: "color", type: "integer" }],
});

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
