import pytz

from odoo import api, fields, models
from odoo.tools import html2plaintext

from .contact_reason import ContactReasonWords, partner_of

CHANNEL_BY_CATEGORY = {"phonecall": "phone", "meeting": "visit"}
EMAIL_TYPE = "mail.mail_activity_data_email"


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Log calls, e-mails and meetings with customers that are marked done as
        contacts, so that users need not enter them twice, or say on the document why
        not. Marking the reminder of a promise done keeps the promise."""
        if self.env.context.get("care_no_interaction"):
            return super()._action_done(
                feedback=feedback, attachment_ids=attachment_ids
            )
        plans = [
            (activity.calendar_event_id, *plan)
            for activity in self
            if (plan := activity._care_plan_contact(feedback))
        ]
        kept = self._care_promises()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        kept.exists().sudo().filtered(
            lambda interaction: interaction.promise_state == "open"
        )._note_promise("kept")
        self._care_log_contacts(plans, feedback)
        return result

    def _care_promises(self):
        """The contacts whose promise these activities remind of"""
        kind = self.env.ref(
            "customer_care.mail_activity_type_promise", raise_if_not_found=False
        )
        return self.env["care.interaction"].browse(
            self.filtered(
                lambda activity: activity.res_model == "care.interaction"
                and activity.activity_type_id == kind
            ).mapped("res_id")
        )

    def _care_log_contacts(self, plans, feedback):
        """Report what is planned for the meetings, and log the other contacts.

        :param plans: [(meeting, document, values of a contact, None; or a reason)]
        """
        Interaction = self.env["care.interaction"].with_context(
            care_no_interaction=True
        )
        if not plans or not Interaction.has_access("create"):
            return
        reported = Interaction._report_meetings(
            self.env["calendar.event"].union(
                *(event for event, _document, values, _reason in plans if values)
            ),
            feedback,
        )
        words = ContactReasonWords(self.env)
        for event, document, values, reason in plans:
            if reason and document.exists():
                document._message_log(body=words.text([reason]))
            elif values and (
                not event or (event.id, values["partner_id"]) not in reported
            ):
                Interaction.create(values)

    def _care_plan_contact(self, feedback):
        """What to log for this activity, if it is a contact with a customer.

        :return: None, or (document as superuser, values of a contact, reason why it
            does not count)
        """
        self.ensure_one()
        channel = self._care_channel()
        if (
            not channel
            or self.env.uid == api.SUPERUSER_ID
            or not self.env.company.care_log_activities
            or not self.env.user.has_group("customer_care.group_care_visit")
            or self.res_model not in self.env
        ):
            return None
        document = self.env[self.res_model].sudo().browse(self.res_id).exists()
        partner = partner_of(document) if document else None
        if partner is None:
            return None
        reason = self._care_reason_not_to_count(document, partner)
        if reason:
            return document, None, reason
        return document, self._care_contact_values(document, partner, feedback), None

    def _care_channel(self):
        kind = self.activity_type_id
        if kind and kind == self.env.ref(EMAIL_TYPE, raise_if_not_found=False):
            return "online"
        return CHANNEL_BY_CATEGORY.get(kind.category)

    def _care_reason_not_to_count(self, document, partner):
        """A reason as in ``care.reason.mixin``, or None"""
        customer = partner.commercial_partner_id
        if not customer:
            return {"code": "no_customer"}
        if document._name == "care.interaction" and document.state == "planned":
            return {"code": "own_report"}
        if not customer.care_tier_id:
            return {"code": "no_tier", "customer": customer.display_name}
        event = self.calendar_event_id.sudo()
        now = fields.Datetime.now()
        if event and event.start > now:
            tz = pytz.timezone(self.env.user.tz or self.env.company._care_tz().zone)
            start, today = (
                pytz.utc.localize(when).astimezone(tz).date()
                for when in (event._care_times(self.env.user)[0], now)
            )
            if start > today:
                return {"code": "ahead", "date": fields.Date.to_string(start)}
        return None

    def _care_contact_values(self, document, partner, feedback):
        customer = partner.commercial_partner_id
        now = fields.Datetime.now()
        event = self.calendar_event_id.sudo()
        start, end = event._care_times(self.env.user) if event else (now, False)
        past = event and start <= now
        values = {
            "partner_id": customer.id,
            "contact_id": partner.id if partner != customer else False,
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
            "channel": self._care_channel(),
            "date_start": start if past else now,
            "state": "done",
            "topic": self.summary,
            "summary": feedback or html2plaintext(self.note or "") or False,
            "lead_id": document.id if document._name == "crm.lead" else False,
            "calendar_event_id": event.id or False,
        }
        if past:
            values["date_end"] = max(start, min(end, now))
        if document._name == "care.plan.target":
            values |= {"role_id": document.role_id.id, "channel": document.channel}
            values |= document._stand_in_values()
        elif document._name == "care.complaint":
            values["complaint_id"] = document.id
        return values
