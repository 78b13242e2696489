from odoo import api, models
from odoo.tools import SQL

ANSWER = "survey.user_input"


class CareMeritEntry(models.Model):
    """Praise: answers of customers above the mark of the company. Anonymous answers,
    and those set aside, count for nobody."""

    _inherit = "care.merit.entry"

    @api.model
    def _sql_praising(self, frame):
        """Rows (id, company, person, department, day, score) of answers of the month:
        of the handler of a complaint, else the account manager"""
        Answer = self.env["care.answer"]
        return SQL(
            """
            SELECT answer.id, answer.care_company_id AS company_id,
                   person.user_id, person.team_id, person.supervisor_id,
                   answer.care_score AS score,
                   (answer.end_datetime AT TIME ZONE 'UTC'
                    AT TIME ZONE company.zone)::date AS day
              FROM survey_user_input answer
              JOIN company ON company.id = answer.care_company_id
         LEFT JOIN care_complaint complaint ON complaint.id = answer.care_complaint_id
              JOIN person
                ON person.company_id = answer.care_company_id
               AND person.user_id = COALESCE(complaint.user_id, answer.care_manager_id)
             WHERE %(told)s AND NOT %(aside)s AND answer.care_scored
               AND answer.end_datetime BETWEEN %(since)s AND %(until)s
            """,
            told=Answer._sql_told(),
            aside=Answer._sql_aside(),
            since=frame["since"],
            until=frame["until"],
        )

    @api.model
    def _propose_answers(self, frame):
        if "survey" not in frame["causes"]:
            return 0
        return self._insert_candidates(
            frame,
            ANSWER,
            SQL(
                """
                SELECT praise.id AS res_id, praise.company_id, 'survey' AS cause,
                       praise.user_id AS about_id, praise.supervisor_id,
                       praise.team_id AS department_id, praise.day, 1 AS quantity,
                       NULL::date AS period
                  FROM (%(praising)s) praise
                  JOIN res_company praising ON praising.id = praise.company_id
                 WHERE praise.score >= praising.care_praise_score AND %(unknown)s
                """,
                praising=self._sql_praising(frame),
                unknown=self._sql_no_entry(ANSWER, SQL("praise.id")),
            ),
        )

    @api.model
    def _correct_answers(self, frame):
        """An answer that was set aside later earns nothing."""
        Answer = self.env["care.answer"]
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                ANSWER,
                SQL(
                    "CASE WHEN %s AND NOT %s AND answer.care_scored THEN 1 ELSE 0 END",
                    Answer._sql_told(),
                    Answer._sql_aside(),
                ),
                SQL("JOIN survey_user_input answer ON answer.id = entry.res_id"),
                SQL("entry.cause = 'survey'"),
            ),
        )

    @api.model
    def _propose_team_answers(self, frame):
        """The mean of a department, once the month is over"""
        if "team_survey" not in frame["causes"]:
            return 0
        return self._insert_candidates(
            frame,
            "crm.team",
            SQL(
                """
                SELECT praise.team_id AS res_id, praise.company_id,
                       'team_survey' AS cause, NULL::int AS about_id,
                       NULL::int AS supervisor_id, praise.team_id AS department_id,
                       %(last)s::date AS day, 1 AS quantity, %(first)s::date AS period
                  FROM (%(praising)s) praise
                  JOIN company ON company.id = praise.company_id
                  JOIN res_company praising ON praising.id = praise.company_id
                 WHERE praise.day BETWEEN %(first)s AND %(last)s
                   AND praise.team_id IS NOT NULL AND company.today > %(last)s
                   AND %(unknown)s
              GROUP BY praise.team_id, praise.company_id, praising.care_praise_score,
                       praising.care_praise_answers
                HAVING AVG(praise.score) >= praising.care_praise_score
                   AND COUNT(*) >= praising.care_praise_answers
                """,
                praising=self._sql_praising(frame),
                first=frame["first"],
                last=frame["last"],
                unknown=self._sql_no_entry(
                    "crm.team",
                    SQL("praise.team_id"),
                    SQL(
                        "known.cause = 'team_survey' AND known.period = %s"
                        " AND known.company_id = praise.company_id",
                        frame["first"],
                    ),
                ),
            ),
        )
