from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Mark the follow-up of a completed activity as done."""
        rows = self.filtered(lambda activity: activity.res_model == "care.follow.up")
        follow_ups = self.env["care.follow.up"].browse(rows.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        follow_ups.exists()._set_done(feedback)
        return result
