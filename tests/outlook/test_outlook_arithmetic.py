import doctest
import json
from datetime import date, timedelta
from math import log

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from ...tools import hit_rate, logistic, outlook, rhythm
from ...tools.outlook import Facts, gather
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

TODAY = date(2026, 6, 1)
INTERVALS = st.lists(st.integers(1, 400), min_size=1, max_size=20)
ORDERS = st.lists(
    st.tuples(
        st.dates(date(2023, 6, 1), date(2027, 6, 1)),
        st.integers(-500, 2000).map(float),
    ),
    max_size=25,
)
SIGNS = st.fixed_dictionaries(
    {},
    optional={
        "overdue_contacts": st.integers(0, 5),
        "bad_faces": st.integers(0, 5),
        "open_complaints": st.integers(0, 5),
        "categories_dropped": st.lists(st.integers(1, 9), unique=True).map(tuple),
        "overdue_share": st.floats(0, 1),
        "decision_maker_gone": st.booleans(),
    },
)


def every(days, times, last=TODAY - timedelta(days=1), amount=100.0):
    """Orders at a fixed interval, the last on a day."""
    return [(last - timedelta(days=days * back), amount) for back in range(times)]


def codes(facts, today=TODAY):
    return [code for code, _values in outlook.reasons(facts, today)]


@tagged("post_install", "-at_install")
class TestRhythm(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(rhythm).failed, 0)

    @given(INTERVALS, st.none() | INTERVALS)
    def test_median_is_between_the_shortest_and_the_longest(self, own, others):
        found = rhythm.weighted_median(own)
        self.assertTrue(min(own) <= found <= max(own))
        segment = others and rhythm.segment_summary([others])
        usual = rhythm.interval_summary(own, segment)
        known = own + (others or [])
        self.assertTrue(min(known) <= usual.low <= usual.median <= usual.high)
        self.assertTrue(usual.low <= usual.lower <= usual.median <= usual.upper)
        self.assertLessEqual(usual.high, max(known))
        self.assertEqual((usual.count, usual.longest), (len(own), max(own)))

    @given(st.integers(1, 400), st.integers(1, 20))
    def test_a_clock_has_no_spread(self, days, count):
        usual = rhythm.interval_summary([days] * count)
        self.assertEqual((usual.median, usual.low, usual.high), (days,) * 3)
        self.assertEqual(usual.spread, 0)

    def test_new_intervals_weigh_more(self):
        self.assertEqual(rhythm.weighted_median([10] * 10 + [30] * 9), 30)
        self.assertEqual(rhythm.weighted_median([30] * 9 + [10] * 10), 10)
        self.assertIsNone(rhythm.weighted_median([]))

    def test_below_three_intervals_the_segment_counts(self):
        segment = rhythm.segment_summary([[30] * 5, [32] * 4, [28] * 3, [5]])
        self.assertEqual((segment.median, segment.own), (30, False))
        for own in ([], [10], [10, 12]):
            usual = rhythm.interval_summary(own, segment)
            self.assertEqual((usual.median, usual.own), (30, False))
        usual = rhythm.interval_summary([10, 12, 10], segment)
        self.assertEqual((usual.median, usual.own), (12, True))
        self.assertIsNone(rhythm.interval_summary([]))
        self.assertIsNone(rhythm.segment_summary([[5, 6], []]))

    def test_who_orders_seldom_is_not_measured_by_who_orders_often(self):
        segment = rhythm.segment_summary([[30] * 5])
        yearly = rhythm.interval_summary([365], segment)
        self.assertEqual((yearly.median, yearly.own), (365, True))
        last = TODAY - timedelta(days=120)
        self.assertLess(rhythm.silence_ratio(last, yearly, TODAY), 1)

    @given(INTERVALS, st.integers(0, 60))
    def test_next_order_lies_in_its_band(self, own, silence):
        last = TODAY - timedelta(days=silence)
        usual = rhythm.interval_summary(own)
        day, first, until = rhythm.next_order(last, usual, TODAY)
        if day is None:
            self.assertGreater(silence, 4 * max(own))
        else:
            self.assertTrue(last < first <= day <= until)

    def test_next_order(self):
        usual = rhythm.interval_summary([20, 21, 22])
        self.assertEqual(
            rhythm.next_order(date(2026, 5, 1), usual, TODAY),
            (date(2026, 5, 22), date(2026, 5, 21), date(2026, 5, 23)),
            "an order that is late stays expected",
        )
        nothing = (None, None, None)
        long_ago, later = date(2026, 1, 1), date(2026, 7, 1)
        self.assertEqual(rhythm.next_order(long_ago, usual, TODAY), nothing)
        self.assertEqual(rhythm.next_order(later, usual, TODAY), nothing)
        self.assertEqual(rhythm.next_order(None, usual, TODAY), nothing)
        self.assertEqual(rhythm.next_order(long_ago, None, TODAY), nothing)

    def test_season(self):
        autumns = [date(year, 9, day) for year in (2023, 2024, 2025) for day in (3, 20)]
        for today, back in (
            (date(2026, 1, 15), date(2026, 9, 3)),
            (date(2025, 9, 25), None),  # in the season itself
            (date(2026, 10, 10), date(2026, 9, 3)),  # a little late
            (date(2026, 12, 1), None),  # has not come back
        ):
            self.assertEqual(rhythm.season_back(autumns, today), back, today)
        self.assertEqual(len(rhythm.season_starts(autumns)), 3)
        for days in ([], [date(2025, 9, 1)], [date(2025, 1, 1), date(2025, 9, 1)]):
            self.assertEqual(rhythm.season_starts(days), [])

    @given(st.sets(st.integers(0, 90), min_size=1, max_size=6), st.data())
    def test_no_season_is_passed_over(self, starts, data):
        """Days near the beginning of each of some years: often a season."""
        years = data.draw(st.integers(1, 4))
        days = sorted(
            date(2020, 3, 1) + timedelta(days=365 * year + start)
            for year in range(years)
            for start in starts
        )
        found = rhythm.season_starts(days)
        self.assertEqual(len(found), years if years > 1 else 0)
        if found:
            self.assertTrue(
                rhythm.may_be_seasonal(rhythm.intervals_between(days)), days
            )
            self.assertEqual(gather([(d, 1.0) for d in days], TODAY).seasons, years)


