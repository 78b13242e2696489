from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import satisfaction
from .care_answer import LEVEL_WORDS, sql_level, sql_ratio
from .survey_question import DIMENSIONS

RESULT_COMMENTS = 20
"""How many of the customers' own words are shown"""


class CareCampaign(models.Model):
    """Results of a campaign, aggregated by the database in a few queries; means,
    intervals and classes come from ``tools/satisfaction``."""

    _inherit = "care.campaign"

    results = fields.Json(
        compute="_compute_results",
        groups="customer_care.group_user_all",
        exportable=False,
    )

    @api.depends("answered_count")
    @api.depends_context("lang")
    def _compute_results(self):
        for campaign in self:
            campaign.results = campaign._results() if campaign._origin.id else False

    def _results(self):
        """Plain values for the page of results"""
        self.ensure_one()
        self.env["survey.user_input"].flush_model()
        self.env["survey.user_input.line"].flush_model()
        whole, groups = self._count_answers()
        answers, aside = whole.pop("answers"), whole.pop("aside")
        return {
            "anonymous": self.anonymous,
            "least": satisfaction.ANONYMOUS_GROUP_SIZE,
            "asked": self.sent_count,
            "answers": answers,
            "aside": aside,
            "response_rate": self.response_rate,
            **whole,
            "levels": self._levels(whole.pop("by_level")),
            "dimensions": self._count_dimensions(answers),
            "groups": [
                {"name": name, "rows": self._named(model, rows)}
                for name, model, rows in (
                    (self.env._("By tier"), "care.tier", groups["tier"]),
                    (
                        self.env._("By account manager"),
                        "res.users",
                        groups["manager"],
                    ),
                )
                if rows and not (self.anonymous and model == "res.users")
            ],
            "comments": self._comments(answers),
        }

    def _where(self):
        """Answers of the campaign that count"""
        return SQL(
            "answer.care_campaign_id = %s AND answer.state = 'done'"
            " AND COALESCE(answer.care_aside_reason, '') = ''",
            self.id,
        )

    def _count_answers(self):
        """Sums of all answers, and by tier and account manager, in one statement"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(answer.care_tier_id, answer.care_manager_id),
                       answer.care_tier_id, answer.care_manager_id, COUNT(*),
                       COUNT(*) FILTER (WHERE care_scored),
                       AVG(care_score) FILTER (WHERE care_scored),
                       COALESCE(VAR_POP(care_score) FILTER (WHERE care_scored)
                                * COUNT(*) FILTER (WHERE care_scored), 0),
                       COUNT(care_nps), AVG(care_nps::int),
                       COALESCE(VAR_POP(care_nps::int) * COUNT(care_nps), 0),
                       COUNT(*) FILTER (WHERE care_nps = '100'),
                       COUNT(*) FILTER (WHERE care_nps = '-100'),
                       COUNT(*) FILTER (WHERE care_rated),
                       AVG(care_ratio) FILTER (WHERE care_rated),
                       %(levels)s
                  FROM survey_user_input answer
                 WHERE %(where)s
              GROUP BY GROUPING SETS ((), (answer.care_tier_id),
                                      (answer.care_manager_id))
                """,
                levels=SQL(", ").join(
                    SQL(
                        "COUNT(*) FILTER (WHERE care_scored AND %s = %s)",
                        sql_level(SQL("care_score")),
                        key,
                    )
                    for key, _label in LEVEL_WORDS
                ),
                where=self._where(),
            )
        )
        groups = {"tier": {}, "manager": {}}
        whole = {}
        for kind, tier, manager, answers, *sums in rows:
            if kind == 3:
                whole = self._sums(answers, sums)
            elif kind == 1:
                groups["tier"][tier] = self._sums(answers, sums)
            else:
                groups["manager"][manager] = self._sums(answers, sums)
        [(aside,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM survey_user_input WHERE care_campaign_id = %s"
                " AND COALESCE(care_aside_reason, '') <> ''",
                self.id,
            )
        )
        return whole | {"aside": aside}, groups

    @api.model
    def _sums(self, answers, sums):
        scored, score, squares, said, nps, nps_squares = sums[:6]
        promoters, detractors, rated, ratio, *levels = sums[6:]
        return {
            "answers": answers,
            "score": _mean(scored, score, squares, 0, 100),
            "nps": _mean(said, nps, nps_squares, -100, 100)
            | {"promoters": promoters, "detractors": detractors},
            "ratio": {"count": rated, "value": ratio},
            "by_level": {
                key: count
                for (key, _label), count in zip(LEVEL_WORDS, levels, strict=True)
            },
        }

    def _levels(self, counts):
        percent = satisfaction.shares(counts)
        labels = self._labels("care.answer", "level")
        return [
            {
                "key": key,
                "label": labels[key],
                "count": counts[key],
                "percent": percent[key],
            }
            for key, _label in LEVEL_WORDS
        ]

    def _labels(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _named(self, model, rows):
        """Groups with their names; small groups of anonymous campaigns are hidden."""
        visible = (
            satisfaction.shown({key: row["answers"] for key, row in rows.items()})
            if self.anonymous
            else set(rows)
        )
        records = self.env[model].sudo().browse([key for key in rows if key])
        records.fetch(["display_name"])
        order = {record.id: place for place, record in enumerate(records.sorted())}
        return [
            {
                "id": key or 0,
                "name": records.browse(key).display_name if key else self.env._("None"),
                **{name: row[name] for name in ("answers", "score", "nps", "ratio")},
            }
            if key in visible
            else {"id": key or 0, "name": False, "answers": row["answers"]}
            for key, row in sorted(
                rows.items(), key=lambda item: order.get(item[0], len(order))
            )
            if key in visible or row["answers"]
        ]

    def _count_dimensions(self, answers):
        """Importance (expected), satisfaction (perceived) and ratio of each
        dimension"""
        if self.anonymous and answers < satisfaction.ANONYMOUS_GROUP_SIZE:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT dimension, COUNT(*), AVG(expected), AVG(perceived),
                       AVG(%(ratio)s), COUNT(expected + perceived)
                  FROM (SELECT line.care_dimension AS dimension,
                               AVG(care_value) FILTER (
                                   WHERE line.care_measure = 'expectation') AS expected,
                               AVG(care_value) FILTER (
                                   WHERE line.care_measure IN ('perception',
                                                               'satisfaction'))
                                   AS perceived
                          FROM survey_user_input answer
                          JOIN survey_user_input_line line
                            ON line.user_input_id = answer.id
                         WHERE %(where)s AND line.care_dimension IS NOT NULL
                      GROUP BY answer.id, line.care_dimension) AS part
              GROUP BY dimension
                """,
                ratio=sql_ratio(SQL("perceived"), SQL("expected")),
                where=self._where(),
            )
        )
        labels = self._labels("care.satisfaction.report", "dimension")
        place = [key for key, _label in DIMENSIONS]
        return [
            {
                "key": key,
                "label": labels[key],
                "count": count,
                "importance": expected,
                "satisfaction": perceived,
                "ratio": ratio,
                "rated": rated,
                "few": count < satisfaction.FEW_ANSWERS,
            }
            for key, count, expected, perceived, ratio, rated in sorted(
                rows, key=lambda row: place.index(row[0])
            )
        ]

    def _comments(self, answers):
        """Comments of customers. Those of anonymous campaigns are in alphabetical order
        and hidden if there are few."""
        if self.anonymous and answers < satisfaction.ANONYMOUS_GROUP_SIZE:
            return []
        words = SQL("COALESCE(line.value_text_box, line.value_char_box)")
        return [
            {"words": said, "customer": customer or False}
            for said, customer in self.env.execute_query(
                SQL(
                    """
                    SELECT %(words)s, customer.name
                      FROM survey_user_input answer
                      JOIN survey_user_input_line line
                        ON line.user_input_id = answer.id
                 LEFT JOIN res_partner customer
                        ON customer.id = answer.care_partner_id
                     WHERE %(where)s AND line.answer_type IN ('text_box', 'char_box')
                       AND COALESCE(%(words)s, '') <> ''
                  ORDER BY %(order)s LIMIT %(limit)s
                    """,
                    words=words,
                    where=self._where(),
                    order=words if self.anonymous else SQL("answer.end_datetime DESC"),
                    limit=RESULT_COMMENTS,
                )
            )
        ]


def _mean(count, middle, squares, low, high):
    result = satisfaction.mean_of_sums(count, middle or 0, squares or 0, low, high)
    return result._asdict() | {"few": result.few}
