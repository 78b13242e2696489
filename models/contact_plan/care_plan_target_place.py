from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools import due_dates, matching, windows

NOBODY = 0
"""Stands for the missing person of a target, as a key in SQL."""


class CarePlanTarget(models.Model):
    """When each contact owed falls due, by ``tools.due_dates``: on a working day of the
    person, early enough, spread evenly. A due date stays unless there is a reason:
    another contact is owed or was made, the person changes, or does not work that
    day."""

    _inherit = "care.plan.target"

    @api.model
    def _level(self, groups, company, today, leaving=()):
        """Spread contacts over the working days of their people.

        :param groups: {(id of a user or NOBODY, Span, …): number of contacts}
        :param leaving: (id of a user or NOBODY, due date) of those placed anew
        :return: {(id or NOBODY, Span, …): [(day, number), …]}
        """
        if not groups:
            return {}
        people = {person for person, *_span in groups}
        working = (
            self.env["res.users"]
            .browse(people - {NOBODY})
            ._care_working_days(
                company,
                min(group[1].start for group in groups),
                max(group[1].window_end for group in groups),
            )
        )
        load = self._due_load(people, company, today)
        for person, day in leaving:
            load[person][day] -= 1
        requests = defaultdict(list)
        for group, count in groups.items():
            person, span = group[:2]
            choice = due_dates.choose(
                span, working[person or False], company.care_due_margin
            )
            requests[person].append(
                due_dates.Request(group, count, choice.upcoming(today))
            )
        placed = {}
        for person, rows in requests.items():
            placed |= due_dates.level(rows, load[person])
        return placed

    @api.model
    def _due_load(self, people, company, today):
        """{id of a user or NOBODY: {day: contacts due}}, of all companies a user works
        in"""
        load = defaultdict(Counter)
        for person, day, number in self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(user_id, %(nobody)s), date_aim, count(*)
                  FROM care_plan_target
                 WHERE state = 'open' AND date_aim >= %(today)s
                   AND (user_id = ANY(%(users)s)
                        OR user_id IS NULL AND company_id = %(company)s)
              GROUP BY user_id, date_aim
                """,
                nobody=NOBODY,
                today=today,
                users=list(people - {NOBODY}),
                company=company.id,
            )
        ):
            load[person][day] = number
        return load

    @api.model
    def _place(self, rows, company, today):
        """Due dates of existing targets.

        :param rows: dicts of :meth:`_due_rows`
        :return: {id: day}
        """
        by_group = defaultdict(list)
        for row in rows:
            row["since"] = min(row["since"], today)
            by_group[row["user_id"] or NOBODY, span(row)].append(row["id"])
        placed = self._level(
            {group: len(ids) for group, ids in by_group.items()},
            company,
            today,
            [
                (row["user_id"] or NOBODY, row["date_aim"])
                for row in rows
                if row["is_placed"] and row["date_aim"] and row["date_aim"] >= today
            ],
        )
        found = {}
        for group, days in placed.items():
            ids = iter(by_group[group])
            for day, number in days:
                for _contact in range(number):
                    found[next(ids)] = day
        return found

    @api.model
    def _place_moved(self, targets, company, today):
        """Place open targets that have changed hands: all whose due date is ahead."""
        rows = self._due_rows(
            SQL("target.id = ANY(%s) AND target.date_aim >= %s", targets, today)
        )
        self._write_due(self._place(rows, company, today))

    @api.model
    def _place_off_days(self, company, today):
        """Place targets whose due date is no working day of their person any more.

        :return: number of targets moved
        """
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT user_id, date_aim
                  FROM care_plan_target
                 WHERE state = 'open' AND company_id = %s AND date_aim >= %s
              GROUP BY user_id, date_aim
                """,
                company.id,
                today,
            )
        )
        if not pairs:
            return 0
        days = [day for _user, day in pairs]
        working = {
            user: set(found)
            for user, found in self.env["res.users"]
            .browse({user for user, _day in pairs if user})
            ._care_working_days(company, min(days), max(days))
            .items()
        }
        off = [
            (user or NOBODY, day)
            for user, day in pairs
            if day not in working[user or False]
        ]
        if not off:
            return 0
        rows = self._due_rows(
            SQL(
                """target.state = 'open' AND target.company_id = %s
                   AND (COALESCE(target.user_id, %s), target.date_aim) IN %s""",
                company.id,
                NOBODY,
                tuple(off),
            )
        )
        rows = self._not_placeable(rows, company)
        self._write_due(self._place(rows, company, today))
        return len(rows)

    @api.model
    def _not_placeable(self, rows, company, agreed=False):
        """Those of the rows whose due date is not among the days to choose from, or
        those of them that keep the agreed interval."""
        if not rows:
            return rows
        working = (
            self.env["res.users"]
            .browse({row["user_id"] for row in rows if row["user_id"]})
            ._care_working_days(
                company,
                min(row["date_start"] for row in rows),
                max(row["date_end"] for row in rows),
            )
        )
        chosen = {}
        kept = []
        for row in rows:
            key = row["user_id"] or False, span(row)
            if key not in chosen:
                choice = due_dates.choose(
                    key[1], working[key[0]], company.care_due_margin
                )
                chosen[key] = set(choice.days if agreed else choice.all_days)
            if row["date_aim"] not in chosen[key]:
                kept.append(row)
        return kept

    @api.model
    def _due_rows(self, condition):
        """What decides the due date of open targets."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT target.id, target.user_id, target.date_start, target.date_end,
                       target.date_last_aim, target.date_aim, target.goal, target.done,
                       target.create_date::date AS since, last.day AS last,
                       rule.min_days, TRUE AS is_placed
                  FROM care_plan_target target
                  JOIN care_plan_rule rule ON rule.id = target.rule_id
             LEFT JOIN LATERAL (%s) last ON TRUE
                 WHERE %s
              ORDER BY target.id
                """,
                self._sql_last_contact("target"),
                condition,
            )
        )

    @api.model
    def _sql_last_contact(self, table, company=None):
        """Day of the last contact that could have counted for a row with partner_id,
        role_id, company_id and channel, joined to its ``rule``. As
        :func:`tools.matching.last_day`."""
        row = SQL.identifier(table)
        ranking = SQL("%s::varchar[]", list(matching.CHANNEL_RANKING))
        return SQL(
            """SELECT MAX(contact.date) AS day
                 FROM care_interaction contact
                WHERE contact.partner_id = %(row)s.partner_id
                  AND contact.role_id = %(row)s.role_id
                  AND contact.company_id = %(company)s
                  AND contact.state = 'done' AND contact.uncounted_code IS NULL
                  AND contact.uncounted_code IS NULL
                  AND (contact.channel = %(row)s.channel
                       OR rule.accept_higher_channel
                      AND array_position(%(ranking)s, contact.channel)
                        < array_position(%(ranking)s, %(row)s.channel))""",
            row=row,
            company=company.id if company else SQL("%s.company_id", row),
            ranking=ranking,
        )

    @api.model
    def _write_due(self, days):
        """:param days: {id: due date}"""
        if not days:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_plan_target target
                   SET date_aim = new.aim, write_uid = %s, write_date = %s
                  FROM unnest(%s::int[], %s::date[]) AS new(id, aim)
                 WHERE target.id = new.id AND target.date_aim IS DISTINCT FROM new.aim
                """,
                self.env.uid,
                self.env.cr.now(),
                list(days),
                list(days.values()),
            )
        )
        self.invalidate_model(["date_aim", "due", "pace"], flush=False)


def min_days(row):
    """Smallest distance of two contacts of a target: that of its rule or the usual."""
    window = windows.Window(row["date_start"], row["date_end"])
    return row["min_days"] or windows.min_days(window, row["goal"])


def span(row):
    """Where the next contact owed may fall due."""
    slot = windows.spread(
        row["date_start"],
        row["date_last_aim"] or row["date_end"],
        row["goal"],
        row["done"],
    )
    return due_dates.Span(
        slot.start,
        slot.aim,
        row["date_end"],
        row["since"],
        row["last"],
        min_days(row),
    ).simplified()
