"""Install, upgrade and uninstall in a copy: clean logs, and nothing left behind."""

from .paths import MODULE, ROOT
from .say import Fail, step

CATALOGUE = {
    "column": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'""",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conname || ' on ' || conrelid::regclass FROM pg_constraint",
    "sequence": "SELECT relname FROM pg_class WHERE relkind = 'S'",
    "function": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "XML id": "SELECT module || '.' || name FROM ir_model_data",
    "view": "SELECT id || ' ' || name FROM ir_ui_view",
    "menu": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "action": "SELECT id || ' ' || type || ' ' || (name->>'en_US') FROM ir_actions",
    "cron": "SELECT id || ' ' || cron_name FROM ir_cron",
    "rule": "SELECT id || ' ' || name FROM ir_rule",
    "group": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "implied group": "SELECT gid || ' implies ' || hid FROM res_groups_implied_rel",
    "parameter": "SELECT key FROM ir_config_parameter",
    "activity type": "SELECT id || ' ' || (name->>'en_US') FROM mail_activity_type",
    "mail template": "SELECT id || ' ' || (name->>'en_US') FROM mail_template",
    "mail alias": "SELECT id || ' ' || alias_name FROM mail_alias",
    "asset": "SELECT id || ' ' || name FROM ir_asset",
    "default": "SELECT id::text FROM ir_default",
    "activity of a lost model": """
        SELECT res_model FROM mail_activity
         WHERE res_model NOT IN (SELECT model FROM ir_model)""",
    "message of a lost model": """
        SELECT model FROM mail_message
         WHERE model NOT IN (SELECT model FROM ir_model)""",
    "follower of a lost model": """
        SELECT res_model FROM mail_followers
         WHERE res_model NOT IN (SELECT model FROM ir_model)""",
    "attachment of a lost model": """
        SELECT res_model FROM ir_attachment
         WHERE res_model NOT IN (SELECT model FROM ir_model)""",
    "export": """
        SELECT id || ' ' || resource FROM ir_exports WHERE resource LIKE 'care.%'""",
    "column to export": "SELECT name FROM ir_exports_line WHERE name LIKE 'care\\_%'",
    "tracked value of a lost field": """
        SELECT id::text FROM mail_tracking_value WHERE field_id IS NULL""",
    "active filter": "SELECT id || ' ' || name FROM ir_filters WHERE active",
}
"""What a module can leave behind: queries that give one name a row."""

ALLOWED = {
    # The module's row in the list of apps stays, as that of any module on disk.
    f"XML id base.module_{MODULE}",
}

FOREIGN = {
    "table": """
        CREATE TABLE care_home_room (id serial PRIMARY KEY, name varchar);
        INSERT INTO care_home_room (name) VALUES ('Blue');
        SELECT count(*) FROM care_home_room""",
    "parameter": """
        INSERT INTO ir_config_parameter (key, value)
             VALUES ('customer_care.of_another_module', '1');
        SELECT count(*) FROM ir_config_parameter
         WHERE key = 'customer_care.of_another_module'""",
    "filter": """
        INSERT INTO ir_filters (name, model_id, domain, context, sort, active)
             VALUES ('Rooms', 'res.partner', '[(''id'', ''>'', 0)]',
                     '{''x'': ''care_home_room_id''}', '[]', TRUE);
        SELECT count(*) FROM ir_filters WHERE name = 'Rooms' AND active""",
    "external id": """
        INSERT INTO ir_model_data (module, name, model, res_id)
             VALUES ('care_home', 'model_inherit__care_home_room__base',
                     'ir.model.inherit', 0),
                    ('care_home', 'selection__care_home_room__kind__x',
                     'ir.model.fields.selection', 0);
        SELECT count(*) FROM ir_model_data WHERE module = 'care_home'""",
}
"""What belongs to another module though it is called like ours: SQL that plants it and,
as its last statement, counts it"""
READY_SURVEYS = """
    SELECT count(*) FROM survey_survey
     WHERE title->>'en_US' IN ('Customer Satisfaction', 'Was Your Complaint Solved?')"""
TECHNICAL = {
    "bus_bus",
    "ir_attachment",
    "ir_cron_trigger",
    "ir_logging",
    "ir_profile",
    "orm_signaling_registry",
}
"""Tables that Odoo itself fills whenever it starts or updates a module: messages to
browsers, compiled assets, waking of jobs, logs, signals between workers"""

