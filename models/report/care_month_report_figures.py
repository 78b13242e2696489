from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ...tools.matching import MEETING_CHANNELS

LISTED_MOVES = 40
"""How many customers that moved up, or down, are listed"""
LISTED_CATEGORIES = 8


class CareMonthReport(models.Model):
    """What stands in a month-end report, as plain values for its templates."""

    _inherit = "care.month.report"

    def _figures(self):
        self.ensure_one()
        company, department = self.company_id, self.department_id
        report = self.with_context(
            tz=company._care_tz().zone, allowed_company_ids=company.ids
        )
        Indicator = report.env["care.indicator"]
        first, last = Indicator._month(self.month)
        parts = Indicator._parts(company, first, last, department)
        before = Indicator._parts(company, *Indicator._month_before(first), department)
        moves = report._moves()
        people = report._people()
        return {
            "running": self._is_running(),
            "indicators": Indicator._compared(
                company, first, last, department, parts, before
            ),
            "people": people,
            "brief_line": report._brief_line(people),
            **parts,
            "complaints_line": report._complaints_line(parts["complaints"]),
            "teams": report._teams(),
            "categories": report._categories(),
            "dimensions": report._dimensions(),
            "moves": moves,
            "moves_line": self.env._(
                "%(up)s moved up, %(down)s moved down, %(new)s received their first "
                "tier.",
                up=moves["up"]["count"],
                down=moves["down"]["count"],
                new=moves["new"],
            ),
            "tiers": report._tiers(),
            "merits": not department
            and report.env["care.merit.month"]._page_of(company, self.month),
            "trend": Indicator._trend(
                company, self.month, department, known=[before, parts]
            ),
            "say": Indicator._say,
        }

    def _is_running(self):
        _first, last = self.env["care.indicator"]._month(self.month)
        return last >= self.company_id._care_today()

    def _in_month(self):
        first, last = self.env["care.indicator"]._month(self.month)
        return (
            self.env["care.indicator"]._scope(self.company_id, self.department_id)
            & Domain("date", ">=", first)
            & Domain("date", "<=", last)
        )

    def _received(self):
        """Complaints of the month"""
        since, until = self.env["care.indicator"]._instants(
            self.company_id, *self.env["care.indicator"]._month(self.month)
        )
        return (
            self.env["care.indicator"]._scope(self.company_id, self.department_id)
            & Domain("date", ">=", since)
            & Domain("date", "<", until)
            & Domain("kind", "!=", "suggestion")
        )

    def _people(self):
        """[(department, [row of a person], sum)]: contacts owed, made and missed, the
        missed ones by visits and calls, which cost differently"""
        rows = defaultdict(lambda: defaultdict(int))
        names = ["owed", "done", "missed", "excused", "visits", "briefed"]
        for department, user, channel, *sums in self.env[
            "care.contact.report"
        ]._read_group(
            self._in_month(),
            ["department_id", "user_id", "channel"],
            [f"{name}:sum" for name in names],
        ):
            kind = "visits" if channel in MEETING_CHANNELS else "calls"
            row = rows[department, user]
            for name, amount in zip(names, sums, strict=True):
                row[f"missed_{kind}" if name == "missed" else name] += amount
        departments = defaultdict(list)
        for (department, user), row in rows.items():
            departments[department].append(
                {"name": user.sudo().name or self.env._("Nobody assigned"), **row}
            )
        return [
            (
                department.sudo().name or self.env._("No department"),
                sorted(people, key=lambda row: (-self._missed(row), row["name"])),
                {
                    name: sum(row.get(name, 0) for row in people)
                    for name in ("owed", "done", "missed_visits", "missed_calls")
                },
            )
            for department, people in sorted(
                departments.items(), key=lambda item: item[0].sudo().name or "\uffff"
            )
        ]

    def _brief_line(self, people):
        """Share of visits before which the brief was opened; nothing without visits"""
        visits, briefed = (
            sum(row[name] for _department, rows, _sum in people for row in rows)
            for name in ("visits", "briefed")
        )
        if not visits:
            return False
        return self.env._(
            "The brief was read before %(briefed)s of %(visits)s visits (%(share)s%%).",
            briefed=int(briefed),
            visits=int(visits),
            share=round(100 * briefed / visits),
        )

    @staticmethod
    def _missed(row):
        return row.get("missed_visits", 0) + row.get("missed_calls", 0)

    def _complaints_line(self, complaints):
        say = self.env["care.indicator"]._say
        counts = {"count": complaints["count"], "open": self._open_then()}
        if self._is_running():
            line = self.env._("%(count)s received, %(open)s open.", **counts)
        else:
            line = self.env._(
                "%(count)s received, %(open)s open at the end of the month.", **counts
            )
        if complaints["median"] is False:
            return line
        return f"{line} " + self.env._(
            "First answer: half of the complaints within %(median)s hours, nine of "
            "ten within %(p90)s hours, including nights and weekends.",
            median=say(complaints["median"], ""),
            p90=say(complaints["p90"], ""),
        )

    def _open_then(self):
        """Complaints that were open when the month ended, or are now"""
        _since, until = self.env["care.indicator"]._instants(
            self.company_id, *self.env["care.indicator"]._month(self.month)
        )
        return self.env["care.complaint.report"].search_count(
            self.env["care.indicator"]._scope(self.company_id, self.department_id)
            & Domain("date", "<", until)
            & (Domain("date_closed", "=", False) | Domain("date_closed", ">=", until))
            & Domain("kind", "!=", "suggestion")
        )

    def _teams(self):
        """Complaints by team and handler, the fullest first"""
        return [
            {
                "team": team.sudo().name or self.env._("No team"),
                "user": user.sudo().name or self.env._("Nobody assigned"),
                "count": count,
                "reply": reply,
                "resolve": resolve,
                "median": median,
                "late": late,
            }
            for team, user, count, reply, resolve, median, late in self.env[
                "care.complaint.report"
            ]._read_group(
                self._received(),
                ["team_id", "user_id"],
                [
                    "__count",
                    "reply_success:avg",
                    "resolve_success:avg",
                    "answer_median:avg",
                    "late_count:sum",
                ],
                order="__count DESC",
            )
        ]

    def _categories(self):
        return [
            (category.sudo().display_name or self.env._("No category"), count)
            for category, count in self.env["care.complaint.report"]._read_group(
                self._received(),
                ["category_id"],
                ["__count"],
                order="__count DESC",
                limit=LISTED_CATEGORIES,
            )
        ]

    def _dimensions(self):
        """Satisfaction by what it depends on: [(dimension, score, answers)]"""
        since, until = self.env["care.indicator"]._instants(
            self.company_id, *self.env["care.indicator"]._month(self.month)
        )
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", since)
            & Domain("date", "<", until)
            & Domain("dimension", "!=", False)
        )
        if self.department_id:
            domain &= Domain("manager_id.sale_team_id", "=", self.department_id.id)
        Report = self.env["care.satisfaction.report"]
        labels = dict(Report._fields["dimension"]._description_selection(self.env))
        return [
            (labels[dimension], score, count)
            for dimension, score, count in Report._read_group(
                domain, ["dimension"], ["score:avg", "__count"], order="score:avg"
            )
        ]

    def _moves(self):
        """Who moved up or down, and why"""
        Report = self.env["care.tier.report"]
        counts = dict(Report._read_group(self._in_month(), ["direction"], ["__count"]))
        return {
            "new": counts.get("new", 0),
            **{
                direction: {
                    "count": counts.get(direction, 0),
                    "more": counts.get(direction, 0) > LISTED_MOVES
                    and self.env._("and %s more", counts[direction] - LISTED_MOVES),
                    "rows": Report.search(
                        self._in_month() & Domain("direction", "=", direction),
                        order="new_tier_id, date, id",
                        limit=LISTED_MOVES,
                    ),
                }
                for direction in ("up", "down")
            },
        }

    def _tiers(self):
        """Customers and sales of each tier as they are today"""
        return self.env["care.customer.report"]._read_group(
            self.env["care.indicator"]._scope(self.company_id, self.department_id)
            & Domain("tier_id", "!=", False),
            ["tier_id"],
            [
                "customer_count:sum",
                "monthly_amount:sum",
                "stale_count:sum",
                "behind_count:sum",
            ],
        )
