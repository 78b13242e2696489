from datetime import timedelta

from odoo import fields, models, tools
from odoo.tools import SQL

REPORTED_WITHIN = 31
"""Days after an absence in which the stand-in may report for the person"""


class ResUsers(models.Model):
    """Who is away, and who acts for whom"""

    _inherit = "res.users"

    def write(self, vals):
        """Users who are archived or leave a company stand in for nobody any more."""
        result = super().write(vals)
        if self and {"active", "company_ids"} & set(vals):
            self.env["care.plan.target"].sudo()._pass_over()
        return result

    def _care_acting_ids(self, day=None):
        """Ids of this user and of those for whom the user stands in. Record rules of
        own customers read it, see ``ir.rule``.

        :param day: by default today in the user's time zone
        """
        tz, periods = self._care_stand_in_periods()
        if not periods:
            return tuple(self.ids)
        day = day or fields.Date.context_today(self.with_context(tz=tz))
        away = {user for user, first, last in periods if first <= day <= last}
        return (self.id, *sorted(away))

    @tools.ormcache("self.id")
    def _care_stand_in_periods(self):
        """Absences clear this cache when they change.

        :return: (time zone, ((id of who is away, first day, last day), ...)) of recent,
            current and coming absences. Who stands in for a stand-in that is away too
            does so while both are.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE acting AS (
                    SELECT user_id, date_from, date_to, ARRAY[%(me)s, user_id] AS path
                      FROM care_absence
                     WHERE stand_in_id = %(me)s AND date_to >= %(since)s
                 UNION ALL
                    SELECT away.user_id,
                           GREATEST(away.date_from, acting.date_from),
                           LEAST(away.date_to, acting.date_to),
                           acting.path || away.user_id
                      FROM acting
                      JOIN care_absence away
                        ON away.stand_in_id = acting.user_id
                       AND away.date_from <= acting.date_to
                       AND away.date_to >= acting.date_from
                       AND away.date_to >= %(since)s
                       AND away.user_id <> ALL(acting.path)
                )
                SELECT DISTINCT user_id, date_from, date_to FROM acting ORDER BY 1, 2, 3
                """,
                me=self.id,
                since=fields.Date.today() - timedelta(days=REPORTED_WITHIN),
            )
        )
        return (rows and self.sudo().tz) or "UTC", tuple(rows)

    def _care_absent_days(self, date_start, date_end):
        """When these users are away, in whole days, with approved time off.

        :return: {user: [(first day, last day), ...]} in order, of those who are away in
            this time; the days may lie before and after it
        """
        self.env.flush_all()
        away = {}
        for user, first, last in self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT user_id, date_from, date_to
                  FROM (%s) AS away(id, user_id, stand_in_id, date_from, date_to)
                 WHERE user_id = ANY(%s) AND date_from <= %s AND date_to >= %s
              ORDER BY user_id, date_from, date_to
                """,
                self.env["care.absence"]._sql_away(),
                self.ids,
                date_end,
                date_start,
            )
        ):
            away.setdefault(self.browse(user), []).append((first, last))
        return away