VIEWS = """
broken = []
for model in ("res.partner", "crm.lead", "sale.order", "res.users", "crm.team",
              "res.config.settings", "res.company", "account.move"):
    for kind in ("form", "list", "kanban", "search", "pivot", "graph"):
        if kind != "search" and not env["ir.ui.view"].search_count(
            [("model", "=", model), ("type", "=", kind)], limit=1
        ):
            continue
        try:
            env[model].get_views([(False, kind)])
        except Exception as error:
            broken.append(f"{model} {kind}: {error}")
env["ir.ui.menu"].load_menus(False)
for action in env["ir.actions.act_window"].search([]):
    if action.res_model not in env:
        broken.append(f"action {action.name}: {action.res_model}")
for saved in env["ir.filters"].search([]):
    try:
        env[saved.model_id].search(saved._get_eval_domain(), limit=1)
    except Exception as error:
        broken.append(f"filter {saved.name}: {error}")
if broken:
    raise SystemExit("broken: " + "; ".join(broken))
print("views and filters are whole")
"""
"""Runs in Odoo's shell after the module has gone."""


def catalogue(databases, name):
    return {
        f"{kind} {row}"
        for kind, query in CATALOGUE.items()
        for row in databases.sql(name, query).splitlines()
        if row
    }


def row_counts(databases, name):
    """{table: (rows, highest id that was ever given)}; Odoo uses up ids of external
    ids that are there already"""
    tables = databases.sql(
        name,
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace",
    ).split()
    query = " UNION ALL ".join(
        f"SELECT '{table}', (SELECT count(*) FROM \"{table}\"),"
        f" COALESCE((SELECT last_value FROM pg_sequences"
        f" WHERE sequencename = '{table}_id_seq'), 0)"
        for table in tables
    )
    rows = [line.split("\t") for line in databases.sql(name, query).splitlines()]
    return {
        table: (count, "" if table == "ir_model_data" else last)
        for table, count, last in rows
    }


def check_same_rows(before, now):
    """:raise Fail: an upgrade that has nothing to do made or removed rows"""
    changed = {
        table: (before.get(table), counts)
        for table, counts in now.items()
        if before.get(table) != counts and table not in TECHNICAL
    }
    if changed:
        raise Fail(
            "A second upgrade changes the number of rows:\n  "
            + "\n  ".join(
                f"{table}: {old} before, {new} after"
                for table, (old, new) in sorted(changed.items())
            )
        )


def plant(databases, name):
    for query in FOREIGN.values():
        databases.sql(name, query)


def check_planted(databases, name):
    """:raise Fail: what belongs to another module has gone with ours"""
    for kind, query in FOREIGN.items():
        if databases.sql(name, query.split(";")[-1]).strip() == "0":
            raise Fail(f"Uninstalling took along what is not ours: {kind}.")


def check(databases, template, name):
    """Live through the whole life of an installation, with data in it.

    :raise Fail: a log has a warning, something is left, or a view broke
    """
    sample = (ROOT / "script/dev/sample_data.py").read_text()
    databases.copy(template, name)
    plant(databases, name)
    before = catalogue(databases, name)
    step("Life cycle: install, use, upgrade, uninstall")
    databases.install(name)
    databases.odoo(
        name, "shell", stdin=sample, problem="The sample data cannot be made."
    )
    for _time in range(2):
        rows = row_counts(databases, name)
        databases.odoo(
            name, "-u", MODULE, problem="The module does not upgrade cleanly."
        )
    check_same_rows(rows, row_counts(databases, name))
    databases.odoo(
        name,
        "module",
        "uninstall",
        MODULE,
        problem="The module does not uninstall cleanly.",
    )
    left = catalogue(databases, name) - before - ALLOWED
    missing = before - catalogue(databases, name)
    if left or missing:
        raise Fail(
            "Uninstalling changed the database.\nLeft behind:\n  "
            + "\n  ".join(sorted(left)[:40])
            + "\nGone:\n  "
            + "\n  ".join(sorted(missing)[:40])
        )
    said = databases.odoo(
        name, "shell", stdin=VIEWS, problem="Uninstalling broke Odoo's own views."
    )
    if "views and filters are whole" not in said:
        raise Fail("Uninstalling broke Odoo's own views:\n" + said[-2000:])
    check_planted(databases, name)
    databases.install(name)
    surveys = databases.sql(name, READY_SURVEYS).strip()
    if surveys != "2":
        raise Fail(f"After installing again there are {surveys} ready surveys, not 2.")
