from odoo import models

from .care_promise import REMINDER


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """The reminder of a promise, done with a few words, keeps the promise: they
        are its evidence."""
        kind = self.env.ref(REMINDER, raise_if_not_found=False)
        reminders = self.filtered(
            lambda row: row.res_model == "care.promise" and row.activity_type_id == kind
        )
        promises = self.env["care.promise"].browse(reminders.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if feedback:
            promises.exists().filtered(
                lambda row: row.state in ("open", "late")
            ).action_keep(feedback)
        return result
