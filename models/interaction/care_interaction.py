from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.misc import clean_context

from ...tools import counting
from ..contact_plan.care_plan_rule import CHANNELS
from ..core.care_customer_view import CareCustomerViewMixin
from ..core.care_reference import CareReferenceMixin

CLOCK_SKEW = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""
REPORTED = ("done", "not_met")
"""States of contacts that somebody has reported"""
COUNTING_FIELDS = {
    "role_id",
    "stand_in_for_id",
    "summary",
    "outcome",
    "purpose_ids",
}
"""Changing one of these, too, can change whether a contact counts."""
HOLDER_FIELDS = {
    "partner_id",
    "user_id",
    "role_id",
    "stand_in_for_id",
    "company_id",
    "state",
}
"""Writing one of these decides anew for whom a contact counts. Unchanged values are
dropped before, so that it keeps counting after its author has left the team."""
DECIDED_FIELDS = {
    "brief_opened",
    "holder_code",
    "uncounted_code",
    "too_soon",
    "duration",
    "check_in_distance",
    "has_distance",
    "is_far_away",
}
"""They follow from the report, its author and the account team; nobody writes them."""
MATCH_FIELDS = COUNTING_FIELDS | {
    "partner_id",
    "channel",
    "state",
    "date_start",
    "user_id",
    "company_id",
}
"""Changing one of these can change the target that a contact counts for."""
STAY_HOURS = 8.0
"""Working hours of a day on-site where the company has no working hours"""