@tagged("post_install", "-at_install")
class TestOutlookArithmetic(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(outlook).failed, 0)

    @given(ORDERS, st.dates(date(2023, 1, 1), date(2027, 12, 31)))
    def test_the_past_knows_nothing_later(self, orders, today):
        before = [(day, amount) for day, amount in orders if day < today]
        facts = gather(orders, today)
        self.assertEqual(facts, gather(before, today))
        self.assertEqual(facts, gather(reversed(orders), today))
        self.assertEqual(
            outlook.vector(facts, today), outlook.vector(gather(before, today), today)
        )

    @given(ORDERS, SIGNS)
    def test_whatever_the_orders_there_are_numbers_and_reasons(self, orders, signs):
        facts = gather(orders, TODAY, **signs)
        row = outlook.vector(facts, TODAY)
        self.assertEqual(len(row), len(outlook.FEATURES))
        self.assertTrue(all(isinstance(value, float | None) for value in row))
        found = outlook.reasons(facts, TODAY)
        self.assertEqual(found, outlook.reasons(gather(orders, TODAY, **signs), TODAY))
        stored = [tuple(reason) for reason in json.loads(json.dumps(found))]
        self.assertEqual(found, stored, "JSON loses nothing")
        for chance in (0.0, 0.4, 1.0):
            value = outlook.risk(chance, facts, TODAY)
            self.assertTrue(0 <= value <= 100)
            band = outlook.risk_band(value, facts, TODAY)
            self.assertIn(band, ("none", "low", "medium", "high", "lost"))
            self.assertEqual(band == "none", not facts.order_count)

    def test_days_with_several_orders_count_once(self):
        once = gather(every(20, 5), TODAY)
        twice = gather([*every(20, 5), *every(20, 5)], TODAY)
        self.assertEqual(once.order_count, 5)
        self.assertEqual(twice.order_count, 5)
        self.assertEqual(twice.intervals, once.intervals)
        self.assertEqual(twice.amount_total, 2 * once.amount_total)
        all_at_once = gather([(date(2026, 5, 1), 10.0)] * 7, TODAY)
        self.assertEqual((all_at_once.order_count, all_at_once.intervals), (1, None))

    def test_today_belongs_to_what_is_foretold_unless_asked_for(self):
        orders = [(TODAY, 10.0)]
        self.assertEqual(gather(orders, TODAY).order_count, 0)
        facts = gather(orders, TODAY, same_day=True)
        self.assertEqual((facts.order_count, facts.amount_90), (1, 10.0))
        self.assertEqual(rhythm.order_days([TODAY, TODAY], TODAY), [])
        self.assertEqual(
            rhythm.order_days([TODAY, TODAY], TODAY, same_day=True), [TODAY]
        )

    def test_periods_of_the_amounts(self):
        for age, amounts in (
            (1, (1, 0, 1)),
            (90, (1, 0, 1)),
            (91, (0, 1, 1)),
            (180, (0, 1, 1)),
            (181, (0, 0, 1)),
            (365, (0, 0, 1)),
            (366, (0, 0, 0)),
        ):
            facts = gather([(TODAY - timedelta(days=age), 1.0)], TODAY)
            found = (facts.amount_90, facts.amount_before_90, facts.amount_365)
            self.assertEqual(found, amounts, age)
            self.assertEqual(facts.orders_90, age <= 90)
            self.assertEqual(facts.orders_180, age <= 180)

    def test_returns_bigger_than_sales(self):
        facts = gather([*every(30, 4), (date(2026, 5, 20), -900.0)], TODAY)
        self.assertEqual((facts.order_count, facts.amount_90), (4, -600.0))
        self.assertIn(("returns", {"amount": 600.0}), outlook.reasons(facts, TODAY))
        only = gather([(date(2026, 5, 20), -900.0)], TODAY)
        self.assertEqual((only.order_count, only.amount_total), (0, -900.0))
        self.assertEqual(codes(only), ["no_orders"])

    def test_reasons_in_order(self):
        facts = gather(
            every(21, 10, last=TODAY - timedelta(days=34)),
            TODAY,
            overdue_contacts=2,
            bad_faces=0,
            open_complaints=1,
            categories_dropped=(7, 3),
            overdue_share=0.354,
            decision_maker_gone=True,
        )
        self.assertEqual(
            outlook.reasons(facts, TODAY),
            [
                ("silent", {"usual": 21, "days": 34, "own": True}),
                ("longest", {"longest": 21, "days": 34}),
                ("decision_maker_gone", {}),
                ("open_complaints", {"count": 1}),
                ("overdue_contacts", {"count": 2}),
                ("categories_dropped", {"categories": [3, 7]}),
                ("overdue_money", {"percent": 35}),
            ],
        )
        self.assertEqual(codes(gather(every(21, 10), TODAY)), [])

    def test_falling(self):
        before = [(TODAY - timedelta(days=days), 100.0) for days in (91, 120, 180)]
        for amount, fall in (
            (220.0, []),
            (200.0, [("falling", {"percent": 33})]),
            (0.0, []),  # silence says it
        ):
            facts = gather([*before, (TODAY - timedelta(days=90), amount)], TODAY)
            self.assertEqual((facts.amount_90, facts.amount_before_90), (amount, 300))
            found = outlook.reasons(facts, TODAY)
            self.assertEqual([r for r in found if r[0] == "falling"], fall)

    def test_one_order_is_no_rhythm(self):
        segment = rhythm.segment_summary([[30] * 5])
        orders = every(1, 1, last=TODAY - timedelta(days=20))
        facts = gather(orders, TODAY, segment)
        self.assertEqual(codes(facts), ["single_order"])
        later = TODAY + timedelta(days=90)
        self.assertEqual(codes(facts, later), ["single_order", "silent"])
        self.assertEqual(outlook.risk_band(99, gather(orders, TODAY), later), "high")

    def test_a_yearly_customer_is_not_lost_in_month_four(self):
        segment = rhythm.segment_summary([[30] * 5])
        today = date(2026, 1, 5)
        years = [(date(year, 9, 3), 500.0) for year in (2023, 2024, 2025)]
        facts = gather(years, today, segment)
        self.assertEqual((facts.seasons, facts.season_day), (3, date(2026, 9, 3)))
        self.assertEqual(
            outlook.reasons(facts, today), [("season", {"day": "2026-09-03"})]
        )
        value = outlook.risk(0.02, facts, today)
        self.assertLess(value, 20)
        self.assertEqual(outlook.risk_band(value, facts, today), "low")
        two = gather(years[1:], today, segment)
        self.assertEqual(outlook.risk(0.02, two, today), 98, "may be chance")
        self.assertEqual(outlook.risk_band(98, two, today), "medium")
        once = gather(years[2:], today)
        self.assertEqual(outlook.risk_band(98, once, today), "high", "but not lost")
        gone = gather(years, date(2027, 1, 5), segment)
        self.assertIsNone(gone.season_day)
        self.assertEqual(outlook.risk(0.02, gone, today), 98)

    def test_lost(self):
        weekly = gather(every(7, 20, last=TODAY), TODAY + timedelta(days=1))
        for silence, band in ((30, "low"), (91, "low"), (92, "lost")):
            today = TODAY + timedelta(days=silence)
            self.assertEqual(outlook.risk_band(10, weekly, today), band)
        expected = weekly._replace(season_day=today + timedelta(days=9))
        self.assertEqual(outlook.risk_band(10, expected, today), "low")
        slow = gather(every(60, 9, last=TODAY), TODAY + timedelta(days=1))
        for silence, band in ((180, "low"), (181, "lost")):
            today = TODAY + timedelta(days=silence)
            self.assertEqual(outlook.risk_band(10, slow, today), band)

    def test_who_came_back_from_a_long_silence_is_not_lost_in_another(self):
        first = TODAY - timedelta(days=50 * 20 + 200)
        facts = gather([*every(20, 50), (first, 9.0)], TODAY)
        self.assertEqual((facts.intervals.high, facts.intervals.longest), (20, 219))
        for silence, band in ((328, "low"), (329, "lost")):
            today = facts.last_day + timedelta(days=silence)
            self.assertEqual(outlook.risk_band(10, facts, today), band)

    def test_vector_by_hand(self):
        """Orders 120, 90 and 60 days ago"""
        orders = every(30, 3, last=TODAY - timedelta(days=60), amount=10.0)
        row = outlook.vector(gather(orders, TODAY, open_complaints=1), TODAY)
        warmth = log(0.5 + 0.5**1.5 + 0.25 + 0.01)
        expected = {
            "recency": log(61),
            "frequency": log(3),
            "warmth": warmth,
            "warmth_long": log(0.5**0.25 + 0.5**0.375 + 0.5**0.5 + 0.01),
            "frequency_warmth": log(3) * warmth,
            "orders_90": log(3),
            "orders_180": log(4),
            "tenure": log(61),
            "rate": log(2.5 / 150),
            "silence_ratio": log(3),
            "amount_365": log(31),
            "trend": log(21) - log(11),
            "open_complaints": log(2),
        }
        for name, value in zip(outlook.FEATURES, row, strict=True):
            if value is None:
                self.assertNotIn(name, expected)
            else:
                self.assertAlmostEqual(value, expected[name], msg=name)

    @given(st.integers(0, 3000), st.integers(1, 3000))
    def test_simple_risk_rises_with_every_day_of_silence(self, silence, more):
        facts = Facts(1, TODAY, TODAY)
        earlier, later = (
            outlook.simple_risk(facts, TODAY + timedelta(days=days))
            for days in (silence, silence + more)
        )
        self.assertLess(earlier, later)
        self.assertLess(later, 100)

    @given(INTERVALS, st.integers(0, 3000), st.integers(1, 3000))
    def test_fallback_rises_with_every_day_of_silence(self, own, silence, more):
        facts = Facts(len(own) + 1, TODAY, TODAY, rhythm.interval_summary(own))
        earlier, later = (
            outlook.fallback_risk(facts, TODAY + timedelta(days=days))
            for days in (silence, silence + more)
        )
        self.assertLessEqual(0, earlier)
        self.assertLess(earlier, later)
        self.assertLess(later, 100)

    @given(st.lists(st.integers(1, 400), min_size=3, max_size=20))
    def test_fallback_is_high_before_the_customer_is_lost(self, own):
        facts = Facts(len(own) + 1, TODAY, TODAY, rhythm.interval_summary(own))

        def risk(days):
            return outlook.fallback_risk(facts, TODAY + timedelta(days=days))

        lost = next(
            days
            for days in range(5000)
            if outlook.is_lost(facts, TODAY + timedelta(days=days))
        )
        self.assertGreaterEqual(risk(lost), 75)
        self.assertLess(risk(min(own)), 45, "on time")
        usual = facts.intervals
        self.assertLess(risk(usual.high), 45, "as late as in one of ten intervals")
        self.assertLess(risk(usual.longest), 65, "it has come back from that")

    @given(
        st.lists(st.integers(1, 90), min_size=3, max_size=12),
        st.integers(1, 400),
        st.integers(2, 4),
    )
    def test_fallback_follows_the_own_clock(self, own, silence, factor):
        """Who buys so many times as seldom may be silent for so many times as long."""
        risks = [
            outlook.fallback_risk(
                Facts(
                    len(own) + 1,
                    TODAY,
                    TODAY,
                    rhythm.interval_summary([days * times for days in own]),
                ),
                TODAY + timedelta(days=silence * times),
            )
            for times in (1, factor)
        ]
        self.assertAlmostEqual(*risks)

    @given(st.lists(st.integers(1, 400), max_size=2), st.integers(0, 900))
    def test_fallback_below_three_intervals_is_the_simple_rule(self, own, silence):
        segment = rhythm.segment_summary([[30] * 5])
        usual = rhythm.interval_summary(own, segment)
        facts = Facts(len(own) + 1, TODAY, TODAY, usual)
        today = TODAY + timedelta(days=silence)
        self.assertEqual(
            outlook.fallback_risk(facts, today), outlook.simple_risk(facts, today)
        )
        self.assertEqual(outlook.fallback_risk(Facts(), today), 100)

    def test_weekly_customer_is_at_risk_after_three_weeks(self):
        weekly = gather(every(7, 20, last=TODAY), TODAY + timedelta(days=1))
        for silence, band in ((7, "low"), (12, "medium"), (19, "high")):
            today = TODAY + timedelta(days=silence)
            value = outlook.fallback_risk(weekly, today)
            self.assertEqual(outlook.risk_band(value, weekly, today), band)
        self.assertLess(outlook.simple_risk(weekly, today), 20)

    @given(
        st.integers(2, 4),
        st.integers(1, 4),
        st.integers(1, 20),
        st.integers(120, 250),
    )
    def test_fallback_waits_for_the_season(self, years, orders, apart, silence):
        days = [
            date(2025 - year, 9, 1) + timedelta(days=apart * order)
            for year in range(years)
            for order in range(orders)
        ]
        today = max(days) + timedelta(days=silence)
        facts = gather([(day, 100.0) for day in days], today)
        self.assertTrue(facts.season_day)
        value = outlook.risk(
            1 - outlook.fallback_risk(facts, today) / 100, facts, today
        )
        self.assertEqual(outlook.risk_band(value, facts, today), "low")

    def test_risk_has_decimals(self):
        facts = gather(every(20, 5), TODAY)
        risks = {outlook.risk(0.5 + n / 1e4, facts, TODAY) for n in range(100)}
        self.assertEqual(len(risks), 100)

    def test_signs_that_are_not_known_weigh_nothing(self):
        orders = [every(days, 6) for days in range(2, 80)]
        rows = [outlook.vector(gather(found, TODAY), TODAY) for found in orders]
        outcomes = [days < 40 for days in range(2, 80)]
        model = logistic.fit(rows, outcomes)
        first = outlook.FEATURES.index("overdue_contacts")
        self.assertEqual(set(model.weights[first:]), {0})
        signs = {"open_complaints": 4, "overdue_share": 0.9}
        row = outlook.vector(gather(orders[0], TODAY, **signs), TODAY)
        self.assertEqual(model.probability(row), model.probability(rows[0]))


