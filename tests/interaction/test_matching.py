"""Which contact counts for which window, without a database."""

import doctest
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import matching
from ...tools.matching import Contact, Need
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

DAY = timedelta(days=1)
HIGHEST_FIRST = ("onsite", "visit", "phone", "online")
SPAN = [date(2026, 11, 1) + DAY * n for n in range(10)]
FULL = SPAN[1], SPAN[-2]
channels = st.sampled_from(HIGHEST_FIRST)


@st.composite
def windows(draw):
    """None, one, two that follow each other, or any that do not overlap."""
    start, middle, end = SPAN[1], SPAN[4], SPAN[-2]
    rows = draw(
        st.sampled_from(
            ([], [(start, end)], [(start, middle), (middle + DAY, end)], None)
        )
    )
    if rows is None:
        edges = sorted(draw(st.sets(st.sampled_from(SPAN), max_size=6)))
        rows = list(zip(edges[::2], edges[1::2], strict=False))
        if len(edges) % 2:
            rows.append((edges[-1], edges[-1]))
    return rows


@st.composite
def need_lists(draw):
    rows = [(channel, *row) for channel in HIGHEST_FIRST for row in draw(windows())]
    ids = draw(st.permutations(range(100, 100 + len(rows))))
    return draw(
        st.permutations(
            [
                Need(number, *row, draw(st.integers(1, 3)), draw(st.booleans()))
                for number, row in zip(ids, rows, strict=True)
            ]
        )
    )


@st.composite
def contact_lists(draw):
    rows = draw(st.lists(st.tuples(channels, st.sampled_from(SPAN)), max_size=7))
    ids = draw(st.permutations(range(len(rows))))
    return [Contact(number, *row) for number, row in zip(ids, rows, strict=True)]


def holds(need, contact):
    return contact.day in (
        need.start + DAY * n for n in range((need.end - need.start).days + 1)
    )


def at_home(need, contact):
    return need.channel == contact.channel and holds(need, contact)


def may_serve(need, contact):
    higher = HIGHEST_FIRST[: HIGHEST_FIRST.index(need.channel)]
    return need.accepts_higher and contact.channel in higher and holds(need, contact)


def turn(contact):
    return contact.day, contact.id


def slow_match(needs, contacts):
    """Oracle: of all ways to give the surplus to lower needs, the best by the rules.

    A contact is surplus if its own window has its goal of earlier ones. The best way
    gives the highest need the most it can get, and of these the earliest; then the
    second; and so on.
    """
    counted, surplus = {}, []
    for contact in contacts:
        home = [need for need in needs if at_home(need, contact)]
        earlier = [
            other
            for other in contacts
            if home and at_home(home[0], other) and turn(other) < turn(contact)
        ]
        if home and len(earlier) < home[0].goal:
            counted[contact.id] = home[0].id
        else:
            surplus.append(contact)
    exact = Counter(counted.values())
    in_turn = sorted(
        needs, key=lambda n: (HIGHEST_FIRST.index(n.channel), n.start, n.id)
    )
    choices = [
        [None, *(need.id for need in needs if may_serve(need, contact))]
        for contact in surplus
    ]
    ways = []
    for way in product(*choices):
        served = {
            need.id: sorted(
                turn(contact)
                for contact, given_to in zip(surplus, way, strict=True)
                if given_to == need.id
            )
            for need in needs
        }
        if all(
            len(served[need.id]) <= max(need.goal - exact[need.id], 0) for need in needs
        ):
            merit = [(-len(served[need.id]), served[need.id]) for need in in_turn]
            ways.append((merit, way))
    _merit, best = min(ways, key=lambda pair: pair[0])
    for contact, given_to in zip(surplus, best, strict=True):
        home = [need.id for need in needs if at_home(need, contact)]
        if given_to or home:
            counted[contact.id] = given_to or home[0]
    return counted


