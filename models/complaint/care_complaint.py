from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core.base import UNLOCKED
from ..core.care_customer_view import CareCustomerViewMixin
from ..core.care_reference import CareReferenceMixin
from ..sla.care_sla_policy import COMPLAINT_KINDS, PRIORITIES
from .care_complaint_stage import RESOLVED_PHASES

POLICY_MATCH_FIELDS = {
    "priority",
    "tier_id",
    "team_id",
    "category_id",
    "kind",
    "company_id",
}
"""Policies match on these: a change may start or cancel clocks (rule 8)."""
CLOCK_SUMMARY_FIELDS = (
    "sla_deadline",
    "sla_warn_at",
    "sla_paused",
    "sla_result",
    "sla_reply_deadline",
    "sla_reply_result",
    "sla_resolve_deadline",
    "sla_resolve_result",
)
"""Computed from the clocks"""
COMPLAINT_READONLY_FIELDS = {
    "name",
    "tier_id",
    "tier_sequence",
    "replied_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
    *CLOCK_SUMMARY_FIELDS,
    "compensation_state",
    "compensation_asked_id",
    "compensation_decided_id",
    "compensation_reason",
    "compensation_granted",
    "repeat_of_id",
    "repeat_state",
    "repeat_priority",
    "merged_into_id",
    "merged_stage_id",
    "split_from_id",
    "acknowledge",
    "acknowledged_at",
    "spam",
    "spam_stage_id",
    "forwarded_from",
    "written_after_closing",
    "unanswered_since",
    "unanswered_message_id",
    "waiting_since",
    "reminded_at",
    "no_answer",
    "check_pending",
    "anonymized_at",
}
"""Written by the app only"""
OTHER_COMPLAINTS_LIMIT = 8
"""Number of other complaints of the customer shown on the form"""
NO_TIER_SEQUENCE = 10**6
"""Sorts customers without a tier last"""


