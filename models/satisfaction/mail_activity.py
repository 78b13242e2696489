from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A follow-up whose activity is marked done has been followed up."""
        rows = self.filtered(lambda activity: activity.res_model == "care.follow.up")
        follow_ups = self.env["care.follow.up"].browse(rows.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        follow_ups.exists()._set_done(feedback)
        return result
