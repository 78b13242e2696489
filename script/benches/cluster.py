"""A company on several servers, all on this machine, with its people at work.

Starts a PostgreSQL primary with a streaming standby, Odoo with prefork workers that
reads from the standby, a process for jobs, the websocket, nginx before them, and a mail
server, all on the loopback. Fills one company, and one with a tenth of everything, and
keeps both. Looks for the rate that the machine carries, in pages a second, unless it is
given; then people work at that rate: visits and calls, complaints, portal, public form,
dashboard and pivots. With --faults also processes are killed, servers go away and the
disk fills, and what the server had confirmed is counted afterwards. Prints JSON; exits
with 1 if a limit is not kept.
"""

import argparse
import os
import platform
import signal
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from cluster_data import Company, call, due, our_jobs
from cluster_faults import FAULTS, Faults
from cluster_load import Load
from cluster_result import Log, database_time, machine_load, pages_table, websocket
from cluster_servers import Primary, Services, Standby, wait_for
from common import TEMPLATE, setup
from dev.postgres import Cluster
from measure import limit, note, report, yardstick

from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config

NAMES = ("customers", "orders", "complaints", "open", "targets", "contacts", "answers")
MOST = 0.8
"""Seconds in which 95 % of the pages come"""
GROWTH = 1.2
FIRST_RATE = 2.0
LEAST_RATE = 0.25
"""Below it no rate is looked for."""
FASTER = 1.4
FEW_USERS = 40
"""Who find the rate: with more, a new rate takes minutes to be felt by all"""
WARM_UP = 20
"""Seconds in which the workers fill their caches, before anything counts"""
SETTLE = 1800
"""Seconds that the first run of all jobs may take"""


def main():
    args = parse_arguments()
    bench = Bench(args)
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        bench.prepare()
        bench.run()
    finally:
        bench.end()
    report(bench.result())


def parse_arguments():
    summary, details = __doc__.split("\n\n", 1)
    parser = argparse.ArgumentParser(
        prog="script/bench cluster", description=summary, epilog=details
    )
    sizes = (100_000, 1_000_000, 1_000_000, 50_000, 500_000, 300_000, 50_000)
    for name, size in zip(NAMES, sizes, strict=True):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--scale", type=float, default=1, help="of all the above")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, help="pages a second; else found")
    parser.add_argument("--stage", type=float, default=1, help="minutes per rate tried")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--crons", type=int, default=1, help="processes for jobs")
    parser.add_argument("--no-growth", action="store_true", help="not with a tenth")
    parser.add_argument("--faults", nargs="*", choices=FAULTS, help="all, or these")
    parser.add_argument(
        "--fault-minutes", type=float, default=1, help="of each; mail five times it"
    )
    parser.add_argument("--json", action="store_true", help="no progress on stderr")
    args = parser.parse_args()
    for name in NAMES:
        setattr(args, name, max(100, int(getattr(args, name) * args.scale)))
    args.runs = 1
    if args.orders < args.customers:
        parser.error("each customer has one order at least")
    if not 0 < args.minutes <= 60 or not 0 < args.users <= 1000:
        parser.error("at most 60 minutes and 1000 users")
    return args


