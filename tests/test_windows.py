"""The arithmetic of windows, matching and samples, without a database."""

import doctest
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools import matching, sampling, windows
from ..tools.matching import Contact, Need
from ..tools.windows import Frequency
from . import test_tiers  # noqa: F401  registers the profile of hypothesis

DAY = timedelta(days=1)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@st.composite
def frequencies(draw):
    unit = draw(st.sampled_from(windows.UNITS))
    every = draw(st.integers(1, min(windows.LONGEST[unit], 400)))
    return Frequency(
        draw(st.integers(1, 40)), every, unit, draw(st.integers(1, every)), draw(days)
    )


class TestDocstrings(TestCase):
    def test_examples(self):
        for module in (windows, matching, sampling):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted, module)
            self.assertFalse(results.failed, module)


class TestWindows(TestCase):
    @given(frequencies(), days)
    def test_no_gap_and_no_overlap(self, frequency, day):
        window = windows.window_of(frequency, day)
        self.assertTrue(window.start <= day <= window.end)
        for inside in (window.start, window.end):
            self.assertEqual(windows.window_of(frequency, inside), window)
        following = windows.following(frequency, window)
        self.assertEqual(following.start, window.end + DAY)
        before = windows.window_of(frequency, window.start - DAY)
        self.assertEqual(windows.following(frequency, before), window)

    @given(frequencies(), days)
    def test_counted_from_the_anchor(self, frequency, day):
        """Slow oracle: walk from the anchor, a unit at a time."""
        start = frequency.anchor
        if frequency.unit in ("month", "year"):
            start = start.replace(day=1)
        if frequency.unit == "year":
            start = start.replace(month=1)
        window = windows.window_of(frequency, day)
        if frequency.unit in ("day", "week"):
            length = frequency.every * (7 if frequency.unit == "week" else 1)
            self.assertEqual((window.end - window.start).days + 1, length)
            self.assertEqual((window.start - start).days % length, 0)
        else:
            length = frequency.every * (12 if frequency.unit == "year" else 1)
            self.assertEqual(window.start.day, 1)
            self.assertEqual((window.end + DAY).day, 1)

            def months(a, b):
                return (b.year - a.year) * 12 + b.month - a.month

            self.assertEqual(months(window.start, window.end + DAY), length)
            self.assertEqual(months(start, window.start) % length, 0)

    @given(frequencies(), days)
    def test_slots_are_spread_over_the_aim(self, frequency, day):
        window = windows.window_of(frequency, day)
        slots = windows.slots(frequency, window)
        self.assertEqual(len(slots), frequency.times)
        self.assertEqual(slots[0].start, window.start)
        self.assertEqual(slots[-1].aim, windows.aim_window(frequency, window).end)
        for slot in slots:
            self.assertTrue(window.start <= slot.start <= slot.aim <= window.end)
        for one, two in pairwise(slots):
            self.assertTrue(one.start <= two.start and one.aim <= two.aim)
        gaps = [(two.aim - one.aim).days for one, two in pairwise(slots)]
        self.assertLessEqual(max(gaps, default=0) - min(gaps, default=0), 1, "evenly")

    @given(frequencies(), days)
    def test_last_start_leaves_more_than_half(self, frequency, day):
        window = windows.window_of(frequency, day)
        last = windows.last_start(window)
        length = (window.end - window.start).days + 1
        self.assertGreater(2 * ((window.end - last).days + 1), length)
        self.assertLessEqual(2 * (window.end - last).days, length)

    @given(frequencies(), days, days)
    def test_owed(self, frequency, since, today):
        current = windows.window_of(frequency, today)
        owed = windows.owed(frequency, since, today)
        self.assertEqual(owed[-1], windows.following(frequency, current))
        self.assertEqual(
            current in owed, min(since, today) <= windows.last_start(current)
        )

    @given(frequencies(), days, st.lists(st.integers(0, 200), max_size=12))
    def test_same_in_any_order(self, frequency, since, offsets):
        """What is generated on some days does not depend on their order or number."""

        def generated(order):
            return {
                window
                for offset in order
                for window in windows.owed(frequency, since, since + DAY * offset)
            }

        self.assertEqual(generated(offsets), generated(sorted(offsets) * 2))

    def test_examples_of_the_domain(self):
        anchor = date(2024, 1, 1)
        for frequency, day, start, end, aim in (
            # one per one to two months: aim for every month, late after two
            (
                Frequency(1, 2, "month", 1, anchor),
                "2026-11-24",
                "2026-11-01",
                "2026-12-31",
                "2026-11-30",
            ),
            # leap February
            (
                Frequency(1, 1, "month", 1, anchor),
                "2028-02-10",
                "2028-02-01",
                "2028-02-29",
                "2028-02-29",
            ),
            (
                Frequency(1, 1, "year", 1, anchor),
                "2026-11-24",
                "2026-01-01",
                "2026-12-31",
                "2026-12-31",
            ),
            (
                Frequency(1, 2, "week", 2, anchor),
                "2026-11-24",
                "2026-11-16",
                "2026-11-29",
                "2026-11-29",
            ),
        ):
            window = windows.window_of(frequency, date.fromisoformat(day))
            self.assertEqual(tuple(map(str, window)), (start, end))
            self.assertEqual(str(windows.slots(frequency, window)[0].aim), aim)

    def test_nonsense_is_refused(self):
        anchor = date(2024, 1, 1)
        for values in (
            (0, 1, "month", 1),
            (1, 0, "month", 1),
            (1, -1, "day", 1),
            (1, 1, "hour", 1),
            (1, 2, "month", 3),
            (1, 2, "month", 0),
            (1, 10**9, "day", 1),
        ):
            with self.subTest(values=values), self.assertRaises(ValueError):
                windows.window_of(Frequency(*values, anchor), anchor)


