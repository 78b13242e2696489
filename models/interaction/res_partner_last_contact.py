from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.matching import MEETING_CHANNELS
from ..core.res_groups import VISIT

LAST_DATES = {
    "care_last_contact_date": None,
    "care_last_visit_date": MEETING_CHANNELS,
    "care_last_call_date": ("phone",),
}
"""{field: channels of the contacts whose latest day it shows, None for all}"""
DAYS_WITHOUT = {
    "care_days_without_contact": "care_last_contact_date",
    "care_days_without_visit": "care_last_visit_date",
    "care_days_without_call": "care_last_call_date",
}
NEVER = 1_000_000
"""Days without a contact of customers that were never contacted, in searches"""
COMPARISONS = {
    ">=": SQL(">="),
    ">": SQL(">"),
    "<=": SQL("<="),
    "<": SQL("<"),
    "in": SQL("IN"),
}
UNVISITED_DAYS = [("30", "30 days"), ("60", "60 days"), ("90", "90 days")]
ACCOUNT_KINDS = [("key", "Key accounts"), ("other", "Other customers")]


def _last_date(name):
    """Search method of a field of ``LAST_DATES``"""

    def search(self, operator, value):
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    return search


def _days_without(name):
    """Search method of a field of ``DAYS_WITHOUT``"""
    return lambda self, operator, value: self._search_care_days(name, operator, value)


