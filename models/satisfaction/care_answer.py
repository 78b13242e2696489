from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools import satisfaction
from ..card.care_relationship_history import DECISION_ROLES
from .care_answer_analysis import CareAnswerAnalysis
from .survey_user_input_review import REVIEW_REASONS

NPS_CLASSES = [("-100", "Detractor"), ("0", "Passive"), ("100", "Promoter")]
BANDS = [("low", "Dissatisfied"), ("middle", "Neither"), ("high", "Very Satisfied")]
"""By the limits that the company of the answer has set"""
LEVEL_WORDS = [
    ("very_high", "Highly Satisfied"),
    ("high", "Fairly Satisfied"),
    ("neutral", "No Opinion"),
    ("low", "Somewhat Dissatisfied"),
    ("very_low", "Very Dissatisfied"),
]


def sql_level(score):
    """The nearest of five levels, as ``tools.satisfaction.level``"""
    return SQL(
        "(ARRAY['very_low', 'low', 'neutral', 'high', 'very_high'])"
        "[LEAST(FLOOR((%s + 12.5) / 25)::int, 4) + 1]",
        score,
    )


def sql_band(score, company):
    """As ``tools.satisfaction.band``, by the limits of the row ``company``"""
    return SQL(
        "CASE WHEN %(score)s <= %(low)s THEN 'low'"
        " WHEN %(score)s >= %(high)s THEN 'high'"
        " WHEN %(score)s IS NOT NULL THEN 'middle' END",
        score=score,
        low=SQL.identifier(company, "care_low_score"),
        high=SQL.identifier(company, "care_happy_score"),
    )


def sql_at_risk(score, nps, low):
    """Is a customer at risk: its score is low, up to the limit ``low`` from which the
    company follows up, or it (or most of its persons) would not recommend?

    :param SQL nps: class of recommendation from -100 to 100, or a mean of classes
    """
    return SQL(
        "(COALESCE(%s <= %s, FALSE) OR COALESCE(%s <= -50, FALSE))", score, low, nps
    )


def sql_ratio(perceived, expected):
    """As ``tools.satisfaction.ratio``; null where one of them is"""
    step = satisfaction.MARK_STEP
    return SQL("(1 + %s / %s) / (1 + %s / %s)", perceived, step, expected, step)


def sql_ratio_of_means(table):
    """Ratio of means of the rows of a report where both were asked: the mean of their
    ratios would be above 1 where customers perceive less than they expect."""
    both = SQL(
        "%s IS NOT NULL AND %s IS NOT NULL",
        SQL.identifier(table, "perceived"),
        SQL.identifier(table, "expected"),
    )
    return sql_ratio(
        *(
            SQL("AVG(%s) FILTER (WHERE %s)", SQL.identifier(table, name), both)
            for name in ("perceived", "expected")
        )
    )


