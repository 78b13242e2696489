import json

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import loyalty
from ..core.care_job import attempt, single
from ..core.order_amount import sql_order_rate
from ..tier.customer_sales import days_in_utc

BATCH = 2000
PLACE = "loyalty"


class CareLoyalty(models.Model):
    """The job that reads the orders. It writes rows of a batch of customers with one
    statement, whatever their number."""

    _inherit = "care.loyalty"

    @api.model
    @single
    def _cron_refresh(self):
        """Monthly, in batches of customers by id, each committed."""
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        Cron, Job = self.env["ir.cron"], self.env["care.job"]
        place = Job._place(PLACE)
        companies = self.env["care.outlook"]._outlook_companies()
        while customers := self._following(companies, place):
            for company in companies:
                attempt(
                    company,
                    lambda row, ids=customers: self._refresh_batch(row, ids),
                )
            place = customers[-1]
            Job._set_place(PLACE, place)
            if not Cron._commit_progress(1, remaining=1):
                return
        Job._set_place(PLACE, 0)
        Cron._commit_progress(remaining=0)

    @api.model
    def _refresh(self, companies, today=None):
        """All customers of some companies at once; for tests and imports"""
        self.env.flush_all()
        place = 0
        while customers := self._following(companies, place):
            for company in companies:
                self._refresh_batch(company, customers, today)
            place = customers[-1]

    @api.model
    def _following(self, companies, place):
        """The next customers with an order or a referral, by id"""
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT p.id FROM res_partner p
                     WHERE p.id > %(place)s AND p.active
                       AND p.commercial_partner_id = p.id
                       AND (EXISTS (SELECT 1 FROM sale_order o
                                      JOIN res_partner q ON q.id = o.partner_id
                                     WHERE q.commercial_partner_id = p.id
                                       AND o.state = 'sale'
                                       AND o.company_id = ANY(%(companies)s))
                            OR EXISTS (SELECT 1 FROM care_referral r
                                     JOIN res_partner q ON q.id = r.referrer_id
                                    WHERE q.commercial_partner_id = p.id))
                  ORDER BY p.id LIMIT %(limit)s
                    """,
                    place=place,
                    companies=companies.ids,
                    limit=BATCH,
                )
            )
        ]

    @api.model
    def _refresh_batch(self, company, customers, today=None):
        today = today or company._care_today()
        rows = [
            self._proposal(row)
            for row in self.env.execute_query_dict(
                self._sql_signs(company, customers, today)
            )
        ]
        if rows:
            self.env.execute_query(self._sql_upsert(company, today, rows))
            self.invalidate_model(flush=False)

    @api.model
    def _proposal(self, row):
        """Columns to write, of the signs of a customer"""
        signs = loyalty.Signs(
            repeats=max(row["days"] - 1, 0),
            interval=row["interval"],
            silence=row["silence"],
            new_products=row["new_products"],
            grade=row["grade"],
            referrals=row["referrals"],
            elasticity=row["elasticity"],
            discounts=row["discounts"] or 0.0,
            competitor_notes=row["notes"],
            tolerated=row["tolerated"],
            attitude=row["attitude"],
        )
        kind, reasons = loyalty.propose(signs)
        return {
            "partner_id": row["partner_id"],
            "proposed_kind": kind or None,
            "reasons": reasons,
            "repeat_count": signs.repeats,
            "interval_days": signs.interval,
            "silence_days": signs.silence,
            "new_product_count": signs.new_products,
            "grade": loyalty.grade(signs.grade),
            "referral_count": signs.referrals,
            "price_sensitivity": loyalty.price_sensitivity(signs.elasticity),
            "discount_share": 100 * signs.discounts,
            "competitor_count": signs.competitor_notes,
            "tolerated_count": signs.tolerated,
        }

    @api.model
    def _sql_upsert(self, company, today, rows):
        """Write the rows; a kind confirmed stays so until the proposal changes or a
        year has passed."""
        columns = {
            name: self._fields[name].column_type[1]
            for name in rows[0]
            if name != "partner_id"
        }
        return SQL(
            """
            INSERT INTO care_loyalty AS own
                   (partner_id, company_id, date, state, create_uid, create_date,
                    write_uid, write_date, %(names)s)
            SELECT partner_id, %(company)s, %(today)s, 'proposed', %(uid)s, NOW(),
                   %(uid)s, NOW(), %(names)s
              FROM jsonb_to_recordset(%(rows)s::jsonb)
                   AS row(partner_id int4, %(types)s)
       ON CONFLICT (partner_id, company_id) DO UPDATE SET
                   state = CASE WHEN own.state = 'confirmed'
                                 AND own.confirmed_proposal
                                     IS NOT DISTINCT FROM EXCLUDED.proposed_kind
                                 AND own.confirmed_date > %(again)s
                                THEN 'confirmed' ELSE 'proposed' END,
                   date = CASE WHEN own.proposed_kind
                                    IS NOT DISTINCT FROM EXCLUDED.proposed_kind
                               THEN own.date ELSE EXCLUDED.date END,
                   write_date = NOW(), %(sets)s
            RETURNING id
            """,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            types=SQL(", ").join(
                SQL("%s %s", SQL.identifier(name), SQL(kind))
                for name, kind in columns.items()
            ),
            sets=SQL(", ").join(
                SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
                for name in columns
            ),
            rows=json.dumps(rows),
            company=company.id,
            today=today,
            uid=self.env.uid,
            again=self._ask_again_before(today),
        )

    @api.model
    def _sql_signs(self, company, customers, today):
        """A row (partner_id, signs) for each customer"""
        start, end = days_in_utc(company, today - relativedelta(years=5), today)
        year = days_in_utc(company, today - relativedelta(years=1), today)[0]
        return SQL(
            """
            WITH line AS (
                SELECT q.commercial_partner_id AS partner_id, o.date_order,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                           AS day,
                       l.product_id, t.categ_id,
                       l.product_uom_qty AS quantity, l.discount,
                       %(price)s AS price
                  FROM sale_order o
                  JOIN res_partner q ON q.id = o.partner_id
                  JOIN sale_order_line l ON l.order_id = o.id
                  JOIN product_product pp ON pp.id = l.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                 WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND o.date_order >= %(start)s AND o.date_order < %(end)s
                   AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
                   AND l.product_uom_qty > 0 AND l.price_subtotal > 0
                   AND q.commercial_partner_id = ANY(%(customers)s)
            ), days AS (
                SELECT partner_id, day, day - LAG(day) OVER (
                           PARTITION BY partner_id ORDER BY day) AS gap
                  FROM line GROUP BY partner_id, day
            ), rhythm AS (
                SELECT partner_id, COUNT(*)::int AS days, MAX(day) AS last,
                       MIN(day) AS first,
                       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) AS interval
                  FROM days GROUP BY partner_id
            ), taken AS (
                SELECT partner_id, COUNT(*) FILTER (WHERE first >= %(year)s)::int
                           AS new_products, MIN(first) AS begun
                  FROM (SELECT partner_id, product_id, MIN(date_order) AS first
                          FROM line GROUP BY partner_id, product_id) AS product
              GROUP BY partner_id
            ), category AS (
                SELECT t.categ_id, AVG(%(price)s) AS price
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN product_product pp ON pp.id = l.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                 WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND o.date_order >= %(year)s AND o.date_order < %(end)s
                   AND l.price_subtotal > 0 AND l.product_uom_qty > 0
              GROUP BY t.categ_id
            ), bought AS (
                SELECT partner_id,
                       AVG(line.price / NULLIF(category.price, 0))::float8 AS grade,
                       AVG(CASE WHEN discount >= 5 THEN 1.0 ELSE 0 END)::float8
                           AS discounts
                  FROM line LEFT JOIN category USING (categ_id)
              GROUP BY partner_id
            ), slope AS (
                SELECT partner_id,
                       (SUM(slope * number) / SUM(number))::float8 AS elasticity
                  FROM (SELECT partner_id, product_id, COUNT(*) AS number,
                               REGR_SLOPE(LN(quantity::float8), LN(price::float8))
                                   AS slope
                          FROM line
                      GROUP BY partner_id, product_id
                        HAVING COUNT(*) >= 6
                           AND MAX(price) >= 1.1 * MIN(price)) AS product
                 WHERE slope IS NOT NULL
              GROUP BY partner_id
            )
            SELECT p.id AS partner_id, COALESCE(rhythm.days, 0) AS days,
                   rhythm.interval, %(today)s - rhythm.last AS silence,
                   CASE WHEN taken.begun < %(year)s THEN taken.new_products ELSE 0 END
                       AS new_products,
                   bought.grade, bought.discounts, slope.elasticity,
                   (SELECT COUNT(*)::int FROM care_referral r
                      JOIN res_partner q ON q.id = r.referrer_id
                     WHERE q.commercial_partner_id = p.id
                       AND r.company_id = %(company)s AND r.date <= %(today)s)
                       AS referrals,
                   (SELECT COUNT(*)::int FROM care_interaction i
                     WHERE i.partner_id = p.id AND i.company_id = %(company)s
                       AND i.date >= %(year)s AND i.date < %(end)s
                       AND i.competitor_note <> '') AS notes,
                   (SELECT COUNT(*)::int FROM care_complaint c
                     WHERE c.partner_id = p.id AND c.company_id = %(company)s
                       AND c.closed_at IS NOT NULL AND c.closed_at < %(end)s
                       AND EXISTS (SELECT 1 FROM line
                                    WHERE line.partner_id = p.id
                                      AND line.date_order > c.closed_at))
                       AS tolerated,
                   own.attitude
              FROM res_partner p
         LEFT JOIN rhythm ON rhythm.partner_id = p.id
         LEFT JOIN taken ON taken.partner_id = p.id
         LEFT JOIN bought ON bought.partner_id = p.id
         LEFT JOIN slope ON slope.partner_id = p.id
         LEFT JOIN care_loyalty own
                ON own.partner_id = p.id AND own.company_id = %(company)s
             WHERE p.id = ANY(%(customers)s)
               AND (rhythm.days > 0 OR own.id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM care_referral r
                      JOIN res_partner q ON q.id = r.referrer_id
                     WHERE q.commercial_partner_id = p.id
                       AND r.company_id = %(company)s))
            """,
            tz=company._care_tz().zone,
            price=SQL(
                "l.price_subtotal / l.product_uom_qty / COALESCE(NULLIF(%s, 0), 1)",
                sql_order_rate(company),
            ),
            company=company.id,
            start=start,
            end=end,
            year=year,
            today=today,
            customers=list(customers),
        )
