"""OCA's helpdesk with its SLAs: gets it from PyPI and keeps tickets in it."""

import shutil
import subprocess
import sys
from pathlib import Path

from desk import OWN_CUSTOMERS, REPLY, RESOLVE, Desk

from odoo.tools import config

import odoo.addons

VERSIONS = {"helpdesk_mgmt": "19.0.1.3.2", "helpdesk_mgmt_sla": "19.0.1.0.0.4"}


def fetch():
    """Bring the modules into the cache, once, and let Odoo find them."""
    name = "-".join(["peer", *VERSIONS.values()])
    folder = Path(config["data_dir"]).with_name(name)
    if not folder.is_dir():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        download(partial)
        partial.rename(folder)
    addons = str(folder / "odoo/addons")
    config["addons_path"] = [*config["addons_path"], addons]
    odoo.addons.__path__.append(addons)


def download(folder):
    packages = [f"odoo-addon-{name}=={number}" for name, number in VERSIONS.items()]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--target", folder, *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(
            f"{' and '.join(packages)} did not come from PyPI. This bench compares with"
            f" them, so it needs the network once.\n{done.stderr.strip()}"
        )


class Helpdesk(Desk):
    """Tickets of one team with two SLAs."""

    module = "helpdesk_mgmt_sla"
    model = "helpdesk.ticket"
    tables = ("helpdesk_ticket", "helpdesk_ticket_sla")
    agent_group = "helpdesk_mgmt.group_helpdesk_user"
    rep_group = "helpdesk_mgmt.group_helpdesk_user_own"
    open_domain = [("closed", "=", False)]
    late_domain = [("sla_expired", "=", True)]
    clock_fields = {"sla_deadline": {}, "sla_expired": {}}
    """What its list does not show and ours does."""

    def set_up(self, env, agents, reps):
        env["helpdesk.ticket.team"].create(
            {"name": "Bench", "use_sla": True, "user_ids": (agents + reps).ids}
        )
        env["helpdesk.sla"].create(
            [
                {
                    "name": stage,
                    "hours": hours,
                    "stage_id": env.ref(
                        f"helpdesk_mgmt.helpdesk_ticket_stage_{stage}"
                    ).id,
                }
                for stage, hours in (("in_progress", REPLY), ("done", RESOLVE))
            ]
        )

    def values(self, env, customer):
        team = env["helpdesk.ticket.team"].search([("use_sla", "=", True)])
        return {
            "partner_id": customer,
            "name": "The bottle leaks",
            "description": "<p>The whole box is wet.</p>",
            "team_id": team.id,
            "user_id": env.uid,
        }

    def clocks(self, records):
        return records.ticket_sla_ids

    def add_complaints(self, env):
        """As a rep's own tickets are those assigned to him, he handles all of the
        customers that are his in the app."""
        env.cr.execute(
            """
            ALTER TABLE bench_row ADD id int, ADD name varchar, ADD priority varchar;
            UPDATE bench_row SET id = nextval('helpdesk_ticket_id_seq'),
                name = 'B' || number, priority = number %% 3,
                user_id = CASE WHEN partner_id = ANY(%s) THEN %s ELSE user_id END;
            ANALYZE bench_row
            """,
            [self.own_customers(env).ids, self.users(env)[1].id],
        )
        customer = env["res.partner"].search([("ref", "=", "BENCH-0")])
        agent = self.agent(env)
        model = agent[self.model].create(self.values(agent, customer.id))
        model.stage_id = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        env.flush_all()
        self.copy_ticket(model)
        env.cr.execute("DELETE FROM helpdesk_ticket WHERE id = %s", [model.id])
        env.invalidate_all(flush=False)

    @staticmethod
    def own_customers(env):
        return env["res.partner"].search(
            [("ref", "like", "BENCH-")], order="id", limit=OWN_CUSTOMERS
        )

    def copy_ticket(self, model):
        self.copy(
            model,
            {
                "id": "id",
                "number": "name",
                "partner_id": "partner_id",
                "commercial_partner_id": "partner_id",
                "user_id": "user_id",
                "priority": "priority",
                "create_date": "received",
                "last_stage_update": "replied",
            },
        )
        for clock in model.ticket_sla_ids:
            deadline = "due" if clock.state == "in_progress" else "reply_due"
            self.copy(
                clock,
                {
                    "ticket_id": "id",
                    "deadline": deadline,
                    "last_state_date": "replied",
                },
            )
