from collections import Counter, defaultdict

from odoo import models
from odoo.tools import SQL

from ...tools import estimates, satisfaction
from .survey_question import DIMENSIONS


class CareCampaign(models.Model):
    """What satisfaction depends on: dimensions, how important customers say they are,
    and how important their answers make them."""

    _inherit = "care.campaign"

    def _count_dimensions(self, answers):
        """Stated importance (expected), satisfaction (perceived), ratio and derived
        importance of each dimension"""
        if self.anonymous and answers < satisfaction.ANONYMOUS_GROUP_SIZE:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT dimension, COUNT(*), AVG(expected), AVG(perceived),
                       COUNT(expected + perceived),
                       AVG(expected) FILTER (WHERE perceived IS NOT NULL),
                       AVG(perceived) FILTER (WHERE expected IS NOT NULL)
                  FROM (%s) AS part
                 WHERE dimension IS NOT NULL
              GROUP BY dimension
                """,
                self._sql_parts(),
            )
        )
        labels = self._labels("care.satisfaction.report", "dimension")
        place = [key for key, _label in DIMENSIONS]
        if self.anonymous:
            rows = [row for row in rows if row[1] >= self._least()]
        target, derived = self._derive_importance()
        return [
            {
                "key": key,
                "label": labels[key],
                "count": count,
                "importance": expected,
                "satisfaction": perceived,
                "ratio": satisfaction.ratio(both[1], both[0]) if rated else None,
                "rated": rated,
                "few": count < estimates.FEW_ANSWERS,
                "derived": derived.get(key),
                "target": target,
            }
            for key, count, expected, perceived, rated, *both in sorted(
                rows, key=lambda row: place.index(row[0])
            )
        ]

    def _sql_parts(self):
        """Rows (answer, dimension, expected, perceived, recommend) of each survey and
        dimension, or none for questions about all"""
        return SQL(
            """
            SELECT answer.id AS answer, line.care_dimension AS dimension,
                   AVG(care_value) FILTER (
                       WHERE line.care_measure = 'expectation') AS expected,
                   AVG(care_value) FILTER (
                       WHERE line.care_measure IN ('perception', 'satisfaction'))
                       AS perceived,
                   AVG(care_value) FILTER (
                       WHERE line.care_measure = 'nps') AS recommend
              FROM survey_user_input answer
              JOIN survey_user_input_line line ON line.user_input_id = answer.id
             WHERE %s AND line.care_measure IS NOT NULL
          GROUP BY answer.id, line.care_dimension
            """,
            self._where(),
        )

    def _derive_importance(self):
        """How closely what customers perceive of a dimension goes with whether they
        recommend, or else with their overall satisfaction (Spearman's correlation).

        :return: ``nps`` or ``overall``, and {dimension: correlation}; false if
            neither was asked of enough customers
        """
        pairs = {"nps": defaultdict(Counter), "overall": defaultdict(Counter)}
        for dimension, perceived, recommend, overall, count in self.env.execute_query(
            SQL(
                """
                WITH part AS MATERIALIZED (%s),
                target AS (
                    SELECT answer, MAX(recommend) AS recommend,
                           MAX(perceived) FILTER (WHERE dimension IS NULL) AS overall
                      FROM part GROUP BY answer
                )
                SELECT part.dimension, part.perceived, target.recommend,
                       target.overall, COUNT(*)
                  FROM part JOIN target ON target.answer = part.answer
                 WHERE part.dimension IS NOT NULL AND part.perceived IS NOT NULL
              GROUP BY part.dimension, part.perceived, target.recommend, target.overall
                """,
                self._sql_parts(),
            )
        ):
            for name, value in (("nps", recommend), ("overall", overall)):
                if value is not None:
                    pairs[name][dimension][perceived, value] += count
        for name, dimensions in pairs.items():
            derived = {
                key: estimates.spearman(table) for key, table in dimensions.items()
            }
            if any(value is not None for value in derived.values()):
                return name, derived
        return False, {}
