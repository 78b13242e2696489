from odoo import api, models
from odoo.exceptions import UserError


class CareCampaign(models.Model):
    """The invitation as customers get it, sent to the user."""

    _inherit = "care.campaign"

    def action_send_test(self):
        """Send the invitation to the user. Its link opens a test of the survey, whose
        answers count nowhere.

        :raise UserError: the user has no address, the survey cannot be used, or the
            mail cannot be sent
        """
        self.ensure_one()
        campaign = self._checked_sudo()
        campaign._check_survey()
        user = self.env.user
        if campaign.channel == "sms":
            number = campaign._send_test_sms(user)
            return campaign._told_test(
                self.env._("The test message was sent to %s.", number)
            )
        if not user.email:
            raise UserError(
                self.env._("Enter your e-mail address in your preferences first.")
            )
        campaign._send_test(user)
        return campaign._told_test(
            self.env._("The test mail was sent to %s.", user.email)
        )

    @api.model
    def _told_test(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }

    def _send_test_sms(self, user):
        """:return: the number it was sent to"""
        self._check_sms()
        number = user.partner_id.phone_sanitized
        if not number:
            raise UserError(
                self.env._(
                    "Enter your phone number, with the code of the country, in your "
                    "preferences first."
                )
            )
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        link = f"{base}/survey/test/{self.survey_id.sudo().access_token}"
        words = self.env["care.invitation"]._sms_words(self.company_id, link)
        self.env["care.invitation"]._queue_sms(
            [
                {
                    "number": number,
                    "body": self.env._("Test: %s", words),
                    "partner_id": user.partner_id.id,
                }
            ]
        )
        return number

    def _send_test(self, user):
        """Render the mail with an invitation that does not stay, so that its links
        work for nobody else."""
        template = self.env.ref(
            "customer_care.mail_template_internal_invitation"
            if self.audience == "colleagues"
            else "customer_care.mail_template_survey_invitation"
        )
        invitation = (
            self.env["care.invitation"]
            .with_context(care_test_mail=True)
            .create(
                {
                    "campaign_id": self.id,
                    "company_id": self.company_id.id,
                    "contact_id": user.partner_id.id,
                    "channel": "email",
                    "state": "skipped",
                }
            )
        )
        [subject] = template._render_field("subject", invitation.ids).values()
        mail = template.with_context(care_test_mail=True).send_mail_batch(
            invitation.ids,
            email_values={
                "model": False,
                "res_id": False,
                "email_to": user.email_formatted,
                "subject": self.env._("Test: %s", subject),
            },
            email_layout_xmlid="customer_care.survey_mail_layout",
        )
        invitation.unlink()
        mail.send()
        if mail.exists().state == "exception":
            raise UserError(
                self.env._(
                    "The test mail could not be sent: %s", mail.failure_reason or ""
                )
            )
