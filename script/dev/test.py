"""script/test: everything that must hold before a change lands."""

import argparse
import os
import subprocess
import sys

from . import lifecycle, server_check, upgrade
from .databases import Databases
from .logs import check_log
from .paths import MODULE, ROOT, short_hash
from .say import Fail, step
from .setup import Setup, need_programs

NOW = "(now() AT TIME ZONE 'UTC')"
DEMO_COMPLAINTS = {
    "all": ("TRUE", 40, 40),
    "late": (f"closed_at IS NULL AND sla_deadline < {NOW}", 2, 2),
    "at risk": (f"sla_warn_at <= {NOW} AND sla_deadline >= {NOW}", 1, 33),
    "on track": (f"sla_warn_at > {NOW}", 8, 33),
    "paused": ("sla_paused AND sla_deadline IS NULL", 1, 33),
    "reopened": ("reopen_count > 0", 1, 33),
    "closed late": ("closed_at IS NOT NULL AND sla_result = 'missed'", 4, 4),
    "repeat": ("repeat_state = 'proposed'", 0, 1),
    "merged": ("merged_into_id IS NOT NULL", 1, 1),
    "first contact": ("first_contact", 1, 33),
    "compensation to approve": ("compensation_state = 'waiting'", 1, 1),
    "unassigned": ("closed_at IS NULL AND user_id IS NULL", 1, 33),
}
"""{kind: (condition, least, most)}: at any hour, on a Sunday too"""


def test(arguments):
    """Run the tests on a real Odoo, then install, upgrade and uninstall the module."""
    options, pytest = parse(arguments)
    setup = Setup()
    need_programs()
    databases = Databases(setup)
    clean_up(databases)
    if options.quick:
        return quick(databases, pytest)
    name = f"care_test_{os.getpid()}"
    template = databases.template()
    try:
        databases.copy(template, name)
        step("Installing Customer Care")
        databases.install(name)
        closing = run_pytest(databases, name, pytest, options.coverage)
        if not pytest and not options.no_lifecycle:
            lifecycle.check(databases, template, f"{name}_life")
            upgrade.check(databases, template, f"{name}_upgrade")
            check_demo(databases, f"{name}_demo")
            server_check.check(databases, f"{name}_demo")
    finally:
        if not options.keep_db:
            for kind in ("", "_life", "_upgrade", "_demo"):
                databases.drop(f"{name}{kind}")
    step("All is well")
    print(closing, flush=True)
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/test",
        description=test.__doc__,
        epilog="Other arguments go to pytest and narrow the run to it: "
        "script/test -k matrix",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="keep the database between runs and only update the module in it",
    )
    parser.add_argument("--keep-db", action="store_true", help="do not drop databases")
    parser.add_argument("--coverage", action="store_true", help="measure coverage")
    parser.add_argument(
        "--no-lifecycle", action="store_true", help="no upgrade and uninstallation"
    )
    return parser.parse_known_args(arguments)


def clean_up(databases):
    """Drop what tests left that were killed."""
    for name in databases.names():
        parts = name.split("_")
        if name.startswith("care_test_") and not os.path.exists(f"/proc/{parts[2]}"):
            databases.drop(name)


def quick(databases, pytest):
    name = f"care_quick_{short_hash(ROOT)}"
    if name not in databases.names():
        databases.copy(databases.template(), name)
    databases.install(name, "-u", MODULE)
    print(run_pytest(databases, name, pytest, coverage=False))
    return 0


def run_pytest(databases, name, arguments, coverage):
    """Run pytest-odoo, showing what it says.

    :return: pytest's closing line
    :raise Fail: a test failed, or none ran
    """
    setup = databases.setup
    step("Running the tests")
    config = setup.write_config(db_name=name)
    command = ["-m", "pytest", "-p", "no:cacheprovider", *arguments]
    if coverage:
        command = ["-m", "coverage", "run", "--branch", f"--source={ROOT}", *command]
    process = subprocess.Popen(
        [setup.python, *command],
        env=setup.variables(config),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    closing = ""
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if line.strip():
            closing = line.rstrip("\n")
    code = process.wait()
    config.unlink()
    if code:
        raise Fail(
            {5: "No test ran: check the names you gave."}.get(code, "Tests failed.")
        )
    return closing


def check_demo(databases, name):
    """The demo data must load, where Odoo only warns, and show every state of a
    complaint."""
    step("Installing with demo data")
    databases.copy(databases.template(demo=True), name)
    log = databases.odoo(
        name, "-i", MODULE, "--with-demo", problem="The demo data do not load."
    )
    check_log(log, "The demo data do not load cleanly.")
    for kind, (condition, least, most) in DEMO_COMPLAINTS.items():
        query = f"SELECT count(*) FROM care_complaint WHERE {condition}"
        count = int(databases.sql(name, query))
        if not least <= count <= most:
            raise Fail(f"Complaints in the demo data, {kind}: {count}.")
