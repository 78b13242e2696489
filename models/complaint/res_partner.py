from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..card.res_partner import USER
from ..core.res_groups import COMPLAINT
from ..core.res_partner import MOVING_FIELDS
from .care_complaint_clock import SLA_STATES, WORST_FIRST

ALARMS = [("late", "Late complaint"), ("open", "Open complaint")]


class ResPartner(models.Model):
    """Open complaints wherever customers are seen."""

    _inherit = "res.partner"

    care_complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_care_complaints", groups=COMPLAINT
    )
    care_complaint_state = fields.Selection(
        SLA_STATES,
        "Most Urgent SLA Status",
        compute="_compute_care_complaints",
        groups=COMPLAINT,
        help="Of the open complaints that you can see.",
    )
    care_alarm = fields.Selection(
        ALARMS,
        "Alarm",
        compute="_compute_care_alarm",
        search="_search_care_alarm",
        groups=USER,
        help="A customer of the best tier or a key account has an open complaint. All "
        "users of the app see this alert, even if they cannot see the complaint.",
    )

    def write(self, vals):
        """Complaints follow a person who gets a company."""
        if not MOVING_FIELDS & vals.keys():
            return super().write(vals)
        customers = self.sudo().filtered(lambda row: row == row.commercial_partner_id)
        result = super().write(vals)
        for person in customers:
            if person != person.commercial_partner_id:
                self.env["care.complaint"]._raise_to_company(person)
        return result

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_care_complaints(self):
        customers = self._care_with_open_complaints(self.commercial_partner_id.ids)
        complaints = customers and self.env["care.complaint"].search_fetch(
            self._care_complaints_domain(customers),
            ["partner_id", "sla_deadline", "sla_warn_at", "sla_paused", "sla_result"],
        )
        found = complaints.grouped("partner_id") if complaints else {}
        for partner in self:
            mine = found.get(partner.commercial_partner_id._origin, ())
            partner.care_complaint_count = len(mine)
            partner.care_complaint_state = bool(mine) and min(
                mine.mapped("sla_state"), key=WORST_FIRST.index
            )

    @api.model
    def _care_with_open_complaints(self, customers):
        """Those of the customers (ids) that have open complaints of any company,
        whether or not the user may see them. Most have none, and a search with access
        rules takes longer than all the rest of opening a customer's form."""
        self.env["care.complaint"].flush_model(["partner_id", "closed_at"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM care_complaint"
                " WHERE closed_at IS NULL AND partner_id = ANY(%s)",
                [customer for customer in customers if customer],
            )
        )
        return [customer for (customer,) in rows]

    @api.depends("care_tier_id")
    @api.depends_context("company", "allowed_company_ids")
    def _compute_care_alarm(self):
        """Query complaints of the best customers only: often there are none."""
        best = self.env["care.tier"]._best_ids()
        top = self.commercial_partner_id.filtered(
            lambda customer: customer.care_tier_id.id in best
        )
        open_, late = set(), set()
        if top.ids and self.env["res.groups"]._has_care_feature("complaint"):
            for customer, state in (
                self.env["care.complaint"]
                .sudo()
                ._read_group(
                    self._care_complaints_domain(top.ids), ["partner_id", "sla_state"]
                )
            ):
                (late if state == "missed" else open_).add(customer)
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.care_alarm = (
                "late" if customer in late else customer in open_ and "open"
            )

    def _search_care_alarm(self, operator, value):
        if operator != "in":
            return NotImplemented
        missed = Domain("sla_state", "=", "missed")
        best = Domain(
            "commercial_partner_id.care_tier_id",
            "in",
            list(self.env["care.tier"]._best_ids()),
        )
        complaints = self.env["care.complaint"].sudo()

        def alarmed(condition):
            query = complaints._search(self._care_complaints_domain() & condition)
            customers = query.subselect("partner_id")
            return best & Domain("commercial_partner_id", "in", customers)

        late, any_open = alarmed(missed), alarmed(Domain.TRUE)
        parts = {"late": late, "open": any_open & ~late, False: ~any_open}
        return Domain.OR(parts[alarm] for alarm in value if alarm in parts)

    @api.model
    def _care_complaints_domain(self, customers=None):
        """Open complaints in the companies that the user works in"""
        domain = Domain("closed_at", "=", False) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        return (
            domain
            if customers is None
            else domain & Domain("partner_id", "in", customers)
        )

    def _care_open_complaints(self, limit):
        """Open complaints of the customer with their time left, worst first"""
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return []
        complaints = self.env["care.complaint"].search(
            self._care_complaints_domain(self.ids), limit=limit
        )
        return [
            {
                "id": complaint.id,
                "name": complaint.name,
                "subject": complaint.subject,
                "received_at": fields.Datetime.to_string(complaint.received_at),
                "user": complaint.user_id.sudo().name,
                "timer": complaint.sla_timer,
            }
            for complaint in complaints
        ]

    def action_open_care_complaints(self):
        self.ensure_one()
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.complaint_action"
        )
        contact = self.id if self != customer else False
        return action | {
            "domain": [("partner_id", "=", customer.id)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "context": {
                "search_default_open": 1,
                "default_partner_id": customer.id,
                "default_contact_id": contact,
            },
        }
