from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.pareto import PRECISION, running_shares

REVIEW_BAR_LIMIT = 60
"""Bars of the chart; of more customers each bar is several."""


class CareTierReview(models.Model):
    """The customers of a review as a Pareto chart."""

    _inherit = "care.tier.review"

    @api.readonly
    def get_pareto(self):
        """Customers of the review, those that buy most first, as bars with their tiers
        and the running share of sales. Excluded customers have the tier that they keep.

        The queries do not depend on the number of customers.

        :return: dict of ``bars``, ``tiers`` with their totals, ``marks`` (how many
            customers reach each tier by the method of the review, without segments,
            locks and held downgrades), ``total`` and the ``currency_id``
        """
        self.ensure_one()
        self.check_access("read")
        self.env["care.tier.review.line"].browse().check_access("read")
        total = self._pareto_lines_count()
        bars = self._pareto_bars(max(1, -(-total // REVIEW_BAR_LIMIT)))
        return {
            "title": self.name,
            "bars": bars,
            "tiers": self._pareto_tiers(bars),
            "marks": self._pareto_marks() if total else [],
            "total": total,
            "currency_id": self.currency_id.id,
        }

    @api.readonly
    def action_open_pareto(self):
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "customer_care.tier_review_pareto_action"
        )
        return action | {"context": {"active_id": self.id, "active_model": self._name}}

    @api.readonly
    def action_open_amounts(self, low, high):
        """Lines behind a bar: customers that buy from ``low`` to ``high`` a month."""
        self.ensure_one()
        domain = (
            Domain("review_id", "=", self.id)
            & Domain("monthly_amount", ">=", low)
            & Domain("monthly_amount", "<=", high)
        )
        return self.action_open_lines() | {"domain": list(domain)}

    def _pareto_lines(self):
        """Ids of the lines that the user may read, as a subselect"""
        Line = self.env["care.tier.review.line"]
        Line.flush_model()
        return Line._search([("review_id", "=", self.id)]).subselect()

    def _pareto_lines_count(self):
        return self.env["care.tier.review.line"].search_count(
            [("review_id", "=", self.id)]
        )

    def _pareto_bars(self, size):
        """
        :param size: customers of one bar
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place / %(size)s AS bar, tier_id, COUNT(*), SUM(monthly_amount),
                       MIN(monthly_amount), MAX(monthly_amount), MIN(partner_id)
                  FROM (SELECT partner_id, monthly_amount,
                               CASE WHEN excluded THEN current_tier_id
                                    ELSE proposed_tier_id END AS tier_id,
                               row_number() OVER (ORDER BY monthly_amount DESC,
                                                           partner_id) - 1 AS place
                          FROM care_tier_review_line WHERE id IN %(lines)s) AS ranked
              GROUP BY bar, tier_id
              ORDER BY bar, tier_id
                """,
                size=size,
                lines=self._pareto_lines(),
            )
        )
        parts = defaultdict(list)
        for bar, *part in rows:
            parts[bar].append(part)
        customers = self.env["res.partner"].sudo()
        if size == 1:
            customers = customers.browse(part[-1] for [part] in parts.values())
        names = {customer.id: customer.display_name for customer in customers}
        shares = running_shares(
            sum(float(amount) for _tier, _count, amount, *_rest in bar)
            for bar in parts.values()
        )
        return [
            self._pareto_bar(bar * size + 1, parts[bar], share, names)
            for bar, share in zip(parts, shares, strict=True)
        ]

    def _pareto_bar(self, first, parts, share, names):
        """
        :param parts: (tier id, count, sum, smallest, largest amount, a customer) of
            each tier in the bar
        :param names: of the customers, where each has its own bar
        """
        tiers, counts, amounts, lows, highs, partners = zip(*parts, strict=True)
        return {
            "first": first,
            "last": first + sum(counts) - 1,
            "label": names.get(partners[0]),
            "res_id": partners[0] if names else False,
            "low": float(min(lows)),
            "high": float(max(highs)),
            "amount": float(sum(amounts)),
            "share": share,
            "parts": [
                {"tier_id": tier or False, "count": count, "amount": float(amount)}
                for tier, count, amount in zip(tiers, counts, amounts, strict=True)
            ],
        }

    def _pareto_tiers(self, bars):
        """The tiers of the bars, best first and none last"""
        counts, amounts = defaultdict(int), defaultdict(float)
        for bar in bars:
            for part in bar["parts"]:
                counts[part["tier_id"]] += part["count"]
                amounts[part["tier_id"]] += part["amount"]
        tiers = self.env["care.tier"].sudo().with_context(active_test=False)
        found = tiers.search([("id", "in", [tier for tier in counts if tier])])
        total = sum(amounts.values())
        return [
            {
                **tier._to_chart(self.company_id),
                "count": counts[tier.id],
                "share": 100 * amounts[tier.id] / total if total > 0 else 0,
            }
            for tier in [*found, *([tiers] if False in counts else [])]
        ]

    def _pareto_marks(self):
        """Where each tier but the last ends: number of customers, and their share"""
        tiers = self._scale()[:-1]
        total, reached = self._pareto_reached(tiers)
        marks = []
        for tier, (by_amount, by_share) in zip(tiers, reached, strict=True):
            count, amount = {
                "amount": by_amount,
                "share": by_share,
                "lower": min(by_amount, by_share),
                "higher": max(by_amount, by_share),
            }[self.method]
            marks.append(
                {
                    "label": tier.code,
                    "color": tier.color,
                    "count": count,
                    "share": 100 * float(amount) / total if total > 0 else 0,
                }
            )
        return marks

    def _pareto_reached(self, tiers):
        """
        :return: sum of all customers' amounts, and for each tier, by its amount and by
            its share, how many customers reach it or a better one and their sum
        """
        conditions = [
            condition
            for tier in tiers
            for condition in (
                SQL("monthly_amount >= %s", tier.min_monthly_amount),
                SQL(
                    "round(cumulative_share - share, %s) < %s",
                    PRECISION,
                    tier.max_cumulative_share,
                ),
            )
        ]
        [[total, *values]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(monthly_amount), 0)%s "
                "FROM care_tier_review_line WHERE id IN %s",
                SQL().join(
                    SQL(
                        ", COUNT(*) FILTER (WHERE %(condition)s), COALESCE("
                        "SUM(monthly_amount) FILTER (WHERE %(condition)s), 0)",
                        condition=condition,
                    )
                    for condition in conditions
                ),
                self._pareto_lines(),
            )
        )
        reached = list(_in_pairs(values))
        return float(total), list(_in_pairs(reached))


def _in_pairs(values):
    return zip(values[::2], values[1::2], strict=True)
