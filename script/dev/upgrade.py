"""Upgrade a database of an earlier version with data in it: nothing is lost, and it is
then like a fresh installation."""

import io
import subprocess
import tarfile

from . import lifecycle
from .databases import Databases
from .paths import CACHE, MODULE, ROOT, is_complete, mark_complete
from .say import Fail, step

BEFORE_ROOMS = "773fc02"
"""Commit of version 19.0.1.5.0, the last one with all models in one folder."""
RENAMED = {
    "care_team": "care_complaint_team",
    "care_stage": "care_complaint_stage",
    "care_ticket": "care_survey_token",
    "care_team_member_rel": "care_complaint_team_member_rel",
    "care_sla_policy_care_team_rel": "care_complaint_team_care_sla_policy_rel",
}
"""{table before: table now}"""
RENAMED_COLUMNS = {"care_team_id": "care_complaint_team_id"}
MOVED = {
    "care_plan_target.missed_notified": "care_plan_target.missed_told_on",
    "care_tier_history.reason": "care_tier_history.reason_data",
    "care_tier_review_line.reason": "care_tier_review_line.reason_data",
}
"""{column before: column that has its values now}, as "table.column" of today"""
DROPPED = {
    "care_complaint_category.complete_name",
    "care_region.complete_name",
    "care_sla_policy.kinds",
    "care_tier_review.name",
}
"""Columns whose values have moved elsewhere or are worded when read, as "table.column"
of today."""
FRESH_ONLY = {"XML id care_category_minor"}
"""What an upgrade does not add: a category with a short file changes the work."""
COUNTED_AT_ONCE = 500
"""Columns: a command line is at most 128 KiB long."""
COMPARED = ("column", "index", "constraint", "sequence", "model", "field")
OURS = """
    SELECT tables.table_name || '.' || columns.column_name
      FROM information_schema.tables
      JOIN information_schema.columns USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND (tables.table_name IN (
                SELECT replace(model, '.', '_') FROM ir_model
                 WHERE model LIKE 'care.%'
                 UNION
                SELECT relation_table FROM ir_model_fields
                 WHERE relation_table LIKE '%care\\_%')
            OR columns.column_name LIKE 'care\\_%')"""
"""Every column that is ours, in our own tables and in those of others."""


FEATURES_ON = """
    SELECT replace(feature.name, 'group_care_', '')
      FROM res_groups_implied_rel implied
      JOIN ir_model_data feature ON feature.res_id = implied.hid
       AND feature.module = 'customer_care' AND feature.model = 'res.groups'
       AND feature.name LIKE 'group\\_care\\_%'"""


def check(databases, template, name):
    """:raise Fail: values are lost, a log warns, or it is unlike a fresh database"""
    before = checkout(BEFORE_ROOMS)
    if not before:
        step("No history in this checkout: the upgrade from 19.0.1.5.0 is not tried")
        return
    step("Upgrade: a database of 19.0.1.5.0 with data, twice")
    databases.copy(template, name)
    old = Databases(databases.setup.at(before))
    old.install(name)
    sample = (before / MODULE / "script/dev/sample_data.py").read_text()
    old.odoo(name, "shell", stdin=sample, problem="The old sample data fail.")
    values = filled(databases, name)
    for _time in range(2):
        databases.odoo(
            name, "-u", MODULE, problem="A database of 19.0.1.5.0 does not upgrade."
        )
    now = filled(databases, name)
    lost = {
        column: (count, now.get(column, 0))
        for column, count in values.items()
        if now.get(column, 0) < count and column not in DROPPED
    }
    if lost:
        raise Fail(
            "The upgrade loses values:\n  "
            + "\n  ".join(
                f"{column}: {count} before, {left} after"
                for column, (count, left) in sorted(lost.items())
            )
        )
    upgraded = compared(databases, name)
    databases.copy(template, name)
    databases.install(name)
    fresh = compared(databases, name) - FRESH_ONLY
    on = sorted(databases.sql(name, FEATURES_ON).split())
    if on != ["complaint", "satisfaction", "visit"]:
        raise Fail(f"Features that are on after installing: {', '.join(on)}.")
    if upgraded != fresh:
        raise Fail(
            "An upgraded database differs from a fresh one.\nOnly upgraded:\n  "
            + "\n  ".join(sorted(upgraded - fresh)[:40])
            + "\nOnly fresh:\n  "
            + "\n  ".join(sorted(fresh - upgraded)[:40])
        )


def checkout(commit):
    """Addons folder with the module as it was, from the history of this checkout.

    :return: None if the history does not reach back
    """
    folder = CACHE / "checkouts" / f"commit-{commit}"
    if is_complete(folder, commit):
        return folder
    done = subprocess.run(
        ["git", "archive", "--format=tar", commit],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder / MODULE, filter="data")
    mark_complete(folder, commit)
    return folder


def filled(databases, name):
    """{"table.column" by its name of today: number of values}"""
    columns = [line.split(".") for line in databases.sql(name, OURS).splitlines()]
    counts = [
        f"SELECT '{table}', '{column}', count(\"{column}\") FROM \"{table}\""
        for table, column in columns
    ]
    parts = [
        " UNION ALL ".join(counts[start : start + COUNTED_AT_ONCE])
        for start in range(0, len(counts), COUNTED_AT_ONCE)
    ]
    rows = [
        line.split("\t")
        for query in parts
        for line in databases.sql(name, query).splitlines()
    ]
    found = {
        f"{RENAMED.get(table, table)}.{RENAMED_COLUMNS.get(column, column)}": int(count)
        for table, column, count in rows
    }
    return {MOVED.get(column, column): count for column, count in found.items()}


def compared(databases, name):
    found = {
        f"{kind} {row}"
        for kind in COMPARED
        for row in databases.sql(name, lifecycle.CATALOGUE[kind]).splitlines()
    }
    external = f"SELECT name FROM ir_model_data WHERE module = '{MODULE}'"
    return found | {f"XML id {row}" for row in databases.sql(name, external).split()}
