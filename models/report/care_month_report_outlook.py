from collections import Counter, defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date


class CareMonthReport(models.Model):
    """Early warning in the month-end report, beside the previous month."""

    _inherit = "care.month.report"

    def action_open_risk_cases(self):
        """Cases that were opened or closed in the month"""
        since, until = self._outlook_instants(self.month)
        return self._open_report(
            "risk",
            Domain("date", ">=", since) & Domain("date", "<", until)
            | Domain("closed_at", ">=", since) & Domain("closed_at", "<", until),
        )

    def _figures(self):
        return super()._figures() | {"outlook": self._outlook()}

    def _outlook(self):
        """Plain values for the templates, False while the feature is off"""
        self.ensure_one()
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return False
        company = self.company_id
        report = self.with_context(
            tz=company._care_tz().zone, allowed_company_ids=company.ids
        )
        first = fields.Date.start_of(self.month, "month")
        months = first, first - relativedelta(months=1)
        kept, cases, checks = (
            report._outlook_kept(months),
            report._outlook_cases(months),
            report._outlook_checks(),
        )
        return {
            "rows": report._outlook_rows(
                [
                    {**kept[month]["all"], **cases[month]["all"], "check": check}
                    for month, check in zip(months, checks, strict=True)
                ]
            ),
            "tiers": report._outlook_tiers(*(kept[month]["tiers"] for month in months)),
            "causes": report._outlook_causes(cases[first]["causes"]),
            "as_of": report._outlook_as_of(kept[first]["all"].get("date")),
            "hit_rate": checks[0]._all_words(),
        }

    def _outlook_instants(self, month):
        Indicator = self.env["care.indicator"]
        return Indicator._instants(self.company_id, *Indicator._month(month))

    # ------------------------------------------------------------
    # What was counted
    # ------------------------------------------------------------

    def _outlook_kept(self, months):
        """{month: {"all": sums, "tiers": {tier: sums}}} as the nightly job kept them"""
        names = (
            "customer_count",
            "risk_count",
            "risk_amount",
            "due_count",
            "ordered_count",
        )
        found = {month: {"all": {}, "tiers": {}} for month in months}
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("month", "in", months)
        if self.department_id:
            domain &= Domain("department_id", "=", self.department_id.id)
        for month, tier, date, *sums in self.env["care.outlook.month"]._read_group(
            domain,
            ["month:month", "tier_id"],
            ["date:max", *(f"{name}:sum" for name in names)],
        ):
            row = dict(zip(names, sums, strict=True))
            of_month = found[fields.Date.to_date(month)]
            of_month["tiers"][tier] = row
            total = of_month["all"]
            for name, value in row.items():
                total[name] = total.get(name, 0) + value
            total["date"] = date
        return found

    def _outlook_cases(self, months):
        """{month: {"all": {"opened", "won_back", "lost"},
        "causes": {cause: the same}}}"""
        found = {
            month: {"all": Counter(), "causes": defaultdict(Counter)}
            for month in months
        }

        def count(moment, cause, what, number):
            of_month = found[fields.Date.to_date(moment)]
            of_month["all"][what] += number
            of_month["causes"][cause][what] += number

        since, _until = self._outlook_instants(months[-1])
        _since, until = self._outlook_instants(months[0])
        Report = self.env["care.risk.report"]
        scope = self.env["care.indicator"]._scope(self.company_id, self.department_id)
        opened = scope & Domain("date", ">=", since) & Domain("date", "<", until)
        for month, cause, number in Report._read_group(
            opened, ["date:month", "cause"], ["__count"]
        ):
            count(month, cause, "opened", number)
        closed = scope & Domain("closed_at", ">=", since)
        closed &= Domain("closed_at", "<", until)
        for month, cause, state, number in Report._read_group(
            closed, ["closed_at:month", "cause", "state"], ["__count"]
        ):
            count(month, cause, state, number)
        return found

    def _outlook_checks(self):
        """The last prediction of which the end of the month knew what had come of it,
        and the one before; empty records where there is none"""
        last = fields.Date.end_of(self.month, "month")
        checks = self.env["care.outlook.check"].search(
            [("company_id", "=", self.company_id.id), ("date_end", "<=", last)], limit=2
        )
        return checks[:1], checks[1:]

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _outlook_rows(self, months):
        """[{"key", "name", "value", "count", "previous", "previous_count",
        "definition"}] as those of the indicators

        :param months: values of the month and of the one before
        """
        rows = []
        for key, (name, definition) in self._outlook_definitions().items():
            (value, count), (previous, previous_count) = (
                self._outlook_value(key, month) for month in months
            )
            rows.append(
                {
                    "key": key,
                    "name": name,
                    "value": value,
                    "count": count,
                    "previous": previous,
                    "previous_count": previous_count,
                    "definition": definition,
                }
            )
        return rows

    def _outlook_definitions(self):
        return {
            "risk_amount": (
                self.env._("Sales at risk"),
                self.env._(
                    "What customers above the risk threshold of their tier bought in "
                    "12 months and may not buy again."
                ),
            ),
            "due_count": (
                self.env._("Reorders due"),
                self.env._(
                    "Customers that were expected to order a product category again "
                    "in the month; each category counts."
                ),
            ),
            "ordered_count": (
                self.env._("Reordered"),
                self.env._("Those of them that were ordered."),
            ),
            "opened": (
                self.env._("Cases opened"),
                self.env._("Customers at risk for whom a case was opened."),
            ),
            "won_back": (
                self.env._("Won back"),
                self.env._("Cases closed in the month with a customer who stays."),
            ),
            "lost": (
                self.env._("Lost"),
                self.env._("Cases closed in the month with a customer who left."),
            ),
            "won_rate": (
                self.env._("Win-back rate"),
                self.env._("Won back ÷ won back or lost, of cases closed."),
            ),
            "hit_rate": (
                self.env._("Hit rate"),
                self.env._(
                    "Of the customers who did not order in three months, those who had "
                    "been among the 20 % at highest risk; chance finds 20 %. For the "
                    "whole company."
                ),
            ),
        }

    def _outlook_value(self, key, month):
        """(formatted figure, number of records it is made of)"""
        say, say_count = (
            self.env["care.indicator"]._say,
            self.env["care.indicator"]._say_count,
        )
        if key == "hit_rate":
            check = month["check"]
            if not check:
                return "–", ""
            return say(check.top_share, "%", 0), say_count(check.silent_count)
        if key == "won_rate":
            closed = month.get("won_back", 0) + month.get("lost", 0)
            rate = 100 * month.get("won_back", 0) / closed if closed else None
            return say(rate, "%"), say_count(closed)
        if key in ("opened", "won_back", "lost"):
            return say(month.get(key, 0), ""), ""
        if key not in month:
            return "–", ""
        if key == "risk_amount":
            return self._outlook_amount(month[key]), say_count(month["risk_count"])
        if key == "ordered_count" and month["due_count"]:
            share = say(100 * month[key] / month["due_count"], "%", 0)
            return say(month[key], ""), share
        return say(month[key], ""), ""

    def _outlook_tiers(self, now, before):
        """Sales at risk of each tier, of those with customers, and of all"""
        names = ("customer_count", "risk_count", "risk_amount")
        none = dict.fromkeys(names, 0)
        tiers = self.env["care.tier"].union(*now, *before).sorted()
        rows = [
            {
                "name": tier.display_name or self.env._("No tier"),
                **{name: now.get(tier, none)[name] for name in names[:2]},
                "amount": self._outlook_amount(now.get(tier, none)["risk_amount"]),
                "previous": self._outlook_amount(before[tier]["risk_amount"])
                if tier in before
                else "–",
            }
            for tier in [*tiers, self.env["care.tier"]]
            if now.get(tier, none)["customer_count"]
        ]
        return rows if any(row["risk_count"] for row in rows) else []

    def _outlook_causes(self, causes):
        """[{"name", "opened", "won_back", "lost", "rate"}], most cases first"""
        states = self.env["care.risk.report"]._fields["cause"]
        labels = dict(states._description_selection(self.env))
        say = self.env["care.indicator"]._say
        rows = []
        for cause, counts in causes.items():
            closed = counts["won_back"] + counts["lost"]
            rate = 100 * counts["won_back"] / closed if closed else None
            rows.append(
                {
                    "name": labels.get(cause) or self.env._("No cause yet"),
                    **{name: counts[name] for name in ("opened", "won_back", "lost")},
                    "rate": say(rate, "%", 0),
                }
            )
        return sorted(
            rows, key=lambda row: (-row["opened"] - row["won_back"] - row["lost"])
        )

    def _outlook_amount(self, amount):
        return format_amount(self.env, amount, self.company_id.currency_id)

    def _outlook_as_of(self, date):
        """A reader should know what is not of the end of the month."""
        if not date:
            return self.env._(
                "The nightly job had not yet counted the customers at risk and the "
                "reorders of this month."
            )
        return self.env._(
            "Customers at risk and reorders with the orders up to %s.",
            format_date(self.env, date - timedelta(days=1)),
        )
