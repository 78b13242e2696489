"""Speed of complaints and their clocks against OCA's helpdesk with SLAs.

Two databases have the same customers and users and as many open complaints, each with
two clocks of which one is running; one percent are late. The app is in one,
helpdesk_mgmt with helpdesk_mgmt_sla from PyPI in the other. Both create and move
complaints by turns, medians; a single one with commit, the rest is rolled back. Then
the pass that escalates, and the first page of a queue with timers and the count of what
is late, for somebody who sees all complaints and for one who sees those of own
customers; also in a third database with ten times as many open. Prints JSON; exits with
1 if a limit is not kept.
"""

import time
from contextlib import contextmanager
from statistics import median
from unittest.mock import patch

import peer
from client import list_count_limit, list_specification
from common import environment, setup
from desk import Care
from measure import arguments, limit, machine, note, report

MANY = 500
MOVED = 1_000
LATE = 500
"""Clocks that have just run out."""
WHO = ("all", "own")
"""Who looks at the queue,"""
LOOKS = ("page", "count")
"""and at what of it."""


def main():
    args = parse_arguments()
    setup()
    peer.fetch()
    bench = Bench(args)
    bench.ensure()
    bench.create_one()
    bench.create_many()
    bench.move()
    bench.escalate()
    bench.look()
    report(bench.result())


def parse_arguments():
    parser = arguments("complaints", __doc__)
    parser.add_argument("--open", type=int, default=50_000)
    parser.add_argument("--large", type=int, default=500_000)
    parser.add_argument("--repeats", type=int, default=30, help="of what is short")
    parser.set_defaults(customers=20_000, db="bench_complaints")
    args = parser.parse_args()
    if args.large <= args.open or args.open < 2 * MOVED:
        parser.error(f"at least {2 * MOVED} are open, and more in the large one")
    return args


