from odoo import api, fields, models
from odoo.tools import html2plaintext

CHANNEL_BY_CATEGORY = {"phonecall": "phone", "meeting": "visit"}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Log calls and meetings with customers that are marked done as contacts, so
        that users need not enter them twice. Marking the reminder of a promise done
        keeps the promise."""
        if self.env.context.get("care_no_interaction"):
            return super()._action_done(
                feedback=feedback, attachment_ids=attachment_ids
            )
        contacts = [
            values
            for activity in self
            if (values := activity._care_contact_values(feedback))
        ]
        meetings = self.calendar_event_id
        promises = self.filtered(
            lambda activity: activity.res_model == "care.interaction"
            and activity.activity_type_id
            == self.env.ref(
                "customer_care.mail_activity_type_promise", raise_if_not_found=False
            )
        )
        kept = self.env["care.interaction"].browse(promises.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        kept.exists().sudo().filtered(
            lambda interaction: interaction.promise_state == "open"
        ).promise_state = "kept"
        Interaction = self.env["care.interaction"].with_context(
            care_no_interaction=True
        )
        planned = (
            Interaction.search(
                [
                    ("calendar_event_id", "in", meetings.ids),
                    ("state", "=", "planned"),
                    ("user_id", "=", self.env.uid),
                    ("date_start", "<=", fields.Datetime.now()),
                ]
            )
            if meetings and Interaction.has_access("write")
            else Interaction
        )
        for interaction in planned:
            interaction.write(
                {
                    "state": "done",
                    "summary": interaction.summary or feedback or False,
                }
            )
        reported = {row.calendar_event_id.id for row in planned}
        for values in contacts:
            if (
                values["calendar_event_id"] not in reported
                or not values["calendar_event_id"]
            ):
                Interaction.create(values)
        return result

    def _care_contact_values(self, feedback):
        """Values of the contact to log for this activity, if any."""
        self.ensure_one()
        channel = CHANNEL_BY_CATEGORY.get(self.activity_type_id.category)
        company = self.env.company
        if (
            not channel
            or self.env.uid == api.SUPERUSER_ID
            or not company.care_log_activities
            or not self.env.user.has_group("customer_care.group_care_visit")
            or self.res_model not in ("res.partner", "crm.lead", "care.plan.target")
        ):
            return None
        document = self.env[self.res_model].sudo().browse(self.res_id).exists()
        partner = document and (
            document if document._name == "res.partner" else document.partner_id
        )
        customer = partner and partner.commercial_partner_id
        if not customer or not customer.care_tier_id:
            return None
        now = fields.Datetime.now()
        event = self.calendar_event_id
        past = event and event.start <= now
        values = {
            "partner_id": customer.id,
            "contact_id": partner.id if partner != customer else False,
            "user_id": self.env.uid,
            "company_id": company.id,
            "channel": channel,
            "date_start": event.start if past else now,
            "state": "done",
            "topic": self.summary,
            "summary": feedback or html2plaintext(self.note or "") or False,
            "lead_id": document.id if document._name == "crm.lead" else False,
            "calendar_event_id": event.id or False,
        }
        if past:
            values["date_end"] = min(event.stop, now)
        if document._name == "care.plan.target":
            values |= {"role_id": document.role_id.id, "channel": document.channel}
            values |= document._stand_in_values()
        return values
