from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

FOLLOW_UPS = [
    ("coaching", "Coaching"),
    ("order", "Written Order"),
    ("praise", "Praise"),
]
TERM = timedelta(days=7)
"""When the supervisor should have talked to the person, where no date is given"""


class CareSpotCheckLine(models.Model):
    """What follows from an inspection."""

    _inherit = "care.spot.check.line"

    follow_up = fields.Selection(FOLLOW_UPS, readonly=True, copy=False)
    follow_up_text = fields.Text("Follow-up Note", readonly=True, copy=False)
    follow_up_by_id = fields.Many2one(
        "res.users", "Followed up by", readonly=True, copy=False, ondelete="set null"
    )
    follow_up_at = fields.Datetime("Followed up", readonly=True, copy=False)

    def action_follow_up(self):
        """The dialog for what is wrong and what follows"""
        self.ensure_one()
        self.check_access("write")
        praise = self.result == "right"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Praise") if praise else self.env._("Wrong"),
            "res_model": "care.check.finding",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_line_id": self.id,
                "default_remark": self.remark or self._words_of_failed(),
                "default_follow_up": "praise" if praise else "coaching",
            },
        }

    def _follow_up(self, kind, text, date_due=False):
        """Tell the supervisor to coach, give the person an order, or praise them.

        :raise UserError: the result does not fit, there is no person, or no text
        """
        self.ensure_one()
        if not self.user_id:
            raise UserError(self.env._("%s has no person to tell.", self.name))
        if self.result != ("right" if kind == "praise" else "wrong"):
            raise UserError(
                self.env._(
                    "Praise what is right; coaching and orders are for what is wrong."
                )
            )
        if not (text or "").strip():
            raise UserError(self.env._("Enter what the person should be told."))
        due = date_due or self.company_id.sudo()._care_today() + TERM
        getattr(self, f"_follow_up_{kind}")(text.strip(), due)
        self.sudo().write(
            {
                "follow_up": kind,
                "follow_up_text": text.strip(),
                "follow_up_by_id": self.env.uid,
                "follow_up_at": fields.Datetime.now(),
            }
        )

    def _inspected(self):
        return self.interaction_id or self.complaint_id or self.partner_id

    def _supervisor(self):
        """Leader of the person's sales team, else the care manager; never the person"""
        leader = self.user_id.sudo().sale_team_id.user_id
        if leader.active and leader != self.user_id:
            return leader
        return self.company_id._care_manager() - self.user_id

    def _follow_up_coaching(self, text, due):
        supervisor = self._supervisor() or self.env.user
        told = self._care_in_language_of(supervisor)
        values = {
            "user_id": supervisor.id,
            "date_deadline": due,
            "summary": told.env._("Coach %s", self.user_id.name),
            "note": Markup("<p>%s</p><p>%s: %s</p>")
            % (text, self.name, self.remark or ""),
        }
        record = self._inspected()
        if record.with_user(supervisor).has_access("read"):
            record.sudo().activity_schedule("mail.mail_activity_data_todo", **values)
        else:
            todo = self.env.ref("mail.mail_activity_data_todo")
            self.env["mail.activity"].sudo().create(
                values | {"activity_type_id": todo.id}
            )

    def _follow_up_order(self, text, due):
        if not self._can_order():
            raise UserError(
                self.env._("Orders need the feature Promises. Choose coaching instead.")
            )
        record = self._inspected()
        self.env["care.notice"].create(
            {
                "kind": "order",
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "res_model": record._name,
                "res_id": record.id,
                "text": text,
                "date_due": due,
            }
        )

    def _can_order(self):
        return "care.notice" in self.env and self.env["res.groups"]._has_care_feature(
            "promise"
        )

    def _follow_up_praise(self, text, due):
        told = self._care_in_language_of(self.user_id)
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=told.env._("Praise: %s", self.name),
            body=text,
        )
