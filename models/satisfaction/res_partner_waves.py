from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import account_answers
from ...tools.satisfaction import trend
from .care_answer import sql_ratio

HISTORY_ANSWERS = 60
"""How many answers the chart of a customer is made of"""
HISTORY_WAVES = 12


class ResPartner(models.Model):
    """A customer's answers by wave: those of its persons to one campaign are one, and
    each answer after a complaint is one."""

    _inherit = "res.partner"

    @api.model
    def _care_sql_waves(self, condition):
        """Rows (care_partner_id, at, last_id, company_id, score, ratio, nps) of the
        answers that count and meet a condition. The score is the mean of the persons,
        the recommendation the class of their mean.

        :param SQL condition: on ``survey_user_input``
        """
        return SQL(
            """
            SELECT care_partner_id, MAX(end_datetime) AS at, MAX(id) AS last_id,
                   MAX(care_company_id) AS company_id,
                   AVG(care_score) FILTER (WHERE care_scored) AS score,
                   %(ratio)s AS ratio,
                   CASE WHEN AVG(care_nps::int) >= 50 THEN '100'
                        WHEN AVG(care_nps::int) <= -50 THEN '-100'
                        WHEN COUNT(care_nps) > 0 THEN '0' END AS nps
              FROM survey_user_input
             WHERE state = 'done' AND COALESCE(care_aside_reason, '') = ''
               AND %(condition)s
          GROUP BY care_partner_id, care_campaign_id,
                   CASE WHEN care_campaign_id IS NULL THEN id END
            """,
            ratio=sql_ratio(
                SQL("(AVG(care_perceived) FILTER (WHERE care_rated))"),
                SQL("(AVG(care_expected) FILTER (WHERE care_rated))"),
            ),
            condition=condition,
        )

    @api.model
    def _care_sql_visible_waves(self):
        """Waves of all customers in the user's companies that the user may see"""
        return self._care_sql_waves(
            SQL(
                "care_partner_id IS NOT NULL AND care_company_id = ANY(%s) AND %s",
                self.env.companies.ids,
                self._care_sql_visible(SQL("care_partner_id")),
            )
        )

    def _search_care_satisfaction_trend(self, operator, value):
        """Latest wave compared with the one before, as :func:`satisfaction.trend`"""
        if operator != "in":
            return NotImplemented
        self.env["survey.user_input"].flush_model()
        least = account_answers.LEAST_CHANGE
        conditions = {
            "up": SQL("now - before >= %s", least),
            "down": SQL("before - now >= %s", least),
            "same": SQL("ABS(now - before) < %s", least),
            False: SQL("now IS NULL OR before IS NULL"),
        }
        chosen = [SQL("(%s)", conditions[key]) for key in conditions if key in value]
        found = SQL(
            """
            SELECT care_partner_id FROM (
                SELECT care_partner_id, MAX(score) FILTER (WHERE place = 1) AS now,
                       MAX(score) FILTER (WHERE place = 2) AS before
                  FROM (SELECT care_partner_id, score,
                               ROW_NUMBER() OVER (
                                   PARTITION BY care_partner_id
                                       ORDER BY at DESC, last_id DESC) AS place
                          FROM (%s) AS wave) AS ranked
                 WHERE place <= 2
              GROUP BY care_partner_id) AS compared
             WHERE %s
            """,
            self._care_sql_visible_waves(),
            SQL(" OR ").join(chosen) if chosen else SQL("FALSE"),
        )
        domain = Domain("commercial_partner_id", "in", found)
        if False in value:
            domain |= ~Domain(
                "commercial_partner_id",
                "in",
                SQL(
                    "SELECT care_partner_id FROM (%s) AS wave",
                    self._care_sql_visible_waves(),
                ),
            )
        return domain

    # ------------------------------------------------------------
    # Customer card
    # ------------------------------------------------------------

    def _care_card_parts(self):
        """Answers for the chart of scores by wave"""
        parts = super()._care_card_parts()
        if not self._care_features()["satisfaction"]:
            return parts | {"satisfaction_waves": SQL("'[]'::json")}
        Answer = self.env["care.answer"]
        query = Answer._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("aside", "=", False),
            order="date DESC, id DESC",
            limit=HISTORY_ANSWERS,
        )
        table = Answer._table
        rows = self._care_sql_rows(
            Answer,
            query,
            ["id", "date", "score", "campaign_id", "decision_role"],
            campaign=SQL(
                "(SELECT name FROM care_campaign WHERE id = %s)",
                SQL.identifier(table, "campaign_id"),
            ),
            person=SQL(
                "(SELECT name FROM res_partner WHERE id = %s)",
                SQL.identifier(table, "contact_id"),
            ),
        )
        return parts | {"satisfaction_waves": rows}

    def _care_card_values(self):
        card = super()._care_card_values()
        card["satisfaction_waves"] = self._care_waves(
            card["satisfaction_waves"], card["labels"]["decision_role"]
        )
        waves = card["satisfaction_waves"]
        scored = [wave for wave in waves if wave["persons"]]
        card["satisfaction_trend"] = trend(
            [wave["score"] for wave in waves[-2:] if wave["persons"]]
        )
        change = None
        if len(scored) > 1:
            change = account_answers.difference(
                *(
                    [person["score"] for person in wave["persons"]]
                    for wave in scored[-2:]
                )
            )
        card["satisfaction_change"] = change._asdict() if change else False
        return card

    @api.model
    def _care_waves(self, rows, roles):
        """Waves, the oldest first, of answers, the latest first. The interval is that
        of several persons; one person has none."""
        by_key = {}
        for row in rows:
            campaign = row["campaign_id"]
            key = ("campaign", campaign) if campaign else ("answer", row["id"])
            by_key.setdefault(key, []).append(row)
        found = account_answers.waves(
            (key, row["score"]) for key, answers in by_key.items() for row in answers
        )
        return [
            self._care_wave(wave, by_key[wave.key], roles)
            for wave in reversed(found[:HISTORY_WAVES])
        ]

    @api.model
    def _care_wave(self, wave, rows, roles):
        low, high = account_answers.shown_interval(wave)
        return {
            "key": "-".join(map(str, wave.key)),
            "id": rows[0]["id"],
            "date": rows[0]["date"][:10],
            "name": rows[0]["campaign"] or self.env._("After a complaint"),
            "score": wave.mean.value,
            "low": low,
            "high": high,
            "disagree": wave.disagree,
            "persons": [
                {
                    "id": row["id"],
                    "name": row["person"] or "",
                    "role": roles.get(row["decision_role"], False),
                    "score": row["score"],
                }
                for row in rows
                if row["score"] is not None
            ],
        }
