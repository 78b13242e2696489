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
        values = {
            "company_id": company.id,
            "date": day,
            "date_end": today,
            "customer_count": len(silent),
            "silent_count": sum(silent),
            "silent_share": 100 * sum(silent) / len(silent),
            "top_share": 100 * (found or 0),
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

    def _calibration_table(self):
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Customers"),
            self.env._("Predicted without order (%)"),
            self.env._("Without order (%)"),
        )
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                count,
                self._percent(100 * predicted),
                self._percent(100 * happened),
            )
            for count, predicted, happened in self.calibration or ()
        )
        return (
            Markup('<table class="table table-sm o_care_calibration">%s%s</table>')
            % (head, rows)
            if rows
            else False
        )