def count(needs, contacts):
    """{id of the need: number of its contacts}"""
    found = Counter(matching.match(needs, contacts).values())
    return {need.id: found[need.id] for need in needs}


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(matching)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestRules(TestCase):
    """What the rules say, whoever wrote them down."""

    def test_channels(self):
        self.assertEqual(matching.CHANNEL_RANKING, HIGHEST_FIRST)

    @given(need_lists(), contact_lists())
    def test_as_the_slow_one(self, needs, contacts):
        self.assertEqual(matching.match(needs, contacts), slow_match(needs, contacts))

    @given(need_lists(), contact_lists(), st.randoms(use_true_random=False))
    def test_order_of_input_changes_nothing(self, needs, contacts, random):
        before = matching.match(needs, contacts)
        given_in = list(needs), list(contacts)
        random.shuffle(needs)
        random.shuffle(contacts)
        shuffled = list(needs), list(contacts)
        self.assertEqual(matching.match(needs, contacts), before)
        self.assertEqual((needs, contacts), shuffled, "input stays as it was")
        self.assertEqual(matching.match(*map(iter, given_in)), before, "any iterable")

    @given(need_lists(), contact_lists())
    def test_counts_once_where_it_may(self, needs, contacts):
        by_id = {need.id: need for need in needs}
        found = matching.match(needs, contacts)
        self.assertLessEqual(set(found), {contact.id for contact in contacts})
        done = count(needs, contacts)
        self.assertEqual(sum(done.values()), len(found))
        for contact in contacts:
            if contact.id not in found:
                self.assertFalse([need for need in needs if at_home(need, contact)])
                continue
            need = by_id[found[contact.id]]
            self.assertTrue(holds(need, contact), "nothing outside its window")
            if need.channel != contact.channel:
                self.assertTrue(may_serve(need, contact))
                self.assertLessEqual(done[need.id], need.goal, "no more than it lacks")

    @given(need_lists(), contact_lists())
    def test_own_channel_first(self, needs, contacts):
        found = matching.match(needs, contacts)
        for need in needs:
            own = sorted((c for c in contacts if at_home(need, c)), key=turn)
            for contact in own[: need.goal]:
                self.assertEqual(found.get(contact.id), need.id, "by day, then id")
            if len(own) >= need.goal:
                others = {c.id for c in contacts if c not in own}
                self.assertFalse([i for i in others if found.get(i) == need.id])

    @given(need_lists(), contact_lists())
    def test_no_need_lacks_what_is_to_spare(self, needs, contacts):
        """To spare is what comes after the goal of its own window: the earliest ones
        are that window's, even where a later one could not serve elsewhere."""
        found, done = matching.match(needs, contacts), count(needs, contacts)
        by_id = {need.id: need for need in needs}
        for contact in contacts:
            home = by_id.get(found.get(contact.id))
            if home:
                own = sorted((c for c in contacts if at_home(home, c)), key=turn)
                if contact not in own[home.goal :]:
                    continue
            for need in needs:
                if may_serve(need, contact):
                    self.assertGreaterEqual(done[need.id], need.goal)

    @given(need_lists(), contact_lists())
    def test_surplus_does_not_go_past_a_higher_need(self, needs, contacts):
        """Nobody is served by what a higher need could use and lacks, or by what is
        later than something that was to spare too."""
        found, done = matching.match(needs, contacts), count(needs, contacts)
        by_id = {need.id: need for need in needs}
        for contact in contacts:
            served = by_id.get(found.get(contact.id))
            if not served or at_home(served, contact):
                continue
            for need in needs:
                rank = HIGHEST_FIRST.index(need.channel)
                if rank < HIGHEST_FIRST.index(served.channel) and (
                    may_serve(need, contact)
                ):
                    self.assertGreaterEqual(done[need.id], need.goal)
            for other in contacts:
                if other.id not in found and may_serve(served, other):
                    self.assertLess(turn(contact), turn(other))

    @given(need_lists(), contact_lists(), st.data())
    def test_deleting_takes_one_away_at_most(self, needs, contacts, data):
        """Deleting a contact raises nobody and lowers one need at most, by one: its
        own, or, if another contact takes its place, the one that this is taken from.
        That is a lower one, or had it to spare."""
        if not contacts:
            return
        gone = data.draw(st.sampled_from(contacts))
        rest = [contact for contact in contacts if contact != gone]
        found = matching.match(needs, contacts)
        before, after = count(needs, contacts), count(needs, rest)
        lower = [need for need in needs if after[need.id] != before[need.id]]
        self.assertLessEqual(len(lower), 1)
        for need in lower:
            self.assertEqual(after[need.id], before[need.id] - 1)
            self.assertIn(gone.id, found)
            if need.id != found[gone.id] and after[need.id] < need.goal:
                self.assertTrue(need.accepts_higher)
                self.assertGreater(
                    HIGHEST_FIRST.index(need.channel),
                    HIGHEST_FIRST.index(gone.channel),
                )
        if gone.id not in found:
            self.assertEqual(matching.match(needs, rest), found)

    @given(need_lists(), contact_lists(), channels)
    def test_lower_contacts_never_matter_to_higher_needs(
        self, needs, contacts, channel
    ):
        above = HIGHEST_FIRST[: HIGHEST_FIRST.index(channel)]
        goals = {need.id: need.goal for need in needs if need.channel in above}
        higher = [contact for contact in contacts if contact.channel in above]
        all_done, done = count(needs, contacts), count(needs, higher)
        for need, goal in goals.items():
            self.assertEqual(min(all_done[need], goal), min(done[need], goal))


