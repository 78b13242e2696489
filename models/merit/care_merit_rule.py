from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import date_utils, format_amount

from ...tools import merits

RULE_CAUSES = [
    ("visit_missed", "Visit missed"),
    ("call_missed", "Call missed"),
    ("manager_visit_missed", "Own visit of a manager missed"),
    ("manager_call_missed", "Own call of a manager missed"),
    ("complaint", "Complaint"),
    ("survey", "Satisfied customer"),
    ("team_survey", "Satisfied customers of a department"),
    ("no_miss", "Months without a missed contact"),
]
REWARD_CAUSES = ("survey", "team_survey", "no_miss")
KINDS = [("penalty", "Penalty"), ("reward", "Reward")]
ACCOUNTS = [
    ("person", "Person"),
    ("supervisor", "Supervisor"),
    ("both", "Person and Supervisor"),
    ("team", "Department"),
]


class CareMeritRule(models.Model):
    """What a cause costs or earns, on whose account, from which day on (domain,
    section 8)."""

    _name = "care.merit.rule"
    _description = "Merit Rule"
    _order = "kind, cause, date_from desc, id desc"
    _rec_name = "cause"

    active = fields.Boolean(default=True)
    cause = fields.Selection(RULE_CAUSES, required=True)
    kind = fields.Selection(KINDS, required=True, default="penalty")
    account = fields.Selection(
        ACCOUNTS,
        required=True,
        default="person",
        help="Who is charged or rewarded: the person whose contact or complaint it is, "
        "the supervisor, both, or the fund of the department.",
    )
    amount = fields.Float(
        required=True,
        digits=(16, 2),
        aggregator=None,
        help="For each contact missed, complaint or reward. Always positive. If there "
        "is a range, the amount that is proposed.",
    )
    amount_min = fields.Float(
        "From", digits=(16, 2), aggregator=None, help="0 without a range."
    )
    amount_max = fields.Float(
        "To", digits=(16, 2), aggregator=None, help="0 without a range."
    )
    currency_id = fields.Many2one(
        "res.currency",
        help="Leave empty to take the amount as it stands, in the currency of each "
        "company or in points. Otherwise it is converted at the rate of the day.",
    )
    factor_not_made_good = fields.Float(
        "Factor If Not Made Good",
        default=2.0,
        digits=(16, 2),
        aggregator=None,
        help="The amount is multiplied by this if an order to make it good is not "
        "carried out in time.",
    )
    department_id = fields.Many2one(
        "crm.team",
        ondelete="cascade",
        index="btree_not_null",
        default=lambda self: self._led() if not self._care_is_free() else False,
        help="Leave empty for all departments.",
    )
    date_from = fields.Date(
        "Valid from",
        default=lambda self: (
            False if self._care_is_free() else self.env.company._care_today()
        ),
        help="Leave empty: no start.",
    )
    date_to = fields.Date("Valid until", help="Leave empty: no end.")
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: False if self._care_is_free() else self.env.company,
        help="Leave empty for all companies.",
        ondelete="cascade",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "The amount of a rule must be positive. Choose the kind “Reward” for what is "
        "paid.",
    )
    _range_check = models.Constraint(
        "CHECK (COALESCE(amount_min, 0) >= 0"
        " AND COALESCE(amount_min, 0) <= COALESCE(amount_max, 0))",
        "The range of a rule must begin at 0 or above and end above its beginning.",
    )
    _dates_check = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A rule cannot end before it begins.",
    )
    _factor_check = models.Constraint(
        f"CHECK (COALESCE(factor_not_made_good, 2) >= {merits.LOWEST_FACTOR})",
        "The factor if not made good must be 2 or more.",
    )

    @api.depends("cause", "department_id", "amount", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for rule in self:
            parts = [causes.get(rule.cause), rule.department_id.name]
            if rule.cause:
                parts.append(rule._say_amount())
            rule.display_name = " · ".join(filter(None, parts))

    def _say_amount(self):
        if self.currency_id:
            return format_amount(self.env, self.amount, self.currency_id)
        return f"{self.amount:g}"

    @api.onchange("cause")
    def _onchange_cause(self):
        self.kind = "reward" if self.cause in REWARD_CAUSES else "penalty"
        if self.cause == "team_survey":
            self.account = "team"

    @api.constrains("amount", "amount_min", "amount_max")
    def _check_amount_in_range(self):
        for rule in self:
            if rule.amount_max and not (
                rule.amount_min <= rule.amount <= rule.amount_max
            ):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the amount must be between %(lowest)s and "
                        "%(highest)s.",
                        rule=rule.display_name,
                        lowest=f"{rule.amount_min:g}",
                        highest=f"{rule.amount_max:g}",
                    )
                )

    @api.constrains("department_id", "company_id")
    def _check_department(self):
        for rule in self.sudo():
            owner = rule.department_id.company_id
            if owner and rule.company_id and owner != rule.company_id:
                raise ValidationError(
                    self.env._(
                        "%(department)s belongs to %(company)s. Choose a department "
                        "of the company of the rule.",
                        department=rule.department_id.name,
                        company=owner.name,
                    )
                )

    @api.constrains("cause", "kind", "account")
    def _check_cause(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for rule in self:
            if (rule.cause in REWARD_CAUSES) != (rule.kind == "reward"):
                raise ValidationError(
                    self.env._(
                        "“%s”: choose the kind Reward for what customers praise, and "
                        "Penalty for what was missed.",
                        causes[rule.cause],
                    )
                )
            if rule.account == "team" and rule.kind == "penalty":
                raise ValidationError(
                    self.env._(
                        "A penalty cannot be charged to a whole department. Choose "
                        "the person or the supervisor."
                    )
                )
            if rule.cause == "team_survey" and rule.account != "team":
                raise ValidationError(
                    self.env._(
                        "“%s” rewards the department. Choose the account Department.",
                        causes[rule.cause],
                    )
                )

    def action_new_version(self):
        """Open a copy that is valid from today on; the newer rule prevails, and what
        happened before is judged by the rules of then. A leader of a department makes
        one for the department."""
        self.ensure_one()
        self.check_access("read")
        company = self.company_id or self.env.company
        values = {"date_from": company._care_today()}
        if not self._care_is_free():
            values |= {
                "company_id": company.id,
                "department_id": (
                    self.department_id if self._is_led() else self._led()
                ).id,
                "date_to": False,
            }
        new = self.copy(values)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Version"),
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _plain(self):
        """The rules as ``tools.merits`` reads them"""
        return [
            merits.Rule(
                rule.id,
                rule.cause,
                rule.amount,
                rule.company_id.id or None,
                rule.department_id.id or None,
                rule.date_from or None,
                rule.date_to or None,
            )
            for rule in self
        ]

    def _amounts(self, company, first, last):
        """What the rule says in a company: [(first day, last day, amount)], as it
        stands, or converted to the currency of the company at the rate of each day."""
        self.ensure_one()
        currency = company.currency_id
        if (
            not self.currency_id
            or company.care_merit_unit == "points"
            or self.currency_id == currency
        ):
            return [(first, last, self.amount)]
        found = []
        for day in date_utils.date_range(first, last, relativedelta(days=1)):
            amount = self.currency_id._convert(self.amount, currency, company, day)
            if found and found[-1][2] == amount:
                found[-1] = (found[-1][0], day, amount)
            else:
                found.append((day, day, amount))
        return found