class Bench:
    def __init__(self, args):
        self.args = args
        self.care = Care(f"{args.db}_{args.open}", args.runs)
        self.large = Care(f"{args.db}_{args.large}", args.runs)
        self.peer = peer.Helpdesk(f"{args.db}_{args.open}_peer", args.runs)
        self.passes = {self.care: [], self.large: []}
        self.activities = {self.care: [], self.large: []}

    def ensure(self):
        self.care.ensure(self.args.customers, self.args.open)
        self.peer.ensure(self.args.customers, self.args.open)
        self.large.ensure(self.args.customers, self.args.large)

    # Create and move --------------------------------------------------

    def create_one(self):
        for run in range(self.args.repeats):
            for desk in by_turns(run, self.care, self.peer):
                with environment(desk.db) as env:
                    desk.create(desk.agent(env), 1)
        note(f"create 1: {self.args.repeats} runs")

    def create_many(self):
        for run in range(self.args.runs):
            for desk in by_turns(run, self.care, self.peer):
                with desk.meter.transaction() as env:
                    desk.create(desk.agent(env), MANY)
            note(f"create {MANY}: run {run + 1} of {self.args.runs}")

    def move(self):
        """The app's stages in which clocks stand still and in which one ends."""
        moves = (
            (self.care, "customer_care.care_stage_waiting", "paused"),
            (self.peer, "helpdesk_mgmt.helpdesk_ticket_stage_awaiting", "on"),
            (self.care, "customer_care.care_stage_verify", "resolved"),
        )
        for run in range(self.args.runs):
            for desk, stage, name in by_turns(run, *moves):
                with desk.meter.transaction() as env:
                    desk.move(desk.agent(env), MOVED, stage, name)
            note(f"move {MOVED}: run {run + 1} of {self.args.runs}")

    # Escalation -------------------------------------------------------

    def escalate(self):
        for run in range(self.args.runs):
            for desk in by_turns(run, self.care, self.large):
                with desk.meter.transaction() as env:
                    self.escalate_once(desk, env)
            note(f"escalate: run {run + 1} of {self.args.runs}")

    def escalate_once(self, desk, env):
        """What telling people takes is counted apart: Odoo makes the activities and
        their mails."""
        status = env["care.sla.status"]
        with desk.meter.step("escalate, nothing new", env):
            done = status._escalate()
        desk.make_late(env, LATE)
        with activities_timed(env) as spent, desk.meter.step("escalate", env):
            done += status._escalate()
        if done != LATE:
            raise SystemExit(f"{done} levels of escalation done, not {LATE}")
        self.activities[desk].append(sum(spent))
        self.passes[desk].append(desk.meter.seconds["escalate"][-1] - sum(spent))

    # Queue ------------------------------------------------------------

    def look(self):
        for desk in (self.care, self.peer, self.large):
            with environment(desk.db) as env:
                for who, own in zip(WHO, (desk.agent(env), desk.rep(env)), strict=True):
                    specification = list_specification(own, desk.model)
                    specification |= desk.clock_fields
                    limit = list_count_limit(own, desk.model)
                    for _run in range(self.args.repeats):
                        late = desk.page(own, who, specification, limit)
                    desk.late[who] = late
            note(f"queue of {desk.complaints:,} open: {desk.late} late")

    # Result -----------------------------------------------------------

    def result(self):
        with environment(self.care.db) as env:
            facts = machine(env)
        return {
            "bench": "complaints",
            "sizes": {
                "customers": self.args.customers,
                "open": self.args.open,
                "open, large": self.args.large,
                "late": self.care.late,
                "late, large": self.large.late,
                "late, peer": self.peer.late,
            },
            "peer": peer.VERSIONS,
            "limits": {
                **self.create_limits(),
                **self.move_limits(),
                **self.escalate_limits(),
                **self.look_limits(),
            },
            "runs": self.args.runs,
            "milliseconds": {
                desk.db: {name: desk.milliseconds(name) for name in desk.meter.seconds}
                for desk in (self.care, self.large, self.peer)
            },
            "queries": {
                desk.db: desk.meter.queries
                for desk in (self.care, self.large, self.peer)
            },
            "machine": facts,
        }

    def create_limits(self):
        one, many = "create 1", f"create {MANY}"
        queries = self.care.meter.queries
        return {
            f"{one} / peer": self.against_peer(one, one, 0.7),
            f"{one}, queries": limit(queries[one], 26),
            f"{many} / peer": self.against_peer(many, many, 0.2),
            f"{many}, queries each": limit(queries[many] / MANY, 1),
        }

    def move_limits(self):
        limits = {}
        for kind in ("paused", "resolved"):
            name = f"move {MOVED} {kind}"
            limits[f"{name} / peer"] = self.against_peer(name, f"move {MOVED} on", 0.1)
            limits[f"{name}, queries each"] = limit(
                self.care.meter.queries[name] / MOVED, 0.2
            )
        return limits

    def escalate_limits(self):
        small, large = (median(self.passes[desk]) for desk in (self.care, self.large))
        told = median(self.activities[self.care])
        nothing = self.care.milliseconds("escalate, nothing new")
        return {
            f"escalate {LATE} of {self.args.open}, seconds": limit(
                small, 2, activities_seconds=round(told, 2)
            ),
            "escalate, nothing new, milliseconds": limit(nothing, 50),
            f"escalate {LATE}, large / small": limit(
                large / small, 1.5, seconds=round(large, 3)
            ),
        }

    def look_limits(self):
        """A page is as fast whatever is open; a count grows with what is counted, and
        no more."""
        limits = {}
        for name, who in ((f"{what}, {who}", who) for who in WHO for what in LOOKS):
            limits[f"{name} / peer"] = self.against_peer(name, name, 1)
            large = self.large.milliseconds(name)
            peers = self.peer.milliseconds(name)
            limits[f"{name}, large / peer"] = limit(
                large / peers, 1, milliseconds=large
            )
            growth = large / self.care.milliseconds(name)
            if name.startswith("page"):
                limits[f"{name}, large / small"] = limit(growth, 1.5)
            else:
                counted = self.large.late[who] / self.care.late[who]
                limits[f"{name}, large / small, each counted"] = limit(
                    growth / counted, 1, times=round(growth, 2), counted=counted
                )
        return limits

    def against_peer(self, name, its_name, at_most):
        own, its = self.care.milliseconds(name), self.peer.milliseconds(its_name)
        return limit(own / its, at_most, milliseconds=own, peer_milliseconds=its)


def by_turns(run, *things):
    return things if run % 2 else things[::-1]


@contextmanager
def activities_timed(env):
    """Seconds of each call that makes activities."""
    model = env.registry["mail.activity"]
    create, spent = model.create, []

    def timed(self, vals_list):
        self.env.flush_all()
        start = time.perf_counter()
        activities = create(self, vals_list)
        self.env.flush_all()
        spent.append(time.perf_counter() - start)
        return activities

    with patch.object(model, "create", timed):
        yield spent


if __name__ == "__main__":
    main()
