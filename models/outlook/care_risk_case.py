from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.base import UNLOCKED
from ..core.care_reference import CareReferenceMixin
from .outlook_words import OutlookWords

RISK_STATES = [
    ("suspected", "Suspected"),
    ("secret", "Courted in Secret"),
    ("open", "Courted Openly"),
    ("terminated", "Terminated"),
    ("won_back", "Won Back"),
    ("lost", "Lost"),
]
CLOSED_STATES = ("won_back", "lost")
ALARM_STATES = ("secret", "open", "terminated")
"""A competitor is at work: the supervisor is told at once (domain, section 11)."""
RISK_CAUSES = [
    ("neglect", "Cared for Less"),
    ("quality", "Unstable Quality"),
    ("innovation", "Lack of Innovation"),
    ("service", "Poor Service Attitude"),
    ("market", "Poor Market Monitoring"),
    ("temptation", "A New Temptation"),
    ("short_term", "Short-Term Behavior"),
    ("staff", "Staff Left with the Customer"),
    ("price", "Price"),
    ("payment", "Payment Terms"),
    ("other", "Other"),
]
"""Reasons for leaving (domain, sections 6 and 11)"""
RISK_ORIGINS = [
    ("job", "Risk above the Threshold"),
    ("report", "Competitor Seen"),
    ("hand", "Opened by Hand"),
]
PRICE_STATES = [
    ("none", "Not Asked"),
    ("asked", "Requested"),
    ("approved", "Approved"),
    ("refused", "Refused"),
]
CASE_BUTTON_FIELDS = {
    "active",
    "opened_by",
    "opened_at",
    "risk",
    "reasons",
    "supervisor_id",
    "cost_of_loss",
    "price_state",
    "price_asked_by_id",
    "price_decided_by_id",
    "approved_cost",
    "alerted_at",
    "react_by",
    "reacted_at",
    "escalated_at",
    "closed_at",
    "result_from",
    "result_due",
    "planned_step_ids",
}
"""Set by buttons and by jobs only"""
CASE_FIXED_FIELDS = {"partner_id", "company_id"}
CASE_ANALYSIS_FIELDS = {
    "cause",
    "competitor",
    "competitor_offer",
    "lesson",
    "cost_of_keeping",
}
"""May be completed after the case is closed"""


