from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

from .care_indicator import INDICATOR_TREND_MONTHS


class CareIndicator(models.AbstractModel):
    """Indicators in words, with their definitions, in the language of the reader."""

    _inherit = "care.indicator"

    @api.model
    def _definitions(self, company):
        """{indicator: (name, unit, what it is)}"""
        return {
            "attainment": (
                self.env._("Contacts made"),
                "%",
                self.env._(
                    "Contacts made ÷ contacts agreed, for windows ending in the month."
                ),
            ),
            "reply_success": (
                self.env._("Answered in time"),
                "%",
                self._answered_in_time(company),
            ),
            "satisfied": (
                self.env._("Satisfied with the solution"),
                "%",
                self.env._(
                    "Customers satisfied with the solution of their complaint ÷ "
                    "customers who answered whether they are."
                ),
            ),
            "score": (
                self.env._("Satisfaction"),
                self.env._("of 100"),
                self.env._(
                    "Average score of the surveys answered in the month, from 0 to 100."
                ),
            ),
            "reputation": (
                self.env._("Reputation"),
                "%",
                self.env._(
                    "Surveys answered in the month by customers who are fairly or "
                    "highly satisfied ÷ surveys answered."
                ),
            ),
            "complaint_rate": (
                self.env._("Complaint rate"),
                self.env._("per 100"),
                self.env._(
                    "Complaints received in the month per 100 customers that bought "
                    "in the twelve months up to the end of the month."
                ),
            ),
            "return_rate": (
                self.env._("Return rate"),
                "%",
                self.env._(
                    "Customers that ordered on more than one day ÷ customers that "
                    "ordered, in the twelve months up to the end of the month."
                ),
            ),
            "sales_power": (
                self.env._("Sales power"),
                "%",
                self.env._(
                    "Confirmed sales of the month ÷ monthly average of the previous "
                    "three months; 100 % means unchanged."
                ),
            ),
            "awareness": (
                self.env._("Awareness"),
                "",
                self.env._("Leads and opportunities created in the month."),
            ),
        }

    @api.model
    def _answered_in_time(self, company):
        """What the indicator is, with the hours that the policies allow"""
        hours = self.env["care.sla.policy"]._hours_in_words("reply", company)
        if not hours:
            return self.env._(
                "Complaints received in the month that were answered before their "
                "deadline ÷ those that were answered or are late."
            )
        return self.env._(
            "Complaints received in the month that were answered before their deadline "
            "(%s hours, by the SLA policies) ÷ those that were answered or are late.",
            hours,
        )

    @api.model
    def _compared(self, company, start, end, department, parts, parts_before):
        """Formatted indicators beside those of the previous month

        :param parts: see ``_parts``
        :param parts_before: those of the previous month
        """
        before = self._month_before(start)
        purchases = self._purchases_of(company, [(start, end), before], department)
        now = self._figures(company, start, end, department, parts, purchases[0])
        previous = self._figures(
            company, *before, department, parts_before, purchases[1]
        )
        return [
            {
                "key": key,
                "name": name,
                "value": self._say(now[key], unit),
                "count": self._say_count(now["counts"].get(key)),
                "previous": self._say(previous[key], unit),
                "previous_count": self._say_count(previous["counts"].get(key)),
                "definition": definition,
            }
            for key, (name, unit, definition) in self._definitions(company).items()
        ]

    @api.model
    def _trend(self, company, day, department=None, user=None, known=()):
        """Attainment and answers in time of the months up to that of ``day``

        :param known: ``_parts`` of the last months, the earlier one first, where they
            have been read
        """
        first, _last = self._month(day)
        months = [
            first - relativedelta(months=back)
            for back in reversed(range(INDICATOR_TREND_MONTHS))
        ]
        unread = months[: len(months) - len(known)]
        _first, last = self._month(unread[-1])
        scope = self._scope(company, department, user)
        contacts = self.env["care.contact.report"]._read_group(
            scope & Domain("date", ">=", months[0]) & Domain("date", "<=", last),
            ["date:month"],
            ["attainment:avg"],
        )
        since, until = self._instants(company, months[0], last)
        complaints = (
            self.env["care.complaint.report"]
            .with_context(tz=company._care_tz().zone)
            ._read_group(
                scope
                & Domain("date", ">=", since)
                & Domain("date", "<", until)
                & Domain("kind", "!=", "suggestion"),
                ["date:month"],
                ["reply_success:avg"],
            )
        )
        made = {fields.Date.to_date(month): value for month, value in contacts}
        answered = {fields.Date.to_date(month): value for month, value in complaints}
        for month, parts in zip(months[len(unread) :], known, strict=True):
            complaints = parts["complaints"]
            made[month] = parts["contacts"]["attainment"]
            answered[month] = (
                complaints["reply_success"] if complaints["reply_count"] else None
            )
        return [
            {
                "label": format_date(self.env, month, date_format="MMM"),
                "attainment": made.get(month),
                "reply": answered.get(month),
            }
            for month in months
        ]

    @api.model
    def _say(self, value, unit="%", digits=1):
        """Number in the reader's language; a dash if there is nothing to count"""
        if value is None or value is False:
            return "–"
        digits = 0 if isinstance(value, int) else digits
        return f"{formatLang(self.env, value, digits=digits)} {unit}".strip()

    @api.model
    def _say_count(self, count):
        """“n = 12”, or nothing where a figure is a number and no share or mean"""
        return "" if count is None else self.env._("n = %s", self._say(count, ""))

    @api.model
    def _month_name(self, day):
        """“October 2026”, as the reader's language writes it"""
        return format_skeleton(
            "yMMMM", day, locale=babel_locale_parse(get_lang(self.env).code)
        )
