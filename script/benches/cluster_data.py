"""The company of the bench ``cluster``: that of ``reports``, with log-ins."""

import json

import reports
from client import form_specification, list_specification
from cluster_load import PASSWORD, STAGES
from common import environment
from measure import note
from shop import add_users

from odoo.fields import Date

reports.REPS = 100
HANDLERS = 50
FEATURES = (
    "complaint",
    "knowledge",
    "merit",
    "month_report",
    "outlook",
    "phone",
    "promise",
    "protection",
    "quality",
    "satisfaction",
    "visit",
)
PORTAL = 50
MANAGERS = 10


class Company(reports.Bench):
    """:param part: what everything is divided by"""

    form = 4

    def __init__(self, db, args, part):
        super().__init__(db, args, part)
        self.open_days = max(1, round(reports.DAYS * args.open / args.complaints))
        self.size |= {"open": args.open // part}

    def fill(self, env):
        super().fill(env)
        env.flush_all()
        env.invalidate_all()
        handlers = add_users(env, "handler", HANDLERS, "customer_care.group_user_all")
        add_users(env, "manager1", MANAGERS - 1, "sales_team.group_sale_manager")
        team = env.ref("customer_care.care_team_main")
        team.write({"member_ids": [(4, user.id) for user in handlers]})
        self.add_addresses(env)
        self.add_portal_users(env)
        env["res.groups"]._switch_care_features(**dict.fromkeys(FEATURES, True))
        env.company.care_public_form = True
        env["care.month.report"].create(
            {"company_id": env.company.id, "month": Date.today()}
        )
        self.set_passwords(env)

    @staticmethod
    def add_addresses(env):
        env.flush_all()
        env.cr.execute(
            """
            UPDATE res_partner
               SET email = 'customer' || id || '@example.com',
                   email_normalized = 'customer' || id || '@example.com'
             WHERE ref LIKE 'BENCH-%'
            """
        )
        env.invalidate_all()

    @staticmethod
    def add_portal_users(env):
        customers = env["res.partner"].search(
            [("ref", "like", "BENCH-")], order="id", limit=PORTAL, offset=1
        )
        group = env.ref("base.group_portal")
        env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "name": customer.name,
                    "login": f"portal{number}",
                    "partner_id": customer.id,
                    "group_ids": [(6, 0, group.ids)],
                }
                for number, customer in enumerate(customers)
            ]
        )

    @staticmethod
    def set_passwords(env):
        """Managers get the log-ins that the load expects."""
        env.flush_all()
        word = env["res.users"]._crypt_context().hash(PASSWORD)
        env.cr.execute(
            r"""
            UPDATE res_users SET login = 'manager' || (substr(login, 9)::int + 1)
             WHERE login LIKE 'manager1_';
            UPDATE res_users SET password = %s
             WHERE login ~ '^(rep|handler|portal|manager)\d+$'
            """,
            [word],
        )
        env.invalidate_all()

    def facts(self):
        """What the load needs to know."""
        with environment(self.db) as env:
            manager, rep = (
                env(user=env["res.users"].search([("login", "=", login)]).id)
                for login in ("manager0", "rep0")
            )
            facts = {
                "customers": self.size["customers"],
                "pages": pages(manager, rep),
                "stages": {
                    name: env.ref(f"customer_care.care_stage_{name}").id
                    for name in STAGES
                },
                "accounts": {
                    "rep": reports.REPS,
                    "handler": HANDLERS,
                    "portal": PORTAL,
                    "manager": MANAGERS,
                },
            }
            env.cr.rollback()
        return facts


def pages(manager, rep):
    found = {
        "care.plan.target": {"list": list_specification(rep, "care.plan.target")},
        "res.partner": {"form": form_specification(rep, "res.partner")},
        "care.complaint": {
            "list": list_specification(manager, "care.complaint"),
            "form": form_specification(manager, "care.complaint"),
        },
        "dashboard": reports.dashboard_calls(manager),
        "pivots": [
            (model, [domain, groups, measures])
            for model, (domain, groups, measures, _plain) in reports.VIEWS.items()
        ],
    }
    for model in ("care.month.report", "care.evaluation"):
        found[model] = {
            "form": form_specification(manager, model),
            "records": manager[model].search([], limit=50).ids,
        }
    return json.loads(json.dumps(found, default=str))


def our_jobs(primary, db):
    """[(id, name)] of the scheduled actions of the app that are on"""
    return primary.sql(
        "SELECT cron.id, data.name FROM ir_cron cron JOIN ir_model_data data"
        " ON data.model = 'ir.cron' AND data.res_id = cron.id"
        " WHERE data.module = 'customer_care' AND cron.active ORDER BY cron.id",
        db,
    )


def due(primary, db):
    """Jobs of ours that are due or running"""
    ids = ", ".join(job for job, _name in our_jobs(primary, db))
    return primary.sql(
        f"SELECT id FROM ir_cron WHERE id IN ({ids})"
        " AND nextcall <= now() AT TIME ZONE 'UTC'",
        db,
    )


def call(primary, db, jobs):
    """Let jobs run now."""
    ids = ", ".join(job for job, _name in jobs)
    primary.sql(
        f"UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 min'"
        f" WHERE id IN ({ids})",
        db,
    )
    primary.sql(f"NOTIFY cron_trigger, '{db}'")
    note(f"called: {', '.join(name for _id, name in jobs)}")
