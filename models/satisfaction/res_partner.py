from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.satisfaction import level, trend
from ..card.res_partner import PREFETCH
from ..core.res_groups import SATISFACTION
from .care_answer import BANDS, NPS_CLASSES, sql_band

CARD_ANSWERS = 5
"""How many answers the card shows"""
TRENDS = [("up", "Better"), ("same", "Unchanged"), ("down", "Worse")]


class ResPartner(models.Model):
    """Latest satisfaction of customers in the user's companies, for users who may see
    their answers."""

    _inherit = "res.partner"

    care_satisfaction = fields.Float(
        "Satisfaction",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction",
        digits=(5, 1),
        groups=SATISFACTION,
        help="Score of the latest answer, from 0 to 100.",
    )
    care_satisfaction_known = fields.Boolean(
        "Has Answered a Satisfaction Survey",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction_known",
        groups=SATISFACTION,
    )
    care_satisfaction_band = fields.Selection(
        BANDS,
        "Satisfaction Band",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction_band",
        groups=SATISFACTION,
        help="Of the latest answer, by the limits in the settings of the company.",
    )
    care_satisfaction_trend = fields.Selection(
        TRENDS,
        "Satisfaction Trend",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction_trend",
        groups=SATISFACTION,
        help="The latest answer compared with the previous one; those of several "
        "persons to one campaign are one, their mean.",
    )
    care_satisfaction_ratio = fields.Float(
        "Perceived / Expected",
        compute="_compute_care_satisfaction",
        digits=(4, 2),
        groups=SATISFACTION,
        help="Perception divided by expectation in the latest answer; 1 is as "
        "expected.",
    )
    care_nps = fields.Selection(
        NPS_CLASSES,
        "Recommendation",
        compute="_compute_care_satisfaction",
        groups=SATISFACTION,
    )
    care_last_survey_date = fields.Date(
        "Last Answered on", compute="_compute_care_satisfaction", groups=SATISFACTION
    )
    care_survey_opt_out = fields.Boolean(
        "No Surveys",
        copy=False,
        groups=SATISFACTION,
        prefetch=PREFETCH,
        help="The customer does not receive surveys. Customers can opt out with a "
        "link in each mail.",
    )

    care_email_changed_at = fields.Datetime(
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        prefetch=False,
        help="When a colleague replaced the e-mail address.",
    )

    _care_opt_out_idx = models.Index("(email_normalized) WHERE care_survey_opt_out")

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("commercial_partner_id")
    def _compute_care_satisfaction(self):
        latest = self.env["survey.user_input"]._care_latest(
            self.commercial_partner_id._origin, self.env.companies
        )
        for partner in self:
            answers = latest.get(partner.commercial_partner_id._origin.id, [])
            at, score, band, ratio, nps = answers[0] if answers else (None,) * 5
            scores = [row[1] for row in reversed(answers) if row[1] is not None]
            partner.care_satisfaction = score or 0.0
            partner.care_satisfaction_known = score is not None
            partner.care_satisfaction_band = band or False
            partner.care_satisfaction_ratio = ratio or 0.0
            partner.care_nps = nps or False
            partner.care_satisfaction_trend = trend(scores) or False
            partner.care_last_survey_date = (
                fields.Datetime.context_timestamp(self, at).date() if at else False
            )

    @api.model
    def _care_sql_latest(self, condition):
        """Customers whose latest answer in the user's companies meets a condition,
        limited to answers the user may see"""
        return SQL(
            """
            SELECT latest.care_partner_id FROM (
                SELECT DISTINCT ON (care_partner_id) care_partner_id, score,
                       %s AS band
                  FROM (%s) AS wave
                  JOIN res_company company ON company.id = wave.company_id
              ORDER BY care_partner_id, at DESC, last_id DESC
            ) AS latest
             WHERE %s
            """,
            sql_band(SQL("score"), "company"),
            self._care_sql_visible_waves(),
            condition,
        )

    def _search_care_satisfaction(self, operator, value):
        operators = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
        if operator in ("in", "not in"):
            scores = [float(one) for one in value if one is not False]
            found = self._care_sql_latest(SQL("score = ANY(%s)", scores))
            domain = Domain("commercial_partner_id", "in", found)
            return domain if operator == "in" else ~domain
        if operator not in operators:
            return NotImplemented
        self.env["survey.user_input"].flush_model()
        found = self._care_sql_latest(
            SQL("score %s %s", SQL(operators[operator]), float(value))
        )
        return Domain("commercial_partner_id", "in", found)

    def _search_care_satisfaction_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        bands = [band for band in value if band]
        found = self._care_sql_latest(SQL("band = ANY(%s)", bands))
        domain = Domain("commercial_partner_id", "in", found)
        if len(bands) < len(value):
            domain |= Domain("care_satisfaction_known", "=", False)
        return domain

    def _search_care_satisfaction_known(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain(
            "commercial_partner_id",
            "in",
            self._care_sql_latest(SQL("score IS NOT NULL")),
        )
        return found if True in value else ~found

    def action_open_care_answers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.answer_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    # ------------------------------------------------------------
    # Customer card
    # ------------------------------------------------------------

    def _care_card_parts(self):
        """Latest answers that the reader may see"""
        if not self._care_features()["satisfaction"]:
            return super()._care_card_parts() | {"satisfaction": SQL("'[]'::json")}
        Answer = self.env["care.answer"]
        self.env["survey.user_input"].flush_model()
        query = Answer._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("aside", "=", False),
            order="date DESC, id DESC",
            limit=CARD_ANSWERS,
        )
        rows = self._care_sql_rows(
            Answer,
            query,
            ["id", "date", "score", "band", "level", "ratio", "nps_class"],
        )
        return super()._care_card_parts() | {"satisfaction": rows}

    def _care_card_values(self):
        card = super()._care_card_values()
        for row in card["satisfaction"]:
            row["date"] = row["date"][:10]
        fields_ = self.env["care.answer"]._fields
        for name in ("level", "nps_class"):
            card["labels"][name] = dict(fields_[name]._description_selection(self.env))
        return card

    def _care_essentials(self):
        card = super()._care_essentials()
        if card:
            shown = card["features"]["satisfaction"] and self.care_satisfaction_known
            card["satisfaction"] = shown and {
                "score": self.care_satisfaction,
                "level": level(self.care_satisfaction),
                "band": self.care_satisfaction_band,
                "trend": self.care_satisfaction_trend,
            }
        return card

    # ------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------

    def action_care_erase_answers(self):
        """Remove these contacts from their answers; the answers are kept.

        :raise AccessError: not an administrator of the app
        """
        self.check_access("write")
        self.env["care.campaign"].check_access("write")
        count = self.env["survey.user_input"]._care_erase(
            self, self.env.user.company_ids
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Removed from %s answers. The answers themselves are kept.", count
                ),
                "type": "success",
            },
        }

    def unlink(self):
        """Keep the answers of deleted contacts, without the person."""
        self.check_access("unlink")
        self.env["survey.user_input"]._care_erase(self)
        return super().unlink()

    def _message_receive_bounce(self, email, partner):
        self.env["care.invitation"]._note_bounce(email)
        return super()._message_receive_bounce(email, partner)
