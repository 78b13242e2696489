from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...tools import windows


class CarePlan(models.Model):
    """Who sees the customers of a tier, over which channel and how often."""

    _name = "care.plan"
    _description = "Contact Plan"
    _inherit = ["care.named"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to use the plan in all companies.",
    )
    anchor_date = fields.Date(
        "Counted from",
        required=True,
        default="2024-01-01",
        help="Windows of all rules are counted from this date: days and weeks "
        "exactly, months and years from the first day of its month or year.",
    )
    rule_ids = fields.One2many("care.plan.rule", "plan_id", "Contacts", copy=True)
    tier_ids = fields.One2many("care.tier", "plan_id", "Tiers")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")
    what_if = fields.Html(
        compute="_compute_what_if",
        sanitize=False,
        help="Contacts and hours a month for the current customers of the plan.",
    )

    @api.depends_context("company")
    def _compute_customer_count(self):
        for plan in self:
            plan.customer_count = sum(plan._origin.tier_ids.mapped("customer_count"))

    @api.depends(
        "rule_ids.role_id",
        "rule_ids.channel",
        "rule_ids.mode",
        "rule_ids.times",
        "rule_ids.every",
        "rule_ids.unit",
        "rule_ids.sample_percent",
        "rule_ids.duration_days",
    )
    def _compute_what_if(self):
        """Load by role, for the saved plan and for the edited one: managers see what a
        change asks of their people before they save it."""
        company = self.env.company
        for plan in self:
            now = plan._origin.rule_ids._monthly_load(plan.customer_count, company)
            then = plan.rule_ids._monthly_load(plan.customer_count, company)
            people = plan._people_by_role()
            rows = [
                {
                    "role": role.name,
                    "people": people.get(role, 0),
                    "now": now.get(role, (0, 0)),
                    "then": then.get(role, (0, 0)),
                }
                for role in sorted(
                    now | then, key=lambda role: (role.sequence, role.id)
                )
            ]
            plan.what_if = (
                self.env["ir.qweb"]._render(
                    "customer_care.plan_what_if",
                    {
                        "rows": rows,
                        "customers": plan.customer_count,
                        "changed": now != then,
                        "number": self._format_number,
                        "total": [
                            sum(row[when][place] for row in rows)
                            for when in ("now", "then")
                            for place in (0, 1)
                        ],
                    },
                )
                if rows
                else Markup()
            )

    def _format_number(self, value):
        """One decimal below ten, none above: 0.3 visits a month, 1,250 calls."""
        digits = 1 if 0 < value < 10 and round(value, 1) % 1 else 0
        return formatLang(self.env, value, digits=digits)

    def _people_by_role(self):
        """{role: how many people have it for customers of the plan}"""
        self.ensure_one()
        return dict(
            self.env["care.account.member"]
            .sudo()
            ._read_group(
                [
                    (
                        "partner_id",
                        "in",
                        self.env["care.partner.tier"]
                        .sudo()
                        ._search(
                            [
                                ("tier_id", "in", self._origin.tier_ids.ids),
                                ("company_id", "=", self.env.company.id),
                            ]
                        )
                        .subselect("partner_id"),
                    )
                ],
                ["role_id"],
                ["user_id:count_distinct"],
            )
        )

    def write(self, vals):
        moved = "anchor_date" in vals and self.filtered(
            lambda plan: plan.anchor_date != fields.Date.to_date(vals["anchor_date"])
        )
        result = super().write(vals)
        if moved:
            moved.rule_ids._restart()
        if {"anchor_date", "active"} & set(vals):
            self.env["care.plan.target"]._schedule_generation()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        Target = self.env["care.plan.target"].sudo()
        if Target.search_count([("rule_id.plan_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Contacts made or due refer to this plan. Archive it instead of "
                    "deleting it."
                )
            )

    def action_open_targets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.team_target_action"
        )
        return action | {
            "domain": [("rule_id.plan_id", "=", self.id)],
            "context": {"search_default_open": 1, "search_default_group_role": 1},
        }


def frequency(rule, anchor):
    """Plain values of a rule or of an exception to it."""
    return windows.Frequency(
        rule.times,
        rule.every,
        rule.unit,
        min(rule.aim_every or rule.every, rule.every),
        anchor,
    )