class TestExamples(TestCase):
    def assert_match(self, needs, contacts, expected):
        self.assertEqual(matching.match(needs, contacts), expected)
        self.assertEqual(slow_match(needs, contacts), expected, "the oracle errs")

    def test_served_call_returns(self):
        needs = [Need(1, "visit", *FULL, 2, False), Need(2, "phone", *FULL, 1, True)]
        visits = [Contact(n, "visit", SPAN[n]) for n in (1, 2, 3)]
        self.assert_match(needs, visits, {1: 1, 2: 1, 3: 2})
        for gone in visits:
            rest = [visit for visit in visits if visit != gone]
            self.assert_match(needs, rest, {visit.id: 1 for visit in rest})
            # moved out of the window instead, or made a call
            self.assertEqual(
                Counter(
                    matching.match(needs, [*rest, gone._replace(day=SPAN[0])]).values()
                ),
                {1: 2},
            )
            call = gone._replace(channel="phone")
            self.assertEqual(count(needs, [*rest, call]), {1: 2, 2: 1})

    def test_a_call_sends_the_visit_back(self):
        """The visit that stood in for the call counts as a visit again, though the
        call came later."""
        needs = [Need(1, "visit", *FULL, 1, False), Need(2, "phone", *FULL, 1, True)]
        visits = [Contact(n, "visit", SPAN[n]) for n in (1, 2)]
        self.assert_match(needs, visits, {1: 1, 2: 2})
        call = Contact(3, "phone", SPAN[8])
        self.assert_match(needs, [*visits, call], {1: 1, 2: 1, 3: 2})

    def test_higher_only_where_accepted(self):
        visits = [Contact(n, "visit", SPAN[n]) for n in (1, 2)]
        for accepts, expected in ((False, {1: 1, 2: 1}), (True, {1: 1, 2: 2})):
            needs = [
                Need(1, "visit", *FULL, 1, True),
                Need(2, "phone", *FULL, 1, accepts),
            ]
            self.assert_match(needs, visits, expected)

    def test_never_lower(self):
        needs = [Need(1, "visit", *FULL, 1, True)]
        for channel in ("phone", "online"):
            self.assert_match(needs, [Contact(1, channel, SPAN[2])], {})

    def test_own_need_is_served_before_lower_ones(self):
        needs = [Need(1, "visit", *FULL, 1, True), Need(2, "phone", *FULL, 1, True)]
        self.assert_match(needs, [Contact(1, "visit", SPAN[2])], {1: 1})

    def test_highest_of_the_lower_first(self):
        needs = [
            Need(number, channel, *FULL, 1, True)
            for number, channel in ((1, "online"), (2, "phone"), (3, "visit"))
        ]
        contacts = [Contact(n, "onsite", SPAN[n]) for n in (1, 2, 3, 4)]
        for number, expected in enumerate(
            ({}, {1: 3}, {1: 3, 2: 2}, {1: 3, 2: 2, 3: 1}, {1: 3, 2: 2, 3: 1})
        ):
            self.assert_match(needs, contacts[:number], expected)

    def test_highest_need_takes_the_earliest(self):
        """Also where a lower one could have used no other: day and id decide."""
        needs = [
            Need(1, "phone", *FULL, 1, True),
            Need(2, "online", SPAN[1], SPAN[2], 1, True),
        ]
        contacts = [Contact(1, "visit", SPAN[5]), Contact(2, "visit", SPAN[2])]
        self.assert_match(needs, contacts, {2: 1})

    def test_surplus_by_day_not_by_channel(self):
        needs = [Need(1, "phone", *FULL, 1, True)]
        contacts = [Contact(1, "onsite", SPAN[5]), Contact(2, "visit", SPAN[2])]
        self.assert_match(needs, contacts, {2: 1})

    def test_same_day_by_id(self):
        needs = [Need(1, "visit", *FULL, 1, False), Need(2, "phone", *FULL, 1, True)]
        visits = [Contact(n, "visit", SPAN[3]) for n in (9, 10, 2)]
        self.assert_match(needs, visits, {2: 1, 9: 2, 10: 1})

    def test_first_and_last_day_count(self):
        needs = [Need(1, "visit", SPAN[2], SPAN[4], 9, False)]
        visits = [Contact(n, "visit", SPAN[n]) for n in range(1, 6)]
        self.assert_match(needs, visits, {2: 1, 3: 1, 4: 1})

    def test_windows_of_different_length(self):
        """Surplus of this month's visits serves calls of the week it was made in."""
        needs = [
            Need(1, "visit", *FULL, 1, False),
            Need(2, "phone", SPAN[1], SPAN[4], 1, True),
            Need(3, "phone", SPAN[5], SPAN[8], 1, True),
        ]
        visits = [Contact(n, "visit", SPAN[n]) for n in (2, 6, 7)]
        self.assert_match(needs, visits, {2: 1, 6: 3, 7: 1})

    def test_nothing_to_do(self):
        need, contact = Need(1, "visit", *FULL, 1, True), Contact(1, "visit", SPAN[2])
        for needs, contacts in (([], []), ([need], []), ([], [contact])):
            self.assert_match(needs, contacts, {})


