import json

from odoo import fields, models
from odoo.tools import SQL, split_every

from ...tools import tiers as tier_tools
from .tier_reason import TierReasons

LINE_BATCH = 10_000
"""Lines written by one statement."""

RANK_BY_METHOD = {
    "amount": lambda by_amount, by_share: by_amount,
    "share": lambda by_amount, by_share: by_share,
    "lower": max,
    "higher": min,
}
"""Rank of a customer by method; a larger rank is a lower tier."""


class CareTierReview(models.Model):
    _inherit = "care.tier.review"

    def action_compute(self):
        """Classify every customer of the company; may be repeated until applied.

        Reads all facts with a few statements, decides in plain Python and writes lines
        in batches. Does not commit.

        :raise UserError: there are no tiers, they do not form a consistent scale, or an
        order is in a currency without a rate
        """
        self._check_state("draft", "computed")
        for review in self:
            review._compute_lines()

    def _compute_lines(self):
        self.ensure_one()
        tiers = self.env["care.tier"]._for_company(self.company_id)
        self.env.flush_all()
        self._check_rates()
        self._delete_lines()
        customers = self._fetch_customers()
        total = self._write_lines(customers, tiers)
        self.modified(["line_ids"])
        self.sudo().write(
            {
                "state": "computed",
                "computed_at": fields.Datetime.now(),
                "amount_total": total,
            }
        )

    def _delete_lines(self):
        self.env.execute_query(
            SQL(
                "DELETE FROM care_tier_review_line WHERE review_id IN %s RETURNING 1",
                tuple(self.ids),
            )
        )
        self.env["care.tier.review.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])
        self.modified(["line_ids"])

    def _write_lines(self, customers, tiers):
        """Decide about each customer and insert its line.

        :return: sales of the window in company currency
        """
        scale = tiers._to_values(self.currency_id)
        reasons = TierReasons(self, scale)
        standings = tier_tools.standings(scale, ((row[0], row[1]) for row in customers))
        for batch in split_every(LINE_BATCH, customers):
            self._insert_lines(
                [self._line(row, standings[row[0]], scale, reasons) for row in batch]
            )
        unit = 10**self.currency_id.decimal_places
        return sum(row[1] for row in customers) / unit

    def _line(self, row, standing, scale, reasons):
        """Values of one line, in the order of :meth:`_insert_lines`."""
        partner, total, factor, tier_id, locked_until, lock_reason, overdue, earlier = (
            row
        )
        factor = factor or 1.0
        by_amount = tier_tools.rank_by_amount(scale, total, factor, reasons.months)
        computed = RANK_BY_METHOD[reasons.method](by_amount, standing.rank)
        current = reasons.rank_of.get(tier_id)
        locked = bool(locked_until and locked_until >= reasons.date)
        worse_before = 0
        if current is not None and computed > current:
            for earlier_tier in earlier or ():
                if reasons.rank_of.get(earlier_tier, -1) <= current:
                    break
                worse_before += 1
        decision = tier_tools.decide(
            scale,
            current,
            computed,
            overdue_days=overdue,
            locked=locked,
            worse_before=worse_before,
            downgrade_after=reasons.downgrade_after,
        )
        proposed = tier_id if locked else scale[decision.rank].id
        return (
            partner,
            tier_tools.per_month(total, reasons.months) / reasons.unit,
            standing.share,
            standing.cumulative_share,
            overdue,
            tier_id,
            scale[computed].id,
            proposed,
            decision.kind,
            json.dumps(
                reasons.parts(
                    decision,
                    total=total,
                    factor=factor,
                    by_amount=by_amount,
                    standing=standing,
                    computed=computed,
                    current=current,
                    overdue=overdue,
                    worse_before=worse_before,
                    lock=(locked_until, lock_reason),
                ),
                separators=(",", ":"),
            ),
        )

    def _insert_lines(self, lines):
        columns = zip(*lines, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_tier_review_line (
                    review_id, create_uid, create_date, write_uid, write_date,
                    excluded, partner_id, monthly_amount, share, cumulative_share,
                    overdue_days, current_tier_id, computed_tier_id, proposed_tier_id,
                    decision, reason_data
                )
                SELECT %(review)s, %(uid)s, %(now)s, %(uid)s, %(now)s, FALSE, line.*
                  FROM unnest(
                    %(c0)s::int[], %(c1)s::numeric[], %(c2)s::numeric[],
                    %(c3)s::numeric[], %(c4)s::int[], %(c5)s::int[], %(c6)s::int[],
                    %(c7)s::int[], %(c8)s::varchar[], %(c9)s::jsonb[]
                  ) AS line
                """,
                review=self.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
                **{
                    f"c{index}": array_text(column)
                    for index, column in enumerate(columns)
                },
            )
        )


def array_text(values):
    """PostgreSQL array as text, which the server reads several times as fast as the
    ``ARRAY[…]`` expression that psycopg2 makes of a list."""
    return "{" + ",".join(map(_array_item, values)) + "}"


def _array_item(value):
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
