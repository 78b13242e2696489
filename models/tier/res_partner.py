from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.care_reference import CareReferenceMixin
from .care_partner_tier import CREDIT_STATES, POTENTIALS, PURCHASE_STATES
from .care_reason import TierReasonWords

SHARED_FIELDS = {
    "care_tier_id": "tier_id",
    "care_tier_locked_until": "locked_until",
    "care_tier_lock_reason": "lock_reason",
    "care_purchase_state": "purchase_state",
    "care_credit_state": "credit_state",
    "care_last_order_date": "last_order_date",
}
"""Fields backed by care.partner.tier that a contact has from its company."""

COMMERCIAL_ONLY_FIELDS = {
    "care_monthly_amount": "monthly_amount",
    "care_revenue_share": "revenue_share",
}
"""Fields that only the company itself has, not its contacts, so that sums count it
once."""

STATUS_FIELDS = SHARED_FIELDS | COMMERCIAL_ONLY_FIELDS


def _searchable(name):
    """Search function of one field of ``STATUS_FIELDS``."""
    return lambda self, operator, value: self._search_care_status(name, operator, value)


class ResPartner(models.Model):
    """Tier fields of customers.

    They have no column: their values are in ``care.partner.tier``, a row per customer
    and company, and are those of the current company. Reading is one query for all
    records; searching, grouping and sorting join that table.
    """

    _name = "res.partner"
    _inherit = ["res.partner", CareReferenceMixin._name]

    care_status_ids = fields.One2many(
        "care.partner.tier", "partner_id", groups="customer_care.group_user"
    )
    care_tier_id = fields.Many2one(
        "care.tier",
        "Tier",
        compute="_compute_care_status",
        inverse="_inverse_care_tier_id",
        search=_searchable("care_tier_id"),
        copy=False,
        groups="customer_care.group_user",
        domain="[('company_id', 'in', (False, allowed_company_ids[0]))]",
        help="Tier of the customer, from the latest review or set manually.",
    )
    care_tier_color = fields.Integer(
        compute="_compute_care_status",
        groups="customer_care.group_user",
        aggregator=None,
    )
    care_tier_locked_until = fields.Date(
        "Tier Locked until",
        compute="_compute_care_status",
        inverse="_inverse_care_tier_lock",
        search=_searchable("care_tier_locked_until"),
        copy=False,
        groups="customer_care.group_user",
        help="Reviews do not change the tier up to and including this day.",
    )
    care_tier_lock_reason = fields.Char(
        "Lock Reason",
        compute="_compute_care_status",
        inverse="_inverse_care_tier_lock",
        search=_searchable("care_tier_lock_reason"),
        copy=False,
        groups="customer_care.group_user",
    )
    care_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_care_currency_id",
        groups="customer_care.group_user",
    )
    care_monthly_amount = fields.Monetary(
        "Monthly Amount",
        compute="_compute_care_status",
        search=_searchable("care_monthly_amount"),
        currency_field="care_currency_id",
        copy=False,
        groups="customer_care.group_user",
        help="Average untaxed monthly purchases in the latest applied review.",
    )
    care_revenue_share = fields.Float(
        "Share of Sales (%)",
        compute="_compute_care_status",
        search=_searchable("care_revenue_share"),
        digits=(16, 2),
        copy=False,
        aggregator="sum",
        groups="customer_care.group_user",
        help="Share of all purchases in the latest applied review.",
    )
    care_purchase_state = fields.Selection(
        PURCHASE_STATES,
        "Purchases",
        compute="_compute_care_status",
        search=_searchable("care_purchase_state"),
        groups="customer_care.group_user",
        help="Based on confirmed orders. New: first order within 90 days; dormant: "
        "no order for 120 days; lost: none for a year; growing and falling: "
        "the last 90 days compared with the 90 days before.",
    )
    care_credit_state = fields.Selection(
        CREDIT_STATES,
        "Payment",
        compute="_compute_care_status",
        search=_searchable("care_credit_state"),
        groups="customer_care.group_user",
        help="Based on posted invoices. Slow: overdue; bad: overdue for more than "
        "30 days.",
    )
    care_last_order_date = fields.Date(
        "Last Order",
        compute="_compute_care_status",
        search=_searchable("care_last_order_date"),
        groups="customer_care.group_user",
    )
    care_segment_id = fields.Many2one(
        "care.segment",
        "Segment",
        index="btree_not_null",
        tracking=True,
        copy=False,
        groups="customer_care.group_user",
        help="Price segment of the customer. It can require higher amounts for the "
        "same tier.",
    )
    care_potential = fields.Selection(
        POTENTIALS,
        "Potential",
        tracking=True,
        copy=False,
        groups="customer_care.group_user",
        help="Your estimate of how much more the customer could buy.",
    )
    care_tier_history_ids = fields.One2many(
        "care.tier.history",
        "partner_id",
        "Tier History",
        groups="customer_care.group_user",
    )
    care_tier_reason = fields.Char(
        "Tier Reason",
        compute="_compute_care_tier_reason",
        groups="customer_care.group_user",
    )

    _care_archived_idx = models.Index("(id) WHERE active IS NOT TRUE")
    _care_report_idx = models.Index(
        "(id) INCLUDE (commercial_partner_id, user_id, care_manager_id, care_region_id,"
        " care_verified_date)"
    )
    """What reports ask of all customers: a fraction of the table's size"""

    @api.depends_context("company")
    @api.depends(
        "commercial_partner_id.care_status_ids.tier_id",
        "commercial_partner_id.care_status_ids.monthly_amount",
        "commercial_partner_id.care_status_ids.revenue_share",
        "commercial_partner_id.care_status_ids.locked_until",
        "commercial_partner_id.care_status_ids.lock_reason",
        "commercial_partner_id.care_status_ids.purchase_state",
        "commercial_partner_id.care_status_ids.credit_state",
        "commercial_partner_id.care_status_ids.last_order_date",
    )
    def _compute_care_status(self):
        rows = self._care_status_rows(
            self.commercial_partner_id.ids, *STATUS_FIELDS.values()
        )
        none = self.env["care.partner.tier"].sudo()
        for partner in self:
            row = rows[partner.commercial_partner_id._origin.id]
            own = row if partner == partner.commercial_partner_id else none
            for name, column in SHARED_FIELDS.items():
                partner[name] = row[column]
            for name, column in COMMERCIAL_ONLY_FIELDS.items():
                partner[name] = own[column]
            partner.care_tier_color = row.tier_id.color

    @api.model
    def _care_status_rows(self, ids, *columns):
        """{id of a customer: its row in ``care.partner.tier``, or an empty one}"""
        Status = self.env["care.partner.tier"].sudo()
        rows = Status.search_fetch(
            [("partner_id", "in", ids), ("company_id", "=", self.env.company.id)],
            ["partner_id", *columns],
        )
        return defaultdict(lambda: Status, {row.partner_id.id: row for row in rows})

    @api.depends_context("company")
    def _compute_care_currency_id(self):
        self.care_currency_id = self.env.company.currency_id

    @api.depends_context("company", "uid", "lang")
    @api.depends("commercial_partner_id", "care_tier_id")
    def _compute_care_tier_reason(self):
        """For all customers at once, see ``_care_sql_reason``."""
        self.env["care.tier.history"].flush_model()
        self.env["care.tier.review"].flush_model()
        reasons = dict(
            self.env.execute_query(
                SQL(
                    "SELECT customer.id, %s FROM unnest(%s::int[]) AS customer(id)",
                    self._care_sql_reason(SQL("customer.id")),
                    self.commercial_partner_id.ids,
                )
            )
        )
        words = TierReasonWords(self.env)
        for partner in self:
            partner.care_tier_reason = words.text(
                reasons.get(partner.commercial_partner_id._origin.id)
            )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["care_segment_id", "care_potential"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_care_history(self):
        """Customers with a history can only be archived, except by administrators of
        the app."""
        if self.env.uid == api.SUPERUSER_ID or self.env.user.has_group(
            "customer_care.group_manager"
        ):
            return
        if self._care_with_history(self.ids):
            raise UserError(
                self.env._(
                    "A customer with a tier, contacts or complaints cannot be "
                    "deleted. Archive it, or ask a Customer Care administrator."
                )
            )

    def action_open_care_tier_history(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.tier_history_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    @api.model
    def get_import_templates(self):
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Import Template for Customers with Tiers"),
                "template": "/customer_care/static/xls/customers.xlsx",
            },
        ]
