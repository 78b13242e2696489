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
        [(accounts, several, split_count)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), COUNT(*) FILTER (WHERE persons > 1),
                       COUNT(*) FILTER (WHERE spread >= %s)
                  FROM (%s) AS account
                """,
                DISAGREEMENT,
                self._sql_persons(),
            )
        )
        split = self.env.execute_query(
            SQL(
                "SELECT id, name, spread, said FROM (%s) AS account WHERE spread >= %s"
                " ORDER BY spread DESC, name, id LIMIT %s",
                self._sql_persons(said=True),
                DISAGREEMENT,
                SPLIT_ACCOUNTS,
            )
        )
        roles = self._labels("res.partner", "care_decision_role")
        return {
            "persons": answers,
            "accounts": accounts,
            "several": several,
            "split_count": split_count,
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
                for customer, name, spread, persons in split
            ],
        }

    def _sql_persons(self, said=False):
        """A row for each customer of whom somebody has answered

        :param said: with the persons and what they said
        """
        words = SQL(
            """,
            json_agg(json_build_object(
                'name', person.name, 'role', person.care_decision_role,
                'score', CASE WHEN care_scored THEN care_score END)
                ORDER BY care_score DESC, answer.id) AS said
            """
        )
        return SQL(
            """
            SELECT customer.id, customer.name, COUNT(*) AS persons,
                   MAX(care_score) FILTER (WHERE care_scored)
                       - MIN(care_score) FILTER (WHERE care_scored) AS spread %s
              FROM survey_user_input answer
              JOIN res_partner customer ON customer.id = answer.care_partner_id
         LEFT JOIN res_partner person ON person.id = answer.partner_id
             WHERE %s
          GROUP BY customer.id, customer.name
            """,
            words if said else SQL(),
            self._where(),
        )
