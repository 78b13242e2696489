from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import response
from ...tools.satisfaction import ANONYMOUS_GROUP_SIZE

OPEN_STATES = ("running", "paused")
UNDELIVERED = ("failed", "bounced")


def new_seed():
    """A seed that nobody has chosen; it is shown, so that the sample can be checked."""
    return fields.Datetime.now().strftime("%Y%m%d-%H%M%S-%f")


class CareCampaign(models.Model):
    """Who is asked what, when, and what they answered.

    A campaign is drafted, sampled (the preview), and started; a job sends in batches.
    Rooms: ``care_campaign_sample`` draws, ``care_campaign_send`` sends, reminds and
    closes, ``care_campaign_results`` counts.
    """

    _name = "care.campaign"
    _description = "Satisfaction Campaign"
    _inherit = ["care.named", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["survey.survey"]._care_ready_survey("periodic"),
        help="The survey needs at least one question with a measure.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sampled", "Preview"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    tier_ids = fields.Many2many(
        "care.tier",
        string="Tiers",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Leave empty for all tiers.",
    )
    region_ids = fields.Many2many(
        "care.region",
        string="Regions",
        help="Subregions are included. Leave empty for all regions.",
    )
    manager_ids = fields.Many2many(
        "res.users",
        string="Looked after by",
        domain="[('share', '=', False)]",
        help="Customers with one of these users in their account team. Leave empty "
        "for all.",
    )
    domain = fields.Char(
        "Additional Conditions", default="[('care_tier_id', '!=', False)]"
    )
    sample_mode = fields.Selection(
        [("all", "Everybody"), ("count", "A number"), ("percent", "A percentage")],
        "Ask",
        default="all",
        required=True,
    )
    sample_size = fields.Float(default=100.0, digits=(16, 2), aggregator=None)
    stratified = fields.Boolean(
        "Stratify by Tier",
        default=True,
        help="Each tier is represented in the sample according to its share of the "
        "audience. Otherwise the sample is drawn from all tiers together.",
    )
    stratum_minimum = fields.Integer(
        "At Least per Tier",
        default=5,
        aggregator=None,
        help="Customers drawn of each tier first, or all that it has. Results are "
        "weighted back to the size of the tiers.",
    )
    seed = fields.Char(
        default=lambda self: new_seed(),
        required=True,
        copy=False,
        help="The same seed draws the same sample from the same customers. It cannot "
        "be changed once a sample has been drawn.",
    )
    seed_fixed = fields.Boolean(readonly=True, copy=False)
    quarantine_days = fields.Integer(
        "Quarantine (days)",
        default=90,
        help="Customers and contacts who were invited within this number of days "
        "are excluded.",
        aggregator=None,
    )
    exclude_open_complaints = fields.Boolean(
        "Exclude Customers with an Open Complaint", default=True
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone"), ("sms", "SMS")],
        default="email",
        required=True,
    )
    phone_without_email = fields.Boolean(
        "Call Customers without E-mail",
        help="They are included in the sample and added to the list of calls.",
    )
    anonymous = fields.Boolean(
        help="Answers are stored without customer, contact, region or salesperson, "
        "and groups of fewer than five answers are not shown.",
    )
    remind_days = fields.Integer(
        "Remind after (days)",
        default=7,
        help="Days after which customers who have not answered get one reminder. 0: "
        "no reminder. In an anonymous campaign everybody is reminded, because "
        "it is unknown who has answered.",
        aggregator=None,
    )
    remind_again_days = fields.Integer(
        "Remind Again after (days)",
        help="Days after the first reminder. 0: no second reminder.",
        aggregator=None,
    )
    any_time = fields.Boolean(
        "Send at Any Time",
        help="Also outside the sending hours of the company.",
    )
    has_sending_hours = fields.Boolean(compute="_compute_next_sending")
    next_sending = fields.Datetime(compute="_compute_next_sending")
    date_close = fields.Date(
        "Open until",
        default=lambda self: self.env.company._care_today() + timedelta(days=30),
        help="The last day on which customers can answer.",
        tracking=True,
    )
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    sampled_at = fields.Datetime("Sampled", readonly=True, copy=False)
    audience_count = fields.Integer("Audience", readonly=True, copy=False)
    left_out = fields.Json(readonly=True, copy=False)
    strata = fields.Json(
        readonly=True,
        copy=False,
        help="Customers of each tier that could be asked, which results stand for.",
    )
    invitation_ids = fields.One2many("care.invitation", "campaign_id", "Invitations")
    invited_count = fields.Integer("To Ask", compute="_compute_counts")
    sent_count = fields.Integer("Asked", compute="_compute_counts")
    answered_count = fields.Integer("Answers", compute="_compute_counts")
    to_call_count = fields.Integer("To Call", compute="_compute_counts")
    problem_count = fields.Integer("Not Reached", compute="_compute_counts")
    undelivered_count = fields.Integer("Not Delivered", compute="_compute_counts")
    progress = fields.Float("Sent (%)", compute="_compute_counts")
    response_rate = fields.Float(
        "Response Rate (%)",
        compute="_compute_counts",
        help="Complete answers ÷ customers of the sample, those included who could not "
        "be reached or declined (AAPOR's RR1). Those still to be asked are left out.",
    )

    @api.depends("state", "invitation_ids.state")
    def _compute_counts(self):
        counts = {campaign: Counter() for campaign in self}
        eligible = Counter()
        for campaign, state, reason, calls, count in self._count_invitations():
            counts[campaign][state] += count
            found = response.disposition(state, reason, bool(calls))
            if response.DISPOSITIONS[found][0]:
                eligible[campaign] += count
        answers, complete_ones = self._count_done()
        for campaign in self:
            by_state = counts[campaign]
            invited = by_state.total()
            campaign.invited_count = invited
            campaign.sent_count = sum(
                by_state[state] for state in ("sent", "answered", "partial", "refused")
            )
            campaign.answered_count = answers.get(campaign, 0)
            campaign.to_call_count = by_state["to_call"]
            undelivered = by_state["bounced"] + by_state["failed"]
            campaign.undelivered_count = undelivered
            campaign.problem_count = undelivered + by_state["skipped"]
            campaign.progress = (
                100.0 * (invited - by_state["pending"]) / invited if invited else 0.0
            )
            complete = complete_ones.get(campaign, 0)
            sample = max(eligible[campaign], complete)
            campaign.response_rate = 100.0 * complete / sample if sample else 0.0

    @api.depends("company_id", "any_time", "state")
    def _compute_next_sending(self):
        """When mails leave again; empty while they leave, and where the time zones of
        customers decide"""
        now = fields.Datetime.now()
        for campaign in self:
            company = campaign.company_id.sudo()
            campaign.has_sending_hours = company.care_survey_hours
            campaign.next_sending = False
            one_zone = company.care_survey_zone == "company"
            if company.care_survey_hours and one_zone and not campaign.any_time:
                opening = company._care_next_sending(company._care_tz(), now)
                campaign.next_sending = opening > now and opening

    def _count_invitations(self):
        """Rows (campaign, state, reason, calls, count)"""
        return (
            self.env["care.invitation"]
            .sudo()
            ._read_group(
                [("campaign_id", "in", self.ids)],
                ["campaign_id", "state", "skip_reason", "calls"],
                ["__count"],
            )
        )

    def _count_done(self):
        """{campaign: answers}, and {campaign: complete ones that count}"""
        Answer = self.env["survey.user_input"].sudo()
        done = [("care_campaign_id", "in", self.ids), ("state", "=", "done")]
        complete = [
            *done,
            ("care_partial", "=", False),
            ("care_aside_reason", "in", (False, "")),
        ]
        return [
            {
                campaign: count
                for campaign, count in Answer._read_group(
                    domain, ["care_campaign_id"], ["__count"]
                )
                if not campaign.anonymous or count >= ANONYMOUS_GROUP_SIZE
            }
            for domain in (done, complete)
        ]

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("sample_size", "sample_mode")
    def _check_sample_size(self):
        for campaign in self:
            size = campaign.sample_size
            if campaign.sample_mode == "count" and (size < 1 or size != int(size)):
                raise ValidationError(
                    self.env._("Enter the number of customers to ask: 1 or more.")
                )
            if campaign.sample_mode == "percent" and not 0 < size <= 100:
                raise ValidationError(
                    self.env._(
                        "Enter the percentage of customers to ask: above 0 "
                        "and at most 100."
                    )
                )

    @api.constrains("stratum_minimum")
    def _check_stratum_minimum(self):
        if any(campaign.stratum_minimum < 0 for campaign in self):
            raise ValidationError(
                self.env._("The minimum per tier cannot be negative.")
            )

    @api.constrains("quarantine_days", "remind_days", "remind_again_days")
    def _check_days(self):
        if any(
            min(
                campaign.quarantine_days,
                campaign.remind_days,
                campaign.remind_again_days,
            )
            < 0
            for campaign in self
        ):
            raise ValidationError(self.env._("Days cannot be negative."))

    @api.constrains("anonymous", "channel", "phone_without_email")
    def _check_anonymous(self):
        if any(
            campaign.anonymous
            and (campaign.channel != "email" or campaign.phone_without_email)
            for campaign in self
        ):
            raise ValidationError(
                self.env._(
                    "Anonymous campaigns can only be sent by e-mail, because a "
                    "caller would know who answers, and so would who reads text "
                    "messages."
                )
            )

    @api.constrains("domain")
    def _check_domain(self):
        for campaign in self:
            try:
                domain = Domain(campaign._domain())
                domain.validate(self.env["res.partner"])
                self.env["res.partner"]._search(domain)
            except Exception as error:
                raise ValidationError(
                    self.env._("The additional conditions are not valid: %s", error)
                ) from error

    def _check_survey(self):
        for campaign in self:
            campaign.survey_id._care_check_usable(campaign.anonymous)

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    ONCE_STARTED = frozenset(
        {
            "survey_id",
            "company_id",
            "tier_ids",
            "region_ids",
            "manager_ids",
            "domain",
            "sample_mode",
            "sample_size",
            "stratified",
            "stratum_minimum",
            "seed",
            "quarantine_days",
            "exclude_open_complaints",
            "channel",
            "phone_without_email",
            "account_persons",
            "anonymous",
            "audience",
            "department_ids",
            "rated_department_ids",
            "departments_each",
        }
    )
    """Who is asked what, and under which promise, stays once a campaign has started."""
    KEPT = frozenset(
        {
            "state",
            "started_at",
            "closed_at",
            "sampled_at",
            "audience_count",
            "left_out",
            "strata",
            "seed_fixed",
            "invitation_ids",
        }
    )
    """What the app alone writes."""

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = self._care_without_defaults(self.KEPT)  # noqa: PLW0642
            vals_list = [
                {key: value for key, value in vals.items() if key not in self.KEPT}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if self.KEPT & set(vals) and not self.env.su:
            raise UserError(
                self.env._(
                    "Use the buttons of the campaign to draw the sample and "
                    "send invitations."
                )
            )
        if "seed" in vals and any(
            campaign.seed_fixed and campaign.seed != vals["seed"] for campaign in self
        ):
            raise UserError(
                self.env._(
                    "A sample has been drawn with this seed, so it cannot be changed. "
                    "Duplicate the campaign to draw with another seed."
                )
            )
        changed = self.ONCE_STARTED & set(vals)
        started = self.filtered(
            lambda campaign: campaign.state not in ("draft", "sampled")
        )
        if changed and any(campaign._changes(vals, changed) for campaign in started):
            raise UserError(
                self.env._(
                    "The audience and survey of a campaign that has started cannot "
                    "be changed. Close it and duplicate it."
                )
            )
        back = self.filtered(
            lambda campaign: campaign.state == "sampled"
            and campaign._changes(vals, changed)
        )
        closing = (
            self.filtered(lambda campaign: campaign.state in OPEN_STATES)
            if "date_close" in vals
            else self.browse()
        )
        result = super().write(vals)
        if back:
            back._forget_sample()
        for campaign in closing:
            campaign._set_deadlines()
        return result

    def _changes(self, vals, names):
        for name in names:
            field = self._fields[name]
            if field.type == "many2many":
                before = set(self[name].ids)
                after = set(self.new({name: vals[name]}, origin=self)[name]._origin.ids)
            else:
                before = field.convert_to_cache(self[name], self)
                after = field.convert_to_cache(vals[name], self, validate=False)
            if (before or None) != (after or None):
                return True
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(campaign.state not in ("draft", "sampled") for campaign in self):
            raise UserError(
                self.env._(
                    "A campaign that has started cannot be deleted, because its "
                    "answers would be lost. Close it instead."
                )
            )