class CareInteraction(models.Model):
    """A contact with a customer, planned or made, with its report.

    The report stays here, where the customer's team reads it; the customer's chatter,
    which every employee reads, gets date, channel, author and a link.
    """

    _name = "care.interaction"
    _description = "Customer Contact"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        CareCustomerViewMixin._name,
        CareReferenceMixin._name,
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Made by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="set null",
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    channel = fields.Selection(CHANNELS, default="visit", required=True, tracking=True)
    date_start = fields.Datetime(
        "Start", required=True, default=fields.Datetime.now, tracking=True
    )
    date = fields.Date(
        "Day",
        compute="_compute_date",
        store=True,
        precompute=True,
        help="In the time zone of the person who made the contact. Contacts count "
        "for targets by this day.",
    )
    duration = fields.Float(
        "Hours", compute="_compute_duration", store=True, precompute=True
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("not_met", "Not Met"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        copy=False,
        tracking=True,
    )
    purpose_ids = fields.Many2many("care.interaction.purpose", string="Purposes")
    topic = fields.Char(help="Topic of the contact.")
    latitude = fields.Float(digits=(10, 7), copy=False, aggregator=None)
    longitude = fields.Float(digits=(10, 7), copy=False, aggregator=None)
    checked_in_at = fields.Datetime("Checked in", copy=False)
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    care_tier_color = fields.Integer(
        related="partner_id.care_tier_color", string="Tier Color", aggregator=None
    )
    care_alarm = fields.Selection(related="partner_id.care_alarm")
    phone = fields.Char(compute="_compute_phone")

    _partner_idx = models.Index("(partner_id, date DESC)")
    _role_idx = models.Index("(partner_id, role_id) WHERE state = 'done'")
    _last_idx = models.Index(
        "(partner_id, date DESC, channel, company_id, user_id) WHERE state = 'done'"
    )
    _planned_idx = models.Index("(user_id, date_start) WHERE state = 'planned'")

    @api.depends("channel", "date", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for interaction in self:
            interaction.display_name = " · ".join(
                filter(
                    None,
                    (
                        interaction.partner_id.name,
                        channels.get(interaction.channel),
                        interaction.date and format_date(self.env, interaction.date),
                    ),
                )
            )

    @api.depends("date_start", "user_id")
    def _compute_date(self):
        for interaction in self:
            tz = interaction._tz()
            start = interaction.date_start
            interaction.date = start and pytz.utc.localize(start).astimezone(tz).date()

    def _tz(self):
        """Time zone of who makes the contact, else of the company."""
        if name := self.user_id.sudo().tz:
            return pytz.timezone(name)
        return (self.company_id or self.env.company)._care_tz()

    @api.depends("date_start", "date_end", "channel", "state", "reported_at")
    def _compute_duration(self):
        for interaction in self:
            start, end = interaction.date_start, interaction.date_end
            if not (start and end):
                interaction.duration = 0
            elif interaction.channel == "onsite":
                interaction.duration = interaction._stay_hours()
            else:
                interaction.duration = (end - start).total_seconds() / 3600

    def _stay_hours(self):
        """Working hours of an on-site stay, as far as it has happened when it is
        reported; none while it is planned."""
        if self.state != "done":
            return 0
        tz = self._tz()
        end = min(self.date_end, self.reported_at or fields.Datetime.now())
        company = self.company_id or self.env.company
        return counting.stay_hours(
            pytz.utc.localize(self.date_start).astimezone(tz).replace(tzinfo=None),
            pytz.utc.localize(end).astimezone(tz).replace(tzinfo=None),
            company.resource_calendar_id.hours_per_day or STAY_HOURS,
        )

    @api.depends("contact_id", "partner_id")
    def _compute_phone(self):
        for interaction in self:
            interaction.phone = (
                interaction.contact_id.phone or interaction.partner_id.phone
            )

    @api.constrains("state", "date_start")
    def _check_done(self):
        latest = fields.Datetime.now() + CLOCK_SKEW
        for interaction in self:
            if interaction.state in REPORTED and interaction.date_start > latest:
                raise ValidationError(
                    self.env._(
                        "A contact in the future cannot be reported yet. Correct "
                        "its start or leave it planned."
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        if any(row.date_end and row.date_end < row.date_start for row in self):
            raise ValidationError(
                self.env._("A contact cannot end before it starts. Correct the times.")
            )

    @api.constrains("latitude", "longitude")
    def _check_position(self):
        if any(
            not (-90 <= row.latitude <= 90 and -180 <= row.longitude <= 180)
            for row in self
        ):
            raise ValidationError(
                self.env._("The location is not valid. Check in again.")
            )

    @api.constrains("partner_id", "contact_id", "lead_id")
    def _check_partner(self):
        for interaction in self:
            for other in (
                interaction.contact_id,
                interaction.lead_id.sudo().partner_id,
            ):
                if other and (
                    other.sudo().commercial_partner_id != interaction.partner_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%(other)s does not belong to the customer %(customer)s.",
                            other=other.sudo().display_name,
                            customer=interaction.partner_id.display_name,
                        )
                    )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        Partner = self.env["res.partner"]
        for vals in vals_list:
            lead = self.env["crm.lead"].browse(vals.get("lead_id"))
            if lead and not vals.get("partner_id"):
                vals["partner_id"] = lead.partner_id.id
            partner = Partner.browse(vals.get("partner_id"))
            if partner and partner != partner.commercial_partner_id:
                vals.setdefault("contact_id", partner.id)
                vals["partner_id"] = partner.commercial_partner_id.id
            if not self.env.su:
                vals.update(reported_at=False, promise_state=False, next_id=False)
            if vals.get("state") == "done" and not vals.get("reported_at"):
                vals["reported_at"] = fields.Datetime.now()
                for name in DECIDED_FIELDS & vals.keys():
                    del vals[name]
        interactions = super().create(vals_list)
        done = interactions.filtered(lambda row: row.state == "done")
        nobody = self.env["res.users"]
        foreign = done.filtered(lambda row: row.user_id != self.env.user)
        foreign._log_author(dict.fromkeys(foreign, nobody))
        done._on_done()
        done._forget_uncounted_targets()
        self.env["care.plan.target"]._match(done._match_keys())
        return interactions

    def write(self, vals):
        guarded = {"reported_at", "promise_state", "next_id"}
        vals = self._care_drop_unchanged(
            guarded | DECIDED_FIELDS | HOLDER_FIELDS | {"date_start"}, vals
        )
        self._check_decided(vals)
        if not self.env.su and guarded & set(vals):
            raise UserError(
                self.env._("Use the buttons of the contact to change its state.")
            )
        if partner := self.env["res.partner"].browse(vals.get("partner_id")):
            vals["partner_id"] = partner.commercial_partner_id.id
        if vals.get("date_start") and "date_end" not in vals and self:
            return self._move(vals)
        if not MATCH_FIELDS & set(vals):
            result = super().write(vals)
            self._sync_meeting(vals)
            return result
        authors = self._check_author(vals)
        before = self.filtered(lambda row: row.state == "done")
        keys = before._match_keys()
        result = super().write(vals)
        self._log_author(authors)
        done = self.filtered(lambda row: row.state == "done")
        (done - before)._on_done()
        (before - done)._on_undone()
        done._forget_uncounted_targets()
        self._sync_meeting(vals)
        self.env["care.plan.target"]._match(keys | done._match_keys())
        return result

    def _move(self, vals):
        """Keep the duration of the contacts when only the start changes."""
        start = fields.Datetime.to_datetime(vals["date_start"])
        for interaction in self:
            before = interaction.date_start
            length = (interaction.date_end or before) - before
            interaction.write(vals | {"date_end": start + length})
        return True

    def unlink(self):
        keys = self.filtered(lambda row: row.state == "done")._match_keys()
        result = super().unlink()
        self.env["care.plan.target"]._match(keys)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.env.uid == api.SUPERUSER_ID or self.env.user.has_group(
            "customer_care.group_manager"
        ):
            return
        if any(interaction.state in REPORTED for interaction in self):
            raise UserError(
                self.env._(
                    "Only a Customer Care administrator can delete a reported "
                    "contact. Cancel it instead."
                )
            )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Return no partner: reports are internal, so the customer must not receive
        these messages."""
        return []

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_cancel(self):
        self.write({"state": "cancelled"})

    def action_plan_again(self):
        self.write({"state": "planned"})

    def action_open_map(self):
        self.ensure_one()
        return self.partner_id.action_open_care_map()

    def _without_defaults(self):
        """Drop the form's context defaults, which are not meant for other records."""
        context = clean_context(self.env.context)
        return self.with_context(context)  # pylint: disable=context-overridden
