from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.care_reference import CareReferenceMixin
from .care_frequency import CareFrequency
from .care_plan import frequency

CHANNELS = [
    ("onsite", "On-site stay"),
    ("visit", "Visit"),
    ("phone", "Phone"),
    ("online", "Message or online"),
]
"""Highest rank first, as in ``tools.matching``"""
DAYS_PER_MONTH = {"day": 365.25 / 12, "week": 365.25 / 84, "month": 1, "year": 1 / 12}
"""How many of each unit make an average month."""
SHORTEST_UNIT = {"day": 1, "week": 7, "month": 28, "year": 365}
"""Days"""
WINDOW_FIELDS = {"plan_id", "role_id", "channel", "mode", "every", "unit", "active"}
"""Changing one of these changes the windows, or which contacts are owed."""
GOAL_FIELDS = {"times", "aim_every", "sample_percent"}
"""Changing one of these changes what is owed in future windows."""


class CarePlanRule(models.Model):
    """One cell of the service frequency table: role × channel."""

    _name = "care.plan.rule"
    _description = "Contact Plan Rule"
    _inherit = [CareFrequency._name, CareReferenceMixin._name]
    _order = "plan_id, role_id, channel, id"
    _rec_name = "summary"

    plan_id = fields.Many2one(
        "care.plan", required=True, ondelete="cascade", index=True
    )
    active = fields.Boolean(default=True)
    role_id = fields.Many2one(
        "care.role", required=True, ondelete="restrict", index=True
    )
    channel = fields.Selection(CHANNELS, default="visit", required=True)
    mode = fields.Selection(
        [
            ("fixed", "Regularly"),
            ("sampling", "By sampling"),
            ("as_needed", "As needed"),
        ],
        default="fixed",
        required=True,
        help="Regularly: all customers. By sampling: a random share of the "
        "customers in each window. As needed: no contact is agreed.",
    )
    sample_percent = fields.Float(
        "Sample (%)", default=10.0, digits=(5, 1), aggregator=None
    )
    duration_days = fields.Integer("Days per Stay", default=3, aggregator=None)
    first_duration_days = fields.Integer(
        "Days of the First Stay",
        default=5,
        help="Maximum number of days for the first stay in a store.",
        aggregator=None,
    )
    accept_higher_channel = fields.Boolean(
        "Higher Channels Count",
        help="Extra contacts also count for lower channels: an extra visit counts "
        "as a call. Channels from high to low: on-site stay, visit, phone, "
        "message.",
    )
    min_days = fields.Integer(
        "Days between Contacts",
        aggregator=None,
        help="If several contacts are owed in a window, one made sooner than this "
        "after another does not count. 0: half of the window ÷ the contacts owed.",
    )
    date_from = fields.Date(
        "In Force Since",
        default=fields.Date.context_today,
        readonly=True,
        copy=False,
    )
    summary = fields.Char(compute="_compute_summary")

    _role_channel_uniq = models.UniqueIndex(
        "(plan_id, role_id, channel) WHERE active IS TRUE",
        "The plan already has a rule for this role and channel. Change it instead.",
    )

    @api.depends(
        "channel",
        "mode",
        "times",
        "every",
        "unit",
        "aim_every",
        "sample_percent",
        "duration_days",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            if rule.mode == "as_needed":
                rule.summary = self.env._("as needed")
                continue
            rule.summary = rule._frequency_words(rule.channel)
            if rule.mode == "sampling":
                rule.summary = self.env._(
                    "%(frequency)s, a sample of %(percent)s %% of customers",
                    frequency=rule.summary,
                    percent=f"{rule.sample_percent:g}",
                )
            elif rule.channel == "onsite" and rule.duration_days == 1:
                rule.summary = self.env._("%s, 1 day each", rule.summary)
            elif rule.channel == "onsite":
                rule.summary = self.env._(
                    "%(frequency)s, %(days)s days each",
                    frequency=rule.summary,
                    days=rule.duration_days,
                )

    @api.constrains("min_days", "times", "every", "unit")
    def _check_min_days(self):
        """All contacts owed must fit into the shortest window."""
        for rule in self:
            shortest = rule.every * SHORTEST_UNIT[rule.unit]
            if not 0 <= rule.min_days * max(rule.times - 1, 1) < max(shortest, 2):
                raise ValidationError(
                    self.env._(
                        "With %(days)s days between them, %(times)s contacts do not "
                        "fit into the window. Enter fewer days.",
                        days=rule.min_days,
                        times=rule.times,
                    )
                )

    @api.constrains("mode", "sample_percent", "duration_days", "first_duration_days")
    def _check_rule(self):
        for rule in self:
            if rule.duration_days < 0 or rule.first_duration_days < 0:
                raise ValidationError(
                    self.env._("The number of days per stay cannot be negative.")
                )
            if rule.channel == "onsite" and not 1 <= rule.duration_days <= 60:
                raise ValidationError(
                    self.env._(
                        "An on-site stay lasts 1 to 60 days. Enter the number of days."
                    )
                )
            if rule.mode == "sampling" and not 0 < rule.sample_percent <= 100:
                raise ValidationError(
                    self.env._("The sample must be greater than 0 and at most 100 %.")
                )

    def copy(self, default=None):
        self._care_check_copy(default, {"plan_id", "role_id", "channel"})
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env["care.plan.target"]._schedule_generation()
        return rules

    def write(self, vals):
        def changed(names):
            return self.filtered(
                lambda rule: any(
                    rule._fields[name].convert_to_write(rule[name], rule) != vals[name]
                    for name in names & set(vals)
                )
            )

        restarted, later = changed(WINDOW_FIELDS), changed(GOAL_FIELDS)
        result = super().write(vals)
        if restarted:
            restarted._restart()
        if later - restarted:
            (later - restarted)._restart(fields.Date.context_today(self))
        if restarted or later:
            self.env["care.plan.target"]._schedule_generation()
        if {"accept_higher_channel", "min_days"} & set(vals):
            self.env["care.plan.target"]._match_rules(self)
        return result

    def unlink(self):
        """Archive rules that have targets instead of deleting them: the history refers
        to them."""
        used = self.browse(
            rule.id
            for [rule] in self.env["care.plan.target"]
            .sudo()
            ._read_group([("rule_id", "in", self.ids)], ["rule_id"])
        )
        used.active = False
        return super(CarePlanRule, self - used).unlink()

    def _restart(self, after=None):
        """Withdraw open targets, all or those that begin after a day;
        :meth:`care.plan.target._generate` makes the new ones."""
        domain = [("rule_id", "in", self.ids), ("state", "=", "open")]
        if after:
            domain.append(("date_start", ">", after))
        else:
            self.date_from = fields.Date.context_today(self)
        targets = self.env["care.plan.target"].sudo().search(domain)
        targets.write({"state": "superseded"})

    def _to_frequency(self):
        self.ensure_one()
        return frequency(self, self.plan_id.anchor_date)

    def _hours(self, company):
        """Working hours of one contact."""
        self.ensure_one()
        if self.channel == "onsite":
            return self.duration_days * (
                company.resource_calendar_id.hours_per_day or 8.0
            )
        return company[f"care_hours_{self.channel}"]

    def _monthly_load(self, customers, company):
        """{role: (contacts, hours) in an average month}, including unsaved rules"""
        load = defaultdict(lambda: (0, 0))
        for rule in self:
            if rule.mode == "as_needed" or rule.every < 1 or not rule.active:
                continue
            contacts = customers * rule.times / rule.every * DAYS_PER_MONTH[rule.unit]
            if rule.mode == "sampling":
                contacts *= rule.sample_percent / 100
            role = rule.role_id._origin
            load[role] = (
                load[role][0] + contacts,
                load[role][1] + contacts * rule._hours(company),
            )
        return dict(load)
