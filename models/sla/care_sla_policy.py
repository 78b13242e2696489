from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.sla_policy import Level, Policy

TARGETS = [("reply", "Reply"), ("resolve", "Solution")]
PRIORITIES = [("0", "Normal"), ("1", "Important"), ("2", "High"), ("3", "Urgent")]
COMPLAINT_KINDS = [
    ("customer", "Customer"),
    ("internal", "Internal"),
    ("suggestion", "Suggestion"),
]
MAX_POLICY_HOURS = 4000
CLOCK_FIELDS = (
    "hours",
    "calendar_id",
    "around_the_clock",
    "pausable",
    "warn_before",
)
"""Copied to each clock: a running clock keeps its values until it is recomputed
(rule 7)."""


class CareSlaPolicy(models.Model):
    """How soon which complaints are answered or solved. All policies that match a
    complaint apply."""

    _name = "care.sla.policy"
    _description = "SLA Policy"
    _inherit = ["care.named"]
    _order = "target, hours, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Leave empty for all companies.",
    )
    target = fields.Selection(TARGETS, default="reply", required=True)
    hours = fields.Float(
        required=True,
        default=4.0,
        help="Working hours from reception to the deadline.",
        aggregator=None,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        help="Leave empty to use the hours of the team, or else of the company.",
    )
    around_the_clock = fields.Boolean(
        "Around the Clock", help="Nights, weekends and holidays are counted."
    )
    team_ids = fields.Many2many(
        "care.complaint.team",
        string="Teams",
        ondelete="restrict",
        help="Leave empty for all teams.",
    )
    tier_ids = fields.Many2many(
        "care.tier",
        string="Tiers",
        ondelete="restrict",
        help="Tier of the customer at reception. Leave empty for all tiers.",
    )
    category_ids = fields.Many2many(
        "care.complaint.category",
        string="Categories",
        ondelete="restrict",
        help="Subcategories are included. Leave empty for all categories.",
    )
    kinds = fields.Many2many(
        "care.complaint.kind",
        ondelete="restrict",
        help="Leave empty for all kinds of complaints.",
    )
    min_priority = fields.Selection(
        PRIORITIES, "Minimum Priority", default="0", required=True
    )
    pausable = fields.Boolean(
        default=True,
        help="The clock stops in stages that wait for the customer.",
    )
    warn_before = fields.Float(
        default=1.0,
        help="Number of working hours before the deadline at which a complaint "
        "becomes at risk.",
        aggregator=None,
    )
    escalation_ids = fields.One2many(
        "care.sla.escalation", "policy_id", "Escalations", copy=True
    )
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    outdated_count = fields.Integer(compute="_compute_outdated_count")
    hours_outdated_count = fields.Integer(compute="_compute_outdated_count")
    problem = fields.Char(compute="_compute_problem")

    _hours_positive = models.Constraint(
        f"CHECK (hours > 0 AND hours <= {MAX_POLICY_HOURS})",
        f"The hours of a policy must be above 0 and at most {MAX_POLICY_HOURS} hours.",
    )
    _warn_positive = models.Constraint(
        "CHECK (warn_before >= 0)",
        "The warning cannot be after the deadline. Enter 0 or more hours.",
    )

    @api.depends_context("company", "lang")
    @api.depends("calendar_id", "around_the_clock", "company_id", "team_ids")
    def _compute_problem(self):
        """Warn if there are no working hours: then no deadline exists (rule 9)."""
        for policy in self:
            calendars = policy.calendar_id
            if not calendars and not policy.around_the_clock:
                company = policy.company_id or self.env.company
                teams = policy.team_ids or self.env["care.complaint.team"].search(
                    [("company_id", "=", company.id)]
                )
                calendars = teams.calendar_id
                if not teams or any(not team.calendar_id for team in teams):
                    calendars |= company.resource_calendar_id
                if not calendars:
                    policy.problem = self.env._(
                        "No working hours are set, so there is no deadline. Set "
                        "them here, on the team or on the company."
                    )
                    continue
            flexible = calendars.filtered("flexible_hours")
            empty = calendars.filtered(lambda calendar: not calendar.attendance_ids)
            if flexible:
                policy.problem = self.env._(
                    "%s has flexible hours, which do not say when somebody works, so "
                    "there is no deadline. Select working hours with a fixed schedule.",
                    ", ".join(flexible.mapped("name")),
                )
                continue
            policy.problem = bool(empty) and self.env._(
                "%s contains no hours, so there is no deadline. Add hours to it or "
                "select another calendar.",
                ", ".join(empty.mapped("name")),
            )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        self.calendar_id._care_check_fixed()

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _all(self):
        """{id: policy as plain values}, also archived ones: their clocks still run."""
        policies = (
            self.sudo().with_context(active_test=False).search(Domain.TRUE, order="id")
        )
        return {
            policy.id: Policy(
                id=policy.id,
                active=policy.active,
                version=policy.version,
                company=policy.company_id.id or 0,
                target=policy.target,
                hours=policy.hours,
                calendar=policy.calendar_id.id or 0,
                around_the_clock=policy.around_the_clock,
                pausable=policy.pausable,
                warn_before=policy.warn_before,
                teams=frozenset(policy.team_ids.ids),
                tiers=frozenset(policy.tier_ids.ids),
                categories=frozenset(policy.category_ids.ids),
                kinds=frozenset(policy.kinds.mapped("code")),
                min_priority=policy.min_priority,
                levels=tuple(
                    Level(level.id, level.hours) for level in policy.escalation_ids
                ),
            )
            for policy in policies
        }

    @api.model
    def _clear_policy_cache(self):
        """Call it when a policy or one of its levels changes. Records used in a
        condition cannot be deleted: the policy would match every complaint."""
        self.env.registry.clear_cache()

    def _calendar_for(self, complaint):
        """Calendar of the clock for a complaint; empty if none is set or the clock runs
        around the clock."""
        policy = self._all()[self.id]
        calendars = self.env["resource.calendar"]
        if policy.around_the_clock:
            return calendars
        return (
            calendars.browse(policy.calendar or [])
            or complaint.team_id.calendar_id
            or complaint.company_id.resource_calendar_id
        )

    def _new_clock(self, complaint):
        """Values of the clock of this policy for a complaint"""
        return self._snapshot() | {
            "complaint_id": complaint.id,
            "policy_id": self.id,
            "calendar_id": self._calendar_for(complaint).id,
        }

    def _snapshot(self):
        """Values of the policy that a clock stores"""
        policy = self._all()[self.id]
        return {
            "target": policy.target,
            "allowed_hours": policy.hours,
            "pausable": policy.pausable,
            "warn_before": policy.warn_before,
            "around_the_clock": policy.around_the_clock,
            "policy_version": policy.version,
        }

    @api.model
    def _hours_in_words(self, target, company):
        """Hours that the policies of a company allow, such as “1 to 4”; empty without a
        policy"""
        hours = {
            policy.hours
            for policy in self._all().values()
            if policy.active
            and policy.target == target
            and policy.company in (0, company.id)
        }
        if len(hours) < 2:
            return "".join(f"{allowed:g}" for allowed in hours)
        return self.env._(
            "%(least)s to %(most)s", least=f"{min(hours):g}", most=f"{max(hours):g}"
        )

    def _why(self):
        """Describe the conditions of the policy, as shown on the timeline."""
        self.ensure_one()
        labels = dict(self._fields["min_priority"]._description_selection(self.env))
        words = [
            ", ".join(self.tier_ids.mapped("display_name")),
            ", ".join(self.category_ids.mapped("complete_name")),
            ", ".join(self.team_ids.mapped("name")),
        ]
        if self.min_priority != "0":
            words.append(
                self.env._("Priority “%s” or higher", labels[self.min_priority])
            )
        if self.kinds:
            words.append(", ".join(self.kinds.mapped("name")))
        return " · ".join(filter(None, words)) or self.env._("All complaints")

    # ------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self._clear_policy_cache()
        return policies

    def unlink(self):
        result = super().unlink()
        self._clear_policy_cache()
        return result

    def write(self, vals):
        changing = self.filtered(
            lambda policy: any(
                name in vals
                and policy._fields[name].convert_to_write(policy[name], policy)
                != vals[name]
                for name in CLOCK_FIELDS
            )
        )
        result = super().write(vals)
        changing._new_version()
        self._clear_policy_cache()
        return result

    def _new_version(self):
        """Running clocks follow the former one until a person decides."""
        for policy in self:
            policy.write({"version": policy.version + 1})
        self.invalidate_recordset(["outdated_count"])

    def _running(self):
        return Domain("policy_id", "in", self.ids) & Domain("over", "=", False)

    def _compute_outdated_count(self):
        groups = self.env["care.sla.status"]._read_group(
            self._running(), ["policy_id", "policy_version"], ["__count"]
        )
        changed = dict(
            self.env["care.sla.status"]._read_group(
                self._hours_outdated(), ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.outdated_count = sum(
                count
                for measured, version, count in groups
                if measured == policy and version != policy.version
            )
            policy.hours_outdated_count = changed.get(policy, 0)

    def _hours_outdated(self):
        return self._running() & Domain("hours_changed", "=", True)

    def action_recompute(self):
        """Apply the current policy and hours to running clocks, also to those whose old
        deadline has passed; finished clocks do not change."""
        self.check_access("write")
        Status = self.env["care.sla.status"].sudo()
        for policy in self:
            running = Status.search(policy._running())
            running.write(policy._snapshot())
            for complaint, statuses in running.grouped("complaint_id").items():
                statuses.calendar_id = policy._calendar_for(complaint)
            running._follow_current_hours()
            running._replay(anew=True)
            running.complaint_id._sum_up_sla()
        self.invalidate_recordset(["outdated_count", "hours_outdated_count"])

    def action_keep(self):
        """Let running clocks keep the settings they started with."""
        self.check_access("write")
        Status = self.env["care.sla.status"].sudo()
        for policy in self:
            Status.search(policy._running()).policy_version = policy.version
        self.invalidate_recordset(["outdated_count"])

    def action_recompute_hours(self):
        """Let running clocks follow the hours as they are now."""
        self.check_access("write")
        Status = self.env["care.sla.status"].sudo()
        Status.search(self._hours_outdated())._recompute_hours()
        self.invalidate_recordset(["hours_outdated_count"])

    def action_keep_hours(self):
        """Let running clocks follow the hours as they were, to their end."""
        self.check_access("write")
        Status = self.env["care.sla.status"].sudo()
        Status.search(self._hours_outdated()).hours_changed = False
        self.invalidate_recordset(["hours_outdated_count"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if (
            self.env["care.sla.status"]
            .sudo()
            .search_count([("policy_id", "in", self.ids)], limit=1)
        ):
            raise ValidationError(
                self.env._(
                    "This policy has been applied to complaints, so it cannot be "
                    "deleted. Archive it instead."
                )
            )
