from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools import matching
from .care_plan_target_place import min_days, span

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
            made = contacts.get(key, {}).values()
            found = matching.match([row["need"] for row in rows], made)
            counted |= found
            for target in found.values():
                done[target] += 1
            for row in rows:
                row["last"] = matching.last_day(row["need"], made)
        self._write_done([row for rows in needs.values() for row in rows], done, today)
        self.env["care.interaction"]._write_targets(
            {
                contact: (counted.get(contact), counted.get(contact, 0) is None)
                for rows in contacts.values()
                for contact in rows
            }
        )
        if any("missed" in row["states"] for rows in needs.values() for row in rows):
            self._update_make_good(
                SQL(
                    "(target.partner_id, target.role_id, target.company_id) IN %s",
                    tuple(keys),
                ),
                today,
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
                "make_good",
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
                       target.user_id, target.channel, target.date_start,
                       target.date_end, target.date_last_aim, target.goal, target.done,
                       target.state, target.date_aim,
                       COALESCE(target.excuse_reason, target.excuse_kind)
                           AS excuse_reason,
                       target.create_date::date AS since, rule.min_days,
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
                min_days(row),
            )
            needs[row["partner_id"], row["role_id"], row["company_id"]].append(row)
        return needs

    @api.model
    def _write_done(self, rows, done, today=None):
        """Write what changed, in one statement."""
        changes = {}
        by_company = defaultdict(list)
        todays = self._todays(rows, today)
        for row in rows:
            count, before = done.get(row["id"], 0), (row["done"], row["state"])
            state = matching.state(
                count,
                row["goal"],
                row["date_end"],
                todays[row["company_id"]],
                bool(row["excuse_reason"]),
            )
            row.update(
                is_placed=row["state"] == "open",
                states={row["state"], state},
                done=count,
                state=state,
            )
            if (count, state) != before:
                changes[row["id"]] = row
            if state == "open" and (
                (count, state) != before
                or self._is_too_soon(row, todays[row["company_id"]])
            ):
                by_company[row["company_id"]].append(row)
        for company, open_rows in by_company.items():
            owner = self.env["res.company"].browse(company)
            days = self._place(open_rows, owner, todays[company])
            for row in open_rows:
                row["date_aim"] = days[row["id"]]
                changes[row["id"]] = row
        self._write_changes(changes.values())

    @api.model
    def _todays(self, rows, today=None):
        """{id of a company: today there}"""
        return {
            company: today or self.env["res.company"].browse(company)._care_today()
            for company in {row["company_id"] for row in rows}
        }

    @api.model
    def _is_too_soon(self, row, today):
        """Is the due date too soon after a contact made since, though another day
        would not be?"""
        if not row["date_aim"] or row["date_aim"] < today or not row["last"]:
            return False
        if span(row).earliest <= row["date_aim"]:
            return False
        company = self.env["res.company"].browse(row["company_id"])
        return bool(self._not_placeable([row], company, agreed=True))

    @api.model
    def _write_changes(self, rows):
        if not rows:
            return
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
                id=[row["id"] for row in rows],
                done=[row["done"] for row in rows],
                counted=[min(row["done"], row["goal"]) for row in rows],
                state=[row["state"] for row in rows],
                aim=[row["date_aim"] for row in rows],
                slot=[span(row).start for row in rows],
            )
        )

    @api.model
    def _match_uncounted(self, company, today, made=()):
        """Count contacts that no window has counted though one could: made before their
        target was, or reported at the very moment of its making.

        :param made: ids of targets made or taken up again, which begin with none
        """
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
                 WHERE contact.state = 'done' AND contact.too_soon IS NOT TRUE
                   AND contact.uncounted_code IS NULL
                   AND contact.company_id = %s
                   AND (home.id IS NULL OR home.state = 'superseded')
                   AND (target.channel = contact.channel
                        OR rule.accept_higher_channel
                       AND target.done < target.goal
                       AND array_position(%s, target.channel)
                         > array_position(%s, contact.channel))
                 UNION
                SELECT target.partner_id, target.role_id, target.company_id
                  FROM care_plan_target target
                  JOIN care_interaction contact ON contact.target_id = target.id
                 WHERE target.id = ANY(%s) AND target.done = 0
                """,
                company.id,
                ranked,
                ranked,
                list(made),
            )
        )
        for start in range(0, len(rows), MATCH_BATCH):
            self._match(rows[start : start + MATCH_BATCH], today)
