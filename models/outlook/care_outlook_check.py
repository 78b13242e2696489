from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...tools import hit_rate, outlook
from .care_outlook import RISK_RULES

RULE_REASONS = [
    ("better", "The model is better"),
    ("no_better", "The model is not better"),
    ("too_few", "Too few customers"),
]
FEW = 30
"""Below so many customers a percentage would promise too much."""


class CareOutlookCheck(models.Model):
    """What was predicted for a quarter against what happened in it. The monthly job
    computes the prediction again from what was known at the beginning."""

    _name = "care.outlook.check"
    _description = "Hit Rate"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date("Predicted on", required=True, readonly=True)
    date_end = fields.Date("Until", required=True, readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    silent_count = fields.Integer("Without Order", readonly=True)
    silent_share = fields.Float(
        "Without Order (%)", readonly=True, digits=(16, 1), aggregator=None
    )
    top_share = fields.Float(
        "Found in the Fifth at Highest Risk (%)",
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="Share of the customers without order who were among the 20 % of "
        "customers at highest risk. Chance finds 20 %.",
    )
    rule_used = fields.Selection(RISK_RULES, "Prediction by", readonly=True)
    rule_code = fields.Selection(RULE_REASONS, readonly=True)
    rule_reason = fields.Char("Why This Rule", compute="_compute_words")
    auc = fields.Float(
        "AUC of the Model",
        readonly=True,
        digits=(16, 3),
        aggregator=None,
        help="How often, of a customer who ordered and one who did not, the second one "
        "had the higher risk. 0.5 is guessing, 1 is perfect.",
    )
    auc_simple = fields.Float(
        "AUC of Days since the Last Order",
        readonly=True,
        digits=(16, 3),
        aggregator=None,
    )
    brier = fields.Float(
        "Brier Score of the Model",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
        help="Mean squared error of the probabilities: the lower, the better.",
    )
    brier_simple = fields.Float(
        "Brier Score of Days since the Last Order",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
    )
    calibration = fields.Json(readonly=True, exportable=False)
    calibration_html = fields.Html(
        "Predicted and Happened", compute="_compute_words", sanitize=False
    )
    risk_count = fields.Integer(
        "Rated at Risk",
        readonly=True,
        help="Customers whose risk was medium or high by the bounds of the settings.",
    )
    risk_silent_count = fields.Integer("Of Them without Order", readonly=True)
    plain_text = fields.Char("In Plain Words", compute="_compute_plain_text")
    quality_text = fields.Char(compute="_compute_plain_text")
    summary = fields.Char(compute="_compute_words")

    _company_date_uniq = models.UniqueIndex("(company_id, date)")

    @api.depends("date", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "Predicted on %(date)s: %(company)s",
                date=format_date(self.env, check.date),
                company=check.company_id.name,
            )

    @api.depends("calibration", "rule_code", "silent_share", "top_share")
    @api.depends_context("lang")
    def _compute_words(self):
        reasons = {
            "better": self.env._(
                "On the last quarter the model was better than the days since the last "
                "order: it is used."
            ),
            "no_better": self.env._(
                "On the last quarter the model was no better than the days since the "
                "last order. Therefore the silence since the last order is used, "
                "measured by the customer's own intervals where there are three."
            ),
            "too_few": self.env._(
                "Too few customers or too short a history to train a model. The "
                "silence since the last order is used, measured by the customer's own "
                "intervals where there are three."
            ),
        }
        for check in self:
            check.rule_reason = reasons.get(check.rule_code, False)
            check.summary = self.env._(
                "%(all)s %% of the customers did not order in the three months. "
                "%(top)s %% of them were among the fifth at highest risk; chance would "
                "have found 20 %%.",
                top=check._percent(check.top_share),
                all=check._percent(check.silent_share),
            )
            check.calibration_html = check._calibration_table()

    @api.depends(
        "date", "risk_count", "risk_silent_count", "customer_count", "silent_count"
    )
    @api.depends_context("lang")
    def _compute_plain_text(self):
        for check in self:
            check.plain_text = check._rated_in_words()
            check.quality_text = check._quality_in_words()

    def _rated_in_words(self):
        """What became of those who had been rated at risk, and of the others"""
        others = self.customer_count - self.risk_count
        others_silent = self.silent_count - self.risk_silent_count
        if not self.risk_count:
            return self.env._("No customer was rated at risk.")
        if self.risk_count < FEW:
            rated = self.env._(
                "Of all customers that we rated at risk (%(rated)s), %(silent)s did "
                "not order in the three months that followed.",
                rated=self.risk_count,
                silent=self.risk_silent_count,
            )
        else:
            rated = self.env._(
                "Of 100 customers that we rated at risk, %s did not order in the three "
                "months that followed.",
                self._percent(100 * self.risk_silent_count / self.risk_count),
            )
        if not others:
            return rated
        return f"{rated} " + self.env._(
            "Of 100 others, %s did not.", self._percent(100 * others_silent / others)
        )

    def _quality_in_words(self):
        """AUC and Brier score of the rule that was used"""
        simple = self.rule_used == "simple"
        auc, brier = (
            (self.auc_simple, self.brier_simple) if simple else (self.auc, self.brier)
        )
        share = self.silent_count / self.customer_count if self.customer_count else 0
        same_for_all = share * (1 - share)
        if not same_for_all or not auc:
            return False
        words = self.env._(
            "Of two customers, one who ordered and one who did not, the second one had "
            "the higher risk in %s of 100 cases; guessing gives 50.",
            self._percent(100 * auc),
        )
        saved = 100 * (1 - brier / same_for_all)
        if saved < 1:
            return f"{words} " + self.env._(
                "The percentages themselves were no better than the same risk for "
                "every customer."
            )
        return f"{words} " + self.env._(
            "The error of the percentages was %s %% smaller than with the same risk "
            "for every customer.",
            self._percent(saved),
        )

    def _all_words(self):
        """Sentences that a manager should know, none where there is no prediction"""
        if not self:
            return []
        words = (
            self._period_in_words(),
            self.plain_text,
            self.summary,
            self.quality_text,
        )
        return list(filter(None, words))

    def _period_in_words(self):
        return self.env._(
            "Predicted on %(start)s, checked on %(end)s.",
            start=format_date(self.env, self.date),
            end=format_date(self.env, self.date_end),
        )

    # ------------------------------------------------------------
    # First figures
    # ------------------------------------------------------------

    @api.model
    def get_empty_list_help(self, help_message):
        help_message = super().get_empty_list_help(help_message)
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return help_message
        day = self._first_figures_on(self.env.company)
        text = (
            self.env._("The first figures come on %s.", format_date(self.env, day))
            if day
            else self.env._(
                "There is no confirmed order yet. The first figures come three months "
                "after the first order."
            )
        )
        return (help_message or "") + Markup("<p><strong>%s</strong></p>") % text

    @api.model
    def _first_figures_on(self, company):
        """Day of the first monthly run that can look back on a quarter, False without
        any order"""
        order = (
            self.env["sale.order"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("state", "=", "sale")],
                order="date_order, id",
                limit=1,
            )
        )
        if not order:
            return False
        enough = order.date_order + timedelta(days=outlook.HORIZON + 1)
        cron = self.env.ref("customer_care.ir_cron_outlook_train").sudo()
        run = max(cron.nextcall, fields.Datetime.now())
        while run < enough:
            run += relativedelta(months=1)
        return fields.Datetime.context_timestamp(self, run).date()

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.model
    def _store(self, company, today, quarter, model, used, code):
        """Keep what the prediction for a quarter was worth; training again on the same
        day replaces it.

        :param quarter: of :meth:`CareOutlook._quarter`
        :param model: fitted to the quarter before
        :param used: whether the model is used, or the silence since the last order
        """
        day, silent = quarter.day, [not ordered for ordered in quarter.outcomes]
        modelled = [
            outlook.risk(chance, row, day) / 100
            for chance, row in zip(
                model.probabilities(quarter.rows), quarter.known, strict=True
            )
        ]
        simple = [outlook.simple_risk(row, day) / 100 for row in quarter.known]
        risks = (
            modelled
            if used
            else [
                outlook.risk(1 - outlook.fallback_risk(row, day) / 100, row, day) / 100
                for row in quarter.known
            ]
        )
        found = hit_rate.top_share(risks, silent)
        bound = company.sudo().care_risk_medium / 100
        rated = [
            gone for risk, gone in zip(risks, silent, strict=True) if risk >= bound
        ]
        values = {
            "company_id": company.id,
            "date": day,
            "date_end": today,
            "customer_count": len(silent),
            "silent_count": sum(silent),
            "silent_share": 100 * sum(silent) / len(silent),
            "top_share": 100 * (found or 0),
            "risk_count": len(rated),
            "risk_silent_count": sum(rated),
            "rule_used": "model" if used else "simple",
            "rule_code": code,
            "auc": hit_rate.auc(modelled, silent),
            "auc_simple": hit_rate.auc(simple, silent),
            "brier": hit_rate.brier(modelled, silent),
            "brier_simple": hit_rate.brier(simple, silent),
            "calibration": [list(row) for row in hit_rate.calibration(risks, silent)],
        }
        checks = self.sudo()
        checks.search([("company_id", "=", company.id), ("date", "=", day)]).unlink()
        return checks.create(values)

    def _percent(self, value):
        return formatLang(self.env, value, digits=0)

    def _bar(self, percent, color):
        return Markup(
            '<div class="d-flex align-items-center gap-2">'
            '<span class="text-end" style="min-width: 2em;">%s</span>'
            '<div class="progress flex-grow-1" aria-hidden="true">'
            '<div class="progress-bar %s" style="width: %s%%;"></div></div></div>'
        ) % (self._percent(percent), color, round(percent))

    def _calibration_table(self):
        """Groups of customers of similar risk, each with two bars"""
        head = Markup(
            '<thead><tr><th class="text-end">%s</th><th>%s</th><th>%s</th></tr></thead>'
        ) % (
            self.env._("Customers"),
            self.env._("Predicted without order (%)"),
            self.env._("Without order (%)"),
        )
        rows = Markup("").join(
            Markup('<tr><td class="text-end">%s</td><td>%s</td><td>%s</td></tr>')
            % (
                count,
                self._bar(100 * predicted, "bg-info"),
                self._bar(100 * happened, "bg-primary"),
            )
            for count, predicted, happened in self.calibration or ()
        )
        return (
            Markup(
                '<table class="table table-sm align-middle o_care_calibration">'
                "%s<tbody>%s</tbody></table>"
            )
            % (head, rows)
            if rows
            else False
        )
