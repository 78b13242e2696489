from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

from .care_campaign import OPEN_STATES


class CareSurveyToken(models.Model):
    """The right to answer once in an anonymous campaign.

    The link in the mail carries a secret; here is only its fingerprint, in random order
    and without dates. Handing it in makes an answer that knows nothing of the token, so
    that nothing leads from an answer to a person. Until the survey is finished, who
    has the secret can go on with the answer; then its link is forgotten."""

    _name = "care.survey.token"
    _description = "Token to Answer Anonymously"
    _log_access = False
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one(
        "care.campaign", required=True, ondelete="cascade", index=True
    )
    digest = fields.Char(required=True)
    tier_id = fields.Many2one("care.tier", ondelete="set null")

    _digest_uniq = models.UniqueIndex("(digest)")

    @api.model
    def _digest(self, secret):
        return sha256(secret.encode()).hexdigest()

    @api.model
    def _find(self, secret):
        return self.sudo().search([("digest", "=", self._digest(secret))], limit=1)

    @api.model
    def _answer_token(self, secret):
        """The link to go on with an answer, derived from the secret in the mail and
        stored only with the answer, until it is finished"""
        return hmac(self.env(su=True), "customer_care.answer", secret)

    def _begun(self, secret):
        """The answer that the holder of the secret has begun and not finished"""
        return self.env["survey.user_input"].search(
            [
                ("access_token", "=", self._answer_token(secret)),
                ("care_anonymous", "=", True),
                ("state", "!=", "done"),
            ],
            limit=1,
        )

    def _hand_in(self, lang, secret=None):
        """Redeem the token for an answer to fill in; empty if it has been used.

        :param lang: code of the customer's language, may be empty
        :param secret: that of the link, with which the customer can go on later
        :return: the new answer
        """
        token = self.exists()
        campaign = token.campaign_id
        answers = self.env["survey.user_input"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        values = token._answer_values()
        if campaign.state not in OPEN_STATES or not token._burn():
            return self.env["survey.user_input"]
        return answers.create(
            values
            | {"lang_id": campaign.survey_id._care_lang(lang).id}
            | ({"access_token": self._answer_token(secret)} if secret else {})
        )

    def _answer_values(self):
        campaign = self.campaign_id
        return {
            "survey_id": campaign.survey_id.id,
            "deadline": campaign._deadline(),
            "care_anonymous": True,
            "care_waiting_campaign_id": campaign.id,
            "care_company_id": campaign.company_id.id,
            "care_tier_id": self.tier_id.id,
        }

    def _burn(self):
        """Delete the token: a mark that it is used would bear the transaction of the
        answer.

        :return: false if somebody else was faster
        """
        self.env.flush_all()
        gone = self.env.execute_query(
            SQL("DELETE FROM care_survey_token WHERE id = %s RETURNING id", self.id)
        )
        self.env.invalidate_all(flush=False)
        return bool(gone)
