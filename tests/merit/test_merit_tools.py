import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import merits
from ...tools.merits import Rule

FIRST, LAST = date(2026, 8, 1), date(2026, 8, 31)
DAYS = st.dates(date(2026, 7, 20), date(2026, 9, 10))


@st.composite
def rules(draw):
    """A few rules of two causes, some of a company, a department, or a time"""
    found = []
    for id_ in range(1, draw(st.integers(1, 7))):
        begin, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
        if begin and end and begin > end:
            begin, end = end, begin
        found.append(
            Rule(
                id_,
                draw(st.sampled_from(["visit", "call"])),
                draw(st.integers(1, 100)),
                draw(st.sampled_from([None, 1, 2])),
                draw(st.sampled_from([None, 5, 6])),
                begin,
                end,
            )
        )
    return found


@tagged("post_install", "-at_install")
class TestMeritTools(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(merits).failed, 0)

    @given(rules(), st.sampled_from([1, 2]), st.sampled_from([None, 5, 6]))
    def test_spans_say_for_each_day_what_is_chosen(self, known, company, department):
        found = merits.spans(known, "visit", company, department, FIRST, LAST)
        by_day = {}
        for begin, end, rule in found:
            for ahead in range((end - begin).days + 1):
                day = begin + timedelta(days=ahead)
                self.assertNotIn(day, by_day, "never two")
                by_day[day] = rule
        day = FIRST
        while day <= LAST:
            self.assertEqual(
                by_day.get(day),
                merits.choose(known, "visit", company, department, day),
            )
            day += timedelta(days=1)

    def test_colliding_rules(self):
        def chosen(*known):
            return merits.choose(known, "visit", 1, 5, FIRST).id

        general, newer = Rule(1, "visit"), Rule(2, "visit", date_from=date(2026, 7, 1))
        self.assertEqual(chosen(general, newer), 2)
        department = Rule(3, "visit", department=5)
        self.assertEqual(chosen(general, newer, department), 3)
        company = Rule(4, "visit", company=1)
        self.assertEqual(chosen(general, newer, department, company), 4)
        both = Rule(5, "visit", company=1, department=5)
        self.assertEqual(chosen(general, newer, department, company, both), 5)
        self.assertEqual(chosen(Rule(6, "visit"), Rule(7, "visit")), 7)
        later = Rule(8, "visit", company=1, date_from=date(2026, 8, 2))
        self.assertEqual(chosen(general, later), 1)

    @given(
        st.lists(st.integers(0, 4), max_size=20),
        st.sampled_from(["penalty", "reward"]),
        st.integers(1, 500),
    )
    def test_sums_follow_the_cause_whatever_happens(self, counts, kind, amount):
        ledger, quantity, standing, turns = [], 0, "lifted", 0
        for now in counts:
            step = merits.step(standing, quantity, now)
            if step.counter:
                ledger.append(-merits.signed(kind, amount, quantity))
                quantity, standing = 0, "lifted"
                turns += 1
            if step.again:
                ledger.append(merits.signed(kind, amount, step.again))
                quantity, standing = step.again, "valid"
            self.assertEqual(sum(ledger), merits.signed(kind, amount, now))
            self.assertEqual(merits.step(standing, quantity, now), merits.Step())
        self.assertEqual(turns, sum(row * ledger[0] < 0 for row in ledger if ledger))

    def test_what_a_person_took_back_stays_so(self):
        self.assertEqual(merits.step("reversed", 1, 3), merits.Step())

    @given(st.sets(st.integers(0, 11)), st.integers(0, 11))
    def test_first_open_month(self, closed, start):
        months = {date(2026, 1 + month, 1) for month in closed}
        begin = date(2026, 1 + start, 1)
        found = merits.next_open(begin, months)
        self.assertNotIn(found, months)
        self.assertGreaterEqual(found, begin)
        self.assertFalse(
            [
                month
                for month in range(1, 13)
                if begin <= date(2026, month, 1) < found
                and date(2026, month, 1) not in months
            ]
        )
