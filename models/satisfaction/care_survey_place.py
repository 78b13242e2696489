import uuid

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.image import image_data_uri

from .care_campaign import OPEN_STATES

ANSWER_COUNTS = SQL("COALESCE(care_aside_reason, '') = ''")


class CareSurveyPlace(models.Model):
    """An open link to a survey, printed as a QR code: on a counter, a delivery note, or
    for everybody beside a campaign. Nobody knows who answers, so answers have figures
    of their own and are in no other result."""

    _name = "care.survey.place"
    _description = "Feedback Point"
    _inherit = ["care.reference.mixin", "care.named", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["survey.survey"]._care_ready_survey("periodic"),
        tracking=True,
    )
    campaign_id = fields.Many2one(
        "care.campaign",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        domain="[('survey_id', '=', survey_id), ('audience', '=', 'customers')]",
        help="The link is open as long as the campaign runs. Its answers are not in "
        "the results of the campaign, as nobody has been drawn for them.",
    )
    text = fields.Char(
        "Text on the Card",
        translate=True,
        help="Leave empty to print the first question of the survey.",
    )
    token = fields.Char(
        default=lambda self: uuid.uuid4().hex,
        required=True,
        readonly=True,
        copy=False,
        help="Part of the open link, which everybody may have.",
    )
    url = fields.Char("Open Link", compute="_compute_url")
    qr_code = fields.Binary("QR Code", compute="_compute_url")
    answer_count = fields.Integer("Walk-in Answers", compute="_compute_figures")
    review_count = fields.Integer("To Review", compute="_compute_figures")
    score = fields.Float("Satisfaction", compute="_compute_figures", digits=(5, 1))
    has_score = fields.Boolean(compute="_compute_figures")
    has_nps = fields.Boolean(compute="_compute_figures")
    nps = fields.Float(string="NPS", compute="_compute_figures", digits=(5, 0))
    last_answer = fields.Datetime(compute="_compute_figures")

    _token_uniq = models.UniqueIndex("(token)")

    @api.depends("name", "survey_id")
    def _compute_url(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        for place in self:
            token = place.sudo().token if place._origin else False
            place.url = token and f"{base}/care/place/{token}"
            place.qr_code = place.url and self.env["ir.actions.report"]._care_qr(
                place.url
            )

    @api.depends("survey_id")
    def _compute_figures(self):
        figures = {}
        if self.ids:
            self.env["survey.user_input"].flush_model()
            for place, *values in self.env.execute_query(
                SQL(
                    """
                    SELECT care_place_id,
                           COUNT(*) FILTER (WHERE %(counts)s),
                           COUNT(*) FILTER (WHERE NOT %(counts)s
                               AND care_aside_user_id IS NULL),
                           AVG(care_score) FILTER (WHERE %(counts)s AND care_scored),
                           AVG(care_nps::int) FILTER (WHERE %(counts)s),
                           MAX(end_datetime) FILTER (WHERE %(counts)s)
                      FROM survey_user_input
                     WHERE care_place_id = ANY(%(ids)s) AND state = 'done'
                  GROUP BY care_place_id
                    """,
                    counts=ANSWER_COUNTS,
                    ids=self.ids,
                )
            ):
                figures[place] = values
        for place in self:
            count, review, score, nps, last = figures.get(
                place.id, (0, 0, None, None, False)
            )
            place.answer_count, place.review_count = count, review
            place.score, place.has_score = score or 0.0, score is not None
            place.nps, place.has_nps = nps or 0.0, nps is not None
            place.last_answer = last

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = self._care_without_defaults({"token"})  # noqa: PLW0642
        for vals in vals_list:
            vals.pop("token", None)
        places = super().create(vals_list)
        places._check_survey()
        return places

    def write(self, vals):
        if {"survey_id", "company_id", "campaign_id"} & set(vals) and any(
            place._has_answers() for place in self
        ):
            raise UserError(
                self.env._(
                    "Customers have answered here already. Archive this feedback "
                    "point and make another one."
                )
            )
        result = super().write(vals)
        if "survey_id" in vals:
            self._check_survey()
        return result

    def _has_answers(self):
        return bool(
            self.env["survey.user_input"]
            .sudo()
            .search_count([("care_place_id", "in", self.ids)], limit=1)
        )

    def _check_survey(self):
        for place in self:
            place.survey_id._care_check_usable(anonymous=True)

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    @api.model
    def _find(self, token):
        return self.sudo().search([("token", "=", token)], limit=1)

    def _is_open(self):
        campaign = self.campaign_id
        return (
            self.active
            and self.survey_id.active
            and (not campaign or campaign.state in OPEN_STATES)
            and self.env["res.groups"]._has_care_feature("satisfaction")
        )

    def _begin(self, lang):
        """An answer to fill in, of nobody known

        :param lang: code of the visitor's language
        """
        self.ensure_one()
        survey = self.survey_id.sudo()
        survey._care_freeze()
        return (
            self.env["survey.user_input"]
            .with_user(SUPERUSER_ID)
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .create(
                {
                    "survey_id": survey.id,
                    "lang_id": survey._care_lang(lang).id,
                    "deadline": self.campaign_id._deadline()
                    if self.campaign_id
                    else False,
                    "care_company_id": self.company_id.id,
                    "care_place_id": self.id,
                }
            )
        )

    def action_view_answers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.walk_in_action"
        )
        return action | {"domain": [("place_id", "=", self.id)]}

    # ------------------------------------------------------------
    # Card
    # ------------------------------------------------------------

    def _card(self):
        """What the printed card shows"""
        self.ensure_one()
        question = self.survey_id.sudo().question_ids[:1]
        return {
            "company": self.company_id.sudo(),
            "text": self.text or question.title,
            "url": self.url,
            "qr": image_data_uri(self.qr_code),
            "name": False,
        }
