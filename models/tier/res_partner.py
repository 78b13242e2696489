from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..core.care_reference import CareReferenceMixin
from .care_partner_tier import CREDIT_STATES, PURCHASE_STATES
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
        help="What the customer is worth, from the latest review or set by hand.",
    )
    care_tier_color = fields.Integer(
        compute="_compute_care_status", groups="customer_care.group_user"
    )
    care_tier_locked_until = fields.Date(
        "Tier Locked until",
        compute="_compute_care_status",
        inverse="_inverse_care_tier_lock",
        search=_searchable("care_tier_locked_until"),
        copy=False,
        groups="customer_care.group_user",
        help="Reviews keep the tier up to and including this day.",
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
        help="Average untaxed purchases a month in the latest applied review.",
    )
    care_revenue_share = fields.Float(
        "Share of Sales (%)",
        compute="_compute_care_status",
        search=_searchable("care_revenue_share"),
        digits=(16, 2),
        copy=False,
        aggregator="sum",
        groups="customer_care.group_user",
        help="Of all customers' purchases in the latest applied review.",
    )
    care_purchase_state = fields.Selection(
        PURCHASE_STATES,
        "Purchases",
        compute="_compute_care_status",
        search=_searchable("care_purchase_state"),
        groups="customer_care.group_user",
        help="From the confirmed orders: new for 90 days after the first; dormant "
        "after 120 days without, lost after a year; growing and falling compare the "
        "last 90 days with the 90 before.",
    )
    care_credit_state = fields.Selection(
        CREDIT_STATES,
        "Payment",
        compute="_compute_care_status",
        search=_searchable("care_credit_state"),
        groups="customer_care.group_user",
        help="From the posted invoices: slow is overdue, bad for more than 30 days.",
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
        help="Class of brands that the customer buys. It may ask for higher amounts "
        "for the same tier.",
    )
    care_potential = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        "Potential",
        tracking=True,
        copy=False,
        groups="customer_care.group_user",
        help="How much more the customer could buy, as you judge it.",
    )
    care_tier_history_ids = fields.One2many(
        "care.tier.history",
        "partner_id",
        "Tier History",
        groups="customer_care.group_user",
    )
    care_tier_reason = fields.Char(
        "Why This Tier",
        compute="_compute_care_tier_reason",
        groups="customer_care.group_user",
    )

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

    def _inverse_care_tier_id(self):
        """Set tiers by hand, with history and a chatter message. Only administrators of
        the app may change a value."""
        self._set_care_tier(
            {partner.commercial_partner_id: partner.care_tier_id for partner in self},
            {"code": "by_hand"},
        )

    def _inverse_care_tier_lock(self):
        wanted = {
            partner.commercial_partner_id: (
                partner.care_tier_locked_until,
                partner.care_tier_lock_reason,
            )
            for partner in self
        }
        self._set_care_lock(wanted)

    @api.model
    def _set_care_tier(self, wanted, reason):
        """Give commercial partners a tier in the current company.

        :param wanted: {commercial partner: tier}
        :param reason: a sentence as in ``care.reason.mixin``
        :raise AccessError: a tier changes and the user is no administrator of the app
        """
        company = self.env.company
        Status = self.env["care.partner.tier"]
        present = self._care_status_rows([partner.id for partner in wanted], "tier_id")
        changes = [
            (partner, present[partner.id].tier_id, tier)
            for partner, tier in wanted.items()
            if present[partner.id].tier_id != tier
        ]
        if not changes:
            return
        self._check_care_manager(
            self.env._(
                "Only an administrator of Customer Care may change a tier by hand. Ask "
                "one, or wait for the next review."
            )
        )
        foreign = {tier for tier in wanted.values() if tier.company_id - company}
        if foreign:
            raise ValidationError(
                self.env._(
                    "The tier %(tier)s belongs to another company than %(company)s.",
                    tier=next(iter(foreign)).display_name,
                    company=company.display_name,
                )
            )
        partners = self.browse(partner.id for partner, _old, _new in changes)
        rows = Status._get_or_create(partners, company)
        for tier in {new for _partner, _old, new in changes}:
            Status.union(
                *(rows[partner] for partner, _old, new in changes if new == tier)
            ).sudo().tier_id = tier
        self.env["care.tier.history"]._record(changes, reason, company)
        self.env["care.plan.target"]._schedule_generation()
        partners._care_card_changed()
        label = self._fields["care_tier_id"]._description_string(self.env)
        none = self.env._("none")
        words = TierReasonWords(self.env).text([reason])
        partners._message_log_batch(
            {
                partner.id: self.env._(
                    "%(field)s: %(old)s → %(new)s (%(reason)s)",
                    field=label,
                    old=old.display_name or none,
                    new=new.display_name or none,
                    reason=words,
                )
                for partner, old, new in changes
            }
        )

    @api.model
    def _set_care_lock(self, wanted):
        """Lock tiers in the current company up to a day, or unlock them.

        :param wanted: {commercial partner: (day or False, reason or False)}
        """
        Status = self.env["care.partner.tier"]
        present = self._care_status_rows(
            [partner.id for partner in wanted], "locked_until", "lock_reason"
        )
        changes = {
            partner: {"locked_until": until, "lock_reason": until and reason}
            for partner, (until, reason) in wanted.items()
            for row in [present[partner.id]]
            if (row.locked_until, row.lock_reason or False) != (until, reason or False)
        }
        if not changes:
            return
        self._check_care_manager(
            self.env._(
                "Only an administrator of Customer Care may lock a tier. Ask one."
            )
        )
        if any(
            vals["locked_until"] and not vals["lock_reason"]
            for vals in changes.values()
        ):
            raise ValidationError(self.env._("Say why the tier is locked."))
        partners = self.browse(partner.id for partner in changes)
        rows = Status._get_or_create(partners, self.env.company)
        for partner, vals in changes.items():
            rows[partner].sudo().write(vals)
        partners._message_log_batch(
            {
                partner.id: self.env._(
                    "Tier locked until %(date)s: %(reason)s",
                    date=format_date(self.env, vals["locked_until"]),
                    reason=vals["lock_reason"],
                )
                if vals["locked_until"]
                else self.env._("Tier unlocked")
                for partner, vals in changes.items()
            }
        )

    @api.model
    def _check_care_manager(self, message):
        """Check the user even in sudo mode: records that the system creates for a user
        take values from the context, which the user controls."""
        if self.env.uid != api.SUPERUSER_ID and not self.env.user.has_group(
            "customer_care.group_manager"
        ):
            raise AccessError(message)

    def _search_care_status(self, name, operator, value):
        """Condition on a column of ``care.partner.tier`` for the current company;
        customers without a row count as empty."""
        field = self._fields[name]
        self._check_field_access(field, "read")
        if isinstance(value, Domain):
            comodel = self.env[field.comodel_name]
            value = comodel._search(value, active_test=False)
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "care_currency_id":
            return SQL("%s", self.env.company.currency_id.id)
        column = STATUS_FIELDS.get(field_expr)
        if not column or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        Status = self.env["care.partner.tier"].sudo()
        shared = field_expr in SHARED_FIELDS
        customer = super()._field_to_sql(alias, "commercial_partner_id", query)
        row = query.make_alias(alias, f"care_status_{'shared' if shared else 'own'}")
        condition = SQL(
            "%s = %s AND %s = %s",
            Status._field_to_sql(row, "partner_id", query),
            customer,
            Status._field_to_sql(row, "company_id", query),
            self.env.company.id,
        )
        if not shared:
            condition = SQL(
                "%s AND %s = %s", condition, SQL.identifier(alias, "id"), customer
            )
        query.add_join("LEFT JOIN", row, Status._table, condition)
        value = Status._field_to_sql(row, column, query)
        return value if shared else SQL("COALESCE(%s, 0)", value)

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
                    "A customer with a tier, contacts or complaints cannot "
                    "be deleted. Archive it, or ask an administrator of Customer Care."
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