class CareAnswer(models.Model):
    """What customers answered: a row for each survey filled in. Answers of anonymous
    campaigns are only in the results of their campaign."""

    _name = "care.answer"
    _description = "Answer of a Customer"
    _inherit = [CareAnswerAnalysis._name]
    _auto = False
    _depends = {
        "survey.user_input": [
            "partner_id",
            "care_caller_id",
            "care_partial",
            "care_scored",
            "care_score",
            "care_rated",
            "care_ratio",
            "care_perceived",
            "care_expected",
            "care_review_reason",
            "care_aside_user_id",
        ],
        "care.follow.up": ["user_input_id"],
        "res.company": ["care_low_score", "care_happy_score"],
        "res.partner": ["care_decision_role"],
    }

    contact_id = fields.Many2one("res.partner", "Person", readonly=True)
    decision_role = fields.Selection(
        DECISION_ROLES,
        "Role in Decisions",
        readonly=True,
        help="Present role of the person who answered.",
    )
    caller_id = fields.Many2one(
        "res.users",
        "Filled in by",
        readonly=True,
        help="User who filled in the survey for the customer during a call.",
    )
    partial = fields.Boolean(
        "Answered in Part",
        readonly=True,
        help="The survey was not finished when the campaign was closed; the questions "
        "that were answered count.",
    )
    scored = fields.Boolean(readonly=True)
    score = fields.Float("Satisfaction", readonly=True, digits=(5, 1), aggregator="avg")
    level = fields.Selection(LEVEL_WORDS, readonly=True)
    rated = fields.Boolean(readonly=True)
    ratio = fields.Float(
        "Perceived / Expected", readonly=True, digits=(4, 2), aggregator="avg"
    )
    perceived = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    expected = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    band = fields.Selection(
        BANDS,
        "Satisfaction Band",
        readonly=True,
        help="By the limits in the settings of the company.",
    )
    nps_class = fields.Selection(NPS_CLASSES, "Recommendation", readonly=True)
    nps = fields.Integer("NPS", readonly=True, aggregator="avg")
    aside_reason = fields.Char("Reason for Setting Aside", readonly=True)
    aside = fields.Boolean("Set Aside", readonly=True)
    review_reason = fields.Selection(
        REVIEW_REASONS,
        "Reason for Review",
        readonly=True,
        help="Why somebody else than the customer may have answered. The answer is not "
        "counted until an administrator accepts it.",
    )
    to_review = fields.Boolean(readonly=True)
    follow_up_id = fields.Many2one("care.follow.up", "Follow-up", readonly=True)
    comment = fields.Text("In the Customer's Words", compute="_compute_comment")
    at_risk = fields.Boolean(
        "Customer at Risk",
        readonly=True,
        help="The score is low, by the limit from which the company follows up, or the "
        "customer would not recommend.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    year_sales = fields.Monetary(
        "Sales, 12 Months",
        compute="_compute_year_sales",
        help="Untaxed sales to the customer in the last 12 months.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT answer.id, %(asked)s, answer.partner_id AS contact_id,
                   answer.care_caller_id AS caller_id,
                   (answer.care_partial IS TRUE) AS partial,
                   answer.care_scored AS scored,
                   CASE WHEN answer.care_scored THEN answer.care_score END AS score,
                   CASE WHEN answer.care_scored THEN %(level)s END AS level,
                   CASE WHEN answer.care_scored THEN %(band)s END AS band,
                   answer.care_rated AS rated,
                   CASE WHEN answer.care_rated THEN answer.care_ratio END AS ratio,
                   CASE WHEN answer.care_rated THEN answer.care_perceived END
                       AS perceived,
                   CASE WHEN answer.care_rated THEN answer.care_expected END
                       AS expected,
                   answer.care_nps AS nps_class, answer.care_nps::int AS nps,
                   CASE WHEN answer.care_review_reason IS NULL
                          OR answer.care_aside_user_id IS NOT NULL
                        THEN NULLIF(answer.care_aside_reason, '') END AS aside_reason,
                   %(aside)s AS aside,
                   answer.care_review_reason AS review_reason,
                   (answer.care_review_reason IS NOT NULL AND %(aside)s
                    AND answer.care_aside_user_id IS NULL) AS to_review,
                   (SELECT MIN(follow_up.id) FROM care_follow_up follow_up
                     WHERE follow_up.user_input_id = answer.id) AS follow_up_id,
                   (SELECT person.care_decision_role FROM res_partner person
                     WHERE person.id = answer.partner_id) AS decision_role,
                   %(risk)s AS at_risk, company.currency_id
              FROM survey_user_input answer
              JOIN res_company company ON company.id = answer.care_company_id
             WHERE %(told)s
            """,
            asked=self._sql_asked(),
            told=self._sql_told(),
            aside=self._sql_aside(),
            level=sql_level(SQL("answer.care_score")),
            band=sql_band(SQL("answer.care_score"), "company"),
            risk=sql_at_risk(
                SQL("CASE WHEN answer.care_scored THEN answer.care_score END"),
                SQL("answer.care_nps::int"),
                SQL("company.care_low_score"),
            ),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "ratio:avg":
            self._check_field_access(self._fields["ratio"], "read")
            return sql_ratio_of_means(self._table)
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("date")
    def _compute_comment(self):
        inputs = self._inputs()
        inputs.user_input_line_ids.fetch(
            ["answer_type", "value_text_box", "value_char_box", "user_input_id"]
        )
        for answer, source in zip(self, inputs, strict=True):
            answer.comment = source._care_comment()

    @api.depends("partner_id")
    def _compute_year_sales(self):
        for company, answers in self.grouped("company_id").items():
            amounts = answers.partner_id._care_year_sales(company)
            for answer in answers:
                answer.year_sales = amounts.get(answer.partner_id.id, 0.0)

    def _inputs(self):
        """The filled surveys behind these rows, without the reader's rights"""
        return self.env["survey.user_input"].sudo().browse(self.ids)

    def action_view_answer(self):
        """What the customer answered, as a page."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self._inputs().get_print_url(),
            "target": "new",
        }

    def action_count_again(self):
        """Undo setting aside, or accept answers to review; the campaign notes it.

        :raise AccessError: not an administrator of the app
        """
        self._check_manager()
        self._inputs()._care_set_aside("")

    def _check_manager(self):
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Care can set answers aside."
                )
            )
        self.check_access("read")
