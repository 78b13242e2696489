from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_amount


class CarePromise(models.Model):
    """What a promise costs, in any currency, and who may promise as much."""

    _inherit = "care.promise"

    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        ondelete="restrict",
    )
    cost = fields.Monetary(
        tracking=True,
        aggregator=None,
        help="What keeping the promise costs the company.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    company_cost = fields.Monetary(
        "Cost in Company Currency",
        compute="_compute_company_cost",
        store=True,
        precompute=True,
        currency_field="company_currency_id",
        help="At the rate of the day on which it was promised. Limits and sums use it.",
    )
    approved_cost = fields.Monetary(
        readonly=True,
        copy=False,
        aggregator=None,
        currency_field="company_currency_id",
        help="The promise may cost the company up to this amount.",
    )
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _cost_positive = models.Constraint(
        "CHECK (cost >= 0)", "The cost of a promise cannot be negative."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        """That of the company; what is saved keeps its own."""
        for promise in self:
            promise.currency_id = (
                promise._origin.currency_id or promise.company_id.currency_id
            )

    @api.depends(
        "cost", "currency_id", "promised_at", "company_id", "company_id.currency_id"
    )
    def _compute_company_cost(self):
        """At the rate of the day of the promise in the time zone of the company; days
        without a rate and rounding as Odoo has them."""
        for promise in self:
            company = promise.company_id
            promise.company_cost = (
                promise.currency_id._convert(
                    promise.cost, company.currency_id, company, promise._promise_day()
                )
                if promise._is_foreign()
                else promise.cost
            )

    @api.depends("state", "company_cost", "user_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for promise in self:
            promise.can_approve = (
                promise.state == "to_approve" and promise._may_approve(self.env.user)
            )

    def _is_foreign(self):
        """The cost is in another currency than the company's."""
        return bool(
            self.company_id.currency_id
            and self.currency_id
            and self.currency_id != self.company_id.currency_id
        )

    def _promise_day(self):
        """Day of the promise in the time zone of its company"""
        zone = self.company_id._care_tz().zone
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.promised_at or fields.Datetime.now()
        ).date()

    def _say_cost(self):
        """The cost in words; a foreign one also in the currency of the company"""
        words = format_amount(self.env, self.cost, self.currency_id)
        if self._is_foreign():
            own = format_amount(self.env, self.company_cost, self.company_currency_id)
            words = f"{words} ({own})"
        return words

    # ------------------------------------------------------------
    # Authority
    # ------------------------------------------------------------

    def _is_within(self, limit):
        """:param limit: in the currency of the company"""
        currency = self.company_currency_id
        return currency.compare_amounts(self.company_cost, limit) <= 0

    def _within_limit(self, user):
        return self._is_within(self.company_id._care_limit("promise", user.sudo()))

    def _may_approve(self, user):
        """Nobody approves own promises above the own limit."""
        self.ensure_one()
        user = user.sudo()
        if not user.active or user.share or self.company_id not in user.company_ids:
            return False
        if user == self.user_id:
            return self._within_limit(user)
        if user.has_group("customer_care.group_manager"):
            return True
        return user == self.supervisor_id and self._is_within(
            self.company_id.sudo().care_promise_manager
        )

    def _ask_approval(self):
        """Open promises within the limits of who promised and of who enters them, or
        within what was approved; ask for approval of others."""
        on = self._is_promise_on()
        for promise in self:
            free = not on or (
                promise._within_limit(promise.user_id)
                and (
                    self.env.uid == SUPERUSER_ID or promise._within_limit(self.env.user)
                )
            )
            if free or promise._is_within(promise.approved_cost):
                if promise.state == "to_approve":
                    promise._open()
                continue
            promise._set_state("to_approve", approved_by_id=False)
            promise._tell_approver()