class ResPartner(models.Model):
    """When customers were last contacted, in the current company.

    Nothing is stored: the latest contact of a customer is the first row of an index.
    Each reader has an own answer, because the access rules of contacts apply.
    """

    _inherit = "res.partner"

    care_last_contact_date = fields.Date(
        "Last Contact",
        compute="_compute_care_last_dates",
        search=_last_date("care_last_contact_date"),
        groups=VISIT,
        help="Day of the latest contact made over any channel.",
    )
    care_last_visit_date = fields.Date(
        "Last Visit",
        compute="_compute_care_last_dates",
        search=_last_date("care_last_visit_date"),
        groups=VISIT,
        help="Day of the latest visit or on-site stay.",
    )
    care_last_call_date = fields.Date(
        "Last Call",
        compute="_compute_care_last_dates",
        search=_last_date("care_last_call_date"),
        groups=VISIT,
        help="Day of the latest phone call.",
    )
    care_days_without_contact = fields.Integer(
        "Days without Contact",
        compute="_compute_care_days_without",
        search=_days_without("care_days_without_contact"),
        exportable=False,
        groups=VISIT,
        help="Any number of days also finds customers never contacted.",
    )
    care_days_without_visit = fields.Integer(
        "Days without Visit",
        compute="_compute_care_days_without",
        search=_days_without("care_days_without_visit"),
        exportable=False,
        groups=VISIT,
        help="Any number of days also finds customers never visited.",
    )
    care_days_without_call = fields.Integer(
        "Days without Call",
        compute="_compute_care_days_without",
        search=_days_without("care_days_without_call"),
        exportable=False,
        groups=VISIT,
        help="Any number of days also finds customers never called.",
    )
    care_unvisited = fields.Selection(
        UNVISITED_DAYS,
        "Not Visited for",
        compute="_compute_care_unvisited",
        search="_search_care_unvisited",
        exportable=False,
        groups=VISIT,
        help="No visit for at least this time, or never.",
    )
    care_account_kind = fields.Selection(
        ACCOUNT_KINDS,
        "Kind of Account",
        compute="_compute_care_account_kind",
        search="_search_care_account_kind",
        exportable=False,
        groups="customer_care.group_user",
        help="Key accounts are the customers of the tiers marked so.",
    )

    @api.depends(
        "commercial_partner_id",
        "care_interaction_ids.state",
        "care_interaction_ids.date",
        "care_interaction_ids.channel",
    )
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_care_last_dates(self):
        customer = SQL.identifier("customer", "id")
        rows = self.env.execute_query(
            SQL(
                "SELECT customer.id, %s FROM unnest(%s::int[]) AS customer(id)",
                SQL(", ").join(
                    self._care_sql_last_contact(customer, channels)
                    for channels in LAST_DATES.values()
                ),
                list(set(self.commercial_partner_id._origin.ids)),
            )
        )
        dates = {customer_id: days for customer_id, *days in rows}
        none = [False] * len(LAST_DATES)
        for partner in self:
            found = dates.get(partner.commercial_partner_id._origin.id, none)
            for name, day in zip(LAST_DATES, found, strict=True):
                partner[name] = day

    @api.depends(*LAST_DATES)
    @api.depends_context("uid", "company", "allowed_company_ids", "tz")
    def _compute_care_days_without(self):
        today = fields.Date.context_today(self)
        for partner in self:
            for name, source in DAYS_WITHOUT.items():
                partner[name] = partner[source] and (today - partner[source]).days

    @api.depends("care_last_visit_date")
    @api.depends_context("uid", "company", "allowed_company_ids", "tz")
    def _compute_care_unvisited(self):
        for partner in self:
            days = partner.care_days_without_visit
            if not partner.care_last_visit_date:
                days = NEVER
            partner.care_unvisited = max(
                (key for key, _label in UNVISITED_DAYS if int(key) <= days),
                default=False,
            )

    @api.depends("care_tier_id.is_key_account")
    @api.depends_context("company")
    def _compute_care_account_kind(self):
        for partner in self:
            key = partner.care_tier_id.is_key_account
            partner.care_account_kind = "key" if key else "other"

    def _search_care_days(self, name, operator, value):
        """Customers never contacted are further back than any number of days. Those
        whose contacts the reader may not see are left out: nothing is known of them."""
        if operator not in COMPARISONS:
            return NotImplemented
        self._check_field_access(self._fields[name], "read")
        if operator == "in":
            value = tuple(int(number) for number in value) or (-1,)
        today = fields.Date.context_today(self)
        source = DAYS_WITHOUT[name]
        days = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s::date - %s, %s) %s %s",
                today,
                model._field_to_sql(alias, source, query),
                NEVER,
                COMPARISONS[operator],
                value,
            )
        )
        return days & self._care_domain_contacts_visible()

    def _search_care_unvisited(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["care_unvisited"], "read")
        days = [int(key) for key in value if key]
        if not days:
            return Domain.FALSE
        return Domain("care_days_without_visit", ">=", min(days))

    def _search_care_account_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["care_account_kind"], "read")
        key = Domain("care_tier_id.is_key_account", "=", True)
        return Domain.OR(
            ([key] if "key" in value else []) + ([~key] if "other" in value else [])
        )

    @api.model
    def _care_domain_contacts_visible(self):
        """Customers whose contacts the reader may see, as in the access rules."""
        if self.env.su or self.env.user.has_group("customer_care.group_user_all"):
            return Domain.TRUE
        own = self.env["care.account.member"].sudo()
        own = own._search(Domain("user_id", "=", self.env.uid))
        return Domain("commercial_partner_id", "in", own.subselect("partner_id"))

    @api.model
    def _care_sql_last_contact(self, customer, channels):
        """Day of the latest contact made that the reader may see.

        :param SQL customer: id of a commercial partner
        :param channels: None for all
        """
        Interaction = self.env["care.interaction"]
        domain = Domain("state", "=", "done") & Domain(
            "company_id", "=", self.env.company.id
        )
        if channels:
            domain &= Domain("channel", "in", channels)
        made = Interaction._search(domain, order="date DESC", limit=1)
        made.add_where(
            SQL(
                "%s = care_customer.id",
                Interaction._field_to_sql(made.table, "partner_id", made),
            )
        )
        return SQL(
            "(SELECT care_last.date FROM (SELECT %s AS id) AS care_customer,"
            " LATERAL (%s) AS care_last)",
            customer,
            made.select(
                SQL("%s AS date", Interaction._field_to_sql(made.table, "date", made))
            ),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in LAST_DATES or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        customer = super()._field_to_sql(alias, "commercial_partner_id", query)
        return self._care_sql_last_contact(customer, LAST_DATES[field_expr])
