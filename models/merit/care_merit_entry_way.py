from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

UNCONFIRMED = ("proposed", "told", "heard")


class CareMeritEntry(models.Model):
    """The way of an entry: proposed, told, heard, confirmed, settled; or waived."""

    _inherit = "care.merit.entry"

    may_object = fields.Boolean(compute="_compute_may")
    may_answer = fields.Boolean(compute="_compute_may")
    may_decide = fields.Boolean(compute="_compute_may")
    is_heard = fields.Boolean(compute="_compute_may")
    has_range = fields.Boolean(compute="_compute_may")

    @api.depends("state", "user_id", "supervisor_id", "heard_until", "objected_at")
    @api.depends_context("uid")
    def _compute_may(self):
        is_admin = self.env.user.has_group("customer_care.group_manager")
        for entry in self:
            mine = entry.user_id == self.env.user
            valid = entry.standing == "valid"
            entry.may_object = mine and entry._is_objectable()
            entry.may_answer = (
                not mine
                and valid
                and (is_admin or entry.supervisor_id == self.env.user)
                and entry._waits_for_answer()
            )
            entry.may_decide = is_admin and not mine and valid
            entry.is_heard = entry.state in UNCONFIRMED and entry._is_heard()
            entry.has_range = bool(entry.rule_id.sudo().amount_max)

    def _is_objectable(self):
        """Can the person object still?"""
        today = self.company_id.sudo()._care_today()
        return (
            self.standing == "valid"
            and not self.objected_at
            and self.state in ("proposed", "told")
            and (not self.heard_until or today <= self.heard_until)
        )

    def _why_not_objectable(self):
        if self.objected_at:
            return self.env._("%s: you have objected already.", self.display_name)
        if self.standing == "valid" and self.state in UNCONFIRMED and self.heard_until:
            return self.env._(
                "%(entry)s: the last day to object was %(day)s. Ask an administrator "
                "of Customer Care to waive it.",
                entry=self.display_name,
                day=format_date(self.env, self.heard_until),
            )
        return self.env._("%s has been decided already.", self.display_name)

    def _waits_for_answer(self):
        return bool(self.objected_at and not self.answer and self.state in UNCONFIRMED)

    def _is_heard(self):
        """Has the person had the chance to object, and is the objection answered?
        Rewards need no hearing."""
        if self._waits_for_answer():
            return False
        today = self.company_id.sudo()._care_today()
        return (
            self.kind == "reward"
            or self.state == "heard"
            or (self.state == "told" and self.heard_until and self.heard_until < today)
        )

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def _check_decision(self):
        """:raise AccessError: not an administrator, or their own account"""
        self.check_access("read")
        if self.env.su:
            return
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Care can decide on entries of "
                    "the ledger."
                )
            )
        if self.filtered(lambda entry: entry.user_id == self.env.user):
            raise AccessError(
                self.env._(
                    "You cannot decide on your own entries. Ask another administrator."
                )
            )

    def _check_valid(self):
        for entry in self:
            if entry.standing != "valid":
                raise UserError(
                    self.env._(
                        "%s has been taken back by a counter-entry.", entry.display_name
                    )
                )

    def _check_state(self, states, message):
        """:param message: with a place for the name of the entry
        :raise UserError: one of the entries is in another state"""
        for entry in self:
            if entry.state not in states:
                raise UserError(message % entry.display_name)

    def _check_reason(self, reason):
        """:return: the reason without blanks
        :raise UserError: there is none"""
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Enter a reason: it is kept in the ledger."))
        return reason.strip()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_tell(self):
        """Tell the people of proposed entries, who can object from now on."""
        self._check_decision()
        self.filtered(
            lambda entry: entry.standing == "valid" and entry.state == "proposed"
        )._tell()

    def action_object(self, reason):
        """Object to an entry on one's own account.

        :raise AccessError: it is on the account of somebody else
        :raise UserError: no reason, or too late
        """
        self.check_access("read")
        reason = self._check_reason(reason)
        for entry in self:
            if entry.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only the person charged can object to an entry.")
                )
            if not entry._is_objectable():
                raise UserError(entry._why_not_objectable())
            entry._care_unlock().write(
                {
                    "objection": reason,
                    "objected_at": fields.Datetime.now(),
                    "state": "told",
                    "heard_until": entry.heard_until or entry._last_day_to_object(),
                }
            )
            entry.sudo()._ask_for_answer()
        return True

    def action_answer(self, reason):
        """Answer an objection: the person has been heard.

        :raise AccessError: neither the supervisor nor an administrator, or one's own
        :raise UserError: no reason, or no objection
        """
        self.check_access("read")
        reason = self._check_reason(reason)
        is_admin = self._care_is_free()
        for entry in self:
            if not self.env.su and entry.user_id == self.env.user:
                raise AccessError(
                    self.env._("Somebody else must answer your objection.")
                )
            if not (is_admin or entry.supervisor_id == self.env.user):
                raise AccessError(
                    self.env._(
                        "Only the supervisor or an administrator of Customer Care can "
                        "answer objections."
                    )
                )
            if not entry._waits_for_answer():
                raise UserError(
                    self.env._(
                        "%s: there is no objection to answer.", entry.display_name
                    )
                )
            entry._care_unlock().write(
                {
                    "answer": reason,
                    "answered_by_id": self.env.uid,
                    "state": "heard",
                }
            )
            entry.sudo()._notify_answer(reason)
        return True

    def action_confirm(self):
        """Confirm entries whose person has been heard.

        :raise UserError: the person can object still, or waits for an answer
        """
        self._check_decision()
        self._check_valid()
        self._check_state(UNCONFIRMED, self.env._("%s has been decided already."))
        for entry in self:
            if not entry._is_heard():
                raise UserError(
                    self.env._(
                        "%s: the person must be heard first. Tell the person, wait "
                        "until the time to object is over, and answer objections.",
                        entry.display_name,
                    )
                )
        self._care_unlock().write(
            {"state": "confirmed", "confirmed_by_id": self.env.uid}
        )
        return True

    def action_settle(self):
        """Settle confirmed entries with their month, or the first open one after it."""
        self._check_decision()
        self._check_state(
            ("confirmed",), self.env._("%s must be confirmed before it is settled.")
        )
        self._settle()
        return True

    def action_waive(self, reason):
        """Waive entries that are not settled yet. A later run does not bring them
        back."""
        self._check_decision()
        reason = self._check_reason(reason)
        self._check_valid()
        self._check_state(
            (*UNCONFIRMED, "confirmed"),
            self.env._("%s is settled or waived. Reverse a settled entry instead."),
        )
        known = self._known()
        self._care_unlock().write(
            {"state": "waived", "waived_by_id": self.env.uid, "reason": reason}
        )
        known.sudo()._tell_taken_back()
        self.sudo()._close_questions()
        return True

    def action_reverse(self, reason):
        """Take entries back by a counter-entry, for good.

        :return: the counter-entries
        """
        self._check_decision()
        reason = self._check_reason(reason)
        self._check_valid()
        self._check_state(
            (*UNCONFIRMED, "confirmed", "settled"),
            self.env._("%s is waived, so there is nothing to reverse."),
        )
        counters = self._reverse(reason)
        self._known().sudo()._tell_taken_back()
        self.sudo()._close_questions()
        return counters.with_env(self.env)

    def action_adjust(self, amount, reason):
        """Set another amount within the range of the rule before confirming.

        :return: the new entries
        """
        self._check_decision()
        reason = self._check_reason(reason)
        self._check_valid()
        self._check_state(UNCONFIRMED, self.env._("%s has been decided already."))
        entries = self._adjust(float(amount), reason)
        self.sudo()._close_questions()
        return entries.with_env(self.env)
