from odoo import models
from odoo.tools import SQL


class CareComplaint(models.Model):
    """Take a complaint: of two who do at once, the second is asked."""

    _inherit = "care.complaint"

    def action_take(self):
        """Become the handler. If a colleague has become it meanwhile, offer to take
        over from them instead."""
        self.check_access("write")
        self._lock_handler()
        taken = self.filtered(lambda row: row.user_id - self.env.user)
        (self - taken).write({"user_id": self.env.uid})
        return taken[:1]._offer_take_over() if taken else None

    def _lock_handler(self):
        """Lock these complaints and read the handler anew. If another transaction has
        changed them since this one began, PostgreSQL refuses and Odoo retries."""
        self.flush_recordset(["user_id"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM care_complaint WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            )
        )
        self.invalidate_recordset(["user_id"], flush=False)

    def _offer_take_over(self):
        wizard = self.env["care.complaint.take.over"].create(
            {"complaint_id": self.id, "user_id": self.user_id.id}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.complaint_take_over_action"
        )
        return {**action, "res_id": wizard.id}

    def _take_over(self, former):
        """Become the handler in place of ``former``, who is told.

        :return: an action that asks again, if it is somebody else's by now
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_handler()
        if self.user_id - former - self.env.user:
            return self._offer_take_over()
        former = self.user_id - self.env.user
        self.write({"user_id": self.env.uid})
        if former:
            self._message_log(
                body=self.env._(
                    "%(user)s has taken over from %(former)s.",
                    user=self.env.user.name,
                    former=former.name,
                )
            )
            self._tell_former_handler(former)
        return {"type": "ir.actions.act_window_close"}

    def _tell_former_handler(self, former):
        if not former.active:
            return
        told = self._care_in_language_of(former)
        told.message_notify(
            partner_ids=former.partner_id.ids,
            subject=self.display_name,
            body=told.env._(
                "%(user)s has taken over complaint %(complaint)s from you.",
                user=self.env.user.name,
                complaint=self.display_name,
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )
