"""Which kind of loyalty a customer shows, by rules from signs of its orders, complaints
and referrals. Pure functions, without Odoo."""

from dataclasses import dataclass

MIN_REPEATS = 2
"""Below so many repeat purchases nobody can tell, except of those who like us."""
MANY_REPEATS = 5
SENSITIVE, INDIFFERENT = -1.0, -0.3
"""Elasticity of the quantity to the price: stronger than the first is sensitive"""
DISCOUNT_SHARE = 0.5
"""Share of the lines bought with a discount from which it is the discount that sells"""
CONVENIENT_DAYS = 14
RARE_SILENCE = 2.0
TRUE_SIGNS = 3


@dataclass(frozen=True)
class Signs:
    """What is known of a customer. ``None`` stands for "cannot tell"."""

    repeats: int = 0
    interval: float | None = None
    silence: int | None = None
    new_products: int = 0
    grade: float | None = None
    referrals: int = 0
    elasticity: float | None = None
    discounts: float = 0.0
    competitor_notes: int = 0
    tolerated: int = 0
    attitude: str | None = None


def price_sensitivity(elasticity):
    """``high``, ``some``, ``low``, or ``unknown`` where prices hardly varied"""
    if elasticity is None:
        return "unknown"
    if elasticity <= SENSITIVE:
        return "high"
    return "some" if elasticity <= INDIFFERENT else "low"


def grade(ratio):
    """Grade bought: price paid ÷ mean price of the same category"""
    if ratio is None:
        return "unknown"
    if ratio >= 1.2:
        return "high"
    return "low" if ratio <= 0.8 else "middle"


def attachment(signs):
    """Reasons to think that the customer likes us, as codes with their numbers"""
    found = []
    if signs.referrals:
        found.append(("referrals", signs.referrals))
    if signs.tolerated:
        found.append(("tolerated", signs.tolerated))
    if signs.attitude == "refuses":
        found.append(("refuses", None))
    return found


def _true_signs(signs):
    found = attachment(signs)
    if signs.new_products >= 2:
        found.append(("new_products", signs.new_products))
    if grade(signs.grade) == "high":
        found.append(("high_grade", None))
    if price_sensitivity(signs.elasticity) == "low":
        found.append(("low_sensitivity", None))
    return found


def propose(signs):
    """The kind of loyalty, False where nobody can tell, and why.

    :return: (kind, [(code, number or None)])
    """
    repeats = ("repeats", signs.repeats)
    if signs.repeats >= 1 and signs.attitude == "no_choice":
        return "monopoly", [repeats, ("no_choice", None)]
    liked = attachment(signs)
    rare = signs.repeats < MIN_REPEATS or (
        bool(signs.interval) and (signs.silence or 0) > RARE_SILENCE * signs.interval
    )
    if rare:
        if liked:
            return "latent", [*liked, ("rare", signs.repeats)]
        silent = signs.repeats >= MIN_REPEATS
        return False, [("rare" if silent else "too_few", signs.repeats)]
    if signs.discounts >= DISCOUNT_SHARE:
        return "incentive", [repeats, ("discounts", round(100 * signs.discounts))]
    if price_sensitivity(signs.elasticity) == "high":
        return "price", [repeats, ("high_sensitivity", None)]
    compares = signs.competitor_notes or signs.attitude == "compares"
    signals = _true_signs(signs)
    if (
        liked
        and not compares
        and signs.repeats >= MANY_REPEATS
        and len(signals) >= TRUE_SIGNS
    ):
        return "true", [repeats, *signals]
    if signs.interval is not None and signs.interval <= CONVENIENT_DAYS:
        return "convenience", [repeats, ("frequent", round(signs.interval))]
    reasons = [repeats]
    if not signs.new_products:
        reasons.append(("same_goods", None))
    if compares:
        reasons.append(("compares", signs.competitor_notes or None))
    return "inertia", [*reasons, *liked]
