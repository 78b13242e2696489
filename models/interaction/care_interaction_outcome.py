from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..contact_plan.care_plan_rule import CHANNELS

LATE_AFTER = timedelta(hours=24)
"""A report filed later than this after the contact is late (domain: at once)."""
FEELINGS = [
    ("1", "Very dissatisfied"),
    ("2", "Somewhat dissatisfied"),
    ("3", "No opinion"),
    ("4", "Fairly satisfied"),
    ("5", "Highly satisfied"),
]


class CareInteraction(models.Model):
    """The report of a contact, and what follows from it: a promise, the next
    appointment, an opportunity, a complaint."""

    _inherit = "care.interaction"

    summary = fields.Text("Findings")
    outcome = fields.Text("Result")
    competitor_note = fields.Text("Competitors")
    satisfaction = fields.Selection(
        FEELINGS, "How Was It?", help="How satisfied the customer was at this contact."
    )
    promise = fields.Char(help="What you promised the customer.")
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
        precompute=True,
        help="Reported more than 24 hours after the contact.",
    )
    to_report = fields.Boolean(compute="_compute_to_report", search="_search_to_report")

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

    @api.depends("state", "date_start", "date_end")
    def _compute_to_report(self):
        now = fields.Datetime.now()
        for interaction in self:
            end = interaction.date_end or interaction.date_start
            interaction.to_report = bool(
                interaction.state == "planned" and end and end < now
            )

    def _search_to_report(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ended = fields.Domain("date_end", "<", now) | (
            fields.Domain("date_end", "=", False)
            & fields.Domain("date_start", "<", now)
        )
        domain = fields.Domain("state", "=", "planned") & ended
        return domain if True in value else ~domain

    # ------------------------------------------------------------
    # Becoming done, and back
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

    def _on_done(self):
        """What follows from a contact that has been made."""
        self = self._without_defaults()  # noqa: PLW0642
        for interaction in self.sudo():
            if not interaction.reported_at:
                interaction.reported_at = fields.Datetime.now()
            if interaction.promise and not interaction.promise_state:
                interaction._open_promise()
            if interaction.calendar_event_id:
                interaction.calendar_event_id.activity_ids.filtered(
                    lambda activity, user=interaction.user_id: activity.user_id == user
                ).with_context(care_no_interaction=True).action_feedback()
        self._log_on_customer()
        for interaction in self:
            interaction._plan_next()

    def _on_undone(self):
        self.sudo().filtered(
            lambda row: row.state in ("planned", "cancelled")
        ).reported_at = False
        for interaction in self.filtered(lambda row: row.state == "cancelled"):
            interaction.partner_id.sudo()._message_log(
                body=self.env._("Contact cancelled: %s", interaction._get_html_link())
            )

    def _log_on_customer(self):
        """A line with channel, day, author and a link in the customer's chatter"""
        for interaction in self:
            name = " · ".join(interaction.display_name.split(" · ")[-2:])
            interaction.partner_id.sudo()._message_log(
                body=self.env._(
                    "%(link)s by %(author)s",
                    link=interaction._get_html_link(title=name),
                    author=interaction.made_by or self.env.user.name,
                )
            )

    def _plan_next(self):
        """Turn the next appointment into a planned contact with its meeting, once."""
        if not self.next_date or self.next_id:
            return
        following = self.create(
            {
                "partner_id": self.partner_id.id,
                "contact_id": self.contact_id.id,
                "user_id": self.user_id.id,
                "role_id": self.role_id.id,
                "stand_in_for_id": (self.stand_in_for_id & self.team_user_ids).id,
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
    # Promises
    # ------------------------------------------------------------

    def _open_promise(self):
        self.promise_state = "open"
        self._remind_of_promise()

    def _remind_of_promise(self):
        self.activity_schedule(
            "customer_care.mail_activity_type_promise",
            date_deadline=self.promise_date
            or fields.Date.context_today(self) + timedelta(days=7),
            user_id=(self.user_id or self.env.user).id,
            summary=self.promise,
        )

    def action_promise_kept(self):
        return self._settle_promise("kept")

    def action_promise_broken(self):
        return self._settle_promise("broken")

    def _settle_promise(self, state):
        self.check_access("read")
        self.sudo()._note_promise(state)
        self.sudo().activity_feedback(
            ["customer_care.mail_activity_type_promise"], user_id=None
        )

    def _note_promise(self, state):
        self.promise_state = state

    # ------------------------------------------------------------
    # What was found
    # ------------------------------------------------------------

    def action_create_lead(self):
        """Create an opportunity from the findings and link it to the contact."""
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
        """Create a complaint from the findings and link it to the contact."""
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

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Visits and Calls"),
                "template": "/customer_care/static/xls/contacts.xlsx",
            }
        ]
