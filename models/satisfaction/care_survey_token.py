from hashlib import sha256

from odoo import api, fields, models
from odoo.tools.misc import hmac


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
    used = fields.Boolean()

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
        self.ensure_one()
        campaign = self.campaign_id
        none = self.env["survey.user_input"]
        if self.used or campaign.state not in ("running", "paused"):
            return none
        self.lock_for_update()
        self.used = True
        return self.env["survey.user_input"].create(
            {
                "survey_id": campaign.survey_id.id,
                "deadline": campaign._deadline(),
                "lang_id": campaign.survey_id._care_lang(lang).id,
                "care_anonymous": True,
                "care_campaign_id": campaign.id,
                "care_company_id": campaign.company_id.id,
                "care_tier_id": self.tier_id.id,
                **({"access_token": self._answer_token(secret)} if secret else {}),
            }
        )
