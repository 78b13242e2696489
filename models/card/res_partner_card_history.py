from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.order_amount import sql_order_amount
from .res_partner_card_parts import sql_user_name

CARD_TREND_MONTHS = 12


class ResPartner(models.Model):
    """Names, purchases and the tier on the customer card, as SQL subqueries."""

    _inherit = "res.partner"

    def _care_sql_names(self):
        """Names of records that the card refers to"""
        own = {
            name: self[name].id or None
            for name in (
                "care_region_id",
                "care_segment_id",
                "care_source_partner_id",
                "care_manager_id",
                "care_card_user_id",
                "care_verified_user_id",
                "user_id",
            )
        }
        return SQL(
            """json_build_object(
                'care_region_id', (
                    SELECT array_to_string(%s, ' / ') FROM care_region WHERE id = %s),
                'care_segment_id', %s,
                'care_source_partner_id', (
                    SELECT complete_name FROM res_partner WHERE id = %s),
                'care_manager_id', %s,
                'care_card_user_id', %s,
                'care_verified_user_id', %s,
                'user_id', %s,
                'care_need_ids', (
                    SELECT string_agg(%s, ', ')
                      FROM care_need_res_partner_rel rel
                      JOIN care_need ON care_need.id = rel.care_need_id
                     WHERE rel.res_partner_id = %s),
                'referrals', (
                    SELECT COUNT(*) FROM res_partner
                     WHERE care_source_partner_id = %s AND active),
                'others', (
                    SELECT COUNT(*) FROM res_partner
                     WHERE parent_id = %s AND active AND type = 'contact'))""",
            self.env["care.region"]._care_sql_path("care_region"),
            own["care_region_id"],
            self._care_sql_translated(
                "care.segment", SQL("%s", own["care_segment_id"])
            ),
            own["care_source_partner_id"],
            sql_user_name(SQL("%s", own["care_manager_id"])),
            sql_user_name(SQL("%s", own["care_card_user_id"])),
            sql_user_name(SQL("%s", own["care_verified_user_id"])),
            sql_user_name(SQL("%s", own["user_id"])),
            self.env["care.need"]._field_to_sql("care_need", "name"),
            self.id,
            self.id,
            self.id,
        )

    def _care_sql_trend(self, visible):
        """{first of a month: confirmed orders, untaxed, in company currency}, for whom
        the history of the customer is visible; months in the company's time zone"""
        company = self.env.company
        first = company._care_today().replace(day=1) - relativedelta(
            months=CARD_TREND_MONTHS - 1
        )
        tz = company._care_tz().zone
        month = SQL(
            "date_trunc('month', o.date_order AT TIME ZONE 'UTC'"
            " AT TIME ZONE %s)::date",
            tz,
        )
        return SQL(
            """(
            SELECT json_object_agg(month, amount) FROM (
                SELECT %(month)s AS month,
                       SUM(%(amount)s) AS amount
                  FROM sale_order o
                 WHERE o.partner_id IN (
                        SELECT id FROM res_partner
                         WHERE commercial_partner_id = %(customer)s)
                   AND o.company_id = %(company)s
                   AND o.state = 'sale'
                   AND o.date_order >= %(start)s
                   AND %(visible)s
              GROUP BY 1) AS months)""",
            month=month,
            amount=sql_order_amount(company),
            customer=self.id,
            company=company.id,
            start=first - timedelta(days=1),
            visible=visible,
        )

    def _care_sql_timeline(self):
        History = self.env["care.tier.history"]
        query = History._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "=", self.env.company.id),
            order="date, id",
        )
        tier = "(SELECT %s FROM care_tier WHERE id = care_tier_history.new_tier_id)"
        return self._care_sql_rows(
            History,
            query,
            ["date"],
            code=SQL(tier, SQL("code")),
            sequence=SQL(tier, SQL("sequence")),
            color=SQL(tier, SQL("color")),
        )

    @api.model
    def _care_sql_reason(self, customer):
        """Why ``customer`` (SQL of its id) has its tier, as data: the last reason of a
        person or of the latest applied review; null if its history is not visible."""
        return SQL(
            """(
            SELECT CASE WHEN line.id IS NULL OR change.review_id IS NULL
                             AND change.create_date >= line.computed_at
                        THEN change.reason_data ELSE line.reason_data END
              FROM (SELECT 1) AS one
         LEFT JOIN LATERAL (
                    SELECT * FROM care_tier_history
                     WHERE partner_id = %(customer)s AND company_id = %(company)s
                  ORDER BY id DESC LIMIT 1) AS change ON TRUE
         LEFT JOIN LATERAL (
                    SELECT line.id, line.reason_data, review.computed_at
                      FROM (SELECT id, computed_at FROM care_tier_review
                             WHERE company_id = %(company)s AND state = 'applied'
                          ORDER BY date DESC, id DESC LIMIT 1) AS review
                      JOIN care_tier_review_line line
                        ON line.review_id = review.id
                       AND line.partner_id = %(customer)s
                       AND line.excluded IS NOT TRUE) AS line ON TRUE
             WHERE %(visible)s)""",
            customer=customer,
            company=self.env.company.id,
            visible=self._care_sql_visible(customer),
        )
