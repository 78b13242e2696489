from collections import defaultdict
from datetime import date, timedelta
from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.care_account_member import NO_LOG, PARTNER_FIELDS
from ..core.res_groups import VISIT
from .care_interaction_outcome import FEELINGS

BIRTHDAYS_AHEAD = 60
LAST_REPORTS = 3
NEWS_WITHOUT_REPORT = timedelta(days=30)


class ResPartner(models.Model):
    """Account team of customers, and the brief to read before a contact."""

    _inherit = "res.partner"

    care_member_ids = fields.One2many(
        "care.account.member",
        "partner_id",
        "Account Team",
        groups="customer_care.group_user",
    )
    care_manager_id = fields.Many2one(
        "res.users",
        "Account Manager",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain="[('share', '=', False)]",
        groups="customer_care.group_user",
        help="Person in charge that the customer knows.",
    )
    care_exception_ids = fields.One2many(
        "care.plan.exception",
        "partner_id",
        "Exceptions to the Contact Plan",
        groups=VISIT,
    )
    care_target_ids = fields.One2many(
        "care.plan.target",
        "partner_id",
        "Contacts Due",
        domain=[("state", "=", "open")],
        groups=VISIT,
    )
    care_interaction_ids = fields.One2many(
        "care.interaction",
        "partner_id",
        "Customer Contacts",
        groups=VISIT,
    )
    care_interaction_count = fields.Integer(
        "Number of Contacts",
        compute="_compute_care_interaction_count",
        groups=VISIT,
    )
    care_birthday = fields.Date(
        "Birthday", copy=False, groups="customer_care.group_user"
    )
    care_map_url = fields.Char(
        compute="_compute_care_map_url", groups="customer_care.group_user"
    )
    care_brief = fields.Html(
        compute="_compute_care_brief",
        sanitize=False,
        groups=VISIT,
        help="Brief to read before a contact.",
    )

    # ------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------

    @api.depends("care_interaction_ids")
    def _compute_care_interaction_count(self):
        customers = self.commercial_partner_id._origin
        done = Domain("partner_id", "in", customers.ids) & Domain("state", "=", "done")
        Interaction = self.env["care.interaction"]
        if len(customers) == 1:  # a form: counting takes half as long as grouping
            counts = {customers: Interaction.search_count(done)}
        else:
            counts = dict(Interaction._read_group(done, ["partner_id"], ["__count"]))
        for partner in self:
            partner.care_interaction_count = counts.get(
                partner.commercial_partner_id._origin, 0
            )

    @api.depends("street", "city", "zip", "country_id")
    def _compute_care_map_url(self):
        for partner in self:
            address = partner._care_address()
            partner.care_map_url = (
                f"https://www.openstreetmap.org/search?query={quote_plus(address)}"
                if address
                else False
            )

    def _care_address(self):
        self.ensure_one()
        parts = (self.street, self.zip, self.city, self.state_id.name)
        address = ", ".join(filter(None, (*parts, self.country_id.name)))
        return address if self.street or self.city or self.zip else ""

    def _compute_care_brief(self):
        for partner in self:
            customer = partner.commercial_partner_id
            partner.care_brief = self.env["ir.qweb"]._render(
                "customer_care.customer_brief", customer._care_brief_values()
            )

    def _care_brief_values(self):
        """Values of the brief, read with the user's own rights."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        Interaction = self.env["care.interaction"]
        mine = Interaction.search(
            [("partner_id", "=", self.id), ("state", "=", "done")],
            order="date_start desc, id desc",
            limit=LAST_REPORTS,
        )
        values = {
            "partner": self,
            "today": today,
            "targets": self.env["care.plan.target"].search(
                [
                    ("partner_id", "=", self.id),
                    ("is_mine", "=", True),
                    ("state", "=", "open"),
                    ("date_start", "<=", today),
                ],
                order="date_aim",
            ),
            "persons": self._care_persons(),
            "links": self._care_links(),
            "overdue": [],
            "satisfaction": False,
            "faces": dict(FEELINGS),
            "orders": self.env["sale.order"],
            "reports": mine,
            "tries": Interaction.search(
                Domain("partner_id", "=", self.id)
                & Domain("state", "=", "not_met")
                & (
                    Domain("date_start", ">", mine[0].date_start)
                    if mine
                    else Domain.TRUE
                ),
                order="date_start desc, id desc",
                limit=LAST_REPORTS,
            ),
            "promises": Interaction.search(
                [("partner_id", "=", self.id), ("promise_state", "=", "open")],
                order="promise_date",
            ),
            "complaints": self.env["care.complaint"].search(
                [("partner_id", "=", self.id), ("closed_at", "=", False)],
                order="received_at",
            )
            if self.env["res.groups"]._has_care_feature("complaint")
            else self.env["care.complaint"],
            "birthdays": self._care_birthdays(today),
            "quotations": self.env["sale.order"],
            "leads": self.env["crm.lead"],
        }
        if self.env["sale.order"].has_access("read"):
            values["quotations"] = self.env["sale.order"].search(
                [
                    ("partner_id", "child_of", self.id),
                    ("state", "in", ("draft", "sent")),
                    ("company_id", "in", self.env.companies.ids),
                ],
                order="date_order desc",
                limit=5,
            )
            values["orders"] = self._care_orders_since(mine[:1])
        if self.env["account.move"].has_access("read"):
            values["overdue"] = self._care_overdue_money(today)
        if self.env["crm.lead"].has_access("read"):
            values["leads"] = self.env["crm.lead"].search(
                [
                    ("partner_id", "child_of", self.id),
                    ("type", "=", "opportunity"),
                    ("probability", "<", 100),
                ],
                order="date_deadline",
                limit=5,
            )
        return values

    def _care_orders_since(self, report):
        """News: what was ordered since the last report, or lately without one, among
        what the user may see"""
        since = report.date_start or fields.Datetime.now() - NEWS_WITHOUT_REPORT
        domain = (
            Domain("partner_id", "child_of", self.id)
            & Domain("state", "=", "sale")
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("date_order", ">", since)
        )
        return self.env["sale.order"].search(domain, order="date_order desc", limit=3)

    def _care_overdue_money(self, today):
        """[(amount, currency, first due day)] of invoices the user may see"""
        rows = self.env["account.move"]._read_group(
            Domain("commercial_partner_id", "=", self.id)
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", today)
            & Domain("company_id", "in", self.env.companies.ids),
            ["company_id"],
            ["amount_residual_signed:sum", "invoice_date_due:min"],
        )
        return [
            (amount, company.sudo().currency_id, day)
            for company, amount, day in rows
            if amount > 0
        ]

    def _care_birthdays(self, today):
        """[(contact, next birthday)] within two months, the next one first"""
        upcoming = []
        for contact in (self | self.child_ids).filtered("care_birthday"):
            day = _next_birthday(contact.care_birthday, today)
            if day - today <= timedelta(days=BIRTHDAYS_AHEAD):
                upcoming.append((contact, day))
        return sorted(upcoming, key=lambda pair: pair[1])

    def _care_last_contacts(self):
        """{customer: its last contact made, among those the user may see}"""
        last = self.env["care.interaction"]._search(
            [("state", "=", "done")], order="date desc, id desc", limit=1
        )
        last.add_where(
            SQL(
                "%s = customer.id",
                self.env["care.interaction"]._field_to_sql(last.table, "partner_id"),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last.id
                  FROM unnest(%s::int[]) AS customer(id), LATERAL (%s) AS last
                """,
                self._origin.ids,
                last.select(),
            )
        )
        found = self.env["care.interaction"].browse(row for (row,) in rows)
        return {
            interaction.partner_id.sudo(False): interaction
            for interaction in found.sudo()
        }

    def _care_reasons_to_call(self):
        """{customer: why to call, in words}: a promise that is due, what was agreed for
        the next time, how the customer felt."""
        Interaction = self.env["care.interaction"]
        today = fields.Date.context_today(self)
        reasons = {}
        for promise in Interaction.search(
            [("partner_id", "in", self.ids), ("promise_state", "=", "open")],
            order="promise_date desc, id desc",
        ):
            if promise.promise_date and promise.promise_date < today:
                text = self.env._("Promise overdue: %s", promise.promise)
            else:
                text = self.env._("Promised: %s", promise.promise)
            reasons[promise.partner_id] = text
        visible = Interaction.browse(
            row.id for row in self._care_last_contacts().values()
        )._filtered_access("read")
        for last in visible:
            if last.partner_id in reasons:
                continue
            if last.satisfaction in ("1", "2"):
                reasons[last.partner_id] = self.env._("Dissatisfied last time")
            elif last.next_topic:
                reasons[last.partner_id] = self.env._("Agreed: %s", last.next_topic)
            elif last.competitor_note:
                reasons[last.partner_id] = self.env._(
                    "Competitors: %s", last.competitor_note
                )
        return reasons

    # ------------------------------------------------------------
    # Account team
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_care_account_manager(vals)
        partners = super().create(vals_list)
        partners.filtered(lambda partner: partner.user_id).with_context(
            care_quiet=NO_LOG
        )._sync_care_team(["user_id"])
        partners.filtered(lambda partner: partner.sudo().care_manager_id).with_context(
            care_quiet=NO_LOG
        )._sync_care_team(["care_manager_id"])
        return partners

    def write(self, vals):
        self._check_care_account_manager(vals)
        result = super().write(vals)
        names = [name for name in PARTNER_FIELDS.values() if name in vals]
        if names:
            self._sync_care_team(names)
        if not vals.get("active", True) or vals.get("parent_id"):
            self.env["care.plan.target"].sudo().search(
                [("partner_id", "in", self.ids), ("state", "=", "open")]
            ).write({"state": "superseded"})
        elif vals.get("active"):
            self.env["care.plan.target"]._schedule_generation()
        return result

    def _check_care_account_manager(self, vals):
        """Becoming the account manager gives access to the customer's reports, so users
        cannot appoint themselves."""
        if (
            "care_manager_id" in vals
            and not self.env.su
            and not self.env.user.has_group("customer_care.group_user_all")
            and (
                any(
                    partner.sudo().care_manager_id.id
                    != (vals["care_manager_id"] or False)
                    for partner in self
                )
                if self
                else vals["care_manager_id"]
            )
        ):
            raise UserError(
                self.env._(
                    "Only users with access to all customers can change the account "
                    "manager. Ask your manager to change it."
                )
            )

    def _sync_care_team(self, names):
        """Update the account team from the salesperson and account manager."""
        customers = self.sudo().filtered(
            lambda partner: partner == partner.commercial_partner_id
        )
        kinds = {name: kind for kind, name in PARTNER_FIELDS.items()}
        roles = {
            role.kind: role
            for role in self.env["care.role"]
            .sudo()
            .search([("kind", "in", [kinds[name] for name in names])])
        }
        Member = self.env["care.account.member"].sudo()
        for name in names:
            role = roles.get(kinds[name])
            if not role or not customers:
                continue
            present = {
                member.partner_id: member
                for member in Member.search(
                    [("partner_id", "in", customers.ids), ("role_id", "=", role.id)]
                )
            }
            by_user = defaultdict(Member.browse)
            for partner in customers:
                member = present.get(partner)
                if member and partner[name] and member.user_id != partner[name]:
                    by_user[partner[name]] += member
            for user, members in by_user.items():
                members.user_id = user
            Member.union(
                *(member for partner, member in present.items() if not partner[name])
            ).unlink()
            Member.create(
                [
                    {
                        "partner_id": partner.id,
                        "role_id": role.id,
                        "user_id": partner[name].id,
                    }
                    for partner in customers
                    if partner[name]
                    and not partner[name].share
                    and partner not in present
                ]
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_open_care_interactions(self):
        self.ensure_one()
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.interaction_action"
        )
        return action | {
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id},
        }

    def action_log_care_interaction(self):
        self.ensure_one()
        customer = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report"),
            "res_model": "care.interaction",
            "view_mode": "form",
            "views": [(self.env.ref("customer_care.interaction_view_form").id, "form")],
            "context": {
                "default_partner_id": customer.id,
                "default_contact_id": self.id if self != customer else False,
            },
        }

    def action_open_care_map(self):
        self.ensure_one()
        if not self.care_map_url:
            raise UserError(
                self.env._(
                    "%s has no address. Enter one on the customer's form.",
                    self.display_name,
                )
            )
        return {"type": "ir.actions.act_url", "url": self.care_map_url, "target": "new"}


def _next_birthday(birthday, today):
    """Count a birthday on 29 February as 28 February in other years."""
    for year in (today.year, today.year + 1):
        try:
            day = birthday.replace(year=year)
        except ValueError:
            day = date(year, 2, 28)
        if day >= today:
            return day
    raise AssertionError("a birthday comes every year")
