from odoo import api, fields, models

SWITCH = "group_care_"
"""How the fields of the features begin"""


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_care_visit = fields.Boolean(
        "Visits & Calls",
        implied_group="customer_care.group_care_visit",
        group="customer_care.group_user",
    )
    group_care_complaint = fields.Boolean(
        "Complaints",
        implied_group="customer_care.group_care_complaint",
        group="customer_care.group_user",
    )
    group_care_satisfaction = fields.Boolean(
        "Satisfaction",
        implied_group="customer_care.group_care_satisfaction",
        group="customer_care.group_user",
    )
    group_care_protection = fields.Boolean(
        "Card Protection",
        implied_group="customer_care.group_care_protection",
        group="customer_care.group_user",
    )
    group_care_month_report = fields.Boolean(
        "Month-End Reports",
        implied_group="customer_care.group_care_month_report",
        group="customer_care.group_user",
    )
    group_care_promise = fields.Boolean(
        "Promises & Notices",
        implied_group="customer_care.group_care_promise",
        group="customer_care.group_user",
    )
    group_care_merit = fields.Boolean(
        "Rewards & Penalties",
        implied_group="customer_care.group_care_merit",
        group="customer_care.group_user",
    )
    group_care_outlook = fields.Boolean(
        "Early Warning",
        implied_group="customer_care.group_care_outlook",
        group="customer_care.group_user",
    )
    group_care_quality = fields.Boolean(
        "Quality Checks",
        implied_group="customer_care.group_care_quality",
        group="customer_care.group_user",
    )
    group_care_phone = fields.Boolean(
        "Mobile Day",
        implied_group="customer_care.group_care_phone",
        group="customer_care.group_user",
    )
    group_care_knowledge = fields.Boolean(
        "Knowledge & Similar Complaints",
        implied_group="customer_care.group_care_knowledge",
        group="customer_care.group_user",
    )

    def set_values(self):
        has = self.env["res.groups"]._has_care_feature
        begun = {
            feature
            for name in self._fields
            if name.startswith(SWITCH) and self[name]
            for feature in [name.removeprefix(SWITCH)]
            if not has(feature)
        }
        result = super().set_values()
        self._on_care_switched_on(begun)
        return result

    @api.model
    def _on_care_switched_on(self, features):
        """Extended by the rooms: nobody is charged for what happened while a feature
        was off.

        :param features: names of those switched on
        """
