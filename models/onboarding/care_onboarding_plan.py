from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

GENERATE_AT_ONCE = 2000
"""Customers up to which contacts due are made while the page waits; more are made by
the scheduled job."""


class CareOnboarding(models.Model):
    """Which roles see customers, and how often: presets of the plans that the app
    brings. Plans and roles that a company has made itself are left alone."""

    _inherit = "care.onboarding"

    @api.model
    def _presets(self):
        """{preset: (roles by the end of their external id or None for all, only plans
        of key accounts)}"""
        pair = ("sales_rep", "care_manager")
        return {
            "pair": (pair, False),
            "franchise": (None, False),
            "key": (pair, True),
        }

    def _shipped(self, model):
        """{name without the module: record} of the app's own roles, plans or rules"""
        names = self.env["ir.model.data"].sudo()
        rows = names.search_fetch(
            [("module", "=", "customer_care"), ("model", "=", model)],
            ["name", "res_id"],
        )
        records = self.env[model].browse(rows.mapped("res_id")).exists()
        by_id = {record.id: record for record in records}
        return {row.name: by_id[row.res_id] for row in rows if row.res_id in by_id}

    def _plan_values(self):
        [(due, people, nobody)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*), COUNT(DISTINCT user_id), COUNT(*) FILTER"
                " (WHERE user_id IS NULL) FROM care_plan_target"
                " WHERE company_id = %s AND state = 'open'",
                self.company_id.id,
            )
        )
        plans = self.env["care.plan"].search(
            Domain("company_id", "in", (self.company_id.id, False))
        )
        return {
            "presets": list(self._presets()),
            "due": due,
            "people": people,
            "nobody": nobody,
            "plans": [
                {
                    "id": plan.id,
                    "name": plan.name,
                    "words": [
                        f"{rule.role_id.name}: {rule.summary}"
                        for rule in plan.rule_ids
                        if rule.role_id.active and rule.mode != "as_needed"
                    ],
                }
                for plan in plans
            ],
        }

    @api.model
    def use_preset(self, preset):
        """Switch the app's own roles and rules on and off, and make contacts due."""
        row = self._open_row()
        if preset not in row._presets():
            raise UserError(self.env._("Choose who sees customers."))
        wanted, key_only = row._presets()[preset]
        roles = {
            name: role
            for name, role in row._shipped("care.role").items()
            if name.startswith("care_role_")
        }
        used = self.env["care.role"].union(
            *(
                role
                for name, role in roles.items()
                if wanted is None or name.removeprefix("care_role_") in wanted
            )
        )
        unused = self.env["care.role"].union(*roles.values()) - used
        used.filtered(lambda role: not role.active).active = True
        unused.filtered(
            lambda role: role.active and role.kind != "salesperson"
        ).active = False
        rules = self.env["care.plan.rule"].union(
            *row._shipped("care.plan.rule").values()
        )
        kept = rules.filtered(
            lambda rule: rule.role_id in used
            and (not key_only or any(rule.plan_id.tier_ids.mapped("is_key_account")))
        )
        kept.filtered(lambda rule: not rule.active).active = True
        (rules - kept).filtered("active").active = False
        row._make_contacts_due()
        return row._finish("plan")

    def _make_contacts_due(self):
        Target = self.env["care.plan.target"]
        customers = self.env["care.partner.tier"].sudo()
        few = customers.search_count(
            [("company_id", "=", self.company_id.id), ("tier_id", "!=", False)],
            limit=GENERATE_AT_ONCE + 1,
        )
        if few <= GENERATE_AT_ONCE:
            Target._generate_company(self.company_id)
        else:
            Target._schedule_generation()