@tagged("post_install", "-at_install")
class TestOutlookCdnow(BaseCase):
    """Every 79th customer of CDNOW; ``script/bench outlook`` takes all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = {}
        with file_open("customer_care/tests/data/cdnow_sample.txt") as file:
            for line in file:
                if not line.startswith("#"):
                    customer, day, _cds, dollars = line.split()
                    day = date(int(day[:4]), int(day[4:6]), int(day[6:]))
                    found = cls.orders.setdefault(customer, [])
                    found.append((day, float(dollars)))

    def examples(self, today):
        known = [gather(found, today) for found in self.orders.values()]
        rows = [outlook.vector(facts, today) for facts in known]
        simple = [-outlook.simple_risk(facts, today) for facts in known]
        until = today + timedelta(days=outlook.HORIZON)
        outcomes = [
            any(today <= day < until for day, _dollars in found)
            for found in self.orders.values()
        ]
        return rows, simple, outcomes

    def test_model_of_the_last_quarter_foretells_the_next(self):
        rows, _simple, outcomes = self.examples(date(1998, 1, 1))
        model = logistic.fit(rows, outcomes)
        rows, simple, outcomes = self.examples(date(1998, 4, 1))
        choice = logistic.choose(model, simple, rows, outcomes)
        self.assertTrue(choice.use_model)
        self.assertGreater(choice.model_auc, choice.simple_auc)
        self.assertGreater(choice.model_auc, 0.8)
        share = sum(outcomes) / len(outcomes)
        self.assertLess(choice.model_brier, 0.9 * share * (1 - share))
        chances = model.probabilities(rows)
        self.assertGreater(hit_rate.top_share(chances, outcomes), 0.4)
