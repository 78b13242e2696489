from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import tiers as tier_tools
from ..tier.res_company import MAX_REVIEW_MONTHS, REVIEW_METHODS, REVIEW_SOURCES

MAX_AMOUNT = 1e12
WINDOWS = (3, 6, 12)
"""Windows in months that are tried in turn until one has sales"""


class CareOnboarding(models.Model):
    """What is a good customer: thresholds tried on the company's own sales, and the
    first review that applies them."""

    _inherit = "care.onboarding"

    def _tiers(self):
        """The scale of the company, best tier first"""
        return self.env["care.tier"]._for_company(self.company_id)

    def _tiers_values(self):
        company = self.company_id
        try:
            tiers = self._tiers()
        except UserError as error:
            return {"tiers": [], "problem": str(error), "sales": False}
        return {
            "tiers": [
                {
                    "id": tier.id,
                    "code": tier.code,
                    "name": tier.name,
                    "color": tier.color,
                    "amount": tier.min_monthly_amount,
                    "share": tier.max_cumulative_share,
                }
                for tier in tiers
            ],
            "method": company.care_review_method,
            "shared": not tiers.company_id
            and self.env["res.company"].sudo().search_count([], limit=2) > 1,
            "sales": self._sales(),
        }

    def _review_values(self):
        applied = self.env["care.tier.review"].search(
            [("company_id", "=", self.company_id.id), ("state", "=", "applied")],
            limit=1,
        )
        review = applied or self._draft()
        return {
            "review_id": review.id,
            "review": review.display_name if review else "",
            "applied": bool(applied),
            "moves": {
                "new": review.new_count,
                "up": review.upgrade_count,
                "down": review.downgrade_count,
                "all": review.line_count,
            },
        }

    def _draft(self):
        """The review that the page works on, while it can still be computed"""
        return self.review_id.exists().filtered(
            lambda review: review.state in ("draft", "computed")
            and review.company_id == self.company_id
        )

    def _sales(self):
        """What the computed review has read: number of customers, sales a month, the
        proposal, and what the present thresholds give. False before it is read."""
        review = self._draft().filtered(lambda review: review.state == "computed")
        if not review:
            return False
        tiers = self._tiers()
        return {
            "months": review.months,
            "source": review.source,
            "from": str(review.date_from),
            "to": str(review.date_to),
            "total": review.amount_total,
            "customers": review.line_count,
            "proposal": tier_tools.propose_amounts(self._cuts(review, tiers)),
        }

    def _cuts(self, review, tiers):
        """For each tier but the last, the smallest monthly amount of the customers that
        its share of sales holds, or None"""
        bounds = tiers[:-1].mapped("max_cumulative_share")
        if not bounds:
            return []
        columns = SQL(", ").join(
            SQL(
                "MIN(line.monthly_amount / %s) FILTER (WHERE line.monthly_amount > 0"
                " AND line.cumulative_share - line.share < %s)",
                _sql_factor(),
                bound,
            )
            for bound in bounds
        )
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE line.review_id = %s",
                columns,
                _sql_lines(),
                review.id,
            )
        )
        return [float(cut) if cut else None for cut in row]

    def _check_scale_values(self, values):
        """Thresholds as the page sends them, for the tiers of the company.

        :param values: {id of a tier: {"amount": number, "share": number}}
        :return: {tier: {"min_monthly_amount": …, "max_cumulative_share": …}}
        :raise UserError: they are not numbers in their limits
        """
        result = {}
        for tier in self._tiers():
            given = values.get(str(tier.id)) or values.get(tier.id) or {}
            try:
                amount = float(given.get("amount", tier.min_monthly_amount))
                share = float(given.get("share", tier.max_cumulative_share))
            except (AttributeError, TypeError, ValueError):
                amount = share = -1
            if not (0 <= amount <= MAX_AMOUNT and 0 < share <= 100):
                raise UserError(
                    self.env._(
                        "Tier %s: enter an amount of 0 or more and a share between 0 "
                        "and 100 %%.",
                        tier.code,
                    )
                )
            result[tier] = {"min_monthly_amount": amount, "max_cumulative_share": share}
        return result

    # ------------------------------------------------------------
    # Called by the page
    # ------------------------------------------------------------

    @api.model
    def read_sales(self, months=None, source=None):
        """Read the sales of the company into a review that is not applied.

        :param months: window; by default the first of 3, 6 and 12 months with sales
        :raise UserError: nothing can be read, such as an order without exchange rate
        """
        row = self._open_row()
        if months is not None and not (
            isinstance(months, int) and 1 <= months <= MAX_REVIEW_MONTHS
        ):
            raise UserError(
                self.env._(
                    "The review window must be between 1 and %s months.",
                    MAX_REVIEW_MONTHS,
                )
            )
        if source is not None and source not in dict(REVIEW_SOURCES):
            raise UserError(self.env._("Choose where amounts are read from."))
        review = row._draft()
        if not review:
            review = self.env["care.tier.review"].create(
                {"company_id": row.company_id.id}
            )
            row.sudo().review_id = review
        for window in [months] if months else WINDOWS:
            if review.state == "computed":
                review.action_draft()
            review.write({"months": window} | ({"source": source} if source else {}))
            review.action_compute()
            if review.amount_total > 0:
                break
        return row._values()

    @api.model
    def simulate(self, method, values):
        """How many customers and how much of the sales each tier would have.

        :param method: how to classify, as in a review
        :param values: as for :meth:`_check_scale_values`
        :return: [{"id", "count", "amount"}], best tier first; empty before the sales
            were read
        """
        row = self._open_row()
        review = row._draft().filtered(lambda review: review.state == "computed")
        if not review:
            return []
        scale = row._check_scale_values(values)
        amounts = [vals["min_monthly_amount"] for vals in scale.values()]
        shares = [vals["max_cumulative_share"] for vals in scale.values()]
        found = {
            rank: (count, float(amount))
            for rank, count, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT %s AS rank, COUNT(*), SUM(line.monthly_amount)
                      FROM %s WHERE line.review_id = %s GROUP BY rank
                    """,
                    _sql_rank(row._check_method(method), amounts, shares),
                    _sql_lines(),
                    review.id,
                )
            )
        }
        return [
            {"id": tier.id, "count": count, "amount": amount}
            for rank, tier in enumerate(scale)
            for count, amount in [found.get(rank, (0, 0.0))]
        ]

    @api.model
    def use_tiers(self, method, values):
        """Make these the thresholds of the company, and compute the review by them.

        :raise UserError: they do not form a scale, such as B above A
        """
        row = self._open_row()
        self.env["care.tier"]._write_scale(row._check_scale_values(values))
        row.company_id.sudo().care_review_method = row._check_method(method)
        if review := row._draft():
            row.company_id.sudo().care_review_months = review.months
            row.company_id.sudo().care_review_source = review.source
            if review.state == "computed":
                review.action_draft()
            review.method = method
            review.action_compute()
        return row._finish("tiers")

    @api.model
    def apply_review(self):
        """Apply the review that the page has computed.

        :raise UserError: the sales have not been read yet
        """
        row = self._open_row()
        review = row._draft().filtered(lambda review: review.state == "computed")
        if not review:
            raise UserError(self.env._("Read your sales first, in the step above."))
        review.action_apply()
        return row._finish("review")

    def _check_method(self, method):
        if method not in dict(REVIEW_METHODS):
            raise UserError(self.env._("Choose how customers are classified."))
        return method


def _sql_lines():
    return SQL(
        """care_tier_review_line line
           JOIN res_partner customer ON customer.id = line.partner_id
      LEFT JOIN care_segment segment ON segment.id = customer.care_segment_id"""
    )


def _sql_factor():
    """Factor of the customer's segment for amounts"""
    return SQL("COALESCE(NULLIF(segment.threshold_factor, 0), 1)")


def _sql_rank(method, amounts, shares):
    """Rank of a review line, as ``rank_by_amount`` and ``standings`` in ``tools.tiers``
    give it, from the amount rounded to the currency's smallest unit. Amounts of zero
    and below are last."""
    last = len(amounts) - 1
    by_amount = SQL(
        "CASE %s ELSE %s END",
        SQL(" ").join(
            SQL(
                "WHEN line.monthly_amount >= %s::numeric * %s THEN %s",
                amount,
                _sql_factor(),
                rank,
            )
            for rank, amount in enumerate(amounts)
        ),
        last,
    )
    by_share = SQL(
        "CASE %s ELSE %s END",
        SQL(" ").join(
            SQL(
                "WHEN line.cumulative_share - line.share < %s::numeric THEN %s",
                share,
                rank,
            )
            for rank, share in enumerate(shares[:-1])
        )
        or SQL("WHEN FALSE THEN 0"),
        last,
    )
    rank = {
        "amount": by_amount,
        "share": by_share,
        "lower": SQL("GREATEST(%s, %s)", by_amount, by_share),
        "higher": SQL("LEAST(%s, %s)", by_amount, by_share),
    }[method]
    return SQL("CASE WHEN line.monthly_amount <= 0 THEN %s ELSE %s END", last, rank)
