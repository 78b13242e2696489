from odoo import models
from odoo.tools import SQL

from ...tools.account_answers import DISAGREEMENT
from .care_answer import sql_at_risk

SPLIT_ACCOUNTS = 10
"""How many accounts whose persons disagree are listed"""


class CareCampaign(models.Model):
    """Answers of several persons of an account count as one: its score is their mean,
    and intervals rest on accounts, as their answers are not independent. An answer
    without customer (anonymous, or erased) is an account of its own."""

    _inherit = "care.campaign"

    def _sql_accounts(self):
        """A row for each account that has answered. Its recommendation is the mean of
        the classes of its persons, from -100 to 100."""
        return SQL(
            """
            SELECT COALESCE(answer.care_partner_id, -answer.id) AS account,
                   MAX(answer.care_tier_id) AS tier_id,
                   MAX(answer.care_manager_id) AS manager_id,
                   COUNT(*) AS persons,
                   AVG(care_score) FILTER (WHERE care_scored)::float8 AS score,
                   AVG(care_nps::int)::float8 AS nps,
                   COUNT(*) FILTER (WHERE care_nps = '100') AS promoters,
                   COUNT(*) FILTER (WHERE care_nps = '-100') AS detractors,
                   COALESCE(BOOL_OR(care_rated), FALSE) AS rated,
                   AVG(care_perceived) FILTER (WHERE care_rated)::float8 AS perceived,
                   AVG(care_expected) FILTER (WHERE care_rated)::float8 AS expected
              FROM survey_user_input answer
             WHERE %s
          GROUP BY COALESCE(answer.care_partner_id, -answer.id)
            """,
            self._where(),
        )

    def _sql_account_at_risk(self):
        """Is an account's row of :meth:`_sql_accounts` at risk?"""
        low = self.company_id.sudo().care_low_score
        return sql_at_risk(SQL("account.score"), SQL("account.nps"), SQL("%s", low))

    def _count_accounts(self, answers):
        """How many persons of how many accounts answered, and accounts whose persons
        disagree; False where one person of each was asked"""
        if self.account_persons == "main":
            return False
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id, customer.name, COUNT(*),
                       MAX(care_score) FILTER (WHERE care_scored)
                           - MIN(care_score) FILTER (WHERE care_scored) AS spread,
                       json_agg(json_build_object(
                           'name', person.name, 'role', person.care_decision_role,
                           'score', CASE WHEN care_scored THEN care_score END)
                           ORDER BY care_score DESC, answer.id)
                  FROM survey_user_input answer
                  JOIN res_partner customer ON customer.id = answer.care_partner_id
             LEFT JOIN res_partner person ON person.id = answer.partner_id
                 WHERE %s
              GROUP BY customer.id, customer.name
              ORDER BY spread DESC NULLS LAST, customer.name, customer.id
                """,
                self._where(),
            )
        )
        roles = self._labels("res.partner", "care_decision_role")
        split = [row for row in rows if (row[3] or 0) >= DISAGREEMENT]
        return {
            "persons": answers,
            "accounts": len(rows),
            "several": sum(count > 1 for _id, _name, count, *_rest in rows),
            "split_count": len(split),
            "split": [
                {
                    "id": customer,
                    "name": name,
                    "spread": spread,
                    "persons": [
                        person | {"role": roles.get(person["role"], False)}
                        for person in persons
                    ],
                }
                for customer, name, _count, spread, persons in split[:SPLIT_ACCOUNTS]
            ],
        }
