from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .care_complaint import NO_TIER_SEQUENCE
from .care_complaint_repeat import REPEAT_MATCH_FIELDS


class CareComplaint(models.Model):
    """Values of new complaints: customer, team, tier and priority."""

    _inherit = "care.complaint"

    @api.constrains("received_at")
    def _check_received_at(self):
        for complaint in self:
            if complaint.received_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "The time of reception cannot be in the future. Correct it."
                    )
                )

    def _creation_message(self):
        return self.env._("Complaint recorded")

    @api.model
    def _prepare_customers(self, vals_list):
        """Store the commercial partner as customer and the given partner as contact."""
        given = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        given.fetch(["commercial_partner_id"])
        customers = {partner.id: partner.commercial_partner_id for partner in given}
        for vals in vals_list:
            customer = customers.get(vals.get("partner_id"))
            if customer and customer.id != vals["partner_id"]:
                vals.setdefault("contact_id", vals["partner_id"])
                vals["partner_id"] = customer.id

    @api.model
    def _prepare_teams(self, vals_list):
        """Set team, company and handler. The user who records a complaint handles it,
        unless the team assigns complaints in another way."""
        self._prepare_known_handlers(vals_list)
        Team = self.env["care.complaint.team"]
        waiting = defaultdict(list)
        usual = {}
        for vals in vals_list:
            if "team_id" not in vals:
                company = vals.get("company_id") or self.env.company.id
                if company not in usual:
                    usual[company] = Team._default_of(
                        self.env["res.company"].browse(company)
                    )
                vals["team_id"] = usual[company].id
            team = Team.sudo().browse(vals["team_id"] or [])
            if team:
                vals["company_id"] = team.company_id.id
            vals.setdefault("company_id", self.env.company.id)
            if not vals.get("user_id"):
                waiting[team].append(vals)
        for team, unassigned in waiting.items():
            if team and team.assignment != "manual":
                users = team._assign(len(unassigned))
            else:
                user = self.env.user
                person = user._is_internal() and not user._is_superuser()
                nobody = self.env["res.users"]
                users = [user if person else nobody] * len(unassigned)
            for vals, user in zip(unassigned, users, strict=True):
                vals["user_id"] = user.id

    @api.model
    def _prepare_known_handlers(self, vals_list):
        """What the customer sends, or says on the phone, goes to the handler of the
        customer's other open complaint in the team, unless that user is absent."""
        if not self.env.su or self.env.context.get("install_mode"):
            return
        by_phone = self.env.context.get("care_hotline")
        rows = [
            vals
            for vals in vals_list
            if vals.get("partner_id")
            and not vals.get("user_id")
            and not vals.get("event_ids")
            and (by_phone or vals.get("source") in ("email", "portal"))
            and vals.get("kind", "customer") == "customer"
        ]
        if not rows:
            return
        opened = self.search_fetch(
            [
                ("partner_id", "in", [vals["partner_id"] for vals in rows]),
                ("closed_at", "=", False),
                ("user_id.active", "=", True),
            ],
            ["partner_id", "team_id", "company_id", "user_id"],
            order="received_at DESC, id DESC",
        )
        away = self.browse()
        for company, complaints in opened.grouped("company_id").items():
            today = company._care_today()
            absent = complaints.user_id._care_absent_days(today, today)
            away |= complaints.filtered(lambda c, absent=absent: c.user_id in absent)
        for vals in rows:
            team = (
                vals.get("team_id")
                or self.env["care.complaint.team"]
                ._default_of(
                    self.env["res.company"].browse(
                        vals.get("company_id") or self.env.company.id
                    )
                )
                .id
            )
            known = (opened - away).filtered(
                lambda c, vals=vals, team=team: (
                    c.partner_id.id == vals["partner_id"] and c.team_id.id == team
                )
            )
            if known:
                vals["user_id"] = known[0].user_id.id

    @api.model
    def _prepare_tiers(self, vals_list):
        """Store the customer's tier at reception, in the complaint's company, and
        derive the priority from it unless one is given."""
        Partner = self.env["res.partner"].sudo()
        places = self.env["care.tier"]._places()
        by_company = defaultdict(list)
        for vals in vals_list:
            by_company[vals["company_id"]].append(vals)
        for company, rows in by_company.items():
            customers = {vals["partner_id"] for vals in rows if vals.get("partner_id")}
            statuses = Partner.with_company(company)._care_status_rows(
                list(customers), "tier_id"
            )
            for vals in rows:
                tier = statuses[vals.get("partner_id")].tier_id
                vals["tier_id"] = tier.id
                sequence, rank = places.get(tier.id) or (
                    tier.sequence if tier else NO_TIER_SEQUENCE,
                    None,
                )
                vals["tier_sequence"] = sequence
                vals["priority"] = vals.get("priority") or self._priority_of(tier, rank)

    @api.model
    def _prepare_defaults(self, vals_list):
        """Set what repeats and clocks follow from, where nothing is given."""
        usual = self.default_get([*REPEAT_MATCH_FIELDS, "stage_id"])
        split_from = self._split_from()
        for vals in vals_list:
            vals.update(usual | vals | split_from)

    @api.model
    def _priority_of(self, tier, rank):
        """High for the best tier and key accounts, important for the next one"""
        if tier.id in self.env["care.tier"]._best_ids():
            return "2"
        return "1" if rank == 1 else "0"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Complaints"),
                "template": "/customer_care/static/xls/complaints.xlsx",
            }
        ]
