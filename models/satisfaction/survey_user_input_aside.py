import uuid

from odoo import api, fields, models
from odoo.fields import Domain


class SurveyUserInput(models.Model):
    """Answers that are set aside, and persons who are erased."""

    _inherit = "survey.user_input"

    def _care_set_aside(self, reason):
        """Exclude these answers from results; they are kept and marked.

        :param reason: empty: count them again
        """
        reason = (reason or "").strip()
        held = self.sudo().filtered(lambda answer: answer._care_to_review())
        self._care_write(
            {
                "care_aside_reason": reason,
                "care_aside_user_id": self.env.uid if reason else False,
                "care_aside_date": fields.Datetime.now() if reason else False,
            }
        )
        if not reason:
            held._care_accept()
        for campaign, answers in self.sudo().grouped("care_campaign_id").items():
            if campaign:
                campaign._message_log(
                    body=self.env._(
                        "%(user)s set %(count)s answers aside: %(reason)s",
                        user=self.env.user.name,
                        count=len(answers),
                        reason=reason,
                    )
                    if reason
                    else self.env._(
                        "%(user)s included %(count)s answers again.",
                        user=self.env.user.name,
                        count=len(answers),
                    )
                )

    @api.model
    def _care_erase(self, partners, companies=None):
        """Remove contacts from their answers, which keep their values. Links sent to
        them become invalid.

        :param companies: of whose surveys; of all unless given
        :return: number of answers
        """
        self.env.flush_all()

        def scope(name):
            if companies is None:
                return Domain(name, "!=", False)
            return Domain(name, "in", companies.ids)

        answers = self.sudo().search(
            scope("care_company_id")
            & (
                Domain("partner_id", "in", partners.ids)
                | Domain("care_partner_id", "in", partners.ids)
            )
        )
        for answer in answers:
            values = {
                "partner_id": False,
                "email": False,
                "nickname": False,
                "invite_token": False,
                "access_token": str(uuid.uuid4()),
                "care_network": False,
                "care_browser": False,
            }
            if answer.care_partner_id in partners:
                values["care_partner_id"] = False
            answer._care_write(values)
        invitations = self.env["care.invitation"].sudo()
        ours = scope("company_id")
        invitations.search(ours & Domain("contact_id", "in", partners.ids))._erase()
        invitations.search(ours & Domain("partner_id", "in", partners.ids))._erase(
            customer=True
        )
        return len(answers)
