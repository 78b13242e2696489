"""Clock, memory, queries and verdicts of the benches."""

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import time
from contextlib import contextmanager

from common import environment, vacuum

RUNS = 3


def arguments(name, doc):
    """Parser of the arguments that all benches have."""
    summary, details = doc.split("\n\n", 1)
    parser = argparse.ArgumentParser(
        prog=f"script/bench {name}", description=summary, epilog=details
    )
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--db", help="database of the bench, made if missing")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--json", action="store_true", help="no progress on stderr")
    return parser


class Meter:
    """Seconds, queries and growth of memory of named steps, over several runs."""

    def __init__(self, db, tables=(), runs=RUNS):
        self.db = db
        self.tables = tables
        self.runs = runs
        self.results = {}
        self.seconds = {}
        self.queries = {}
        self.megabytes = {}

    @contextmanager
    def transaction(self):
        """An environment whose changes are rolled back and swept away afterwards."""
        with environment(self.db) as env:
            yield env
            env.cr.rollback()
        if self.tables:
            vacuum(self.db, *self.tables)

    @contextmanager
    def step(self, name, env):
        """What a commit would do too, such as Odoo's tracking, but for the commit."""
        env.cr.flush()
        env.invalidate_all()
        gc.collect()
        before, queries = reset_peak(), env.cr.sql_log_count
        start = time.perf_counter()
        yield
        env.cr.flush()
        self.seconds.setdefault(name, []).append(time.perf_counter() - start)
        self.queries[name] = env.cr.sql_log_count - queries
        grown = peak() - before
        self.megabytes[name] = max(self.megabytes.get(name, 0), grown)

    def compare(self, *functions):
        """Run each function several times, in alternating order. Each gets an
        environment in a transaction of its own, and does its steps."""
        for run in range(self.runs):
            for function in functions if run % 2 == 0 else reversed(functions):
                with self.transaction() as env:
                    function(env)
            note(f"{functions[-1].__name__}: run {run + 1} of {self.runs}")

    def agree(self, name, value):
        """Two ways are comparable only if they do the same."""
        if self.results.setdefault(name, value) != value:
            raise SystemExit(f"different {name}: {self.results[name]} and {value}")

    def median(self, *names):
        return sum(statistics.median(self.seconds[name]) for name in names)


def reset_peak():
    """Start the peak of the resident memory anew. :return: MB resident now"""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return status_megabytes("VmRSS")


def peak():
    return status_megabytes("VmHWM")


def status_megabytes(name):
    with open("/proc/self/status") as file:
        return next(int(li.split()[1]) / 1024 for li in file if li.startswith(name))


def limit(value, at_most, **details):
    """A figure with its limit and whether it is kept."""
    ok = round(value, 2) <= at_most
    return {"value": round(value, 2), "limit": at_most, "ok": ok, **details}


def anchor(value, goal, at_least=False):
    """A figure that was reached elsewhere, both to three digits behind the point."""
    found = round(value, 3)
    ok = found >= goal if at_least else found <= goal
    return {"value": round(value, 4), "limit": goal, "ok": ok}


def machine(env):
    settings = ("server_version", "shared_buffers", "work_mem", "fsync", "jit")
    facts = {"cores": os.cpu_count(), "python": platform.python_version()}
    for name in settings:
        env.cr.execute("SELECT current_setting(%s)", [name])
        facts[f"postgresql_{name.removeprefix('server_')}"] = env.cr.fetchone()[0]
    return facts


def yardstick(sql):
    """Seconds of the same work each time, by which runs on different days compare.

    :param sql: function that runs a statement
    """
    start = time.perf_counter()
    sum(number % 7 for number in range(5_000_000))
    python = time.perf_counter() - start
    start = time.perf_counter()
    sql(
        "SELECT count(*) FROM generate_series(1, 1000000) AS a"
        " JOIN generate_series(1, 1000000) AS b ON a = b"
    )
    return {
        "python": round(python, 2),
        "postgresql": round(time.perf_counter() - start, 2),
    }


def rounded(values):
    return {
        name: [round(v, 3) for v in value]
        if isinstance(value, list)
        else round(value, 1)
        for name, value in values.items()
    }


def note(text):
    if "--json" not in sys.argv:
        print(text, file=sys.stderr, flush=True)


def report(result):
    """Print JSON; exit with 1 where a limit is not kept."""
    limits = result.get("limits", {})
    for name, entry in limits.items():
        verdict = "ok" if entry["ok"] else "MISSED"
        note(f"{name}: {entry['value']} (limit {entry['limit']}) {verdict}")
    print(json.dumps(result, indent=2))
    if not all(entry["ok"] for entry in limits.values()):
        sys.exit(1)
