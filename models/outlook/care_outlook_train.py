import json
from datetime import timedelta

from odoo import api, fields, models

from ...tools import hit_rate, logistic, outlook
from ..core.care_job import attempt_each, single
from .outlook_facts import OutlookFacts

SAMPLE = 20_000
"""At most so many customers are looked at: more make a model no better."""
FACTS_BATCH = 4000


class CareOutlook(models.Model):
    """The monthly training, and what the predictions were worth."""

    _inherit = "care.outlook"

    @api.model
    def _train(self, today=None, companies=None):
        """Train the model of each company on its past, check it on the last quarter,
        and keep it where it is better than the days since the last order. Never
        commits.

        :param today: a day, by default each company's own; nothing later is read
        """
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        for company in companies or self._outlook_companies():
            self._train_company(company, today)

    @api.model
    @single
    def _cron_train(self):
        """Monthly; one company is one batch."""
        if self.env["res.groups"]._has_care_feature("outlook"):
            attempt_each(self._outlook_companies(), self._train_company)

    @api.model
    def _train_company(self, company, today=None):
        """A model fitted to the quarter before the last is judged by the last one, as
        it would have foretold it; what is used from now on is fitted to the last one.
        """
        self = self.sudo().with_company(company)  # noqa: PLW0642
        self.env.flush_all()
        today = fields.Date.to_date(today) or company._care_today()
        begin, middle = (
            today - timedelta(days=times * outlook.HORIZON) for times in (2, 1)
        )
        facts = OutlookFacts(self.env, company, today)
        bought = facts.days(facts.sample(SAMPLE))
        before = self._quarter(company, begin, bought)
        last = self._quarter(company, middle, bought)
        if not last.known:
            return
        choice, fitted = None, logistic.fit(before.rows, before.outcomes)
        if logistic.enough(before.outcomes):
            choice = logistic.choose(fitted, last.simple, last.rows, last.outcomes)
        used = bool(choice and choice.use_model)
        model = logistic.fit(last.rows, last.outcomes) if used else None
        self._store_model(company, today, model)
        self._store_check(company, middle, today, last, fitted if used else None)