class TestState(TestCase):
    def test_each_case(self):
        end = SPAN[5]
        eve, last, after = end - DAY, end, end + DAY
        for done, excused, today, expected in (
            (2, False, eve, "met"),
            (2, False, after, "met"),
            (3, False, after, "met"),
            (2, True, after, "met"),
            (1, False, eve, "open"),
            (1, False, last, "open"),
            (1, False, after, "missed"),
            (0, False, after, "missed"),
            (1, True, eve, "excused"),
            (1, True, after, "excused"),
        ):
            with self.subTest(done=done, excused=excused, today=today):
                state = matching.state(done, 2, end, today, excused)
                self.assertEqual(state, expected)

    @given(
        st.integers(0, 5),
        st.integers(1, 5),
        st.sampled_from(SPAN),
        st.sampled_from(SPAN),
        st.booleans(),
    )
    def test_later_only_missed_is_new(self, done, goal, end, today, excused):
        """Time alone turns open into missed, once, after the last day."""
        now, tomorrow = (
            matching.state(done, goal, end, day, excused)
            for day in (today, today + DAY)
        )
        self.assertEqual(now == "met", done >= goal)
        if now == "open" and today == end:
            self.assertEqual(tomorrow, "missed")
        else:
            self.assertEqual(tomorrow, now)

    @given(
        need_lists(),
        contact_lists(),
        st.sampled_from(SPAN),
        st.randoms(use_true_random=False),
    )
    def test_contacts_and_dates_alone_decide(self, needs, contacts, today, random):
        """Reported one by one, in any order, or all at once: the same in the end."""

        def states(known):
            done = count(needs, known)
            return {
                need.id: matching.state(
                    done[need.id], need.goal, need.end, today, False
                )
                for need in needs
            }

        expected = states(contacts)
        random.shuffle(contacts)
        known, history = [], []
        for contact in contacts:
            known.append(contact)
            history.append(states(known))
        for one, two in pairwise(history):
            for need in needs:
                self.assertFalse(
                    one[need.id] == "met" != two[need.id], "late reports never harm"
                )
        if history:
            self.assertEqual(history[-1], expected)


