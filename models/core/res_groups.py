from odoo import api, models

FEATURES = (
    "visit",
    "complaint",
    "satisfaction",
    "protection",
    "month_report",
    "promise",
    "merit",
    "outlook",
    "quality",
    "phone",
    "knowledge",
)
"""Each has a group ``group_care_<feature>``, which Settings gives to all users of the
app or takes from them, as core's implied groups."""
VISIT = "customer_care.group_care_visit"
COMPLAINT = "customer_care.group_care_complaint"
SATISFACTION = "customer_care.group_care_satisfaction"


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _has_care_feature(self, feature):
        """Whether a feature is switched on, for users and scheduled jobs alike."""
        return self._is_feature_enabled(f"customer_care.group_care_{feature}")

    @api.model
    def _switch_care_features(self, **features):
        """Switch features on and off, for all users of the app.

        :param features: {feature: on?}
        """
        users = self.env.ref("customer_care.group_user").sudo()
        for feature, on in features.items():
            group = self.env.ref(f"customer_care.group_care_{feature}").sudo()
            (users._apply_group if on else users._remove_group)(group)
