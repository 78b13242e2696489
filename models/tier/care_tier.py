from itertools import pairwise

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import tiers as tier_tools
from ..core.care_reference import CareReferenceMixin

SEPARATOR = " · "
SCALE_INCOMPLETE = object()
"""Value of ``care_scale`` in the context while several tiers are written one after
another. No client can send it."""


class CareTier(models.Model):
    _name = "care.tier"
    _description = "Customer Tier"
    _inherit = ["care.named", CareReferenceMixin._name]
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True, help="Short code shown in lists, e.g. A.")
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The best tier comes first.", aggregator=None
    )
    color = fields.Integer(aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to use the tier in all companies without tiers of their "
        "own. Amounts are then in the currency of the company reviewed.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    min_monthly_amount = fields.Monetary(
        string="From Monthly Amount",
        help="Minimum monthly purchases of the tier: untaxed, on average over the "
        "review window, multiplied by the factor of the customer's segment.",
        aggregator=None,
    )
    max_cumulative_share = fields.Float(
        string="Up to Share of Sales (%)",
        digits=(16, 2),
        default=100.0,
        help="For reviews by share of sales: customers sorted by amount belong to "
        "the tier until they reach this cumulative share.",
        aggregator=None,
    )
    max_overdue_days = fields.Integer(
        string="Overdue Days Allowed",
        help="A customer with an older overdue receivable moves down to the next "
        "tier that allows it. 0: no limit.",
        aggregator=None,
    )
    is_key_account = fields.Boolean(
        string="Key Accounts", help="Customers of the tier are key accounts."
    )
    plan_id = fields.Many2one(
        "care.plan",
        "Contact Plan",
        index="btree_not_null",
        check_company=True,
        help="Contact plan of the customers of this tier.",
    )
    verify_days = fields.Integer(
        "Verify Card Every (days)",
        help="Number of days after which a card must be verified with the customer "
        "again. 0: never.",
        aggregator=None,
    )
    verify_reminder = fields.Boolean(
        "Remind to Verify",
        help="The account manager or salesperson gets an activity for each card "
        "that has not been verified in time.",
    )
    customer_count = fields.Integer(compute="_compute_customer_count")

    _code_uniq = models.UniqueIndex(
        "(UPPER(code), COALESCE(company_id, 0))",
        "Another tier has this code. The code must be unique per company.",
    )

    @api.depends_context("company")
    @api.depends("company_id")
    def _compute_currency_id(self):
        for tier in self:
            tier.currency_id = (tier.company_id or self.env.company).currency_id

    @api.depends_context("lang")
    @api.depends("code", "name")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = SEPARATOR.join(filter(None, (tier.code, tier.name)))

    @api.depends_context("company")
    def _compute_customer_count(self):
        """Active customers of the current company, as the button opens them."""
        counts = dict(
            self.env["res.partner"]._read_group(
                self._customer_domain(), ["care_tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.customer_count = counts.get(tier, 0)

    def _search_display_name(self, operator, value):
        """Find “A · VIP”, as exports have it, by its code and name."""
        if operator == "in" and all(isinstance(name, str) for name in value):
            return Domain.OR(
                Domain("code", "=", code) & Domain("name", "=", name)
                if dot
                else super(CareTier, self)._search_display_name("in", [whole])
                for whole in value
                for code, dot, name in [whole.partition(SEPARATOR)]
            )
        return super()._search_display_name(operator, value)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """In imports “A” is that of the company's own scale, if it has one, not the A
        that other companies share."""
        domain = Domain(domain or Domain.TRUE)
        if operator == "=":
            own = Domain("company_id", "=", self.env.company.id)
            if self.search_count(own, limit=1):
                domain &= own
        return super().name_search(name, list(domain), operator, limit)

    @api.constrains("code")
    def _check_code(self):
        if any(not tier.code.strip() for tier in self):
            raise ValidationError(self.env._("A tier needs a code, such as A."))

    @api.constrains(
        "active",
        "company_id",
        "sequence",
        "min_monthly_amount",
        "max_cumulative_share",
        "max_overdue_days",
        "verify_days",
    )
    def _check_scale(self):
        if self.env.context.get("care_scale") is SCALE_INCOMPLETE:
            return
        for company in self.with_context(active_test=False).company_id:
            self.search([("company_id", "=", company.id)])._check_order()
        if any(not tier.company_id for tier in self):
            self.search([("company_id", "=", False)])._check_order()

    def _check_order(self):
        """:raise UserError: the tiers, best first, do not form a consistent scale"""
        for tier in self:
            if tier.min_monthly_amount < 0 or tier.max_overdue_days < 0:
                raise ValidationError(
                    self.env._(
                        "Tier %s: amounts and days cannot be negative.", tier.code
                    )
                )
            if tier.verify_days < 0:
                raise ValidationError(
                    self.env._(
                        "Tier %s: the card verification period cannot be negative. "
                        "Enter 0 for never.",
                        tier.code,
                    )
                )
            if not 0 < tier.max_cumulative_share <= 100:
                raise ValidationError(
                    self.env._(
                        "Tier %s: the share of sales must be greater than 0 and at "
                        "most 100 %%.",
                        tier.code,
                    )
                )
        for better, worse in pairwise(self):
            names = {"better": better.code, "worse": worse.code}
            if worse.min_monthly_amount >= better.min_monthly_amount:
                raise ValidationError(
                    self.env._(
                        "Tier %(worse)s comes after tier %(better)s, so it must start "
                        "at a lower monthly amount. Change the amounts or the order.",
                        **names,
                    )
                )
            if worse.max_cumulative_share <= better.max_cumulative_share:
                raise ValidationError(
                    self.env._(
                        "Tier %(worse)s comes after tier %(better)s, so it must end at "
                        "a higher share of sales. Change the shares or the order.",
                        **names,
                    )
                )

    def _write_scale(self, values):
        """Write several tiers, and check the scale once all are written.

        :param values: {tier: values}
        :raise ValidationError: they do not form a consistent scale
        """
        for tier, vals in values.items():
            tier.with_context(care_scale=SCALE_INCOMPLETE).write(vals)
        self._check_scale()

    def copy_data(self, default=None):
        """Archive copies: two tiers cannot share a place in the scale."""
        copies = super().copy_data(default)
        for tier, vals in zip(self, copies, strict=True):
            vals["active"] = False
            vals["code"] = self.env._("%s (copy)", tier.code)
            while self.with_context(active_test=False).search_count(
                [("code", "=ilike", vals["code"])], limit=1
            ):
                vals["code"] += "+"
        return copies

    def write(self, vals):
        if "company_id" in vals and any(
            tier.company_id.id != (vals["company_id"] or False) and tier._is_used()
            for tier in self
        ):
            raise UserError(
                self.env._(
                    "Customers or reviews use this tier, so its company cannot be "
                    "changed. Create another tier instead."
                )
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        if "plan_id" in vals:
            self.env["care.plan.target"]._schedule_generation()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        self.env.registry.clear_cache()
        return tiers

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _places(self):
        """{id of a tier: (sequence, rank in its scale from 0)}"""
        scales = self.sudo().search(Domain.TRUE).grouped("company_id")
        return {
            tier.id: (tier.sequence, rank)
            for tiers in scales.values()
            for rank, tier in enumerate(tiers)
        }

    @api.model
    @tools.ormcache()
    def _best_ids(self):
        """Ids of the first tier of each scale and of those of key accounts"""
        scales = self.sudo().search(Domain.TRUE).grouped("company_id")
        return frozenset(
            tier.id
            for tiers in scales.values()
            for tier in tiers
            if tier == tiers[0] or tier.is_key_account
        )

    @api.model
    def _sql_card_is_stale(self, customer, tier, today):
        """As ``tools.tiers.card_is_stale``, of rows of two tables"""
        days = self._fields["verify_days"]
        verified = self.env["res.partner"]._fields["care_verified_date"]
        return SQL(
            """COALESCE(%(days)s > 0 AND (%(verified)s IS NULL
                   OR %(verified)s < %(today)s::date - %(days)s), FALSE)""",
            days=SQL.identifier(tier, "verify_days", to_flush=days),
            verified=SQL.identifier(customer, verified.name, to_flush=verified),
            today=today,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self._is_used():
            raise UserError(
                self.env._(
                    "Customers, reviews or the history use this tier. "
                    "Archive it instead of deleting it."
                )
            )

    def _is_used(self):
        """Whether customers, reviews or the history of any company use these tiers"""
        places = {
            "care.partner.tier": ("tier_id",),
            "care.plan.target": ("tier_id",),
            "care.tier.history": ("old_tier_id", "new_tier_id"),
            "care.tier.review.line": (
                "current_tier_id",
                "computed_tier_id",
                "proposed_tier_id",
            ),
        }
        return any(
            self.env[model].sudo().search_count([(name, "in", self.ids)], limit=1)
            for model, names in places.items()
            for name in names
        )

    @api.model
    def _for_company(self, company):
        """Tiers that classify the customers of ``company``, best first: its own, or
        the shared ones where it has none.

        :raise UserError: there are none, or they do not form a consistent scale
        """
        own = self.sudo().search([("company_id", "=", company.id)])
        tiers = own or self.sudo().search([("company_id", "=", False)])
        if not tiers:
            raise UserError(
                self.env._(
                    "%s has no customer tiers. Create them under "
                    "Customer Care ▸ Configuration ▸ Tiers.",
                    company.display_name,
                )
            )
        tiers._check_order()
        return tiers

    def _to_values(self, currency):
        """Plain values of the tiers for the arithmetic in ``tools``."""
        unit = 10**currency.decimal_places
        return [
            tier_tools.Tier(
                tier.id,
                tier.code,
                round(tier.min_monthly_amount * unit),
                tier.max_cumulative_share,
                tier.max_overdue_days,
            )
            for tier in self
        ]

    def _to_chart(self, company):
        """What a chart needs of a tier, also of none, whatever rights the reader has.
        ``bound`` is where it begins, and false where amounts of ``company`` cannot be
        compared with it."""
        tier = self.sudo()
        comparable = bool(tier) and tier.company_id <= company
        return {
            "id": tier.id,
            "code": tier.code,
            "name": tier.name,
            "color": tier.color,
            "bound": comparable and tier.min_monthly_amount,
        }

    def action_open_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.customer_action"
        )
        return action | {
            "domain": self._customer_domain(),
            "context": {},
        }

    def _customer_domain(self):
        """Customers of these tiers, without the contacts that have a tier through
        their company."""
        return [
            ("care_tier_id", "in", self.ids),
            *("|", ("is_company", "=", True), ("parent_id", "=", False)),
        ]