MONTH = [date(2026, 11, 1) + DAY * n for n in range(30)]
contacts = st.lists(
    st.tuples(st.sampled_from(matching.CHANNELS), st.sampled_from(MONTH)), max_size=8
).map(lambda rows: [Contact(n, *row) for n, row in enumerate(rows)])


@st.composite
def needs(draw):
    """Per channel no need, one for the month, or one for each half of it."""
    rows = []
    for channel in matching.CHANNELS:
        parts = draw(
            st.sampled_from(
                (
                    [],
                    [(MONTH[0], MONTH[-1])],
                    [(MONTH[0], MONTH[14]), (MONTH[15], MONTH[-1])],
                )
            )
        )
        for start, end in parts:
            goal, accepts = draw(st.integers(1, 3)), draw(st.booleans())
            rows.append(Need(100 + len(rows), channel, start, end, goal, accepts))
    return rows


class TestMatching(TestCase):
    @given(needs(), contacts, st.randoms())
    def test_order_does_not_matter(self, needs, contacts, random):
        expected = matching.match(needs, contacts)
        needs, contacts = list(needs), list(contacts)
        random.shuffle(needs)
        random.shuffle(contacts)
        self.assertEqual(matching.match(needs, contacts), expected)

    @given(needs(), contacts)
    def test_what_counts_where(self, needs, contacts):
        by_id = {need.id: need for need in needs}
        found = matching.match(needs, contacts)
        done = Counter(found.values())
        exact = Counter()
        for contact in contacts:
            need = by_id.get(found.get(contact.id))
            home = [
                need
                for need in needs
                if need.channel == contact.channel
                and need.start <= contact.day <= need.end
            ]
            if home:
                exact[home[0].id] += 1
                self.assertIsNotNone(need, "it counts at least where it belongs")
            if need:
                self.assertTrue(need.start <= contact.day <= need.end)
                if need.channel != contact.channel:
                    self.assertTrue(need.accepts_higher)
                    self.assertLess(
                        matching.RANK[contact.channel], matching.RANK[need.channel]
                    )
                    self.assertLessEqual(done[need.id], need.goal)
        for need in needs:
            self.assertGreaterEqual(
                done[need.id],
                min(exact[need.id], need.goal),
                "one's own channel comes first",
            )
        for contact in self.spare(needs, contacts, found):
            for need in needs:
                if (
                    need.accepts_higher
                    and matching.RANK[contact.channel] < matching.RANK[need.channel]
                    and need.start <= contact.day <= need.end
                ):
                    self.assertGreaterEqual(done[need.id], need.goal)

    def spare(self, needs, contacts, found):
        """Contacts that serve nobody: beyond the goal of their own need, or without."""
        for need in needs:
            at_home = sorted(
                (contact.day, contact.id, contact)
                for contact in contacts
                if found.get(contact.id) == need.id and contact.channel == need.channel
            )
            yield from (contact for *_order, contact in at_home[need.goal :])
        yield from (contact for contact in contacts if contact.id not in found)

    @given(needs(), contacts)
    def test_one_contact_more_never_takes_any_away(self, needs, contacts):
        if not contacts:
            return
        before = Counter(matching.match(needs, contacts[:-1]).values())
        after = Counter(matching.match(needs, contacts).values())
        met = {n.id for n in needs if before[n.id] >= n.goal and n.channel == "onsite"}
        self.assertLessEqual(met, {n.id for n in needs if after[n.id] >= n.goal})
        self.assertLessEqual(sum(after.values()) - sum(before.values()), 1)
        self.assertGreaterEqual(sum(after.values()), sum(before.values()))

    def test_served_call_returns(self):
        needs = [
            Need(1, "visit", MONTH[0], MONTH[-1], 2, False),
            Need(2, "phone", MONTH[0], MONTH[-1], 1, True),
        ]
        visits = [Contact(n, "visit", MONTH[n]) for n in range(3)]
        self.assertEqual(matching.match(needs, visits), {0: 1, 1: 1, 2: 2})
        for gone in range(3):
            rest = [visit for visit in visits if visit.id != gone]
            self.assertEqual(set(matching.match(needs, rest).values()), {1})

    @given(st.integers(0, 5), st.integers(1, 5), days, days, st.booleans())
    def test_state(self, done, goal, end, today, excused):
        state = matching.state(done, goal, end, today, excused)
        self.assertEqual(state == "met", done >= goal)
        if done < goal and not excused:
            self.assertEqual(state, "missed" if end < today else "open")


class TestSampling(TestCase):
    @given(st.text(), st.sets(st.integers(0, 10**6)), st.floats(0, 100))
    def test_share(self, seed, ids, percent):
        drawn = sampling.share(seed, ids, percent)
        self.assertEqual(len(set(drawn)), len(drawn))
        self.assertLessEqual(set(drawn), ids)
        self.assertEqual(drawn, sampling.share(seed, sorted(ids), percent))
        if ids and percent:
            self.assertGreaterEqual(len(drawn), 1)
            self.assertLessEqual(abs(len(drawn) - len(ids) * percent / 100), 1)

    def test_same_on_any_machine(self):
        self.assertEqual(sampling.order("a", range(6)), sampling.order("a", range(6)))
        self.assertNotEqual(
            sampling.order("a", range(60)), sampling.order("b", range(60))
        )
        self.assertEqual(sampling.share("7:2026-11-01", range(20), 20), [19, 15, 2, 12])

    def test_everybody_has_the_same_chance(self):
        drawn = Counter(
            item
            for seed in range(2000)
            for item in sampling.share(str(seed), range(10), 20)
        )
        self.assertLess(max(drawn.values()), 480)
        self.assertGreater(min(drawn.values()), 320)
