from odoo import models


class ResPartner(models.Model):
    """How satisfied the customer is, for the brief."""

    _inherit = "res.partner"

    def _care_brief_values(self):
        values = super()._care_brief_values()
        if (
            self.env["res.groups"]._has_care_feature("satisfaction")
            and self.care_satisfaction_known
        ):
            bands = self.fields_get(["care_satisfaction_band"])
            bands = dict(bands["care_satisfaction_band"]["selection"])
            values["satisfaction"] = {
                "score": round(self.care_satisfaction),
                "band": bands.get(self.care_satisfaction_band, ""),
            }
        return values
