from odoo import models

from .care_risk_case_alert import REACT


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """The supervisor who marks the alert as done has reacted."""
        kind = self.env.ref(REACT, raise_if_not_found=False)
        alerts = self.filtered(
            lambda row: row.res_model == "care.risk.case"
            and row.activity_type_id == kind
        )
        cases = self.env["care.risk.case"].browse(alerts.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        cases.exists()._note_reaction()
        return result