MINUTE = datetime(2026, 11, 5, 9, 30)


class TestDistance(TestCase):
    """A goal of 2 a month means one in each half."""

    @given(need_lists(), contact_lists(), st.integers(1, 4))
    def test_those_that_count_are_distant(self, needs, contacts, min_days):
        needs = [need._replace(min_days=min_days) for need in needs]
        found = matching.match(needs, contacts)
        days = {contact.id: contact.day for contact in contacts}
        for need in needs:
            made = sorted(days[one] for one, home in found.items() if home == need.id)
            if need.goal > 1:
                self.assertTrue(
                    all((two - one).days >= min_days for one, two in pairwise(made))
                )

    @given(need_lists(), contact_lists(), st.integers(1, 4))
    def test_nothing_is_lost_but_what_came_too_soon(self, needs, contacts, min_days):
        far = [need._replace(min_days=min_days) for need in needs]
        with_distance = matching.match(far, contacts)
        without = matching.match(needs, contacts)
        self.assertLessEqual(set(without), set(with_distance), "counted, or told why")
        days = {contact.id: contact.day for contact in contacts}
        counted = [days[one] for one, home in with_distance.items() if home]
        for one, home in with_distance.items():
            if home is None:
                nearest = min(abs((days[one] - day).days) for day in counted)
                self.assertLess(nearest, min_days)

    @given(need_lists(), contact_lists(), st.integers(0, 4), st.randoms())
    def test_order_does_not_matter(self, needs, contacts, min_days, random):
        needs = [need._replace(min_days=min_days) for need in needs]
        found = matching.match(needs, contacts)
        random.shuffle(contacts)
        self.assertEqual(matching.match(needs, contacts), found)

    def test_two_on_two_days_in_a_row_count_once(self):
        need = Need(1, "visit", SPAN[0], SPAN[-1], 2, False, 5)
        contacts = [Contact(n, "visit", SPAN[n]) for n in (0, 1, 4, 5)]
        self.assertEqual(
            matching.match([need], contacts), {0: 1, 1: None, 4: None, 5: 1}
        )

    def test_too_soon_for_one_may_serve_another(self):
        visits = Need(1, "visit", SPAN[0], SPAN[-1], 2, False, 5)
        calls = Need(2, "phone", SPAN[0], SPAN[-1], 1, True, 5)
        contacts = [Contact(n, "visit", SPAN[n]) for n in (0, 1)]
        self.assertEqual(matching.match([visits, calls], contacts), {0: 1, 1: 2})

    def test_several_in_a_minute_count_once(self):
        need = Need(1, "phone", SPAN[0], SPAN[-1], 1, True)
        twice = [
            Contact(1, "phone", SPAN[2], MINUTE),
            Contact(2, "visit", SPAN[2], MINUTE),
            Contact(3, "phone", SPAN[2], MINUTE + timedelta(minutes=1)),
        ]
        self.assertEqual(matching.match([need], twice), {1: None, 3: 1})
        self.assertEqual(matching.match([need], twice[:2]), {1: None, 2: 1})
