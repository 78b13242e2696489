"""Early warning on public data: how often it is right, beside the simple rules.

CDNOW, all customers, and the Complete Journey with 26 and with 39 weeks of history:
who orders in the next 13 weeks, by a model that was trained one quarter earlier (what
was known then, with what happened in the 13 weeks after). Beside it in the same run
what the days since the last order say, and the same after calibration. Then the next
purchase of milk and coffee by the usual interval, and how long training takes for
100,000 customers. Last the nightly job on a generated company, see outlook_nightly.py;
--orders 0 leaves it and its database out. Prints JSON; exits with 1 if an anchor is not
reached or a limit not kept.
"""

import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import outlook_nightly
from measure import anchor, limit, note, peak, report, reset_peak
from public_data import CATEGORIES, cdnow_orders, journey_days, journey_orders

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tools import hit_rate, logistic, outlook, rhythm

QUARTER = timedelta(days=outlook.HORIZON)
CDNOW_DAY = date(1998, 4, 1)
JOURNEY_START = date(2017, 1, 1)
GOALS = {
    "CDNOW: AUC": (0.839, True),
    "CDNOW: Brier": (0.088, False),
    "Complete Journey, 26 weeks: AUC": (0.88, True),
    "Complete Journey, 39 weeks: AUC": (0.88, True),
    "milk: mean error in days": (8.2, False),
    "coffee: mean error in days": (15.2, False),
}
TRAINING_SECONDS = 60


def main():
    args = outlook_nightly.parse_arguments("outlook", __doc__)
    found, figures = {}, {}
    orders = cdnow_orders()
    found["CDNOW"] = forecast(orders, CDNOW_DAY)
    note("CDNOW done")
    journey = journey_orders()
    for weeks in (26, 39):
        name = f"Complete Journey, {weeks} weeks"
        found[name] = forecast(journey, JOURNEY_START + timedelta(weeks=weeks))
        note(f"{name} done")
    for name, result in found.items():
        figures[f"{name}: AUC"] = result["model"]["auc"]
        figures[f"{name}: Brier"] = result["model"]["brier"]
    for name, category in CATEGORIES.items():
        found[name] = intervals(journey_days(category))
        figures[f"{name}: mean error in days"] = found[name]["usual_interval"]
    found["training"] = training(orders, args.customers)
    limits = {
        name: anchor(figures[name], goal, at_least)
        for name, (goal, at_least) in GOALS.items()
    }
    limits["training: seconds"] = limit(found["training"]["seconds"], TRAINING_SECONDS)
    if args.orders:
        found["nightly job"] = outlook_nightly.measure(args)
        limits |= found["nightly job"].pop("limits")
    report({"figures": found, "limits": limits})


# ----------------------------------------------------------------------
# Who orders in the next quarter
# ----------------------------------------------------------------------


def forecast(orders, today):
    """Train on the quarter before ``today``, foretell the quarter from then on."""
    rows, outcomes, *_ = examples(orders, today - QUARTER)
    new_rows, happened, simple, fallback = examples(orders, today)
    model = logistic.fit(rows, outcomes)
    choice = logistic.choose(model, simple, new_rows, happened)
    silence = outlook.FEATURES.index("recency")
    only = logistic.fit([[row[silence]] for row in rows], outcomes)
    calibrated = only.probabilities([[row[silence]] for row in new_rows])
    probabilities = model.probabilities(new_rows)
    return {
        "customers": len(new_rows),
        "ordered": sum(happened),
        "model": scores(probabilities, happened),
        "days_since_last": scores(simple, happened, probabilities=False),
        "days_since_last_calibrated": scores(calibrated, happened),
        "silence_by_own_intervals": scores(fallback, happened),
        "model_is_used": choice.use_model,
        "calibration": [
            [size, round(told, 3), round(share, 3)]
            for size, told, share in hit_rate.calibration(probabilities, happened)
        ],
    }


def examples(orders, today):
    """Rows and what happened in the quarter after, of who ordered before ``today``,
    the simple rule's scores, and the probabilities used without a model."""
    segment = rhythm.segment_summary(
        rhythm.intervals_between(
            rhythm.order_days((day for day, _amount in found), today)
        )
        for found in orders.values()
    )
    rows, outcomes, simple, fallback = [], [], [], []
    for found in orders.values():
        facts = outlook.gather(found, today, segment)
        if facts.order_count:
            rows.append(outlook.vector(facts, today))
            outcomes.append(any(today <= day < today + QUARTER for day, _ in found))
            simple.append(-outlook.simple_risk(facts, today))
            fallback.append(1 - outlook.fallback_risk(facts, today) / 100)
    return rows, outcomes, simple, fallback


def scores(values, happened, probabilities=True):
    found = {
        "auc": hit_rate.auc(values, happened),
        "top_20_share": hit_rate.top_share(values, happened),
    }
    if probabilities:
        found["brier"] = hit_rate.brier(values, happened)
    return {name: round(value, 4) for name, value in found.items()}


# ----------------------------------------------------------------------
# When goods are bought again
# ----------------------------------------------------------------------


def intervals(days_by_household):
    """Mean error in days for each purchase after the third interval, told from what was
    known on the day of the purchase before. The segment is that of the month before."""
    segments = monthly_segments(days_by_household)
    errors = {"usual_interval": [], "own_median": [], "mean_interval": []}
    for days in days_by_household.values():
        known = rhythm.intervals_between(days)
        for place in range(rhythm.OWN_INTERVALS, len(known)):
            before, actual = known[:place], known[place]
            segment = segments.get(days[place].replace(day=1))
            told = {
                "usual_interval": rhythm.interval_summary(before, segment).median,
                "own_median": statistics.median(before),
                "mean_interval": statistics.fmean(before),
            }
            for name, value in told.items():
                errors[name].append(abs(value - actual))
    result = {name: round(statistics.fmean(found), 3) for name, found in errors.items()}
    return {"purchases": len(errors["own_median"]), **result}


def monthly_segments(days_by_household):
    """{first of a month: Summary of what was bought before}"""
    months = {day.replace(day=1) for days in days_by_household.values() for day in days}
    return {
        month: rhythm.segment_summary(
            rhythm.intervals_between(rhythm.order_days(days, month))
            for days in days_by_household.values()
        )
        for month in months
    }


# ----------------------------------------------------------------------
# Speed
# ----------------------------------------------------------------------


def training(orders, customers):
    """Seconds and megabytes to fit a model for so many customers, CDNOW's repeated."""
    rows, outcomes, _simple = examples(orders, CDNOW_DAY - QUARTER)
    times = -(-customers // len(rows))
    rows, outcomes = (rows * times)[:customers], (outcomes * times)[:customers]
    before, start = reset_peak(), time.perf_counter()
    logistic.fit(rows, outcomes)
    return {
        "customers": customers,
        "seconds": round(time.perf_counter() - start, 1),
        "megabytes": round(peak() - before),
    }


if __name__ == "__main__":
    main()
