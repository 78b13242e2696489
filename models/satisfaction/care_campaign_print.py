from textwrap import shorten

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ...tools.chart import quadrants

MOST_CONDITIONS = 200
"""Characters of the additional conditions that are printed"""


class CareCampaign(models.Model):
    """Results on paper: the same figures as on the page, worded in the language of the
    reader."""

    _inherit = "care.campaign"

    def action_print_results(self):
        self.ensure_one()
        self._check_results()
        return self.env.ref("customer_care.report_campaign_results").report_action(self)

    def _check_results(self):
        """:raise AccessError: the user may not see results of the campaign"""
        self.check_access("read")
        if not self.env.user.has_group("customer_care.group_user_all"):
            raise AccessError(
                self.env._("Only users who see all customers can see results.")
            )

    def _print_results(self):
        """Figures and words for the report

        :raise AccessError: the user may not see results of the campaign
        """
        self.ensure_one()
        self._check_results()
        results = self._results()
        return {
            "results": results,
            "asked": self._print_asked(results),
            "figures": self._print_main(results),
            "rates": self._print_rates(results["response"]),
            "changes": self._print_changes(results["previous"]),
            "compared": results["previous"]
            and self.env._("Compared with %s", results["previous"]["name"]),
            "left_out": self._print_left_out(results),
            "chart": quadrants(results["dimensions"]),
            "number": self._say_number,
            "signed": self._say_signed,
            "between": self._say_interval,
            "ratio": self._say_ratio,
        }

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def _say_number(self, value, digits=0):
        if value is None or value is False:
            return "–"
        return formatLang(self.env, value, digits=digits)

    def _say_signed(self, value, digits=0):
        said = self._say_number(value, digits)
        return f"+{said}" if value and value > 0 and round(value, digits) else said

    def _say_interval(self, mean, signed=False):
        if not mean["count"]:
            return "–"
        say = self._say_signed if signed else self._say_number
        return self.env._(
            "%(low)s to %(high)s", low=say(mean["low"]), high=say(mean["high"])
        )

    def _say_ratio(self, value):
        """Below 1 is never shown as 1.00."""
        if value is not None and 0.99 < value < 1:
            value = 0.99
        return self._say_number(value, 2)

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _print_asked(self, results):
        """Rows (label, words): who was asked, how, and when"""
        campaign = self.sudo()
        names = [
            record.display_name
            for name in ("tier_ids", "region_ids", "manager_ids")
            for record in campaign[name]
        ]
        channel = self._labels(self._name, "channel")[self.channel]
        rows = [
            (self.env._("Survey"), campaign.survey_id.title),
            (self.env._("Audience"), ", ".join(names) or self.env._("All customers")),
            (
                self.env._("Customers who could be asked"),
                self._say_number(results["population"]),
            ),
            (
                self.env._("Sample"),
                self.env._(
                    "%(count)s customers, %(how)s",
                    count=self._say_number(self.invited_count),
                    how=self._print_sampling(),
                ),
            ),
            (self.env._("Seed of the sample"), self.seed),
            (self.env._("Channel"), channel),
            (self.env._("Period"), self._print_period()),
        ]
        if self._domain():
            conditions = shorten(self.domain, MOST_CONDITIONS, placeholder=" …")
            rows.insert(2, (self.env._("Additional conditions"), conditions))
        if self.anonymous:
            rows.append(
                (
                    self.env._("Anonymous"),
                    self.env._(
                        "Yes: groups of fewer than %s answers are not shown",
                        results["least"],
                    ),
                )
            )
        return rows

    def _print_sampling(self):
        if self.sample_mode == "all":
            return self.env._("everybody")
        if self.stratified:
            return self.env._("drawn at random within each tier")
        return self.env._("drawn at random")

    def _print_period(self):
        days = [
            format_date(self.env, moment) if moment else "…"
            for moment in (self.started_at, self.closed_at or self.date_close)
        ]
        return " – ".join(days)

    def _print_main(self, results):
        """Rows (label, value, interval, n) of the main figures"""
        score, nps, ratio = (results[name] for name in ("score", "nps", "ratio"))
        rows = [
            (
                self.env._("Satisfaction (0 to 100)"),
                self._say_number(score["value"]),
                self._say_interval(score),
                score["count"],
            ),
            (
                self.env._("Recommendation (NPS)"),
                self._say_signed(nps["value"]),
                self._say_interval(nps, signed=True),
                nps["count"],
            ),
            (
                self.env._("Perceived / expected"),
                self._say_ratio(ratio["value"]),
                "",
                ratio["count"],
            ),
        ]
        if value := results["value"]:
            rows += [
                (
                    label,
                    say(value[name]["value"]),
                    self._say_interval(value[name], signed=name == "delivered"),
                    value[name]["count"],
                )
                for name, label, say in (
                    ("value", self.env._("Value to the customer"), self._say_number),
                    ("cost", self.env._("Cost to the customer"), self._say_number),
                    ("delivered", self.env._("Delivered value"), self._say_signed),
                )
            ]
        return rows

    def _print_rates(self, response):
        """Rows (name of AAPOR, label, words, percent)"""
        return [
            (name, label, self._say_number(response[key], 1), response[key])
            for name, key, label in (
                ("RR1", "response", self.env._("Response rate")),
                (
                    "RR2",
                    "response_partial",
                    self.env._("Response rate, partial answers included"),
                ),
                ("COOP1", "cooperation", self.env._("Cooperation rate")),
                ("REF1", "refusal", self.env._("Refusal rate")),
                ("CON1", "contact", self.env._("Contact rate")),
            )
        ]

    def _print_changes(self, previous):
        """Rows (label, change, interval, words)"""
        if not previous:
            return []
        labels = {
            "score": self.env._("Satisfaction"),
            "nps": self.env._("Recommendation (NPS)"),
        }
        return [
            (
                label,
                self._say_signed(change["value"]),
                self._say_interval(change | {"count": 1}, signed=True),
                self.env._("significant")
                if change["significant"]
                else self.env._("within chance"),
            )
            for key, label in labels.items()
            if (change := previous["changes"].get(key))
        ]

    def _print_left_out(self, results):
        """Rows (reason, count) of customers and answers that are not in the figures"""
        words = self._left_out_words()
        rows = [
            (words.get(reason, reason), count)
            for reason, count in (self.left_out or {}).items()
            if count
        ]
        if results["aside"]:
            rows.append((self.env._("Answers set aside"), results["aside"]))
        return rows
