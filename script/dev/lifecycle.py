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
    "active filter": "SELECT id || ' ' || name FROM ir_filters WHERE active",
}
"""What a module can leave behind: queries that give one name a row."""

ALLOWED = {
    # The module's row in the list of apps stays, as that of any module on disk.
    f"XML id base.module_{MODULE}",
}

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


def check(databases, template, name):
    """Live through the whole life of an installation, with data in it.

    :raise Fail: a log has a warning, something is left, or a view broke
    """
    sample = (ROOT / "script/dev/sample_data.py").read_text()
    databases.copy(template, name)
    before = catalogue(databases, name)
    step("Life cycle: install, use, upgrade, uninstall")
    databases.install(name)
    databases.odoo(
        name, "shell", stdin=sample, problem="The sample data cannot be made."
    )
    databases.odoo(name, "-u", MODULE, problem="The module does not upgrade cleanly.")
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