class CareComplaint(models.Model):
    """A complaint, from the moment it is heard until it is settled."""

    _name = "care.complaint"
    _description = "Complaint"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        CareCustomerViewMixin._name,
        CareReferenceMixin._name,
    ]
    _order = "sla_deadline, tier_sequence, priority desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(
        help="What happened, in the customer's words. The customer can read it in the "
        "portal; use internal notes for colleagues."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('commercial_partner_id', '=', partner_id)]",
        index="btree_not_null",
    )
    tier_id = fields.Many2one(
        "care.tier",
        "Tier at Reception",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    tier_sequence = fields.Integer(readonly=True, copy=False, aggregator=None)
    other_ids = fields.Many2many(
        "care.complaint", string="Other Complaints", compute="_compute_other_ids"
    )
    team_id = fields.Many2one(
        "care.complaint.team",
        ondelete="restrict",
        check_company=True,
        index=True,
        tracking=True,
        default=lambda self: self.env["care.complaint.team"]
        ._default_of(self.env.company)
        .id,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
        copy=False,
    )
    stage_id = fields.Many2one(
        "care.complaint.stage",
        ondelete="restrict",
        index=True,
        copy=False,
        group_expand="_read_group_stage_ids",
        default=lambda self: self.env["care.complaint.stage"]._first(
            "record", "investigate"
        ),
    )
    phase = fields.Selection(related="stage_id.phase")
    priority = fields.Selection(
        PRIORITIES, tracking=True, help="Set from the customer's tier unless entered."
    )
    kind = fields.Selection(COMPLAINT_KINDS, default="customer", required=True)
    source = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("other", "Other"),
        ],
        default="phone",
        required=True,
    )
    category_id = fields.Many2one(
        "care.complaint.category",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    received_at = fields.Datetime(
        "Received", required=True, default=fields.Datetime.now, copy=False, index=True
    )
    replied_at = fields.Datetime("Replied", readonly=True, copy=False)
    resolved_at = fields.Datetime("Resolved", readonly=True, copy=False)
    closed_at = fields.Datetime(
        "Closed", readonly=True, copy=False, index="btree_not_null"
    )
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)

    _open_idx = models.Index("(partner_id) WHERE closed_at IS NULL")
    _report_idx = models.Index(
        "(company_id, received_at) INCLUDE (partner_id, user_id, stage_id, kind,"
        " sla_reply_deadline, sla_reply_result, replied_at, resolved_at, repeat_of_id)"
        " WHERE merged_into_id IS NULL AND spam IS NOT TRUE"
    )
    """Figures of the dashboard come from the index alone. For that PostgreSQL wants all
    columns by which the report joins, even if it drops the joins."""
    _queue_idx = models.Index(
        "(sla_deadline, tier_sequence, priority DESC, id DESC) WHERE closed_at IS NULL"
    )

    def init(self):
        """Reports group complaints by month or day of reception. PostgreSQL would
        expect nearly as many groups as complaints, and sort them all."""
        self.env.cr.execute(
            "ALTER TABLE care_complaint"
            " ALTER COLUMN received_at SET (n_distinct = 1000)"
        )
        return super().init()

    def _init_column(self, column_name):
        """When an older version is upgraded, stages and teams are created after this
        table: the migration sets them on existing complaints."""
        if column_name in ("stage_id", "team_id"):
            return None
        return super()._init_column(column_name)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = " · ".join(
                filter(None, (complaint.name, complaint.subject))
            )

    @api.depends("team_id")
    def _compute_company_id(self):
        for complaint in self:
            complaint.company_id = (
                complaint.team_id.company_id or complaint.company_id or self.env.company
            )

    @api.depends("partner_id")
    def _compute_other_ids(self):
        """Latest other complaints of the same customer, to spot repeats"""
        for complaint in self:
            complaint.other_ids = self.search(
                [
                    ("partner_id", "in", complaint.partner_id.ids),
                    ("id", "!=", complaint._origin.id),
                ],
                order="received_at DESC, id DESC",
                limit=OTHER_COMPLAINTS_LIMIT,
            )

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search(Domain.TRUE)

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """``event_ids`` may hold past events. Only data files and migrations pass it:
        they run as superuser, and users cannot create events."""
        self = self._care_without_defaults({*COMPLAINT_READONLY_FIELDS, "event_ids"})  # noqa: PLW0642
        vals_list = [
            {
                key: value
                for key, value in vals.items()
                if key not in COMPLAINT_READONLY_FIELDS
            }
            for vals in vals_list
        ]
        self._check_care_references(vals_list)
        self._prepare_customers(vals_list)
        self._prepare_teams(vals_list)
        self._prepare_tiers(vals_list)
        self._prepare_defaults(vals_list)
        again = self._prepare_repeats(vals_list)
        sequence = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_care.sequence_complaint", raise_if_not_found=True
        )
        numbers = (
            self.env["ir.sequence"].sudo().browse(sequence)._care_next(len(vals_list))
        )
        for vals, number in zip(vals_list, numbers, strict=True):
            vals["name"] = number
        now = fields.Datetime.now()
        untold = [vals for vals in vals_list if not vals.get("event_ids")]
        clocks = self._prepare_clocks(untold, now)
        # The app's own values may point at what the user cannot read, such as the
        # complaint that this one repeats.
        checked = self.with_context(care_unlocked=UNLOCKED)
        complaints = super(CareComplaint, checked).create(vals_list)
        complaints = complaints.with_env(self.env)
        complaints._link_repeats(again)
        told = self.browse(
            complaint.id
            for complaint, vals in zip(complaints, vals_list, strict=True)
            if vals.get("event_ids")
        )
        complaints._begin_ledger(now, told)
        (complaints - told)._begin_clocks(clocks)
        if told:
            told._apply_policies()
        return complaints

    def write(self, vals):
        vals = self._care_drop_unchanged({"user_id"}, vals)
        if not self.env.su:
            vals = self._care_drop_unchanged(
                COMPLAINT_READONLY_FIELDS | {"stage_id"}, vals
            )
        if COMPLAINT_READONLY_FIELDS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "These fields of a complaint cannot be edited: number, tier, "
                    "dates, clocks, and the results of approvals, merges and repeats. "
                    "Use the buttons, move the complaint or enter an event."
                )
            )
        if "stage_id" in vals and not vals["stage_id"]:
            raise UserError(self.env._("A complaint must have a stage. Choose one."))
        if "received_at" in vals and not self.env.su:
            moment = fields.Datetime.to_datetime(vals["received_at"])
            if any(complaint.received_at != moment for complaint in self):
                raise UserError(
                    self.env._(
                        "The time of reception cannot be changed, because clocks "
                        "started at it. The team manager can enter an earlier "
                        "reception as an event."
                    )
                )
        stages = (
            {complaint.id: complaint.stage_id for complaint in self.sudo()}
            if vals.get("stage_id")
            else {}
        )
        tracked = (
            self
            if self._writes_tracked_field(vals)
            else self.with_context(mail_notrack=True)
        )
        result = super(CareComplaint, tracked).write(vals)
        if stages:
            self._on_stage_change(stages)
        if POLICY_MATCH_FIELDS & set(vals):
            self._apply_policies()
        return result

    def _writes_tracked_field(self, vals):
        """Skip mail tracking when no tracked field is written: the snapshot of tracked
        fields dominates mass moves."""
        return any(
            name in vals or self._is_computed_from(name, vals)
            for name in self._track_get_fields()
        )

    @api.model
    def _is_computed_from(self, name, vals):
        """May a computed field change with these values, as far as one step tells?"""
        field = self._fields[name]
        sources = {path.partition(".")[0] for path in self.pool.field_depends[field]}
        return bool(field.compute) and any(
            source in vals or self._fields[source].compute for source in sources
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_reply_given(self):
        """Record a reply given by phone or at a visit, with the current time."""
        self.check_access("write")
        now = fields.Datetime.now()
        self._append([(complaint, "replied", now) for complaint in self])

    def action_close(self):
        stage = self.env["care.complaint.stage"]._first("closed")
        self.filtered(lambda complaint: not complaint.closed_at).write(
            {"stage_id": stage.id}
        )

    def action_reopen(self):
        stage = self.env["care.complaint.stage"]._first("investigate", "record")
        self.filtered(
            lambda complaint: complaint.phase in (*RESOLVED_PHASES, "cancelled")
        ).write({"stage_id": stage.id})