class CareRiskCase(models.Model):
    """A customer who may leave, what is done about it, and what came of it. There is
    one open case for each customer and company."""

    _name = "care.risk.case"
    _description = "Customer at Risk"
    _inherit = ["mail.thread", "mail.activity.mixin", CareReferenceMixin._name]
    _order = "opened_at desc, id desc"
    _rec_names_search = ["partner_id", "competitor"]

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        index=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True, copy=False)
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    care_tier_color = fields.Integer(
        related="partner_id.care_tier_color", string="Tier Color", aggregator=None
    )
    state = fields.Selection(
        RISK_STATES,
        required=True,
        default="suspected",
        copy=False,
        tracking=True,
        group_expand=True,
    )
    cause = fields.Selection(RISK_CAUSES, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        domain="[('share', '=', False)]",
        ondelete="set null",
        index=True,
        tracking=True,
        help="Works the case: the customer's account manager, else its salesperson.",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    opened_by = fields.Selection(
        RISK_ORIGINS, readonly=True, required=True, default="hand", copy=False
    )
    opened_at = fields.Datetime(
        "Opened on",
        readonly=True,
        required=True,
        default=fields.Datetime.now,
        copy=False,
    )
    risk = fields.Float(
        "Risk (%)",
        readonly=True,
        digits=(16, 1),
        copy=False,
        aggregator="avg",
        help="When the case was opened.",
    )
    reasons = fields.Json(
        "Data of the Reasons", readonly=True, copy=False, exportable=False
    )
    reason = fields.Char("Reasons", compute="_compute_reason")
    competitor = fields.Char(tracking=True, help="Who courts the customer.")
    competitor_offer = fields.Text(
        "Their Offer", tracking=True, help="Price, goods, terms and promises."
    )
    answer = fields.Text(
        "Our Answer",
        tracking=True,
        help="What we offer besides the price: goods, service, care.",
    )
    goal = fields.Char(
        default=lambda self: self.env._("Keep at least a small order"), tracking=True
    )
    cost_of_loss = fields.Monetary(
        "Cost of Loss",
        readonly=True,
        copy=False,
        help="Margin of the 12 months before the case was opened.",
    )
    cost_of_keeping = fields.Monetary(
        "Cost of Keeping",
        tracking=True,
        help="What keeping the customer costs in a year.",
    )
    lesson = fields.Text(
        "What to Change",
        tracking=True,
        copy=False,
        help="What we do differently so that other customers do not leave.",
    )
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    is_closed = fields.Boolean(compute="_compute_is_closed")
    to_analyze = fields.Boolean(
        compute="_compute_to_analyze", search="_search_to_analyze"
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _cost_positive = models.Constraint(
        "CHECK (cost_of_keeping >= 0)", "The cost of keeping cannot be negative."
    )
    _open_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE closed_at IS NULL",
        "There is already an open case of this customer.",
    )

    @api.depends("partner_id.name", "competitor", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for case in self:
            case.display_name = " · ".join(
                filter(
                    None,
                    (case.partner_id.name, case.competitor, states.get(case.state)),
                )
            )

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for case, text in zip(self, OutlookWords(self.env).texts(self), strict=True):
            case.reason = text

    @api.depends("closed_at")
    def _compute_is_closed(self):
        for case in self:
            case.is_closed = bool(case.closed_at)

    @api.depends("state", "cause", "lesson")
    def _compute_to_analyze(self):
        for case in self:
            case.to_analyze = case.state == "lost" and not case._is_analyzed()

    def _search_to_analyze(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = fields.Domain("cause", "=", False) | fields.Domain(
            "lesson", "in", (False, "")
        )
        domain = fields.Domain("state", "=", "lost") & missing
        return domain if True in value else ~domain

    @api.depends("supervisor_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for case in self:
            case.can_decide = case._may_decide()

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for case in self:
            user = case.user_id.sudo()
            if user and (user.share or case.company_id not in user.company_ids):
                raise ValidationError(
                    self.env._(
                        "%s has no access to this company. Choose another user.",
                        user.name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def copy(self, default=None):
        self._care_check_copy(default, {"partner_id"})
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        self = self._care_without_defaults(CASE_BUTTON_FIELDS)  # noqa: PLW0642
        ours = self.env.su or self._care_is_unlocked()
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if ours or name not in CASE_BUTTON_FIELDS
            }
            for vals in vals_list
        ]
        self._check_care_references(vals_list)
        for vals in vals_list:
            if not ours and vals.get("state") in CLOSED_STATES:
                vals["state"] = "suspected"
            self._prepare_case(vals)
        checked = self.with_context(care_unlocked=UNLOCKED)
        cases = super(CareRiskCase, checked).create(vals_list).with_env(self.env)
        if not ours:
            cases.partner_id._check_care_own()
        cases._value_loss()
        active = cases.filtered(lambda case: not case.closed_at)
        active._plan_steps()
        active._alert_supervisor()
        return cases

    @api.model
    def _prepare_case(self, vals):
        """Fill in what follows from the values."""
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        customer = partner.commercial_partner_id.sudo()
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        if partner:
            vals["partner_id"] = customer.id
        if "user_id" not in vals:
            vals["user_id"] = self._user_for(customer, company).id
        user = self.env["res.users"].browse(vals["user_id"])
        if "supervisor_id" not in vals:
            vals["supervisor_id"] = self._supervisor_for(user, company).id
        if vals.get("state") in CLOSED_STATES:
            vals.setdefault("closed_at", fields.Datetime.now())
        start = vals.setdefault(
            "result_from", vals.get("opened_at") or fields.Datetime.now()
        )
        vals.setdefault("result_due", self._result_due(company, start))

    @api.model
    def _user_for(self, customer, company):
        """Account manager or salesperson, of those who work in the company, else who
        opens the case. Superuser."""
        for user in (
            customer.care_manager_id,
            customer.user_id,
            customer.care_member_ids.user_id[:1],
            self.env.user.sudo(),
        ):
            if user.active and not user.share and company in user.company_ids:
                return user
        return self.env["res.users"]

    @api.model
    def _supervisor_for(self, user, company):
        """Of nobody, the company's care manager"""
        return user._care_supervisor(company) if user else company._care_manager()

    def write(self, vals):
        guarded = CASE_BUTTON_FIELDS | CASE_FIXED_FIELDS | {"state", "price_note"}
        vals = self._care_drop_unchanged(guarded, vals)
        ours = self.env.su or self._care_is_unlocked()
        if not ours:
            self._check_write(vals)
        if not vals:
            return True
        if partner := self.env["res.partner"].browse(vals.get("partner_id")):
            vals["partner_id"] = partner.commercial_partner_id.id
        state = vals.get("state")
        if state:
            vals = self._state_values(state) | vals
        stale = self._with_stale_price(vals)
        result = super().write(vals)
        stale._care_unlock().write({"price_state": "none"})
        if "user_id" in vals:
            self._follow_user()
        if not ours:
            self._note_reaction()
        if state:
            self._after_state(state)
        elif "cause" in vals:
            self._plan_steps()
        return result

    def _check_write(self, vals):
        if CASE_BUTTON_FIELDS & vals.keys():
            raise UserError(self.env._("Use the buttons of the case."))
        if CASE_FIXED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Customer and company of a case cannot be changed. Open another "
                    "case."
                )
            )
        if "state" in vals:
            self._check_state(vals["state"], vals)
        elif any(case.closed_at for case in self) and not (
            vals.keys() <= CASE_ANALYSIS_FIELDS
        ):
            raise UserError(
                self.env._(
                    "This case is closed: only its analysis can still be completed."
                )
            )
        if "price_note" in vals:
            self._check_decider()

    def _follow_user(self):
        """The supervisor of who works the case now"""
        for case in self.sudo().filtered(lambda case: not case.closed_at):
            boss = self._supervisor_for(case.user_id, case.company_id)
            if boss != case.supervisor_id:
                case._care_unlock().supervisor_id = boss

    def _may_decide(self):
        """The supervisor and administrators"""
        return (
            self.env.su
            or (bool(self.supervisor_id) and self.supervisor_id == self.env.user)
            or self.env.user.has_group("customer_care.group_manager")
        )

    def _check_decider(self):
        for case in self:
            if not case._may_decide():
                raise AccessError(
                    self.env._(
                        "Only the supervisor or an administrator of Customer Care can "
                        "do this."
                    )
                )

    def _is_analyzed(self):
        return bool(self.cause and (self.lesson or "").strip())

    @api.model
    def _is_outlook_on(self):
        return self.env["res.groups"]._has_care_feature("outlook")
