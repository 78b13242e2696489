from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.care_customer_view import CareCustomerViewMixin
from .care_plan_rule import CHANNELS

EXCUSES = [
    ("closed", "Customer closed"),
    ("holiday", "Holiday"),
    ("agreed", "Agreed with the customer"),
    ("other", "Other"),
]


class CarePlanTarget(models.Model):
    """Contacts that one person owes one customer in one window.

    Rows are made set-based by :meth:`_generate`. ``done`` and ``state`` follow from the
    contacts alone, see :meth:`_match`; both have files of their own.
    """

    _name = "care.plan.target"
    _description = "Contact Target"
    _inherit = ["mail.thread", "mail.activity.mixin", CareCustomerViewMixin._name]
    _order = "date_aim, tier_id, id"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "care.plan.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    exception_id = fields.Many2one(
        "care.plan.exception",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The exception agreed with this customer instead of the rule.",
    )
    role_id = fields.Many2one(
        "care.role", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        readonly=True,
        ondelete="set null",
        help="Member of the customer's account team with this role. Empty: nobody "
        "has the role.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    tier_id = fields.Many2one(
        "care.tier",
        readonly=True,
        ondelete="restrict",
        help="Tier of the customer when the target was created.",
    )
    tier_color = fields.Integer(
        related="tier_id.color", string="Tier Color", aggregator=None
    )
    care_alarm = fields.Selection(related="partner_id.care_alarm")
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    date_start = fields.Date("Window Start", required=True, readonly=True)
    date_end = fields.Date(
        "Late After",
        required=True,
        readonly=True,
        help="Last day on which a contact counts.",
    )
    date_last_aim = fields.Date(
        "Last Recommended Date",
        readonly=True,
        help="The contacts agreed are spread evenly up to this day.",
    )
    date_aim = fields.Date(
        "Due", readonly=True, help="Recommended date of the next contact agreed."
    )
    date_slot = fields.Date(
        "Not Before",
        readonly=True,
        help="Earliest date of the next contact agreed.",
    )
    goal = fields.Integer(required=True, readonly=True, default=1)
    done = fields.Integer(readonly=True, default=0)
    counted = fields.Integer(
        "Counted toward Goal",
        compute="_compute_counted",
        store=True,
        help="Contacts made, up to the goal.",
    )
    attainment = fields.Float(
        "Attainment (%)",
        compute="_compute_attainment",
        aggregator="avg",
        digits=(16, 1),
        help="Contacts made ÷ contacts agreed. Contacts beyond the goal of one target "
        "do not count for another.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("excused", "Excused"),
            ("superseded", "Superseded"),
        ],
        default="open",
        required=True,
        readonly=True,
    )
    excuse_kind = fields.Selection(EXCUSES, readonly=True)
    excuse_reason = fields.Char(readonly=True)
    excused_by_id = fields.Many2one("res.users", "Excused by", readonly=True)
    interaction_ids = fields.One2many("care.interaction", "target_id", "Contacts")
    duty = fields.Char("Contacts Made", compute="_compute_duty")
    next_planned = fields.Datetime("Planned", compute="_compute_next_planned")
    last_contact_date = fields.Date("Last Contact", compute="_compute_last_contact")
    last_contact_channel = fields.Selection(CHANNELS, compute="_compute_last_contact")
    complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_complaint_count"
    )
    reason_to_call = fields.Char(
        compute="_compute_reason_to_call",
        help="Agreements, promises or news about the customer.",
    )
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")
    map_url = fields.Char("Map", related="partner_id.care_map_url")

    _window_uniq = models.UniqueIndex(
        "(partner_id, rule_id, date_start, company_id)",
        "The customer already has a target of this rule for this window.",
    )
    _open_user_idx = models.Index("(user_id, date_aim) WHERE state = 'open'")
    _open_end_idx = models.Index("(company_id, date_end) WHERE state = 'open'")
    _role_idx = models.Index("(partner_id, role_id)")
    _window_idx = models.Index("(company_id, date_start)")
    _end_idx = models.Index(
        "(company_id, date_end) INCLUDE (id, partner_id, user_id, role_id, tier_id,"
        " channel, state, goal, counted)"
    )
    """Attainment of a period comes from the index alone, see ``_report_idx`` of
    complaints."""

    @api.depends_context("lang")
    @api.depends("role_id", "channel", "partner_id")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for target in self:
            target.display_name = (
                f"{target.partner_id.display_name} · {channels.get(target.channel)}"
            )

    @api.depends("done", "goal")
    def _compute_counted(self):
        for target in self:
            target.counted = min(target.done, target.goal)

    @api.depends("counted", "goal")
    def _compute_attainment(self):
        for target in self:
            target.attainment = 100 * target.counted / (target.goal or 1)

    @api.depends("rule_id", "exception_id", "goal", "done")
    @api.depends_context("lang")
    def _compute_duty(self):
        for target in self:
            target.duty = self.env._(
                "%(done)s of %(goal)s · %(frequency)s",
                done=target.done,
                goal=target.goal,
                frequency=(target.exception_id or target.rule_id).sudo().summary,
            )

    @api.depends("partner_id", "role_id", "channel")
    def _compute_next_planned(self):
        planned = defaultdict(list)
        for partner, role, channel, start in self.env["care.interaction"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "planned")],
            ["partner_id", "role_id", "channel"],
            ["date_start:min"],
        ):
            planned[partner, role, channel].append(start)
        for target in self:
            key = target.partner_id, target.role_id, target.channel
            target.next_planned = min(planned.get(key, ()), default=False)

    @api.depends("partner_id")
    def _compute_last_contact(self):
        last = self.partner_id._care_last_contacts()
        for target in self:
            interaction = last.get(target.partner_id)
            target.last_contact_date = interaction and interaction.date
            target.last_contact_channel = interaction and interaction.channel

    @api.depends("partner_id")
    def _compute_complaint_count(self):
        counts = dict(
            self.env["care.complaint"]._read_group(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("closed_at", "=", False),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for target in self:
            target.complaint_count = counts.get(target.partner_id, 0)

    @api.depends("partner_id")
    def _compute_reason_to_call(self):
        reasons = self.partner_id._care_reasons_to_call()
        for target in self:
            target.reason_to_call = reasons.get(target.partner_id, False)

    @api.constrains("state", "excuse_reason")
    def _check_excuse(self):
        if any(
            target.state == "excused" and not (target.excuse_reason or "").strip()
            for target in self
        ):
            raise ValidationError(
                self.env._(
                    "Enter the reason for the excuse, e.g. customer closed, "
                    "holiday, agreed."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(target.interaction_ids for target in self.sudo()):
            raise UserError(
                self.env._(
                    "This target has contacts, so it cannot be deleted. Excuse it "
                    "instead."
                )
            )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Return no partner: the customer must not receive these messages."""
        return []
