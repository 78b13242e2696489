from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .care_plan_target_excuse import WAITING_STATES


class CarePlanTarget(models.Model):
    """Buttons: excuse, schedule, report, open."""

    _inherit = "care.plan.target"

    def action_excuse(self, kind="other", reason=None):
        """Excuse open or missed targets, or ask their supervisors to: users their own,
        with access to all customers those of others.

        :return: targets that were excused at once
        :raise UserError: without a reason, or the window is met or superseded
        """
        self.check_access("read")
        self._check_may_excuse()
        labels = dict(self._fields["excuse_kind"]._description_selection(self.env))
        reason = (reason or (labels[kind] if kind != "other" else "")).strip()
        if not reason:
            raise UserError(
                self.env._(
                    "Enter the reason for the excuse, e.g. customer closed, "
                    "holiday, agreed."
                )
            )
        self._lock_for_excuse()
        closed = self.filtered(lambda target: target.state not in WAITING_STATES)
        if closed:
            raise UserError(
                self.env._(
                    "%s is already settled and cannot be excused.",
                    closed[0].display_name,
                )
            )
        decided = self._decidable()
        if asked := decided.filtered(lambda target: target.excuse_state == "asked"):
            asked.sudo().write(asked._decision("approved"))
        alone = (self - decided)._self_excusable()
        (decided | alone)._excuse(kind, reason)
        (self - decided - alone)._ask_for_excuse(kind, reason)
        return decided | alone

    def _check_may_excuse(self):
        if self.env.su or self.env.user.has_group("customer_care.group_user_all"):
            return
        foreign = self.filtered(
            lambda row: self.env.user not in row.user_id | row.stand_in_id
        )
        if foreign := foreign - foreign._decidable():
            raise AccessError(
                self.env._(
                    "You can only excuse your own targets. Ask %s or your manager.",
                    foreign[0].user_id.name or self.env._("an administrator"),
                )
            )

    def _excuse(self, kind, reason):
        if not self:
            return
        self.sudo().write(
            {
                "state": "excused",
                "excuse_kind": kind,
                "excuse_reason": reason,
                "excused_by_id": self.env.uid,
                "excused_on": self.env.company._care_today(),
            }
        )
        self._message_log_batch(
            {target.id: self.env._("Excused: %s", reason) for target in self}
        )

    def action_undo_excuse(self):
        """Withdraw excuses, and those that are only asked for."""
        self.check_access("read")
        excused = self.filtered(lambda target: target.state == "excused")
        asked = self.filtered(
            lambda target: target.excuse_state == "asked" and target not in excused
        )
        if not self.env.user.has_group("customer_care.group_user_all") and any(
            self.env.user not in target.excused_by_id | target.excuse_asked_by_id
            for target in excused | asked
        ):
            raise AccessError(
                self.env._(
                    "Only the user who excused the target or a manager can withdraw "
                    "the excuse."
                )
            )
        (excused | asked)._withdraw_asking()
        excused.sudo().write(
            {
                "state": "open",
                "excuse_kind": False,
                "excuse_reason": False,
                "excused_by_id": False,
                "excused_on": False,
            }
        )
        self._match(excused._match_keys())
        for target in excused | asked:
            target._message_log(body=self.env._("Excuse withdrawn"))

    def action_schedule(self):
        """Open the dialog that plans the contact: date, duration, people to invite."""
        return self._open_interaction(
            "customer_care.interaction_view_form_schedule"
        ) | {
            "name": self.env._("Schedule"),
            "target": "new",
        }

    def action_report(self):
        """Open the report of the planned contact, or of a new one."""
        self.ensure_one()
        planned = self._planned_contact()
        return self._open_interaction("customer_care.interaction_view_form") | {
            "res_id": planned.id
        }

    def _planned_contact(self):
        """The contact that the user planned for this target, else one that fits and was
        planned for no other target, up to the end of the user's day."""
        Interaction = self.env["care.interaction"]
        mine = Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "planned"),
            ]
        )
        own = mine & Domain("target_id", "=", self.id)
        fitting = mine & Domain(
            [
                ("target_id", "=", False),
                ("role_id", "=", self.role_id.id),
                ("channel", "=", self.channel),
                ("date_start", "<", self._end_of_day()),
            ]
        )
        return Interaction.search(
            own, order="date_start, id", limit=1
        ) or Interaction.search(fitting, order="date_start, id", limit=1)

    def _end_of_day(self):
        """Midnight after today in the user's time zone, in UTC"""
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        midnight = self.env.tz.localize(datetime.combine(tomorrow, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _open_interaction(self, view):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report"),
            "res_model": "care.interaction",
            "view_mode": "form",
            "views": [(self.env.ref(view).id, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_role_id": self.role_id.id,
                "default_channel": self.channel,
                "default_target_id": self.id,
                "default_company_id": self.company_id.id,
                "default_state": "planned",
            },
        }

    def action_open_map(self):
        self.ensure_one()
        return self.partner_id.action_open_care_map()

    def action_open_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }
