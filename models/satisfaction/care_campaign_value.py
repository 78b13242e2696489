from collections import Counter, defaultdict

from odoo import models
from odoo.tools import SQL

from ...tools import delivered_value, estimates, satisfaction
from .survey_question import VALUE_MEASURES

LIMITS = {"value": (0, 100), "cost": (0, 100), "delivered": (-100, 100)}
DIGITS = 4
"""Totals are rounded, so that equal ones are counted together."""


class CareCampaign(models.Model):
    """Value delivered to customers: value minus cost, of surveys that ask for both. See
    ``tools/delivered_value``."""

    _inherit = "care.campaign"

    def _results(self):
        results = super()._results()
        return results | {"value": self._count_value(results["answers"])}

    def _count_value(self, answers):
        """Totals with their intervals, parts, customer groups, and the change since the
        campaign before; false if the survey does not ask for value and cost"""
        asked = self._value_parts_asked()
        if not asked["value"] or not asked["cost"]:
            return False
        if self.anonymous and answers < self._least():
            return False
        tables = self._value_tables(asked)
        whole = self._value_whole(tables)
        if self.anonymous and whole["delivered"].count < self._least():
            return False
        return {
            **{name: _plain(mean) for name, mean in whole.items()},
            "parts": self._value_parts(asked),
            "groups": self._value_groups(tables),
            "change": self._value_change(whole["delivered"]),
        }

    def _value_parts_asked(self):
        """{measure: dimensions that the survey asks for}"""
        asked = defaultdict(set)
        questions = self.survey_id.sudo()._care_measured_questions()
        for question in questions.filtered(
            lambda question: question.care_measure in VALUE_MEASURES
        ):
            rows = question.matrix_row_ids.filtered("care_dimension")
            for part in (rows or question).mapped("care_dimension"):
                asked[question.care_measure].add(part)
        return asked

    def _value_tables(self, asked):
        """{tier: {(value, cost): answers}} of those who answered all parts"""
        tables = defaultdict(Counter)
        for tier, value, cost, count in self.env.execute_query(
            SQL(
                """
                WITH part AS MATERIALIZED (
                    SELECT answer.id, answer.care_tier_id AS tier, line.care_dimension,
                           AVG(care_value) FILTER (WHERE care_measure = 'value')
                               AS value,
                           AVG(care_value) FILTER (WHERE care_measure = 'cost')
                               AS cost,
                           1 + COALESCE(
                               AVG(care_value) FILTER (
                                   WHERE care_measure = 'importance'),
                               %(neutral)s) / %(step)s AS weight
                      FROM survey_user_input answer
                      JOIN survey_user_input_line line
                        ON line.user_input_id = answer.id
                     WHERE %(where)s AND line.care_measure = ANY(%(measures)s)
                       AND line.care_dimension IS NOT NULL
                  GROUP BY answer.id, line.care_dimension
                ),
                total AS (
                    SELECT tier, SUM(value * weight) / NULLIF(SUM(weight) FILTER (
                               WHERE value IS NOT NULL), 0) AS value,
                           SUM(cost * weight) / NULLIF(SUM(weight) FILTER (
                               WHERE cost IS NOT NULL), 0) AS cost
                      FROM part
                  GROUP BY id, tier
                    HAVING COUNT(value) = %(values)s AND COUNT(cost) = %(costs)s
                )
                SELECT tier, ROUND(value::numeric, %(digits)s)::float,
                       ROUND(cost::numeric, %(digits)s)::float, COUNT(*)
                  FROM total GROUP BY 1, 2, 3
                """,
                neutral=delivered_value.NEUTRAL_IMPORTANCE,
                step=satisfaction.MARK_STEP,
                where=self._where(),
                measures=list(VALUE_MEASURES),
                values=len(asked["value"]),
                costs=len(asked["cost"]),
                digits=DIGITS,
            )
        ):
            tables[tier][value, cost] += count
        return tables

    def _value_whole(self, tables):
        """{total: mean} of all customers, weighted as satisfaction is"""
        whole = Counter()
        for table in tables.values():
            whole += table
        strata = self._strata()
        means = _means(whole, self._population())
        counts = {tier: {"answers": table.total()} for tier, table in tables.items()}
        if not self._is_weighted(counts):
            return means
        parts = {
            tier or 0: _means(table, strata.get(tier or 0))
            for tier, table in tables.items()
        }
        nobody = dict.fromkeys(LIMITS, estimates.Mean(0, None, None, None))
        for name in LIMITS:
            found = estimates.weighted(
                (size, parts.get(tier, nobody)[name]) for tier, size in strata.items()
            )
            if found.count == means[name].count:
                means[name] = found
        return means

    def _value_parts(self, asked):
        """Each part with its mean and interval, values first"""
        counts = defaultdict(Counter)
        for measure, part, score, count in self.env.execute_query(
            SQL(
                """
                SELECT line.care_measure, line.care_dimension, line.care_value,
                       COUNT(*)
                  FROM survey_user_input answer
                  JOIN survey_user_input_line line ON line.user_input_id = answer.id
                 WHERE %s AND line.care_measure = ANY(%s)
                   AND line.care_dimension IS NOT NULL
              GROUP BY 1, 2, 3
                """,
                self._where(),
                list(VALUE_MEASURES),
            )
        ):
            counts[measure, part][score] += count
        labels = self._labels("survey.question", "care_dimension")
        rows = []
        for measure in ("value", "cost"):
            for part in sorted(asked[measure], key=list(labels).index):
                found = counts[measure, part]
                if self.anonymous and found.total() < self._least():
                    continue
                importance = counts["importance", part]
                if self.anonymous and importance.total() < self._least():
                    importance = Counter()
                mean = estimates.mean(found, 0, 100, self._population())
                rows.append(
                    {
                        "measure": measure,
                        "key": part,
                        "label": labels[part],
                        "importance": estimates.mean(importance, 0, 100).value,
                        **_plain(mean),
                    }
                )
        return rows

    def _value_groups(self, tables):
        """Totals of each tier; small groups of anonymous campaigns are hidden."""
        counts = {tier: table.total() for tier, table in tables.items()}
        visible = satisfaction.shown(counts) if self.anonymous else set(counts)
        strata = self._strata()
        tiers = self.env["care.tier"].sudo().browse(filter(None, visible)).sorted()
        order = [*tiers.ids, *(tier for tier in visible if not tier)]
        return [
            {
                "id": tier or 0,
                "name": tiers.browse(tier).display_name if tier else self.env._("None"),
                **{
                    name: _plain(mean)
                    for name, mean in _means(
                        tables[tier],
                        None if self.anonymous and not tier else strata.get(tier or 0),
                    ).items()
                },
            }
            for tier in order
        ]

    def _value_change(self, after):
        """Change of delivered value since the campaign of the same survey before"""
        before = self._previous() if self.started_at else self.browse()
        if not before:
            return False
        asked = before._value_parts_asked()
        mean = before._value_whole(before._value_tables(asked))["delivered"]
        if before.anonymous and mean.count < self._least():
            return False
        change = estimates.change(mean, after)
        return change and {
            "name": before.name,
            **change._asdict(),
            "significant": change.significant,
        }


def _means(table, population=None):
    """{total: mean}

    :param table: {(value, cost): answers}
    """
    counts = {name: Counter() for name in LIMITS}
    for (value, cost), count in table.items():
        counts["value"][value] += count
        counts["cost"][cost] += count
        both = delivered_value.Delivered(value, cost)
        counts["delivered"][round(both.delivered, DIGITS)] += count
    return {
        name: estimates.mean(counts[name], *limits, population)
        for name, limits in LIMITS.items()
    }


def _plain(mean):
    return mean._asdict() | {"few": mean.few}