class Bench:
    def __init__(self, args):
        self.args = args
        self.primary = Primary()
        self.standby = Standby(self.primary)
        self.services = None
        self.figures, self.jobs, self.faults = {}, [], []

    def prepare(self):
        cluster = Cluster()
        self.primary.start()
        self.primary.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        folder = self.primary.port_file.parent / "cluster"
        data = folder / "data"
        (data / "filestore").mkdir(parents=True, exist_ok=True)
        setup()
        ours = Path(config["data_dir"]) / "filestore"
        self.primary.adopt(TEMPLATE, cluster, ours, data / "filestore")
        self.services = Services(
            self.primary,
            self.standby,
            SimpleNamespace(folder=self.primary.home, data=data),
            self.args.workers,
            self.args.crons,
        )
        os.environ |= self.primary.variables | {
            "ODOO_RC": str(self.services.config("fill"))
        }
        setup()
        customers = self.args.customers
        self.large = Company(f"bench_cluster_{customers}", self.args, 1)
        self.small = Company(f"bench_cluster_{customers // 10}", self.args, 10)
        for company in self.companies():
            company.ensure()
        self.facts = {company: company.facts() for company in self.companies()}
        Registry.delete_all()
        close_all()
        self.standby.follow()
        self.yardsticks = [yardstick(self.primary.sql)]

    def companies(self):
        return [self.large] if self.args.no_growth else [self.small, self.large]

    def run(self):
        self.rate = self.args.rate
        for company in reversed(self.companies()):
            self.serve(company)
            if not self.rate:
                self.rate = self.find_rate(company)
            self.figures[company] = self.measure(company, self.args.minutes)
            if company is self.large:
                self.all_jobs()
                self.faults = self.break_things()
            self.services.end()
            self.yardsticks.append(yardstick(self.primary.sql))

    def end(self):
        if self.services:
            self.services.end()
        self.standby.end()
        self.primary.end()

    # ------------------------------------------------------------
    # Load
    # ------------------------------------------------------------

    def serve(self, company):
        note(f"starting the servers of {company.db}")
        self.services.start(company.db)
        self.db = company.db
        self.log = Log(self.services.log)
        wait_for(lambda: "101" in websocket(self.services.port), 60, 1)
        self.websocket = websocket(self.services.port)
        self.all_jobs()
        self.standby.caught_up(60)

    def load(self, company, rate, users=None):
        facts = self.facts[company]
        users = users or self.args.users
        return Load(self.services.port, self.db, facts, users, rate)

    @contextmanager
    def at_work(self, company, rate, users=None):
        """People at work, from when all have logged in and the workers are warm."""
        load = self.load(company, rate, users)
        load.start()
        try:
            wait_for(load.all_in, 60 + load.users)
            time.sleep(WARM_UP)
            yield load
        finally:
            load.stop()

    def find_rate(self, company):
        """Raise the rate step by step, or lower it if the first is too much; the
        highest at which pages came in time."""
        users = min(self.args.users, FEW_USERS)
        kept = None
        with self.at_work(company, FIRST_RATE, users) as load:
            while LEAST_RATE <= load.rate < 1000:
                in_time = self.in_time(self.figures_of(load, self.args.stage))
                if in_time:
                    kept = load.rate
                if kept and (not in_time or load.rate < FIRST_RATE):
                    break
                load.rate *= FASTER if in_time else 1 / FASTER
                time.sleep(WARM_UP)
        return round(kept or LEAST_RATE, 2)

    @staticmethod
    def in_time(figures):
        """A minute has too few of the rare pages to tell more than their median."""
        everything = figures["all"]
        note(f"{figures['rate']:.1f} pages a second: p95 {everything['p95']} s")
        medians = [row["p50"] for row in figures["pages"].values() if row["p50"]]
        return (
            everything["p95"] <= MOST
            and max(medians) <= MOST
            and not everything["errors"]
            and figures["throughput"] >= 0.8 * figures["rate"]
        )

    def measure(self, company, minutes):
        with self.at_work(company, self.rate) as load:
            return self.figures_of(load, minutes)

    def figures_of(self, load, minutes):
        note(f"{load.users} users, {load.rate:.2f} pages a second, {minutes} minutes")
        before = database_time(self.primary, self.standby, self.db)
        mark, start = self.log.end(), time.time()
        time.sleep(60 * minutes)
        seconds = time.time() - start
        after = database_time(self.primary, self.standby, self.db)
        rows = [row for row in load.rows if start <= row[1] <= start + seconds]
        table = pages_table(rows, self.log.modes(mark))
        return {
            "rate": round(load.rate, 2),
            "throughput": round(len(rows) / seconds, 2),
            "all": table.pop("all"),
            "pages": table,
            "database": {
                name: {
                    key: round(value - before[name][key], 1)
                    for key, value in counts.items()
                }
                for name, counts in after.items()
            },
            "log": self.log.problems(mark),
        }

    def all_jobs(self):
        """Every job of ours at once, by as many processes as there are."""
        jobs = our_jobs(self.primary, self.db)
        mark, start = self.log.end(), time.time()
        call(self.primary, self.db, jobs)
        done = wait_for(lambda: not due(self.primary, self.db), SETTLE, 0.5)
        row = {
            "database": self.db,
            "processes": self.args.crons,
            "jobs": len(jobs),
            "done": done,
            "seconds": round(time.time() - start, 1),
            "log": self.log.problems(mark),
        }
        self.jobs.append(row)

    def break_things(self):
        if self.args.faults is None:
            return []
        faults = Faults(self, self.args.fault_minutes)
        return [faults.try_one(name) for name in self.args.faults or FAULTS]

    # ------------------------------------------------------------
    # Result
    # ------------------------------------------------------------

    def result(self):
        large = self.figures[self.large]
        limits = {"errors": limit(large["all"]["errors"], 0)}
        limits["log: tracebacks of ours"] = limit(large["log"]["ours"], 0)
        for page, row in large["pages"].items():
            if row["p95"] is not None:
                limits[f"{page}: p95"] = limit(row["p95"], MOST)
        if not self.args.no_growth:
            small = self.figures[self.small]
            growth = large["all"]["p50"] / small["all"]["p50"]
            limits["growth of the median from a tenth"] = limit(growth, GROWTH)
        limits["jobs: errors in the log"] = limit(
            sum(
                row["log"]["errors"] + row["log"]["serialization"] for row in self.jobs
            ),
            0,
        )
        unended = sum(not row["done"] for row in self.jobs)
        limits["all jobs at once: not ended in time"] = limit(unended, 0)
        for row in self.faults:
            wrong = row["lost"] + row["twice"] + row["log"]["ours"]
            wrong += row["mails"]["nowhere"] + row["mails"]["twice"]
            wrong += (not row["works again"]) + (not row["jobs run"])
            limits[f"fault, {row['fault']}: what went wrong"] = limit(wrong, 0)
        return {
            "bench": "cluster",
            "size": self.large.size,
            "users": self.args.users,
            "minutes": self.args.minutes,
            "websocket": self.websocket,
            "large": large,
            "tenth": self.figures.get(self.small),
            "all jobs at once": self.jobs,
            "faults": self.faults,
            "limits": limits,
            "machine": {
                "cores": os.cpu_count(),
                "python": platform.python_version(),
                "postgresql": self.primary.version,
                "workers": self.args.workers,
                "load average": machine_load(),
                "yardstick": self.yardsticks,
            },
        }


if __name__ == "__main__":
    main()
