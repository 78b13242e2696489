from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools import matching, windows

MATCH_BATCH = 2000


class CarePlanTarget(models.Model):
    """Counting contacts for the windows they were made in."""

    _inherit = "care.plan.target"

    def _match_keys(self):
        return {
            (target.partner_id.id, target.role_id.id, target.company_id.id)
            for target in self
        }

    @api.model
    def _match_rules(self, rules):
        self._match(self.sudo().search([("rule_id", "in", rules.ids)])._match_keys())

    @api.model
    def _match(self, keys, today=None):
        """Recount the contacts of customers and roles.

        Locks the targets first: when two people report at the same moment, the second
        transaction waits, fails because the row has changed, and is retried by Odoo.

        :param keys: of (id of the customer, of the role, of the company)
        """
        if not keys:
            return
        self.env.flush_all()
        needs = self._lock_needs(keys)
        contacts = self.env["care.interaction"]._contacts_by_key(keys)
        done, counted = defaultdict(int), {}
        for key, rows in needs.items():
            found = matching.match(
                [row["need"] for row in rows], contacts.get(key, {}).values()
            )
            counted |= found
            for target in found.values():
                done[target] += 1
        self._write_done([row for rows in needs.values() for row in rows], done, today)
        self.env["care.interaction"]._write_targets(
            {
                contact: counted.get(contact)
                for rows in contacts.values()
                for contact in rows
            }
        )
        self.invalidate_model(
            [
                "done",
                "counted",
                "state",
                "date_aim",
                "date_slot",
                "attainment",
                "due",
                "pace",
                "duty",
            ],
            flush=False,
        )

    @api.model
    def _lock_needs(self, keys):
        """{key: rows of its targets that are not superseded}, locked"""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT target.id, target.partner_id, target.role_id, target.company_id,
                       target.channel, target.date_start, target.date_end,
                       target.date_last_aim, target.goal, target.done, target.state,
                       target.date_aim, target.excuse_reason,
                       COALESCE(rule.accept_higher_channel, FALSE) AS accepts
                  FROM care_plan_target target
                  JOIN care_plan_rule rule ON rule.id = target.rule_id
                  JOIN unnest(%s::int[], %s::int[], %s::int[])
                       AS key(partner_id, role_id, company_id)
                    ON key.partner_id = target.partner_id
                   AND key.role_id = target.role_id
                   AND key.company_id = target.company_id
                 WHERE target.state <> 'superseded'
              ORDER BY target.id
                   FOR NO KEY UPDATE OF target
                """,
                *(list(column) for column in zip(*sorted(keys), strict=True)),
            )
        )
        needs = defaultdict(list)
        for row in rows:
            row["need"] = matching.Need(
                row["id"],
                row["channel"],
                row["date_start"],
                row["date_end"],
                row["goal"],
                row["accepts"],
            )
            needs[row["partner_id"], row["role_id"], row["company_id"]].append(row)
        return needs

    @api.model
    def _write_done(self, rows, done, today=None):
        """Write what changed, in one statement."""
        changes = []
        todays = {}
        for row in rows:
            company = row["company_id"]
            if company not in todays:
                todays[company] = (
                    today or self.env["res.company"].browse(company)._care_today()
                )
            count = done.get(row["id"], 0)
            state = matching.state(
                count,
                row["goal"],
                row["date_end"],
                todays[company],
                bool(row["excuse_reason"]),
            )
            slot = windows.spread(
                row["date_start"],
                row["date_last_aim"] or row["date_end"],
                row["goal"],
                count,
            )
            if (count, state, slot.aim) != (row["done"], row["state"], row["date_aim"]):
                changes.append(
                    (
                        row["id"],
                        count,
                        min(count, row["goal"]),
                        state,
                        slot.aim,
                        slot.start,
                    )
                )
        if changes:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE care_plan_target target
                       SET done = new.done, counted = new.counted, state = new.state,
                           date_aim = new.aim, date_slot = new.slot,
                           write_uid = %(uid)s, write_date = %(now)s
                      FROM unnest(%(id)s::int[], %(done)s::int[], %(counted)s::int[],
                                  %(state)s::text[], %(aim)s::date[], %(slot)s::date[])
                           AS new(id, done, counted, state, aim, slot)
                     WHERE target.id = new.id
                    """,
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                    **dict(
                        zip(
                            ("id", "done", "counted", "state", "aim", "slot"),
                            (list(column) for column in zip(*changes, strict=True)),
                            strict=True,
                        )
                    ),
                )
            )
            settled = self.browse(change[0] for change in changes if change[3] == "met")
            if settled:
                settled.sudo().activity_unlink(
                    ["customer_care.mail_activity_type_missed"]
                )

    @api.model
    def _match_uncounted(self, company, today):
        """Count contacts that no window has counted though one could: made before their
        target was, or reported at the very moment of its making."""
        self.env.flush_all()
        ranked = SQL("%s::varchar[]", list(matching.CHANNEL_RANKING))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT target.partner_id, target.role_id, target.company_id
                  FROM care_interaction contact
                  JOIN care_plan_target target
                    ON target.partner_id = contact.partner_id
                   AND target.role_id = contact.role_id
                   AND target.company_id = contact.company_id
                   AND contact.date BETWEEN target.date_start AND target.date_end
                   AND target.state <> 'superseded'
                  JOIN care_plan_rule rule ON rule.id = target.rule_id
             LEFT JOIN care_plan_target home ON home.id = contact.target_id
                 WHERE contact.state = 'done'
                   AND contact.uncounted_code IS NULL
                   AND contact.company_id = %s
                   AND (home.id IS NULL OR home.state = 'superseded')
                   AND (target.channel = contact.channel
                        OR rule.accept_higher_channel
                       AND target.done < target.goal
                       AND array_position(%s, target.channel)
                         > array_position(%s, contact.channel))
                """,
                company.id,
                ranked,
                ranked,
            )
        )
        for start in range(0, len(rows), MATCH_BATCH):
            self._match(rows[start : start + MATCH_BATCH], today)
