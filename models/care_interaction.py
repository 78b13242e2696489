from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date, plaintext2html
from odoo.tools.misc import clean_context

from ..tools.matching import Contact
from .care_plan_rule import CHANNELS

LATE_AFTER = timedelta(hours=24)
"""A report filed later than this after the contact is late (domain: at once)."""
CLOCK_SKEW = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""
MATCH_FIELDS = {
    "partner_id",
    "role_id",
    "channel",
    "state",
    "date_start",
    "user_id",
    "company_id",
}
FEELINGS = [
    ("1", "Very dissatisfied"),
    ("2", "Somewhat dissatisfied"),
    ("3", "No opinion"),
    ("4", "Fairly satisfied"),
    ("5", "Highly satisfied"),
]
DEFAULT_HOURS = {"onsite": 8.0, "visit": 1.0, "phone": 0.25, "online": 0.25}


class CareInteraction(models.Model):
    """A contact with a customer, planned or made, with its report.

    The report stays here, where the customer's team reads it; the customer's chatter,
    which every employee reads, gets date, channel, author and a link.
    """

    _name = "care.interaction"
    _description = "Customer Contact"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", tracking=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        index="btree_not_null",
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
    role_id = fields.Many2one(
        "care.role",
        compute="_compute_role_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        help="As whom. The contact counts for the targets of this role.",
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
    date_end = fields.Datetime(
        "End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        "Day",
        compute="_compute_date",
        store=True,
        precompute=True,
        help="In the time zone of who made the contact; this day counts.",
    )
    duration = fields.Float("Hours", compute="_compute_duration", store=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="planned",
        required=True,
        copy=False,
        tracking=True,
    )
    purpose_ids = fields.Many2many("care.interaction.purpose", string="Purposes")
    topic = fields.Char(help="What it is to be about.")
    place = fields.Char(help="Where to meet, if not at the customer's address.")
    summary = fields.Text("What Was Found")
    outcome = fields.Text("Result")
    competitor_note = fields.Text("Competitors")
    satisfaction = fields.Selection(
        FEELINGS, "Felt", help="How the customer felt at this moment."
    )
    promise = fields.Char(help="What you promised to the customer.")
    promise_date = fields.Date("Promised by")
    promise_state = fields.Selection(
        [("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        copy=False,
        readonly=True,
    )
    next_date = fields.Datetime("Next Appointment", copy=False)
    next_channel = fields.Selection(
        CHANNELS,
        compute="_compute_next_channel",
        store=True,
        readonly=False,
        precompute=True,
    )
    next_topic = fields.Char("About")
    next_place = fields.Char("At")
    next_id = fields.Many2one(
        "care.interaction",
        "Next Contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    latitude = fields.Float(digits=(10, 7), copy=False, aggregator=None)
    longitude = fields.Float(digits=(10, 7), copy=False, aggregator=None)
    checked_in_at = fields.Datetime("Checked in", copy=False)
    target_id = fields.Many2one(
        "care.plan.target",
        "Counts for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    calendar_event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        ondelete="set null",
        index="btree_not_null",
        domain="[('partner_id.commercial_partner_id', '=', partner_id)]",
    )
    complaint_id = fields.Many2one(
        "care.complaint",
        ondelete="set null",
        index="btree_not_null",
        domain="[('partner_id', '=', partner_id)]",
        copy=False,
    )
    reported_at = fields.Datetime("Reported", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late Report",
        compute="_compute_is_late",
        store=True,
        help="Reported more than 24 hours after the contact.",
    )
    to_report = fields.Boolean(compute="_compute_to_report", search="_search_to_report")
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    care_tier_color = fields.Integer(
        related="partner_id.care_tier_color", string="Tier Color"
    )
    care_alarm = fields.Selection(related="partner_id.care_alarm")
    care_brief = fields.Html(
        related="partner_id.care_brief", string="Brief", sanitize=False
    )
    phone = fields.Char(compute="_compute_phone")

    _partner_idx = models.Index("(partner_id, date DESC)")
    _role_idx = models.Index("(partner_id, role_id) WHERE state = 'done'")
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

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for interaction in self:
            contact = interaction.contact_id
            if contact.commercial_partner_id != interaction.partner_id:
                interaction.contact_id = False

    @api.depends("partner_id", "user_id")
    def _compute_role_id(self):
        """The role of who makes the contact in the customer's team; of several one that
        owes a contact over the channel. A stand-in without any keeps what is there."""
        teams = self._roles_in_teams()
        for interaction in self:
            customer = interaction.partner_id.commercial_partner_id
            roles = teams[customer.id, interaction.user_id.id]
            if interaction.role_id and (not roles or interaction.role_id in roles):
                continue
            if len(roles) > 1:
                roles = interaction._roles_that_owe(roles) or roles
            interaction.role_id = roles[:1].sudo(False)

    def _roles_in_teams(self):
        """{(id of a customer, of a user): roles}"""
        teams = defaultdict(self.env["care.role"].browse)
        for member in (
            self.env["care.account.member"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("user_id", "in", self.user_id.ids),
                ]
            )
        ):
            teams[member.partner_id.id, member.user_id.id] += member.role_id
        return teams

    def _roles_that_owe(self, roles):
        """Of ``roles`` the one whose contact over the channel is due first."""
        return (
            self.env["care.plan.target"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                    ("role_id", "in", roles.ids),
                    ("channel", "=", self.channel),
                    ("state", "=", "open"),
                ],
                order="date_aim",
                limit=1,
            )
            .role_id
        )

    @api.depends("date_start", "channel")
    def _compute_date_end(self):
        """Moves along with the start; a new contact takes as long as usual."""
        for interaction in self:
            start, end = interaction.date_start, interaction.date_end
            if not start:
                continue
            origin = interaction._origin
            if origin and end and origin.date_start and end == origin.date_end:
                interaction.date_end = start + (end - origin.date_start)
            elif not origin or not end or end < start:
                interaction.date_end = start + interaction._usual_length()

    def _usual_length(self):
        if self.channel == "onsite":
            return timedelta(days=self._stay_days() - 1, hours=DEFAULT_HOURS["onsite"])
        company = self.company_id or self.env.company
        hours = company[f"care_hours_{self.channel}"] if self.channel else 1.0
        return timedelta(hours=hours)

    def _stay_days(self):
        """Days of a stay by the customer's plan, the first at a customer longer
        (domain: 3 to 5, then 3)."""
        customer = self.partner_id.commercial_partner_id
        rules = self.target_id.sudo().rule_id or customer.sudo().care_tier_id.plan_id[
            :1
        ].rule_ids.filtered(
            lambda rule: rule.channel == "onsite"
            and (not self.role_id or rule.role_id == self.role_id)
        )
        if not rules:
            return 1
        stayed = self.sudo().search_count(
            [
                ("partner_id", "=", customer.id),
                ("channel", "=", "onsite"),
                ("state", "=", "done"),
                ("id", "!=", self._origin.id or 0),
            ],
            limit=1,
        )
        rule = rules[0]
        return max(rule.duration_days if stayed else rule.first_duration_days, 1)

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

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        for interaction in self:
            start, end = interaction.date_start, interaction.date_end
            interaction.duration = (
                (end - start).total_seconds() / 3600 if start and end else 0
            )

    @api.depends("channel")
    def _compute_next_channel(self):
        for interaction in self:
            interaction.next_channel = interaction.next_channel or interaction.channel

    @api.depends("reported_at", "date_end", "date_start")
    def _compute_is_late(self):
        for interaction in self:
            end = interaction.date_end or interaction.date_start
            interaction.is_late = bool(
                interaction.reported_at
                and end
                and interaction.reported_at - end > LATE_AFTER
            )

    @api.depends("state", "date_start")
    def _compute_to_report(self):
        now = fields.Datetime.now()
        for interaction in self:
            interaction.to_report = (
                interaction.state == "planned" and interaction.date_start < now
            )

    def _search_to_report(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("state", "=", "planned") & fields.Domain(
            "date_start", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

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
            if interaction.state == "done" and interaction.date_start > latest:
                raise ValidationError(
                    self.env._(
                        "A contact in the future cannot be done yet. Correct the start "
                        "or leave it planned."
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
                self.env._("This is no position on Earth. Check in again.")
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
        interactions = super().create(vals_list)
        done = interactions.filtered(lambda row: row.state == "done")
        done._on_done()
        self.env["care.plan.target"]._match(done._match_keys())
        return interactions

    def write(self, vals):
        vals = dict(vals)
        if not self.env.su and {"reported_at", "promise_state", "next_id"} & set(vals):
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
        before = self.filtered(lambda row: row.state == "done")
        keys = before._match_keys()
        result = super().write(vals)
        done = self.filtered(lambda row: row.state == "done")
        (done - before)._on_done()
        (before - done)._on_undone()
        self._sync_meeting(vals)
        self.env["care.plan.target"]._match(keys | done._match_keys())
        return result

    def _move(self, vals):
        """Contacts keep their length when only the start changes."""
        start = fields.Datetime.to_datetime(vals["date_start"])
        for interaction in self:
            length = timedelta(hours=interaction.duration)
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
        if any(interaction.state == "done" for interaction in self):
            raise UserError(
                self.env._(
                    "A reported contact can be cancelled. "
                    "Only an administrator of Customer Care deletes it."
                )
            )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """The report is the team's: the customer is no recipient of what is written
        here."""
        return []

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    def _match_keys(self):
        return {
            (row.partner_id.id, row.role_id.id, row.company_id.id)
            for row in self
            if row.role_id
        }

    @api.model
    def _contacts_by_key(self, keys):
        """{key: {id: plain values}} of all contacts made"""
        contacts = defaultdict(dict)
        for row in self.sudo().search_fetch(
            [
                ("state", "=", "done"),
                ("partner_id", "in", list({key[0] for key in keys})),
                ("role_id", "in", list({key[1] for key in keys})),
            ],
            ["partner_id", "role_id", "company_id", "channel", "date", "target_id"],
        ):
            key = row.partner_id.id, row.role_id.id, row.company_id.id
            if key in keys:
                contacts[key][row.id] = Contact(row.id, row.channel, row.date)
        return contacts

    @api.model
    def _write_targets(self, targets):
        """:param targets: {id of a contact: id of its target or None}"""
        if not targets:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_interaction contact
                   SET target_id = new.target_id
                  FROM unnest(%s::int[], %s::int[]) AS new(id, target_id)
                 WHERE contact.id = new.id
                   AND contact.target_id IS DISTINCT FROM new.target_id
                """,
                list(targets),
                list(targets.values()),
            )
        )
        self.browse(targets).invalidate_recordset(["target_id"], flush=False)
        self.env["care.plan.target"].invalidate_model(["interaction_ids"], flush=False)

    # ------------------------------------------------------------
    # Becoming done, and back
    # ------------------------------------------------------------

    def _on_done(self):
        """What follows from a contact that has been made."""
        self = self._without_defaults()  # noqa: PLW0642
        for interaction in self.sudo():
            if not interaction.reported_at:
                interaction.reported_at = fields.Datetime.now()
            if interaction.promise and not interaction.promise_state:
                interaction.promise_state = "open"
                interaction._remind_of_promise()
            if interaction.calendar_event_id:
                interaction.calendar_event_id.activity_ids.with_context(
                    care_no_interaction=True
                ).action_feedback()
        self._log_on_customer()
        for interaction in self:
            interaction._plan_next()

    def _on_undone(self):
        for interaction in self.filtered(lambda row: row.state == "cancelled"):
            interaction.partner_id.sudo()._message_log(
                body=self.env._("Contact cancelled: %s", interaction._get_html_link())
            )

    def _without_defaults(self):
        """Without the defaults of the form, which are not meant for other records."""
        context = clean_context(self.env.context)
        return self.with_context(context)  # pylint: disable=context-overridden

    def _log_on_customer(self):
        bodies = {}
        for interaction in self:
            bodies.setdefault(interaction.partner_id, []).append(
                self.env._(
                    "%(link)s by %(author)s",
                    link=interaction._get_html_link(
                        title=" · ".join(interaction.display_name.split(" · ")[-2:])
                    ),
                    author=interaction.user_id.name or self.env.user.name,
                )
            )
        for partner, lines in bodies.items():
            for line in lines:
                partner.sudo()._message_log(body=line)

    def _remind_of_promise(self):
        self.activity_schedule(
            "customer_care.mail_activity_type_promise",
            date_deadline=self.promise_date
            or fields.Date.context_today(self) + timedelta(days=7),
            user_id=(self.user_id or self.env.user).id,
            summary=self.promise,
        )

    def _plan_next(self):
        """The next appointment becomes a planned contact with its meeting, once."""
        if not self.next_date or self.next_id:
            return
        following = self.create(
            {
                "partner_id": self.partner_id.id,
                "contact_id": self.contact_id.id,
                "user_id": self.user_id.id,
                "role_id": self.role_id.id,
                "company_id": self.company_id.id,
                "channel": self.next_channel or self.channel,
                "date_start": self.next_date,
                "topic": self.next_topic,
                "place": self.next_place,
                "lead_id": self.lead_id.id,
            }
        )
        self.sudo().next_id = following
        following._make_meeting()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_done(self):
        """File the report."""
        for interaction in self:
            if interaction.state == "cancelled":
                raise UserError(
                    self.env._("This contact was cancelled. Plan it again first.")
                )
            values = {"state": "done"}
            now = fields.Datetime.now()
            if interaction.date_start > now and interaction.checked_in_at:
                values |= {
                    "date_start": interaction.checked_in_at,
                    "date_end": max(now, interaction.checked_in_at),
                }
            interaction.write(values)
        if self.env.context.get("care_from_day"):
            return {"type": "ir.actions.act_window_close"}
        return None

    def action_cancel(self):
        self.write({"state": "cancelled"})

    def action_plan_again(self):
        self.write({"state": "planned"})

    def action_schedule(self):
        """Close the dialog with a meeting in the calendar."""
        self._without_defaults()._make_meeting()
        return {"type": "ir.actions.act_window_close"}

    def action_promise_kept(self):
        self._settle_promise("kept")

    def action_promise_broken(self):
        self._settle_promise("broken")

    def _settle_promise(self, state):
        self.check_access("read")
        self.sudo().write({"promise_state": state})
        self.sudo().activity_feedback(
            ["customer_care.mail_activity_type_promise"], user_id=None
        )

    def action_create_lead(self):
        """An opportunity of what was found; the contact refers to it."""
        self.ensure_one()
        if not self.lead_id:
            self.lead_id = (
                self._without_defaults()
                .env["crm.lead"]
                .create(
                    {
                        "type": "opportunity",
                        "name": self.topic
                        or self.env._("Opportunity of %s", self.partner_id.name),
                        "partner_id": (self.contact_id or self.partner_id).id,
                        "user_id": self.user_id.id,
                        "company_id": self.company_id.id,
                    }
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }

    def action_create_complaint(self):
        """Record what the customer complained about; the contact refers to it."""
        self.ensure_one()
        if not self.complaint_id:
            self.complaint_id = (
                self._without_defaults()
                .env["care.complaint"]
                .create(
                    {
                        "subject": self.topic
                        or self.env._("Complaint of %s", self.partner_id.name),
                        "description": self.summary and plaintext2html(self.summary),
                        "partner_id": self.partner_id.id,
                        "contact_id": self.contact_id.id,
                        "company_id": self.company_id.id,
                        "received_at": self.date_start,
                        "source": "phone" if self.channel == "phone" else "visit",
                    }
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.complaint",
            "res_id": self.complaint_id.id,
            "view_mode": "form",
        }

    def action_open_meeting(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.calendar_event_id.id,
            "view_mode": "form",
        }

    def action_open_map(self):
        self.ensure_one()
        return self.partner_id.action_open_care_map()

    # ------------------------------------------------------------
    # Calendar
    # ------------------------------------------------------------

    def _make_meeting(self):
        """A meeting of each planned contact, with the contact person invited. It refers
        to the opportunity or to the customer and so outlives this app."""
        for interaction in self:
            if interaction.calendar_event_id or interaction.state != "planned":
                continue
            document = interaction.lead_id or interaction.partner_id
            people = interaction.user_id.partner_id | interaction.contact_id
            values = {
                "name": " · ".join(
                    filter(None, (interaction.partner_id.name, interaction.topic))
                ),
                "start": interaction.date_start,
                "stop": interaction.date_end or interaction.date_start,
                "user_id": interaction.user_id.id,
                "partner_ids": [fields.Command.set(people.ids)],
                "location": interaction.place
                or (
                    interaction.partner_id._care_address()
                    if interaction.channel in ("onsite", "visit")
                    else False
                ),
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
            }
            if document._name == "crm.lead":
                values["opportunity_id"] = document.id
            interaction.calendar_event_id = (
                self.env["calendar.event"]
                .with_context(care_no_interaction=True)
                .create(values)
            )

    def _sync_meeting(self, vals):
        """Move or cancel the meeting along with the contact."""
        if self.env.context.get("care_from_meeting"):
            return
        for interaction in self:
            event = interaction.calendar_event_id.with_context(care_no_interaction=True)
            if not event:
                continue
            if vals.get("state") == "cancelled":
                event.activity_ids.unlink()
                event.active = False
            elif interaction.state == "planned" and (
                {"date_start", "date_end", "channel"} & set(vals)
            ):
                event.write(
                    {"start": interaction.date_start, "stop": interaction.date_end}
                )
