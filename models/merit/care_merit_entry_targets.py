from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.matching import MEETING_CHANNELS

TARGET = "care.plan.target"


class CareMeritEntry(models.Model):
    """Contacts missed, and months without a miss."""

    _inherit = "care.merit.entry"

    @api.model
    def _sql_away_tables(self):
        return SQL(
            "away(id, user_id, stand_in_id, date_from, date_to) AS MATERIALIZED (%s)",
            self.env["care.absence"]._sql_away(),
        )

    @api.model
    def _sql_missed(self):
        """Does ``target`` count as missed? What a stand-in missed counts for nobody."""
        return SQL(
            """
            target.state = 'missed' AND target.stand_in_id IS NULL
            AND target.user_id IS NOT NULL AND target.goal > COALESCE(target.done, 0)
            AND NOT EXISTS (SELECT FROM away
                             WHERE away.user_id = target.user_id
                               AND target.date_end BETWEEN away.date_from
                                                       AND away.date_to)
            """
        )

    @api.model
    def _propose_targets(self, frame):
        """An on-site stay counts as a visit, a message as a call. Whoever leads a team
        answers by the rules of managers."""
        return self._insert_candidates(
            frame,
            TARGET,
            SQL(
                """
                SELECT target.id AS res_id, target.company_id,
                       CASE WHEN person.is_manager THEN 'manager_' ELSE '' END
                       || CASE WHEN target.channel = ANY(%(meetings)s)
                               THEN 'visit_missed' ELSE 'call_missed' END AS cause,
                       target.user_id AS about_id, person.supervisor_id,
                       person.team_id AS department_id, target.date_end AS day,
                       target.goal - COALESCE(target.done, 0) AS quantity,
                       NULL::date AS period
                  FROM care_plan_target target
                  JOIN person
                    ON person.user_id = target.user_id
                   AND person.company_id = target.company_id
                 WHERE target.date_end BETWEEN %(first)s AND %(last)s
                   AND %(missed)s AND %(unknown)s
                """,
                meetings=list(MEETING_CHANNELS),
                first=frame["first"],
                last=frame["last"],
                missed=self._sql_missed(),
                unknown=self._sql_no_entry(TARGET, SQL("target.id")),
            ),
            self._sql_away_tables(),
        )

    @api.model
    def _correct_targets(self, frame):
        """What was made good by a report that came late, excused, or counted anew"""
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                TARGET,
                SQL(
                    "CASE WHEN %s THEN target.goal - COALESCE(target.done, 0)"
                    " ELSE 0 END",
                    self._sql_missed(),
                ),
                SQL("JOIN care_plan_target target ON target.id = entry.res_id"),
            ),
            self._sql_away_tables(),
        )

    @api.model
    def _take_back_merged(self, doubles):
        """Windows of merged customers are one. It is charged once: what was charged for
        the others is taken back. If it was missed itself and is not in the ledger yet,
        the nightly job proposes it."""
        entries = self.sudo().search(
            [
                ("res_model", "=", TARGET),
                ("res_id", "in", doubles.ids),
                ("standing", "=", "valid"),
            ]
        )
        if entries:
            month = fields.Date.context_today(self).replace(day=1)
            self._correct_judged(
                self._frame(month),
                SQL("SELECT id, 0 AS now FROM unnest(%s) AS entry(id)", entries.ids),
            )
            self.invalidate_model(flush=False)

    # ------------------------------------------------------------
    # Months without a miss
    # ------------------------------------------------------------

    @api.model
    def _propose_no_miss(self, frame):
        """Reward who had contacts to make in each of the last months and missed none,
        once the month is over, and not twice for the same month."""
        if "no_miss" not in frame["causes"]:
            return 0
        return sum(
            self._propose_no_miss_of(frame, company)
            for company in frame["companies"]
            if company.care_praise_months > 0 and frame["last"] < company._care_today()
        )

    def _propose_no_miss_of(self, frame, company):
        months = company.care_praise_months
        begin = frame["first"] - relativedelta(months=months - 1)
        return self._insert_candidates(
            frame,
            "res.users",
            SQL(
                """
                SELECT clean.user_id AS res_id, %(company)s AS company_id,
                       'no_miss' AS cause, clean.user_id AS about_id,
                       person.supervisor_id, person.team_id AS department_id,
                       %(last)s::date AS day, 1 AS quantity, %(first)s::date AS period
                  FROM (SELECT target.user_id
                          FROM care_plan_target target
                         WHERE target.company_id = %(company)s
                           AND target.state = 'met'
                           AND target.stand_in_id IS NULL
                           AND target.date_end BETWEEN %(begin)s AND %(last)s
                           AND target.user_id IN (SELECT user_id FROM spotless)
                      GROUP BY target.user_id
                        HAVING COUNT(DISTINCT date_trunc('month', target.date_end))
                             = %(months)s) clean
                  JOIN person
                    ON person.user_id = clean.user_id
                   AND person.company_id = %(company)s
                 WHERE NOT EXISTS (
                        SELECT FROM care_merit_entry known
                         WHERE known.user_id = clean.user_id
                           AND known.cause = 'no_miss'
                           AND known.company_id = %(company)s
                           AND known.period > %(before)s AND known.period < %(after)s
                           AND (known.standing = 'valid' OR known.period = %(first)s))
                """,
                company=company.id,
                first=frame["first"],
                last=frame["last"],
                begin=begin,
                before=frame["first"] - relativedelta(months=months),
                after=frame["first"] + relativedelta(months=months),
                months=months,
            ),
            SQL(
                """
                %(away)s, spotless AS MATERIALIZED (
                    SELECT person.user_id
                      FROM person
                     WHERE person.company_id = %(company)s AND NOT EXISTS (
                           SELECT FROM care_plan_target target
                            WHERE target.user_id = person.user_id
                              AND target.company_id = %(company)s
                              AND target.date_end BETWEEN %(begin)s AND %(last)s
                              AND %(missed)s)
                )
                """,
                away=self._sql_away_tables(),
                missed=self._sql_missed(),
                company=company.id,
                begin=begin,
                last=frame["last"],
            ),
        )

    @api.model
    def _correct_no_miss(self, frame):
        """A miss that turns up later takes the reward back."""
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                "res.users",
                SQL(
                    """
                    CASE WHEN EXISTS (
                        SELECT FROM care_plan_target target
                         WHERE target.user_id = entry.user_id
                           AND target.company_id = entry.company_id
                           AND target.date_end <= entry.day
                           AND target.date_end >= entry.period
                               - make_interval(
                                    months => praising.care_praise_months - 1)
                           AND %s
                    ) THEN 0 ELSE 1 END
                    """,
                    self._sql_missed(),
                ),
                SQL("JOIN res_company praising ON praising.id = entry.company_id"),
                SQL("entry.cause = 'no_miss'"),
            ),
            self._sql_away_tables(),
        )
