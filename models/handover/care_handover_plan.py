from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...tools import handover

RANK_WITHOUT_TIER = float("inf")
"""Rank of customers without a tier."""


class CareHandover(models.Model):
    """Computes which records a handover moves, and to which successor."""

    _inherit = "care.handover"

    def _plan(self):
        """Values of the handover lines, in a stable order.

        :raise UserError: no successor, or one who cannot take over
        """
        self.ensure_one()
        members = self._members()
        contacts = self._contacts()
        customers = (members.partner_id | contacts.commercial_partner_id).sorted("id")
        successors = self._successors(customers)
        olds = defaultdict(set)
        for member in members:
            olds[member.partner_id.id].add(member.user_id.id)
        if self.scope == "user":
            for customer in customers:
                olds[customer.id].add(self.from_user_id.id)
        for contact in contacts & customers:
            olds[contact.id].add(contact.user_id.id)
        plan = []

        def add(records, partner_of, owner="user_id"):
            for record in records.sorted("id"):
                partner = partner_of(record)
                old = record[owner]
                new = successors.get(partner.id)
                if not new or new == old.id or old.id not in olds[partner.id]:
                    continue
                plan.append(
                    {
                        "handover_id": self.id,
                        "res_model": record._name,
                        "res_id": record.id,
                        "partner_id": partner.id,
                        "old_user_id": old.id,
                        "new_user_id": new,
                    }
                )

        add(members, lambda member: member.partner_id)
        add(contacts, lambda contact: contact.commercial_partner_id)
        for model in self._models_of_customers():
            add(self._open(model, customers), lambda row: row.partner_id)
        interactions = self._open("care.interaction", customers)
        add(interactions, lambda row: row.partner_id)
        by_event = {row.calendar_event_id: row.partner_id for row in interactions}
        add(
            self.env["calendar.event"].union(*by_event).sudo(),
            by_event.__getitem__,
        )
        add(
            self._open("crm.lead", customers),
            lambda lead: lead.partner_id.commercial_partner_id,
        )
        about = self._activities(customers, plan)
        add(
            self.env["mail.activity"].union(*about).sudo(),
            about.__getitem__,
        )
        plan += self._plan_of_strangers(successors)
        self._check_companies(plan)
        return plan

    def _models_of_customers(self):
        """Models whose records are open until ``closed_at`` and have a customer"""
        return ["care.complaint"]

    def _members(self):
        """Account team members to replace, archived customers included."""
        domain = (
            [("user_id", "=", self.from_user_id.id)]
            if self.scope == "user"
            else [("partner_id.care_region_id", "child_of", self.region_id.id)]
        )
        if self.role_ids:
            domain.append(("role_id", "in", self.role_ids.ids))
        return (
            self.env["care.account.member"]
            .sudo()
            .with_context(active_test=False)
            .search(domain)
        )

    def _contacts(self):
        """Contact persons, and customers without an account team, with a salesperson of
        their own."""
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        if self.role_ids and "salesperson" not in self.role_ids.mapped("kind"):
            return Partner
        if self.scope == "user":
            domain = [("user_id", "=", self.from_user_id.id)]
        else:
            domain = [
                ("user_id", "!=", False),
                (
                    "commercial_partner_id.care_region_id",
                    "child_of",
                    self.region_id.id,
                ),
            ]
        return Partner.search(domain).filtered(
            lambda partner: partner != partner.commercial_partner_id
            or not partner.care_member_ids.filtered(
                lambda member: member.role_id.kind == "salesperson"
            )
        )

    def _open(self, model, customers):
        """Open records of these customers, in the companies of the user."""
        domain = [("company_id", "in", [*self.env.companies.ids, False])]
        if model == "crm.lead":
            domain += [
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("won_status", "=", "pending"),
            ]
        else:
            domain.append(("partner_id", "in", customers.ids))
            domain.append(
                ("state", "=", "planned")
                if model == "care.interaction"
                else ("closed_at", "=", False)
            )
        return self.env[model].sudo().search(domain)

    def _activities(self, customers, plan):
        """{activity: customer} of open activities on the customers, their contacts and
        the records that move"""
        about = {}
        records = defaultdict(dict)
        people = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("commercial_partner_id", "in", customers.ids)])
        )
        for person in people:
            records["res.partner"][person.id] = person.commercial_partner_id
        models = (*self._models_of_customers(), "care.interaction", "crm.lead")
        for line in plan:
            if line["res_model"] in models:
                records[line["res_model"]][line["res_id"]] = customers.browse(
                    line["partner_id"]
                )
        for model, partners in records.items():
            for activity in (
                self.env["mail.activity"]
                .sudo()
                .search([("res_model", "=", model), ("res_id", "in", list(partners))])
            ):
                about[activity] = partners[activity.res_id]
        return about

    def _plan_of_strangers(self, successors):
        """Opportunities without a customer, and their activities: they go to the
        successor of everything, else to the successors in turn."""
        if self.scope != "user":
            return []
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.from_user_id.id),
                    ("partner_id", "=", False),
                    ("won_status", "=", "pending"),
                    ("company_id", "in", [*self.env.companies.ids, False]),
                ],
                order="id",
            )
        )
        people = self.user_id or self._people()
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", leads.ids),
                    ("user_id", "=", self.from_user_id.id),
                ],
                order="id",
            )
        )
        taken = (
            dict(
                zip(
                    leads.ids,
                    (people[i % len(people)].id for i in range(len(leads))),
                    strict=True,
                )
            )
            if people
            else {}
        )
        return [
            {
                "handover_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "partner_id": False,
                "old_user_id": self.from_user_id.id,
                "new_user_id": taken[
                    record.id if record._name == "crm.lead" else record.res_id
                ],
            }
            for records in (leads, activities)
            for record in records
            if taken
        ]

    # ------------------------------------------------------------
    # Successors
    # ------------------------------------------------------------

    def _people(self):
        if self.rule == "one":
            return self.user_id
        return self.successor_ids.user_id | (
            self.user_id if self.rule == "region" else self.env["res.users"]
        )

    def _successors(self, customers):
        """{id of a customer: id of its successor or None}"""
        people = self._people()
        if not people:
            raise UserError(self.env._("Choose a successor."))
        people._check_care_successors(self.company_id)
        if self.scope == "user" and self.from_user_id in people:
            raise UserError(
                self.env._(
                    "%s is handing over these customers and cannot be their successor.",
                    self.from_user_id.name,
                )
            )
        if self.rule == "one":
            return dict.fromkeys(customers.ids, people.id)
        if self.rule == "round_robin":
            ranked = customers.sorted(lambda row: (-row.care_monthly_amount, row.id))
            return handover.deal(
                [
                    (
                        row.id,
                        row.care_tier_id.sequence
                        if row.care_tier_id
                        else RANK_WITHOUT_TIER,
                    )
                    for row in ranked
                ],
                people.ids,
            )
        regions = self.env["care.region"].sudo().with_context(active_test=False)
        return handover.by_region(
            [(row.id, row.care_region_id.id) for row in customers],
            {
                region.id: successor.user_id.id
                for successor in self.successor_ids
                for region in successor.region_ids
            },
            {region.id: region.parent_id.id for region in regions.search([])},
            self.user_id.id,
        )

    def _check_companies(self, plan):
        """:raise UserError: a successor has no access to the company of a record"""
        for model in ("crm.lead", *self._models_of_customers(), "care.interaction"):
            rows = {
                line["res_id"]: line["new_user_id"]
                for line in plan
                if line["res_model"] == model
            }
            for record in self.env[model].sudo().browse(rows):
                user = self.env["res.users"].sudo().browse(rows[record.id])
                if record.company_id and record.company_id not in user.company_ids:
                    raise UserError(
                        self.env._(
                            "%(user)s has no access to %(company)s, the company of "
                            "%(record)s. Grant the access or choose another user.",
                            user=user.name,
                            company=record.company_id.name,
                            record=record.display_name,
                        )
                    )
