import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const REASONS = {
    complaint: _t("Open complaint"),
    quarantine: _t("Recently asked"),
    opted_out: _t("Opted out of surveys"),
    no_address: _t("No e-mail address"),
    no_phone: _t("No phone number"),
    archived: _t("Archived"),
    duplicate: _t("Same e-mail as another customer"),
    no_department: _t("No other department to rate"),
};

/** How many are asked, and why others are not, with the way to them. */
export class CampaignPreview extends Component {
    static template = "customer_care.CampaignPreview";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get data() {
        return this.props.record.data;
    }

    get reasons() {
        const left = this.data[this.props.name] || {};
        return Object.entries(REASONS)
            .filter(([reason]) => left[reason])
            .map(([reason, label]) => ({
                reason,
                label: String(label),
                count: left[reason],
                open: reason !== "duplicate",
            }));
    }

    get leftOut() {
        return this.reasons.reduce((sum, { count }) => sum + count, 0);
    }

    get available() {
        return this.data.audience_count - this.leftOut;
    }

    /** The sample is smaller than what was asked for: say so. */
    get short() {
        return (
            this.data.sample_mode === "count" && this.data.sample_size > this.available
        );
    }

    /** How many answers figures need, in words */
    get help() {
        const help = this.data.sample_help;
        return (help?.rows || []).map(({ measure, margin, answers, ask, enough }) => ({
            measure,
            words:
                measure === "nps"
                    ? _t(
                          "For ± %(margin)s points of NPS you need %(answers)s answers.",
                          {
                              margin,
                              answers,
                          }
                      )
                    : _t(
                          "For ± %(margin)s points of satisfaction you need %(answers)s answers.",
                          { margin, answers }
                      ),
            ask: enough
                ? _t("Ask about %s customers.", ask)
                : _t("That is more than are likely to answer, even if all are asked."),
        }));
    }

    get helpBasis() {
        const { assumed, response } = this.data.sample_help;
        const rate = formatFloat(response, { digits: [16, 0] });
        return assumed
            ? _t("Assumed response rate: %s %%", rate)
            : _t("Response rate of your latest campaigns: %s %%", rate);
    }

    async open(reason) {
        const action = await this.orm.call("care.campaign", "action_view_left_out", [
            [this.props.record.resId],
            reason,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("fields").add("care_campaign_preview", {
    component: CampaignPreview,
    displayName: _t("Preview of a Campaign"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "audience_count", type: "integer" },
        { name: "invited_count", type: "integer" },
        { name: "sample_help", type: "json" },
        { name: "sample_mode", type: "selection" },
        { name: "sample_size", type: "integer" },
        { name: "seed", type: "char" },
        { name: "state", type: "selection" },
    ],
});
