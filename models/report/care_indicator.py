from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

INDICATOR_TREND_MONTHS = 6
IN_ACCOUNT_TEAM = "partner_id.care_member_ids.user_id"
"""Path in reports to everybody who looks after the customer"""


class CareIndicator(models.AbstractModel):
    """Key figures for managers (domain, section 5) with their definitions. The month-
    end report, evaluations and Odoo's digest read them here, so that they agree."""

    _name = "care.indicator"
    _description = "Customer Care Indicators"

    @api.model
    def _instants(self, company, start, end):
        """Days in the company's time zone as a UTC interval [from, to)"""
        tz = company._care_tz()
        return tuple(
            tz.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (start, end + timedelta(days=1))
        )

    @api.model
    def _scope(self, company, department=None, user=None, person="user_id"):
        """Domain on the report models

        :param person: path from the report to the person whose it is
        """
        domain = Domain("company_id", "=", company.id)
        if department:
            domain &= Domain("department_id", "=", department.id)
        if user:
            domain &= Domain(person, "=", user.id)
        return domain

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    @api.model
    def _contacts(self, company, start, end, department=None, user=None):
        """:return: owed, done, missed, attainment in percent or None"""
        domain = self._scope(company, department, user)
        domain &= Domain("date", ">=", start) & Domain("date", "<=", end)
        [[owed, done, missed]] = self.env["care.contact.report"]._read_group(
            domain, [], ["owed:sum", "done:sum", "missed:sum"]
        )
        owed = owed or 0
        return {
            "owed": owed,
            "done": done or 0,
            "missed": missed or 0,
            "attainment": 100 * done / owed if owed else None,
        }

    @api.model
    def _complaints(self, company, start, end, department=None, user=None):
        """Complaints received in a period; hours include nights and weekends. Each
        share comes with the number of complaints behind it."""
        since, until = self._instants(company, start, end)
        domain = self._scope(company, department, user)
        domain &= Domain("date", ">=", since) & Domain("date", "<", until)
        domain &= Domain("kind", "!=", "suggestion")
        names = {
            "count": "__count",
            "reply_success": "reply_success:avg",
            "reply_count": "reply_success:count",
            "resolve_success": "resolve_success:avg",
            "resolve_count": "resolve_success:count",
            "median": "answer_median:avg",
            "p90": "answer_p90:avg",
            "satisfied": "satisfied:avg",
            "satisfied_count": "satisfied:count",
            "late": "late_count:sum",
            "open": "open_count:sum",
        }
        [row] = self.env["care.complaint.report"]._read_group(
            domain, [], list(names.values())
        )
        return dict(zip(names, row, strict=True))

    @api.model
    def _satisfaction(self, company, start, end, department=None, user=None):
        """Answers of a period, without those set aside: count, score from 0 to 100 and
        the number of scores, perceived ÷ expected, NPS and share of satisfied
        customers"""
        since, until = self._instants(company, start, end)
        domain = Domain("company_id", "=", company.id) & Domain("aside", "=", False)
        domain &= Domain("date", ">=", since) & Domain("date", "<", until)
        if user:
            domain &= Domain(IN_ACCOUNT_TEAM, "=", user.id)
        elif department:
            domain &= Domain("manager_id.sale_team_id", "=", department.id)
        Answer = self.env["care.answer"]
        [[count, score, ratio, nps]] = Answer._read_group(
            domain, [], ["__count", "score:avg", "ratio:avg", "nps:avg"]
        )
        levels = dict(
            Answer._read_group(
                domain & Domain("scored", "=", True), ["level"], ["__count"]
            )
        )
        scored = sum(levels.values())
        satisfied = levels.get("very_high", 0) + levels.get("high", 0)
        return {
            "answers": count,
            "scored": scored,
            "score": score if scored else None,
            "ratio": ratio,
            "nps": nps,
            "reputation": 100 * satisfied / scored if scored else None,
        }

    @api.model
    def _leads(self, company, start, end, department=None):
        since, until = self._instants(company, start, end)
        domain = Domain("create_date", ">=", since) & Domain("create_date", "<", until)
        domain &= Domain("company_id", "in", (company.id, False))
        if department:
            domain &= Domain("team_id", "=", department.id)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        return Lead.search_count(domain)

    @api.model
    def _parts(self, company, start, end, department=None):
        """Values from which indicators are computed and which reports show beside
        them"""
        return {
            "contacts": self._contacts(company, start, end, department),
            "complaints": self._complaints(company, start, end, department),
            "satisfaction": self._satisfaction(company, start, end, department),
        }

    @api.model
    def _figures(
        self, company, start, end, department=None, parts=None, purchases=None
    ):
        """:param parts: those of the same period, where they have been read
        :param purchases: the same
        :return: {indicator: value}, and under ``counts`` {indicator: number of records
            a share or mean is made of}
        """
        parts = parts or self._parts(company, start, end, department)
        contacts, complaints = parts["contacts"], parts["complaints"]
        satisfaction = parts["satisfaction"]
        purchases = purchases or self._purchases(company, start, end, department)
        buyers, before = purchases["buyers"], purchases["before"]
        return {
            "attainment": contacts["attainment"],
            "reply_success": complaints["reply_success"],
            "satisfied": complaints["satisfied"],
            "score": satisfaction["score"],
            "reputation": satisfaction["reputation"],
            "complaint_rate": 100 * complaints["count"] / buyers if buyers else None,
            "return_rate": 100 * purchases["returned"] / buyers if buyers else None,
            "sales_power": 100 * purchases["sales"] / before if before else None,
            "awareness": self._leads(company, start, end, department),
            "counts": {
                "attainment": contacts["owed"],
                "reply_success": complaints["reply_count"],
                "satisfied": complaints["satisfied_count"],
                "score": satisfaction["scored"],
                "reputation": satisfaction["scored"],
                "complaint_rate": buyers,
                "return_rate": buyers,
            },
        }

    @api.model
    def _month(self, day):
        """First and last day of a month"""
        first = fields.Date.start_of(day, "month")
        return first, fields.Date.end_of(day, "month")

    @api.model
    def _month_before(self, day):
        return self._month(fields.Date.start_of(day, "month") - timedelta(days=1))
