"""Why a review proposes a tier, in words a manager understands."""

from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ...tools.tiers import per_month, threshold


class TierReasons:
    """Sentences for the lines of one review, in the language of its environment.

    Templates are translated once and numbers formatted without the ORM, because a
    review writes 100,000 of them.
    """

    def __init__(self, review, scale):
        env = review.env
        self.env = env
        self.scale = scale
        self.method = review.method
        self.months = review.months
        self.date = review.date
        self.digits = review.currency_id.decimal_places
        self.unit = 10**self.digits
        self.downgrade_after = review.company_id.care_downgrade_after
        self.rank_of = self._ranks(env, scale, review.currency_id)
        self.bounds = {}
        lang = get_lang(env)
        self.separators = str.maketrans(
            {",": lang.thousands_sep or "", ".": lang.decimal_point}
        )
        self.nothing = env._(
            "No purchases from %(start)s to %(end)s",
            start=format_date(env, review.date_from),
            end=format_date(env, review.date_to),
        )
        self.one_month = env._("%(amount)s in the month; %(bound)s")
        self.per_month = env._("%(amount)s a month over %(months)s months; %(bound)s")
        self.starts = env._("%(code)s starts at %(threshold)s")
        self.best_share = env._("%(share)s %% of sales, the largest customer")
        self.by_share = env._(
            "%(share)s %% of sales, after customers with %(before)s %%; "
            "%(code)s ends at %(bound)s %%"
        )
        self.past_share = env._(
            "%(share)s %% of sales, after customers with %(before)s %%; "
            "past the %(bound)s %% of %(code)s"
        )
        self.pair = env._("%(first)s; %(next)s")
        self.lower = env._("the lower counts")
        self.higher = env._("the higher counts")
        self.new = env._("First tier")
        self.held = env._(
            "held at %(code)s: %(count)s of %(needed)s consecutive reviews required "
            "for a downgrade"
        )
        self.fallen = env._("%(count)s consecutive reviews")
        self.overdue = env._(
            "oldest overdue receivable %(days)s days, %(code)s allows %(limit)s"
        )
        self.locked = env._("Locked until %(date)s: %(reason)s")

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

    def join(self, sentences):
        first, *others = sentences
        for sentence in others:
            first = self.pair % {"first": first, "next": sentence}
        return first

    def money(self, amount):
        """Amount in smallest units as text, without needless decimals."""
        whole, rest = divmod(abs(amount), self.unit)
        text = f"{whole:,}"
        if rest:
            text += f".{rest:0{self.digits}}"
        return ("-" if amount < 0 else "") + text.translate(self.separators)

    def percent(self, share):
        return f"{share:.2f}".rstrip("0").rstrip(".").translate(self.separators)

    def sentence(self, decision, **facts):
        parts = []
        if decision.cause == "lock":
            until, reason = facts["lock"]
            parts.append(
                self.locked % {"date": format_date(self.env, until), "reason": reason}
            )
        parts.append(self._value(**facts))
        if decision.cause == "new":
            parts.append(self.new)
        elif decision.cause == "overdue":
            parts.append(self._overdue(facts["overdue"], **facts))
        elif decision.kind == "held":
            parts.append(
                self.held
                % {
                    "code": self.scale[facts["current"]].code,
                    "count": facts["worse_before"] + 1,
                    "needed": self.downgrade_after,
                }
            )
        elif decision.kind == "downgrade" and self.downgrade_after > 1:
            parts.append(self.fallen % {"count": facts["worse_before"] + 1})
        return self.join(parts)

    def _value(self, *, total, factor, by_amount, standing, current, **_facts):
        if not total:
            return self.nothing
        if self.method == "amount":
            return self._amount(total, factor, by_amount, current)
        if self.method == "share":
            return self._share(standing)
        counts = self.lower if self.method == "lower" else self.higher
        return self.join(
            (
                self._amount(total, factor, by_amount, current),
                self._share(standing),
                counts,
            )
        )

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
        bound = self._start(rank - 1 if missed else rank, factor)
        template = self.one_month if self.months == 1 else self.per_month
        return template % {
            "amount": self.money(amount),
            "months": self.months,
            "bound": bound,
        }

    def _start(self, rank, factor):
        """Where a tier starts, in words; the same for thousands of customers."""
        if (rank, factor) not in self.bounds:
            tier = self.scale[rank]
            self.bounds[rank, factor] = self.starts % {
                "code": tier.code,
                "threshold": self.money(threshold(tier, factor)),
            }
        return self.bounds[rank, factor]

    def _share(self, standing):
        before = standing.cumulative_share - standing.share
        if before < 1e-9:
            return self.best_share % {"share": self.percent(standing.share)}
        last = len(self.scale) - 1
        past = standing.rank == last and last
        tier = self.scale[standing.rank - 1 if past else standing.rank]
        return (self.past_share if past else self.by_share) % {
            "share": self.percent(standing.share),
            "before": self.percent(before),
            "code": tier.code,
            "bound": self.percent(tier.max_share),
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
        return self.overdue % {
            "days": days,
            "code": closed.code,
            "limit": closed.max_overdue_days,
        }
