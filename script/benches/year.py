"""Due dates of a simulated year: a team of ten, before and after levelling.

Ten people with 100 customers each follow the plan of the tiers for a year, with their
holidays and leave. Every working day each makes the contacts that are due first, up to
a number; some customers are not there. The same year is played twice by the pure
functions of tools/: with due dates at the end of each slot, as before version 19.0.1.8,
and with levelled ones. Prints JSON; exits with 1 if a limit is not kept.
"""

import json
import random
import statistics
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools import due_dates, matching, windows

DAY = timedelta(days=1)
START, END = date(2026, 1, 1), date(2026, 12, 31)
PEOPLE = 10
CONTACTS_A_DAY = 11
NOT_THERE = 0.1
MARGIN = 20
HOLIDAYS = {
    date(2026, month, day)
    for month, day in ((1, 1), (4, 3), (4, 6), (5, 1), (5, 25), (12, 25))
}
CUSTOMERS = {"A": 10, "B": 20, "C": 70}
PLANS = {
    "A": (("visit", 2, 1, "month"), ("phone", 1, 1, "month")),
    "B": (("visit", 1, 1, "month"), ("phone", 1, 1, "month")),
    "C": (("visit", 1, 3, "month"), ("phone", 1, 2, "month")),
}


class Target:
    def __init__(self, customer, frequency, channel, window):
        self.customer, self.channel, self.window = customer, channel, window
        self.goal, self.done, self.due = frequency.times, 0, None
        self.min_days = windows.min_days(window, self.goal)

    def slot(self):
        return windows.spread(*self.window, self.goal, self.done)


class Person:
    """The year of one person, by one of the two rules."""

    def __init__(self, number, levelled):
        self.random = random.Random(number)
        self.levelled = levelled
        leave = self.random.randrange(150, 220)
        self.leave = {START + DAY * n for n in range(leave, leave + 14)}
        self.days = [
            day
            for day in (START + DAY * n for n in range(500))
            if day.weekday() < 5 and day not in HOLIDAYS | self.leave
        ]
        self.customers = [
            (number, tier, n) for tier, count in CUSTOMERS.items() for n in range(count)
        ]
        self.open, self.known, self.last = [], set(), {}
        self.due, self.missed, self.warned = Counter(), 0, 0
        self.moved = 0

    def live(self):
        day = START
        while day <= END:
            self.close(day)
            self.make(day)
            if day in self.days:
                self.work(day)
            day += DAY
        return self

    def close(self, day):
        for target in [one for one in self.open if one.window.end < day]:
            self.open.remove(target)
            self.missed += 1
            self.warned += any(
                target.due < other <= target.window.end for other in self.days
            )

    def make(self, day):
        new = []
        for customer in self.customers:
            for channel, times, every, unit in PLANS[customer[1]]:
                frequency = windows.Frequency(times, every, unit, every, START)
                window = windows.window_of(frequency, day)
                if (customer, channel, window) not in self.known:
                    self.known.add((customer, channel, window))
                    new.append(Target(customer, frequency, channel, window))
        self.open += new
        self.place(new, day)

    def place(self, targets, today):
        if not self.levelled:
            for target in targets:
                target.due = target.slot().aim
        else:
            load = Counter(one.due for one in self.open if one.due and one.due >= today)
            for target in targets:
                if target.due and target.due >= today:
                    load[target.due] -= 1
            requests = []
            for target in targets:
                span = self.span(target)
                choice = due_dates.choose(span, self.days, MARGIN)
                requests.append(due_dates.Request(target, 1, choice.upcoming(today)))
            for target, days in due_dates.level(requests, load).items():
                target.due = days[0][0]
        for target in targets:
            self.due[target.due] += 1

    def span(self, target):
        slot = target.slot()
        return due_dates.Span(
            slot.start,
            slot.aim,
            target.window.end,
            slot.start,
            self.last.get((target.customer, target.channel)),
            target.min_days,
        ).simplified()

    def work(self, today):
        todo = sorted(
            (one for one in self.open if one.due <= today + DAY),
            key=lambda one: (one.due, one.window.end),
        )
        for target in todo[:CONTACTS_A_DAY]:
            if self.random.random() < NOT_THERE:
                continue
            last = self.last.get((target.customer, target.channel))
            near = last and last >= target.window.start
            if target.done and near and (today - last).days < target.min_days:
                continue
            target.done += 1
            self.last[target.customer, target.channel] = today
            if (
                matching.state(
                    target.done, target.goal, target.window.end, today, False
                )
                == "met"
            ):
                self.open.remove(target)
            else:
                self.place([target], today)


def figures(levelled):
    people = [Person(number, levelled).live() for number in range(PEOPLE)]
    by_day = [person.due[day] for person in people for day in person.days if day <= END]
    due = sum(sum(person.due.values()) for person in people)
    off = sum(
        number
        for person in people
        for day, number in person.due.items()
        if day <= END and day not in person.days
    )
    missed = sum(person.missed for person in people)
    return {
        "due per person and working day": {
            "min": min(by_day),
            "median": statistics.median(by_day),
            "p90": sorted(by_day)[len(by_day) * 9 // 10],
            "max": max(by_day),
        },
        "due dates": due,
        "on a day off": off,
        "missed": missed,
        "missed, share": round(missed / due, 3),
        "overdue before missed, share": round(
            sum(person.warned for person in people) / missed, 3
        )
        if missed
        else None,
    }


def main():
    result = {
        "bench": "year",
        "people": PEOPLE,
        "customers": PEOPLE * sum(CUSTOMERS.values()),
        "before": figures(levelled=False),
        "after": figures(levelled=True),
    }
    print(json.dumps(result, indent=2))
    if result["after"]["on a day off"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
