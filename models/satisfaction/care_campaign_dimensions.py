from collections import Counter, defaultdict

from odoo import models
from odoo.tools import SQL

from ...tools import estimates, satisfaction
from .survey_question import DIMENSIONS, VALUE_MEASURES


class CareCampaign(models.Model):
    """What satisfaction depends on: dimensions, how important customers say they are,
    and how important their answers make them."""

    _inherit = "care.campaign"

    def _count_dimensions(self, answers):
        """Stated importance (expected), satisfaction (perceived), ratio and derived
        importance of each dimension"""
        if self.anonymous and answers < satisfaction.ANONYMOUS_GROUP_SIZE:
            return []
        tables = self._dimension_tables()
        labels = self._labels("care.satisfaction.report", "dimension")
        if self.anonymous:
            tables = {
                key: table
                for key, table in tables.items()
                if table.total() >= self._least()
            }
        target, derived = self._derive_importance(tables)
        return [
            self._dimension(tables[key])
            | {
                "key": key,
                "label": labels[key],
                "derived": derived.get(key),
                "target": target,
            }
            for key, _label in DIMENSIONS
            if key in tables
        ]

    def _dimension_tables(self):
        """{dimension: {(expected, perceived, recommend, overall): count}}, each a score
        or None, of accounts that say something of the dimension"""
        tables = defaultdict(Counter)
        for dimension, *values, count in self.env.execute_query(
            SQL(
                """
                WITH person AS MATERIALIZED (
                    SELECT COALESCE(answer.care_partner_id, -answer.id) AS answer,
                           line.care_dimension AS dimension,
                           AVG(care_value) FILTER (
                               WHERE line.care_measure = 'expectation') AS expected,
                           AVG(care_value) FILTER (
                               WHERE line.care_measure IN ('perception',
                                                           'satisfaction'))
                               AS perceived,
                           AVG(care_value) FILTER (
                               WHERE line.care_measure = 'nps') AS recommend
                      FROM survey_user_input answer
                      JOIN survey_user_input_line line
                        ON line.user_input_id = answer.id
                     WHERE %s AND line.care_measure <> ALL(%s)
                  GROUP BY answer.id, line.care_dimension
                ),
                part AS MATERIALIZED (
                    SELECT answer, dimension, AVG(expected) AS expected,
                           AVG(perceived) AS perceived, AVG(recommend) AS recommend
                      FROM person GROUP BY answer, dimension
                ),
                target AS (
                    SELECT answer, MAX(recommend) AS recommend,
                           MAX(perceived) FILTER (WHERE dimension IS NULL) AS overall
                      FROM part
                     WHERE recommend IS NOT NULL OR dimension IS NULL
                  GROUP BY answer
                )
                SELECT part.dimension, part.expected, part.perceived,
                       target.recommend, target.overall, COUNT(*)
                  FROM part LEFT JOIN target ON target.answer = part.answer
                 WHERE part.dimension IS NOT NULL
              GROUP BY part.dimension, part.expected, part.perceived,
                       target.recommend, target.overall
                """,
                self._where(),
                list(VALUE_MEASURES),
            )
        ):
            tables[dimension][tuple(values)] += count
        return tables

    def _dimension(self, table):
        """Means of a dimension, and their ratio where both were answered"""
        expected = _average((row[0], count) for row, count in table.items())
        perceived = _average((row[1], count) for row, count in table.items())
        both = [
            (row, count)
            for row, count in table.items()
            if row[0] is not None and row[1] is not None
        ]
        ratio = None
        if both:
            ratio = satisfaction.ratio(
                _average((row[1], count) for row, count in both),
                _average((row[0], count) for row, count in both),
            )
        return {
            "count": table.total(),
            "importance": expected,
            "satisfaction": perceived,
            "ratio": ratio,
            "rated": sum(count for _row, count in both),
            "few": table.total() < estimates.FEW_ANSWERS,
        }

    def _derive_importance(self, tables):
        """How closely what customers perceive of a dimension goes with whether they
        recommend, or else with their overall satisfaction (Spearman's correlation).

        :return: ``nps`` or ``overall``, and {dimension: correlation}; false if
            neither was asked of enough customers
        """
        for place, name in ((2, "nps"), (3, "overall")):
            derived = {}
            for key, table in tables.items():
                pairs = Counter()
                for row, count in table.items():
                    if row[1] is not None and row[place] is not None:
                        pairs[row[1], row[place]] += count
                derived[key] = estimates.spearman(pairs)
            if any(value is not None for value in derived.values()):
                return name, derived
        return False, {}


def _average(pairs):
    """Mean of values with their counts, without those that are None"""
    pairs = [(value, count) for value, count in pairs if value is not None]
    total = sum(count for _value, count in pairs)
    return sum(value * count for value, count in pairs) / total if total else None
