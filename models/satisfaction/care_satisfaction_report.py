from odoo import fields, models
from odoo.tools import SQL

from .care_answer import sql_ratio, sql_ratio_of_means
from .survey_question import DIMENSIONS, VALUE_MEASURES


class CareSatisfactionReport(models.Model):
    """Answers by dimension: one row per completed survey and dimension. Overall
    questions have a row without dimension."""

    _name = "care.satisfaction.report"
    _description = "Satisfaction"
    _inherit = ["care.answer.analysis"]
    _auto = False
    _depends = {
        "survey.user_input.line": ["care_measure", "care_dimension", "care_value"],
        "res.users": ["sale_team_id"],
    }

    department_id = fields.Many2one(
        "crm.team", readonly=True, help="The sales team of the account manager."
    )
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    score = fields.Float(
        "Satisfaction",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="Score from 0 to 100 of the questions about satisfaction, or else "
        "about perception.",
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
        """Join the department after grouping, so that PostgreSQL groups by answer and
        dimension only, and drops the join where no department is asked for."""
        return SQL(
            """
            SELECT part.*, %(ratio)s AS ratio,
                   manager.sale_team_id AS department_id
              FROM (
                SELECT MIN(line.id) AS id, %(asked)s,
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
                 WHERE %(told)s AND NOT %(aside)s
                   AND line.care_measure <> ALL(%(value)s)
              GROUP BY answer.id, line.care_dimension) AS part
         LEFT JOIN res_users manager ON manager.id = part.manager_id
            """,
            ratio=sql_ratio(SQL("part.perceived"), SQL("part.expected")),
            asked=self._sql_asked(),
            told=self._sql_told(),
            aside=self._sql_aside(),
            value=list(VALUE_MEASURES),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "ratio:avg":
            self._check_field_access(self._fields["ratio"], "read")
            return sql_ratio_of_means(self._table)
        return super()._read_group_select(aggregate_spec, query)
