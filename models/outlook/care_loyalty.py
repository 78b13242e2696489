from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .outlook_words import capitalized

LOYALTY_KINDS = [
    ("true", "True"),
    ("incentive", "Incentive"),
    ("price", "Price"),
    ("convenience", "Convenience"),
    ("latent", "Latent"),
    ("inertia", "Inertia"),
    ("monopoly", "Monopoly"),
]
ATTITUDES = [
    ("refuses", "Refuses them"),
    ("compares", "Compares with them"),
    ("no_choice", "Has no other choice"),
]
SENSITIVITIES = [
    ("high", "High"),
    ("some", "Some"),
    ("low", "Low"),
    ("unknown", "Cannot tell"),
]
GRADES = [
    ("high", "High"),
    ("middle", "Middle"),
    ("low", "Low"),
    ("unknown", "Cannot tell"),
]
LOYALTY_STATES = [("proposed", "To Confirm"), ("confirmed", "Confirmed")]


class CareLoyalty(models.Model):
    """Signs of loyalty of a customer in one company, the kind that rules propose, and
    the one that the account manager has confirmed."""

    _name = "care.loyalty"
    _description = "Loyalty"
    _order = "state desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        LOYALTY_STATES, required=True, readonly=True, default="proposed"
    )
    date = fields.Date("Proposed on", required=True, readonly=True)
    proposed_kind = fields.Selection(LOYALTY_KINDS, "Proposed", readonly=True)
    reasons = fields.Json("Data of the Reasons", readonly=True, exportable=False)
    reason = fields.Char("Why", compute="_compute_reason")
    kind = fields.Selection(LOYALTY_KINDS, "Confirmed", readonly=True)
    confirmed_proposal = fields.Selection(
        LOYALTY_KINDS, "Proposed When Confirmed", readonly=True
    )
    confirmed_date = fields.Date("Confirmed on", readonly=True)
    confirmed_by_id = fields.Many2one(
        "res.users", "Confirmed by", readonly=True, ondelete="set null"
    )
    confirm_reason = fields.Char("Reason for Another Kind", readonly=True)

    repeat_count = fields.Integer(
        "Repeat Purchases", readonly=True, help="Days with an order after the first."
    )
    interval_days = fields.Float(
        "Interval (Days)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    silence_days = fields.Integer("Silent for (Days)", readonly=True, aggregator="avg")
    new_product_count = fields.Integer(
        "New Products",
        readonly=True,
        help="Products bought for the first time in the last 12 months, by a customer "
        "who bought before.",
    )
    grade = fields.Selection(
        GRADES,
        "Grade Bought",
        readonly=True,
        help="Prices paid compared with those of all customers in the same category.",
    )
    referral_count = fields.Integer("Referrals", readonly=True)
    price_sensitivity = fields.Selection(
        SENSITIVITIES,
        readonly=True,
        help="How the quantity followed the price of the same product, where the price "
        "varied by a tenth or more over six purchases.",
    )
    discount_share = fields.Float(
        "Bought with a Discount (%)", readonly=True, digits=(16, 0), aggregator="avg"
    )
    competitor_count = fields.Integer(
        "Competitors Seen",
        readonly=True,
        help="Reports of the last 12 months that mention competitors.",
    )
    tolerated_count = fields.Integer(
        "Faults Forgiven",
        readonly=True,
        help="Complaints settled after which the customer ordered again.",
    )
    attitude = fields.Selection(ATTITUDES, "Attitude to Competitors", readonly=True)

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        words = self._reason_words()
        for row in self:
            row.reason = capitalized(
                ", ".join(
                    words[code] % {"number": number}
                    for code, number in row.reasons or ()
                    if code in words
                )
            )

    @api.model
    def _reason_words(self):
        env = self.env
        number = "%(number)s"
        return {
            "repeats": env._("repeat purchases: %s", number),
            "too_few": env._("repeat purchases: %s, too few to tell", number),
            "rare": env._("buys rarely (repeat purchases: %s)", number),
            "referrals": env._("recommended us: %s", number),
            "tolerated": env._("complaints settled and still buying: %s", number),
            "refuses": env._("refuses competitors"),
            "no_choice": env._("has no other choice"),
            "new_products": env._("new products taken up: %s", number),
            "high_grade": env._("buys the high grade"),
            "low_sensitivity": env._("does not mind the price"),
            "high_sensitivity": env._("buys more when the price is low"),
            "discounts": env._("share bought with a discount: %s", number + " %%"),
            "frequent": env._("buys often, every %s days", number),
            "same_goods": env._("always the same goods"),
            "compares": env._("compares with competitors"),
        }

    def _check_may_confirm(self):
        """The account manager confirms; where there is none, the account team. Who sees
        all customers may always."""
        self.check_access("read")
        if self.env.su or self.env.user.has_group("customer_care.group_user_all"):
            return
        acting = set(self.env.user._care_acting_ids())
        for row in self:
            customer = row.partner_id.sudo()
            people = customer.care_manager_id or customer.care_member_ids.user_id
            if not acting & set(people.ids):
                raise AccessError(
                    self.env._(
                        "Only the account manager may confirm the loyalty of %s.",
                        customer.display_name,
                    )
                )

    def action_confirm(self):
        """Confirm what the rules propose."""
        self._check_may_confirm()
        for row in self:
            if not row.proposed_kind:
                raise UserError(
                    self.env._(
                        "Nothing is proposed for %s. Choose a kind.",
                        row.partner_id.display_name,
                    )
                )
            row._confirm(row.proposed_kind)

    def action_choose(self):
        """Choose another kind, and say why."""
        self.ensure_one()
        self._check_may_confirm()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Kind of Loyalty"),
            "res_model": "care.loyalty.choice",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_loyalty_id": self.id,
                "default_kind": self.kind or self.proposed_kind,
                "default_attitude": self.attitude,
            },
        }

    def _confirm(self, kind, reason=False, attitude=False):
        self.ensure_one()
        self.sudo().write(
            {
                "kind": kind,
                "state": "confirmed",
                "confirmed_proposal": self.proposed_kind,
                "confirmed_date": self.company_id.sudo()._care_today(),
                "confirmed_by_id": self.env.uid,
                "confirm_reason": reason,
                "attitude": attitude or self.attitude,
            }
        )
        self.env["care.loyalty.history"].sudo().create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "date": self.confirmed_date,
                "kind": kind,
                "proposed_kind": self.proposed_kind,
                "user_id": self.env.uid,
                "reason": reason,
            }
        )

    def action_history(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.loyalty_history_action"
        )
        return action | {"domain": [("partner_id", "in", self.partner_id.ids)]}

    @api.model
    def _ask_again_before(self, today):
        return today - relativedelta(years=1)


class CareLoyaltyHistory(models.Model):
    """A kind of loyalty that somebody confirmed"""

    _name = "care.loyalty.history"
    _description = "Loyalty Confirmed"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(LOYALTY_KINDS, required=True, readonly=True)
    proposed_kind = fields.Selection(LOYALTY_KINDS, "Proposed", readonly=True)
    user_id = fields.Many2one("res.users", "Confirmed by", readonly=True)
    reason = fields.Char(readonly=True)
