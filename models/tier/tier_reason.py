"""Why a review proposes a tier, as data that is worded when it is read."""

from ...tools.tiers import per_month, threshold


class TierReasons:
    """Reasons for the lines of one review, see ``care.tier.reason``.

    Made without the ORM, because a review writes 100,000 of them.
    """

    def __init__(self, review, scale):
        self.scale = scale
        self.method = review.method
        self.months = review.months
        self.date = review.date
        self.digits = review.currency_id.decimal_places
        self.unit = 10**self.digits
        self.downgrade_after = review.company_id.care_downgrade_after
        self.rank_of = self._ranks(review.env, scale, review.currency_id)
        self.nothing = {
            "code": "nothing",
            "start": str(review.date_from),
            "end": str(review.date_to),
        }

    @staticmethod
    def _ranks(env, scale, currency):
        """Rank of each tier id. A tier off the scale, archived or from before
        the company got tiers of its own, stands where the tier with its code stands,
        else where its monthly amount belongs."""
        by_code = {tier.code.upper(): rank for rank, tier in enumerate(scale)}
        Tier = env["care.tier"].sudo().with_context(active_test=False)
        others = Tier.search([("id", "not in", [tier.id for tier in scale])])
        ranks = {tier.id: rank for rank, tier in enumerate(scale)}
        for tier in others._to_values(currency):
            by_amount = (
                r for r, t in enumerate(scale) if t.min_amount <= tier.min_amount
            )
            rank = by_code.get(tier.code.upper())
            ranks[tier.id] = next(by_amount, len(scale) - 1) if rank is None else rank
        return ranks

    def money(self, amount):
        """Amount in smallest units as plain text, without needless decimals."""
        whole, rest = divmod(abs(amount), self.unit)
        text = f"{whole}.{rest:0{self.digits}}" if rest else str(whole)
        return f"-{text}" if amount < 0 else text

    def parts(self, decision, **facts):
        """Sentences of the reason of ``decision`` as data, in order"""
        parts = []
        if decision.cause == "lock":
            until, reason = facts["lock"]
            parts.append({"code": "locked", "date": str(until), "reason": reason or ""})
        parts += self._value(**facts)
        if decision.cause == "new":
            parts.append({"code": "new"})
        elif decision.cause == "overdue":
            parts.append(self._overdue(facts["overdue"], **facts))
        elif decision.kind == "held":
            parts.append(
                {
                    "code": "held",
                    "tier": self.scale[facts["current"]].code,
                    "count": facts["worse_before"] + 1,
                    "needed": self.downgrade_after,
                }
            )
        elif decision.kind == "downgrade" and self.downgrade_after > 1:
            parts.append({"code": "fallen", "count": facts["worse_before"] + 1})
        return parts

    def _value(self, *, total, factor, by_amount, standing, current, **_facts):
        if not total:
            return [self.nothing]
        if self.method == "amount":
            return [self._amount(total, factor, by_amount, current)]
        if self.method == "share":
            return [self._share(standing)]
        return [
            self._amount(total, factor, by_amount, current),
            self._share(standing),
            {"code": self.method},
        ]

    def _amount(self, total, factor, rank, current):
        """The bound that decided: the start of the tier or, for a downgrade and for the
        last tier, the start of the tier above, which the customer misses. An average
        just below a bound is not rounded up to it."""
        last = len(self.scale) - 1
        amount = per_month(total, self.months)
        if rank and amount >= threshold(self.scale[rank - 1], factor):
            amount = total // self.months
        falls = current is not None and rank > current
        missed = rank and (falls or rank == last)
        tier = self.scale[rank - 1 if missed else rank]
        return {
            "code": "amount",
            "amount": self.money(amount),
            "months": self.months,
            "tier": tier.code,
            "threshold": self.money(threshold(tier, factor)),
        }

    def _share(self, standing):
        before = standing.cumulative_share - standing.share
        share = round(standing.share, 2)
        if before < 1e-9:
            return {"code": "best_share", "share": share}
        last = len(self.scale) - 1
        past = standing.rank == last and last
        tier = self.scale[standing.rank - 1 if past else standing.rank]
        return {
            "code": "past_share" if past else "by_share",
            "share": share,
            "before": round(before, 2),
            "tier": tier.code,
            "bound": tier.max_share,
        }

    def _overdue(self, days, *, computed, current, **_facts):
        """Name the best tier that the customer misses because of its overdue
        receivable."""
        rank = computed if current is None else min(computed, current)
        closed = next(
            tier
            for tier in self.scale[rank:]
            if tier.max_overdue_days and days > tier.max_overdue_days
        )
        return {
            "code": "overdue",
            "days": days,
            "tier": closed.code,
            "limit": closed.max_overdue_days,
        }
