import json
from collections import defaultdict
from statistics import median

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import outlook
from ..core.care_job import attempt, single
from .care_outlook_category_refresh import dropped
from .outlook_facts import OutlookFacts
from .outlook_rows import delete_other_rows, write_rows

OUTLOOK_BATCH = 2000
COMPANY_JOB, CUSTOMER_JOB = "outlook company", "outlook customer"
"""Names under which the job keeps its place"""
SEGMENT_SAMPLE = 3000
"""Customers from which the usual interval of others is taken"""
LAST_AMOUNTS = 8
"""The next amount is the median of so many purchases."""
COLUMNS = {
    "partner_id": "int",
    "date": "date",
    "order_count": "int",
    "last_order_date": "date",
    "interval_last": "int",
    "interval_median": "float8",
    "interval_spread": "float8",
    "silence_days": "int",
    "silence_ratio": "float8",
    "next_order_date": "date",
    "next_order_from": "date",
    "next_order_to": "date",
    "next_amount": "numeric",
    "year_amount": "numeric",
    "risk": "float8",
    "risk_band": "text",
    "risk_rule": "text",
    "reasons": "jsonb",
}


class CareOutlook(models.Model):
    """The nightly job."""

    _inherit = "care.outlook"

    @api.model
    def _refresh(self, today=None, companies=None):
        """Bring the rows of all customers up to date; never commits. As of a past day
        only what was known on its morning counts.

        :param today: a day, by default each company's own
        """
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        for company in companies or self._outlook_companies():
            place, segments = 0, self._segments(company, today)
            while place is not None:
                place = self._refresh_batch(company, place, segments, today)
            self._finish_company(company, today)
            if today is None or fields.Date.to_date(today) == company._care_today():
                self._open_cases(company)

    @api.model
    @single
    def _cron_refresh(self):
        """Nightly, in batches of customers by id, each committed. Killed, it goes on
        where it was."""
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        Cron, Job = self.env["ir.cron"], self.env["care.job"]
        time = Cron._commit_progress(remaining=1)
        for company in self._outlook_companies().filtered(
            lambda company: company.id > Job._place(COMPANY_JOB)
        ):
            place, segments = Job._place(CUSTOMER_JOB), self._segments(company)
            while place is not None:
                if not time:
                    return
                place = self._attempt_batch(company, place, segments)
                Job._set_place(CUSTOMER_JOB, place or 0)
                time = Cron._commit_progress(1, remaining=1)
            attempt(company, self._finish_company)
            Cron._commit_progress(remaining=1)
            attempt(company, self._open_cases)
            Job._set_place(COMPANY_JOB, company.id)
            time = Cron._commit_progress(1, remaining=1)
        Job._set_place(COMPANY_JOB, 0)
        Cron._commit_progress(remaining=0)

    @api.model
    def _attempt_batch(self, company, place, segments):
        """A batch that fails is logged and left out: the others get their rows.

        :return: the last customer of the batch, None after the last batch
        """
        following = [None]

        def work(company):
            following[0] = self._refresh_batch(company, place, segments)

        if attempt(company, work):
            return following[0]
        customers = self._next_customers(place)
        return customers[-1] if len(customers) == OUTLOOK_BATCH else None

    @api.model
    def _outlook_companies(self):
        return self.env["res.company"].sudo().search(Domain.TRUE, order="id")

    @api.model
    def _next_customers(self, place):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner
                 WHERE id > %s AND commercial_partner_id = id AND active
              ORDER BY id LIMIT %s
                """,
                place,
                OUTLOOK_BATCH,
            )
        )
        return [customer for (customer,) in rows]

    @api.model
    def _refresh_batch(self, company, place, segments, today=None):
        """One batch: a number of queries that does not depend on its size.

        :param place: customers after this id
        :param segments: as from :meth:`_segments`
        :return: id of the last customer, None if these were the last ones
        """
        self = self.sudo().with_company(company)  # noqa: PLW0642
        self.env.flush_all()
        today = fields.Date.to_date(today) or company._care_today()
        customers = self._next_customers(place)
        last = customers[-1] if len(customers) == OUTLOOK_BATCH else None
        facts = OutlookFacts(self.env, company, today)
        categories = facts.categories(customers)
        self.env["care.outlook.category"]._write_batch(
            company, facts, customers, categories, place, last
        )
        rows = self._outlook_rows(facts, customers, categories, segments)
        write_rows(self, company, COLUMNS, ("partner_id",), rows)
        delete_other_rows(
            self, company, ("partner_id",), [row[:1] for row in rows], place, last
        )
        self.env.invalidate_all(flush=False)
        return last

    @api.model
    def _open_cases(self, company):
        """Open cases of customers at risk from their rows of today: the best tiers
        first, and within a tier where most would be lost."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.partner_id, r.company_id, r.risk, r.reasons
                  FROM care_outlook r
                  JOIN res_company company ON company.id = r.company_id
             LEFT JOIN care_tier tier ON tier.id = r.tier_id
                 WHERE r.company_id = %(company)s AND %(at_risk)s
              ORDER BY r.tier_sequence, r.risk * r.year_amount DESC, r.partner_id
                """,
                company=company.id,
                at_risk=self._sql_at_risk(),
            )
        )
        self.env["care.risk.case"]._open_for_risk(rows)

    @api.model
    def _outlook_rows(self, facts, customers, categories, segments):
        """Values of ``COLUMNS`` of each customer that has ordered"""
        company, today = facts.company, facts.today
        model = self.env["care.outlook.model"]._of(company, today)._risk_model()
        bands = company._care_risk_bands()
        bought = facts.days(customers)
        known = self._known(facts, customers, bought, categories, segments)
        return [
            [customer, *_values(facts_, bought[customer], model, bands, today)]
            for customer, facts_ in known.items()
        ]

    @api.model
    def _known(self, facts, customers, bought, categories, segments):
        """What the risk is computed from.

        :param bought: as from :meth:`OutlookFacts.days`; later days are left out
        :param categories: as from :meth:`OutlookFacts.categories`
        :param segments: as from :meth:`_segments`
        :return: {customer id: Facts} of those who had ordered before the day
        """
        none, signs = facts.signs(customers)
        tiers = facts.tiers(customers) if len(segments) > 1 else {}
        known = {}
        for customer, (days, amounts) in bought.items():
            segment = segments.get(tiers.get(customer)) or segments[None]
            found = none | signs.get(customer, {})
            overdue = found.pop("overdue")
            row = outlook.gather(
                list(zip(days, amounts, strict=True)), facts.today, segment, **found
            )
            if not row.order_count:
                continue
            year = max(row.amount_365, overdue, 1)
            known[customer] = row._replace(
                overdue_share=overdue / year,
                decision_maker_gone=bool(row.decision_maker_gone),
                categories_dropped=dropped(categories.get(customer, {}), row.last_day),
            )
        return known

    @api.model
    def _segments(self, company, today=None):
        """Usual intervals of a sample of customers, for those with few orders:
        {tier id: Summary}, of all customers under None. As of a past day, for which the
        tiers of then are not known, of all only."""
        self.env.flush_all()
        today = fields.Date.to_date(today) or company._care_today()
        facts = OutlookFacts(self.env, company, today)
        sample = facts.sample(SEGMENT_SAMPLE)
        tiers = {} if facts.is_past else facts.tiers(sample)
        intervals = defaultdict(list)
        for customer, (days, _amounts) in facts.days(sample).items():
            apart = outlook.intervals_between(days)
            for tier in {None, tiers.get(customer)}:
                intervals[tier].append(apart)
        return {None: None} | {
            tier: outlook.segment_summary(found) for tier, found in intervals.items()
        }

    @api.model
    def _finish_company(self, company, today=None):
        """After all batches: intervals of similar customers, what was ordered or
        quoted before, and the figures of the month."""
        today = fields.Date.to_date(today) or company._care_today()
        self.env.flush_all()
        self.env["care.outlook.category"]._take_similar(company)
        self.env["care.outlook.category"]._forget_ordered(company, today)
        self.env["care.outlook.month"]._keep(company, today)
        self.env.invalidate_all(flush=False)


def _values(known, bought, model, bands, today):
    """Values of ``COLUMNS`` of a customer beyond its id.

    :param known: Facts
    :param bought: (days, amounts)
    :param model: a logistic model, None for the simple rule
    """
    if model:
        chance = model.probability(outlook.vector(known, today))
    else:
        chance = 1 - outlook.fallback_risk(known, today) / 100
    risk = outlook.risk(chance, known, today)
    usual = known.intervals
    next_day, start, end = outlook.next_order(
        known.last_day, usual, today, known.season_day
    )
    days = outlook.order_days(
        (day for day, amount in zip(*bought, strict=True) if amount >= 0), today
    )
    amounts = [amount for amount in bought[1] if amount >= 0][-LAST_AMOUNTS:]
    reasons = [
        {"code": code, **values} for code, values in outlook.reasons(known, today)
    ]
    return [
        today,
        known.order_count,
        known.last_day,
        (days[-1] - days[-2]).days if len(days) > 1 else None,
        usual and usual.median,
        usual and usual.spread * usual.median,
        (today - known.last_day).days,
        outlook.silence_ratio(known.last_day, usual, today),
        next_day,
        start,
        end,
        median(amounts) if next_day else None,
        max(known.amount_365, 0),
        risk,
        outlook.risk_band(risk, known, today, bands),
        "model" if model else "simple",
        json.dumps(reasons) if reasons else None,
    ]
