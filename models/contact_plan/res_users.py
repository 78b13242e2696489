from datetime import timedelta

from odoo import fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

REPORTED_WITHIN = 31
"""Days after an absence in which the stand-in may report for the person"""


class ResUsers(models.Model):
    """When people work, who is away, and who acts for whom"""

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

    def _care_stand_ins(self, day):
        """Who acts for these users on a day; if they are away too, also who acts for
        them"""
        Absence = self.env["care.absence"].sudo()
        found, away = self.browse(), self
        while away:
            rows = Absence.search(
                [
                    ("user_id", "in", away.ids),
                    ("stand_in_id", "!=", False),
                    ("date_from", "<=", day),
                    ("date_to", ">=", day),
                ]
            )
            away = rows.stand_in_id - found - self
            found |= away
        return found

    def _care_absent_days(self, date_start, date_end, alone=False):
        """When these users are away, in whole days, with approved time off.

        :param alone: only without a stand-in
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
                   AND (stand_in_id IS NULL OR NOT %s)
              ORDER BY user_id, date_from, date_to
                """,
                self.env["care.absence"]._sql_away(),
                self.ids,
                date_end,
                date_start,
                alone,
            )
        ):
            away.setdefault(self.browse(user), []).append((first, last))
        return away

    def _care_stand_in(self, day):
        """Who acts for this absent user on a day, and is not away too; may be empty"""
        seen, user = self, self
        while True:
            user = (
                self.env["care.absence"]
                .sudo()
                .search(
                    [
                        ("user_id", "=", user.id),
                        ("date_from", "<=", day),
                        ("date_to", ">=", day),
                        ("stand_in_id.active", "=", True),
                        ("stand_in_id", "not in", seen.ids),
                    ],
                    limit=1,
                )
                .stand_in_id.sudo(False)
            )
            if not user or user not in user._care_absent_days(day, day):
                return user
            seen |= user

    def _care_working_days(self, company, start, end):
        """Days on which users work, by the hours of their resource, else of the
        company. Public holidays, leave for the whole day and absences without a
        stand-in are left out.

        :return: {id of a user, and False for nobody: sorted days}
        """
        resources = (
            self.env["resource.resource"]
            .sudo()
            .search(
                Domain("user_id", "in", self.ids)
                & Domain("company_id", "in", (company.id, False))
            )
            .grouped("user_id")
        )
        leaves = self._care_leaves(resources, start, end)
        away = self._care_absent_days(start, end, alone=True)
        days = {}
        for user in [False, *self]:
            resource = resources.get(user)
            calendar = (
                resource and resource[:1].calendar_id
            ) or company.sudo().resource_calendar_id
            working = (
                calendar._care_working_days(company, start, end) if calendar else {}
            )
            mine = leaves.get(resource[:1].id, ()) if resource else ()
            absent = away.get(user, ())
            days[user and user.id] = sorted(
                day
                for day, intervals in working.items()
                if not all(_is_covered(interval, mine) for interval in intervals)
                and not any(first <= day <= last for first, last in absent)
            )
        return days

    def _care_leaves(self, resources, start, end):
        """{id of a resource: its leaves, from and to in UTC}"""
        ids = [resource.id for rows in resources.values() for resource in rows]
        leaves = {}
        if ids:
            for leave in (
                self.env["resource.calendar.leaves"]
                .sudo()
                .search(
                    [
                        ("resource_id", "in", ids),
                        ("date_from", "<=", end + timedelta(days=1)),
                        ("date_to", ">=", start),
                        ("time_type", "=", "leave"),
                    ]
                )
            ):
                leaves.setdefault(leave.resource_id.id, []).append(
                    (leave.date_from, leave.date_to)
                )
        return leaves


def _is_covered(interval, leaves):
    start, end = interval
    return any(first <= start and end <= last for first, last in leaves)
