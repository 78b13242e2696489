from odoo import fields, models
from odoo.tools import SQL

from .care_answer import sql_ratio
from .survey_question import DIMENSIONS


class CareSatisfactionReport(models.Model):
    """Answers by dimension: a row for each survey filled in and dimension asked about;
    the questions about everything are the row without a dimension."""

    _name = "care.satisfaction.report"
    _description = "Satisfaction"
    _auto = False
    _depends = {
        "survey.user_input": [
            "state",
            "end_datetime",
            "care_company_id",
            "care_campaign_id",
            "care_complaint_id",
            "care_partner_id",
            "care_tier_id",
            "care_region_id",
            "care_user_id",
            "care_manager_id",
            "care_anonymous",
            "care_nps",
            "care_aside_reason",
        ],
        "survey.user_input.line": ["care_measure", "care_dimension", "care_value"],
        "res.users": ["sale_team_id"],
    }
    _order = "date DESC, id DESC"
    _rec_name = "partner_id"

    date = fields.Datetime("Answered on", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    campaign_id = fields.Many2one("care.campaign", readonly=True)
    complaint_id = fields.Many2one("care.complaint", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    tier_id = fields.Many2one("care.tier", "Tier when Asked", readonly=True)
    region_id = fields.Many2one("care.region", "Region when Asked", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    manager_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    department_id = fields.Many2one(
        "crm.team", readonly=True, help="The sales team of the account manager."
    )
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    score = fields.Float(
        "Satisfaction",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="0 to 100: of the questions about satisfaction, else about perception.",
    )
    expected = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    perceived = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    ratio = fields.Float(
        "Perceived / Expected", readonly=True, digits=(4, 2), aggregator="avg"
    )
    nps = fields.Float(
        "NPS", readonly=True, digits=(5, 1), aggregator="avg", help="-100 to 100"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.*, %s AS ratio FROM (
                SELECT MIN(line.id) AS id, answer.end_datetime AS date,
                       answer.care_company_id AS company_id,
                       answer.care_campaign_id AS campaign_id,
                       answer.care_complaint_id AS complaint_id,
                       answer.care_partner_id AS partner_id,
                       answer.care_tier_id AS tier_id,
                       answer.care_region_id AS region_id,
                       answer.care_user_id AS user_id,
                       answer.care_manager_id AS manager_id,
                       manager.sale_team_id AS department_id,
                       line.care_dimension AS dimension,
                       COALESCE(
                           AVG(line.care_value)
                               FILTER (WHERE line.care_measure = 'satisfaction'),
                           AVG(line.care_value)
                               FILTER (WHERE line.care_measure = 'perception'))
                           AS score,
                       AVG(line.care_value)
                           FILTER (WHERE line.care_measure = 'expectation') AS expected,
                       AVG(line.care_value)
                           FILTER (WHERE line.care_measure = 'perception') AS perceived,
                       AVG(CASE WHEN line.care_measure = 'nps'
                                THEN answer.care_nps::int END) AS nps
                  FROM survey_user_input answer
                  JOIN survey_user_input_line line ON line.user_input_id = answer.id
             LEFT JOIN res_users manager ON manager.id = answer.care_manager_id
                 WHERE answer.care_company_id IS NOT NULL AND answer.state = 'done'
                   AND answer.care_anonymous IS NOT TRUE
                   AND COALESCE(answer.care_aside_reason, '') = ''
                   AND line.care_measure IS NOT NULL
              GROUP BY answer.id, manager.id, line.care_dimension) AS part
            """,
            sql_ratio(SQL("part.perceived"), SQL("part.expected")),
        )
