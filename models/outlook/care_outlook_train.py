import json
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, fields, models

from ...tools import logistic, outlook
from ..core.care_job import attempt_each, single
from .outlook_facts import OutlookFacts

SAMPLE = 20_000
"""At most so many customers are looked at: more make a model no better."""
FACTS_BATCH = 4000
TRAIN_JOB = "outlook training"


class Quarter(NamedTuple):
    """What was known of customers at the beginning of a quarter, and who ordered in
    it."""

    day: date
    known: list
    rows: list
    simple: list
    """Score of the simple rule, higher for who is more likely to order"""
    outcomes: list


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
            attempt_each(self._outlook_companies(), self._train_company, TRAIN_JOB)

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
        fitted = logistic.fit(before.rows, before.outcomes)
        if logistic.enough(before.outcomes):
            choice = logistic.choose(fitted, last.simple, last.rows, last.outcomes)
            used, code = choice.use_model, choice.reason
        else:
            used, code = False, "too_few"
        model = logistic.fit(last.rows, last.outcomes) if used else None
        self._store_model(company, today, model)
        self.env["care.outlook.check"]._store(company, today, last, fitted, used, code)

    @api.model
    def _quarter(self, company, day, bought):
        """The quarter that begins on a day.

        :param bought: as from :meth:`OutlookFacts.days`, also of the quarter itself
        """
        facts = OutlookFacts(self.env, company, day)
        segments = self._segments(company, day)
        customers, known = list(bought), {}
        for start in range(0, len(customers), FACTS_BATCH):
            batch = customers[start : start + FACTS_BATCH]
            of_batch = {customer: bought[customer] for customer in batch}
            known |= self._known(
                facts, batch, of_batch, facts.categories(batch), segments
            )
        end = day + timedelta(days=outlook.HORIZON)
        return Quarter(
            day,
            list(known.values()),
            [outlook.vector(row, day) for row in known.values()],
            [-outlook.simple_risk(row, day) for row in known.values()],
            [_ordered(*bought[customer], day, end) for customer in known],
        )

    @api.model
    def _store_model(self, company, today, model):
        Model = self.env["care.outlook.model"].sudo()
        Model.search([("company_id", "=", company.id), ("date", "=", today)]).unlink()
        Model.create(
            {
                "company_id": company.id,
                "date": today,
                "rule": "model" if model else "simple",
                "data": json.loads(model.to_json()) if model else False,
            }
        )


def _ordered(days, amounts, start, end):
    """Whether there was an order from a day to another; returns are none."""
    return any(
        start <= day < end and amount >= 0
        for day, amount in zip(days, amounts, strict=True)
    )
