"""Speed of what happens while the telephone rings, and of changing many complaints.

In a database with many customers and open complaints: a telephone system reports calls,
the hotline finds a caller by name, and a macro gives many complaints to another user.
Medians; what is changed is rolled back. Prints JSON; exits with 1 if a limit is not
kept.
"""

import statistics
import time

from common import environment, setup
from desk import Care
from measure import arguments, limit, machine, note, report

MANY = 1_000
CALLS = 200
NAMES = ("Customer 77", "ustomer 9", "no such name", "stomer 4321")


def main():
    args = parse_arguments()
    setup()
    bench = Bench(args)
    bench.desk.ensure(args.customers, args.open)
    bench.assign()
    bench.report_calls()
    bench.find()
    report(bench.result())


def parse_arguments():
    parser = arguments("calls", __doc__)
    parser.add_argument("--open", type=int, default=5_000)
    parser.set_defaults(db="bench_calls")
    args = parser.parse_args()
    if args.open < MANY:
        parser.error(f"at least {MANY} are open")
    return args


class Bench:
    def __init__(self, args):
        self.args = args
        self.desk = Care(f"{args.db}_{args.customers}", args.runs)
        self.meter = self.desk.meter
        self.seconds = []

    def assign(self):
        for run in range(self.args.runs):
            with self.meter.transaction() as env:
                agents, _rep = self.desk.users(env)
                own = self.desk.agent(env)
                complaints = own["care.complaint"].search([], order="id", limit=MANY)
                wizard = own["care.macro.apply"].create(
                    {
                        "complaint_ids": [(6, 0, complaints.ids)],
                        "assign": "user",
                        "user_id": agents[-1].id,
                    }
                )
                with self.meter.step(f"assign {MANY}", env):
                    wizard.action_apply()
                if complaints.user_id != agents[-1]:
                    raise SystemExit("not all complaints have been assigned")
            note(f"assign {MANY}: run {run + 1} of {self.args.runs}")

    def report_calls(self):
        """Each report in a transaction of its own, as the endpoint's."""
        with environment(self.desk.db) as env:
            system = env["care.call.system"].create({"name": "Bench"})
            key = system.action_new_key()["context"]["default_key"]
            agent = self.desk.users(env)[0][0]
            agent.care_extension = "B1"
        for number in range(CALLS):
            for event in ("ringing", "answered", "ended"):
                self.report_one(key, event, number)
        with environment(self.desk.db) as env:
            calls = env["care.call"].search([("system_id.name", "=", "Bench")])
            if len(calls) != CALLS or set(calls.mapped("state")) != {"ended"}:
                raise SystemExit("calls have not been noted")
            systems = calls.system_id
            calls.unlink()
            systems.unlink()
            agent.with_env(env).care_extension = False

    def report_one(self, key, event, number):
        start = time.perf_counter()
        with environment(self.desk.db) as env:
            system = env["care.call.system"]._of_key(key)
            env["care.call"].sudo()._take_event(
                system,
                {
                    "event": event,
                    "call": f"bench-{number}",
                    "number": f"+44 20 7946 {number:04}",
                    "extension": "B1",
                },
            )
        self.seconds.append(time.perf_counter() - start)

    def find(self):
        with environment(self.desk.db) as env:
            own = self.desk.agent(env)["care.complaint"]
            own.care_hotline_find("warm up")
            for _run in range(max(self.args.runs, 5)):
                for name in NAMES:
                    with self.meter.step(f"find “{name}”", env):
                        own.care_hotline_find(name)

    def result(self):
        with environment(self.desk.db) as env:
            facts = machine(env)
        once = statistics.median(self.seconds)
        assigned = self.meter.median(f"assign {MANY}")
        found = max(self.desk.milliseconds(f"find “{name}”") for name in NAMES)
        return {
            "bench": "calls",
            "sizes": {"customers": self.args.customers, "open": self.args.open},
            "limits": {
                f"assign {MANY}, seconds": limit(assigned, 2),
                "report of a call, milliseconds": limit(
                    1000 * once,
                    50,
                    a_second=round(len(self.seconds) / sum(self.seconds)),
                ),
                "1000 reports, seconds": limit(
                    1000 * sum(self.seconds) / len(self.seconds), 10
                ),
                "hotline by name, milliseconds": limit(found, 100),
            },
            "runs": self.args.runs,
            "milliseconds": {
                name: self.desk.milliseconds(name) for name in self.meter.seconds
            },
            "queries": self.meter.queries,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
