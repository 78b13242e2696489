import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools import merits

_logger = logging.getLogger(__name__)

EVERYBODY = 0
"""Stands for a rule of all departments that have none of their own"""


class CareMeritEntry(models.Model):
    """What the nightly job adds to the ledger: one statement for each cause, and one
    that takes back what is not due any more."""

    _inherit = "care.merit.entry"

    # ------------------------------------------------------------
    # Entry points
    # ------------------------------------------------------------

    @api.model
    def _propose(self, month=None):
        """Add what happened in a month to the ledger of each company, and take back
        what is not due any more of this and earlier months. Never commits.

        Any number of runs leads to the same entries; one with nothing to do writes
        nothing. A run beside another one does nothing.

        :param month: any day of the month; by default today's
        :return: number of rows written
        """
        if not self.env["res.groups"]._has_care_feature("merit"):
            return 0
        self.env.flush_all()
        if not self._try_lock_ledger():
            _logger.info("Entries are being proposed by somebody else")
            return 0
        first = fields.Date.to_date(month or fields.Date.context_today(self))
        frame = self._frame(first.replace(day=1))
        before = self.sudo().search([], order="id desc", limit=1).id or 0
        written = 0
        try:
            with self.env.cr.savepoint(flush=False):
                for propose, correct in self._sources():
                    written += correct(frame) + propose(frame)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("Entries were proposed by somebody else: next time")
            return 0
        if written:
            self.invalidate_model(flush=False)
            self._tell_lifted(before)
        return written

    @api.model
    def _tell_lifted(self, before):
        """Tell people of what is no longer due.

        :param before: the last entry that this run found
        """
        counters = self.sudo().search([("id", ">", before), ("automatic", "=", True)])
        lifted = counters.reversal_of_id.filtered(lambda old: old.standing == "lifted")
        lifted._known()._tell_taken_back()

    @api.model
    def _try_lock_ledger(self):
        [[mine]] = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext('customer_care'),"
                " hashtext(%s))",
                self._name,
            )
        )
        return mine

    @api.model
    def _sources(self):
        """[(method that adds entries, method that corrects them)], in their order"""
        has = self.env["res.groups"]._has_care_feature
        nothing = lambda _frame: 0  # noqa: E731
        pairs = []
        if has("visit"):
            pairs.append((self._propose_targets, self._correct_targets))
        if has("complaint"):
            pairs.append((self._propose_complaints, self._correct_complaints))
        if has("promise"):
            pairs.append((self._propose_orders, self._correct_orders))
            pairs.append((self._propose_promise_orders, self._correct_promise_orders))
        if has("satisfaction"):
            pairs.append((self._propose_answers, self._correct_answers))
            pairs.append((self._propose_team_answers, nothing))
        if has("visit"):
            pairs.append((self._propose_no_miss, self._correct_no_miss))
        return pairs

    # ------------------------------------------------------------
    # Frame: what all statements know
    # ------------------------------------------------------------

    @api.model
    def _frame(self, first):
        """Month, companies, closed months and the price of each cause, as SQL"""
        last = fields.Date.end_of(first, "month")
        companies = self.env["res.company"].sudo().search(Domain.TRUE, order="id")
        rules = self.env["care.merit.rule"].sudo().search(Domain.TRUE)
        priced = [
            row
            for company in companies
            for row in self._priced(company, rules, first, last)
        ]
        return {
            "first": first,
            "last": last,
            "companies": companies,
            "causes": {row[1] for row in priced},
            "since": first - timedelta(days=1),
            "until": last + timedelta(days=2),
            "tables": SQL(
                "%s, %s, %s, %s, %s",
                self._sql_companies(companies),
                self._sql_closed(companies),
                self._sql_priced(priced),
                SQL(
                    "side(account, side) AS (VALUES ('person', 'person'),"
                    " ('supervisor', 'supervisor'), ('both', 'person'),"
                    " ('both', 'supervisor'), ('team', 'team'))"
                ),
                self._sql_people(),
            ),
        }

    @api.model
    def _sql_companies(self, companies):
        return SQL(
            "company(id, zone, today, manager_id, unit, currency_id) AS MATERIALIZED ("
            "SELECT * FROM unnest(%s::int[], %s::text[], %s::date[], %s::int[],"
            " %s::text[], %s::int[]))",
            companies.ids,
            [company._care_tz().zone for company in companies],
            [company._care_today() for company in companies],
            [company._care_manager().id or None for company in companies],
            [company.care_merit_unit for company in companies],
            [
                company.currency_id.id if company.care_merit_unit == "money" else None
                for company in companies
            ],
        )

    @api.model
    def _sql_closed(self, companies):
        """Closed months, each with the first open one after it"""
        rows = self.env["care.merit.month"]._closed(companies)
        found = [
            (company.id, month, merits.next_open(month, months))
            for company, months in rows.items()
            for month in months
        ]
        columns = [list(column) for column in zip(*found, strict=True)] or [[]] * 3
        return SQL(
            "closed(company_id, month, next) AS MATERIALIZED ("
            "SELECT * FROM unnest(%s::int[], %s::date[], %s::date[]))",
            *columns,
        )

    @api.model
    def _priced(self, company, rules, first, last):
        """What each cause costs or earns: [(company, cause, department, from, to, rule,
        kind, account, amount)]"""
        own = rules.filtered(
            lambda rule: rule.company_id in (company, company.browse())
        )
        first = max(first, company.care_merit_start or first)
        plain = own._plain() if first <= last else []
        departments = [EVERYBODY, *own.department_id.ids]
        for cause in sorted({rule.cause for rule in plain}):
            for department in departments:
                for start, end, chosen in merits.spans(
                    plain, cause, company.id, department or None, first, last
                ):
                    rule = rules.browse(chosen.id)
                    for since, until, amount in rule._amounts(company, start, end):
                        yield (
                            company.id,
                            cause,
                            department,
                            since,
                            until,
                            rule.id,
                            rule.kind,
                            rule.account,
                            amount,
                        )

    @api.model
    def _sql_priced(self, priced):
        columns = [list(column) for column in zip(*priced, strict=True)] or [[]] * 9
        return SQL(
            "priced(company_id, cause, department_id, date_from, date_to, rule_id,"
            " kind, account, amount) AS MATERIALIZED (SELECT * FROM unnest(%s::int[],"
            " %s::text[], %s::int[], %s::date[], %s::date[], %s::int[], %s::text[],"
            " %s::text[], %s::numeric[]))",
            *columns,
        )

    @api.model
    def _sql_people(self):
        """Each user in each company, with the department, whether they lead one, and
        the supervisor: the leader of the sales team, else the care manager."""
        return SQL(
            """
            works AS MATERIALIZED (
                SELECT rel.user_id, rel.cid AS company_id
                  FROM res_company_users_rel rel
                  JOIN res_users leader ON leader.id = rel.user_id AND leader.active
            ), person AS MATERIALIZED (
                SELECT person.id AS user_id, company.id AS company_id,
                       CASE WHEN COALESCE(team.company_id, company.id) = company.id
                            THEN team.id END AS team_id,
                       COALESCE(works.user_id, company.manager_id) AS supervisor_id,
                       EXISTS (SELECT FROM crm_team led
                                WHERE led.user_id = person.id AND led.active
                                  AND COALESCE(led.company_id, company.id) = company.id)
                           AS is_manager
                  FROM res_users person
            CROSS JOIN company
             LEFT JOIN crm_team team ON team.id = person.sale_team_id
             LEFT JOIN works
                    ON works.user_id = team.user_id
                   AND works.user_id <> person.id
                   AND works.company_id = company.id
                 WHERE person.share IS NOT TRUE
            )
            """
        )

    @api.model
    def _instants(self, frame, company):
        """Beginning and end of the month in the time zone of a company, in UTC"""
        zone = company._care_tz()
        return tuple(
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (frame["first"], frame["last"] + timedelta(days=1))
        )

    # ------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------

    @api.model
    def _insert_candidates(self, frame, res_model, candidate, tables=None):
        """Add an entry for each candidate and each account that its rule charges.

        :param candidate: SQL of rows (res_id, company_id, cause, about_id,
            supervisor_id, department_id, day, quantity, period)
        :param tables: SQL of further table expressions
        :return: number of entries
        """
        self.env.cr.execute(
            SQL(
                """
                WITH %(tables)s, candidate AS MATERIALIZED (
                    %(candidate)s
                ), hit AS (
                    SELECT candidate.*, priced.rule_id, priced.kind, priced.account,
                           priced.amount AS rule_amount, company.unit,
                           company.currency_id,
                           CASE side.side
                                WHEN 'person' THEN candidate.about_id
                                WHEN 'supervisor' THEN candidate.supervisor_id
                                END AS charged_id
                      FROM candidate
                      JOIN company ON company.id = candidate.company_id
                      JOIN priced
                        ON priced.company_id = candidate.company_id
                       AND priced.cause = candidate.cause
                       AND priced.department_id = CASE
                           WHEN (candidate.company_id, candidate.department_id) IN (
                                SELECT company_id, department_id FROM priced)
                           THEN candidate.department_id ELSE %(everybody)s END
                       AND candidate.day BETWEEN priced.date_from AND priced.date_to
                      JOIN side ON side.account = priced.account
                     WHERE candidate.day BETWEEN %(first)s AND %(last)s
                )
                INSERT INTO care_merit_entry (
                    company_id, user_id, about_user_id, supervisor_id, department_id,
                    day, month, period, cause, kind, account, rule_id, rule_amount,
                    quantity, unit, currency_id, amount, res_model, res_id, turn,
                    standing, state, create_uid, create_date, write_uid, write_date
                )
                SELECT hit.company_id, hit.charged_id, hit.about_id,
                       NULLIF(charged.supervisor_id, hit.charged_id),
                       hit.department_id, hit.day, COALESCE(closed.next, %(first)s),
                       hit.period, hit.cause, hit.kind, hit.account, hit.rule_id,
                       hit.rule_amount, hit.quantity, hit.unit, hit.currency_id,
                       CASE hit.kind WHEN 'reward' THEN -1 ELSE 1 END
                           * hit.rule_amount * hit.quantity,
                       %(res_model)s, hit.res_id, 0, 'valid', 'proposed',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM hit
             LEFT JOIN person charged
                    ON charged.user_id = hit.charged_id
                   AND charged.company_id = hit.company_id
             LEFT JOIN closed
                    ON closed.company_id = hit.company_id AND closed.month = %(first)s
                 WHERE hit.charged_id IS NOT NULL
                    OR hit.account = 'team' AND hit.department_id IS NOT NULL
                    ON CONFLICT DO NOTHING
                """,
                tables=self._sql_with(frame, tables),
                candidate=candidate,
                everybody=EVERYBODY,
                first=frame["first"],
                last=frame["last"],
                res_model=res_model,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _sql_with(self, frame, tables=None):
        return SQL("%s, %s", frame["tables"], tables) if tables else frame["tables"]

    @api.model
    def _correct_judged(self, frame, judged, tables=None):
        """Bring the last entries of their keys in line with what their causes count
        now, as ``tools.merits.step``.

        :param judged: SQL of rows (id, now): the last entry of a source, cause and
            person that is in force or lifted, and its quantity as of now
        :return: number of counter-entries and entries
        """
        copied = SQL(
            "company_id, user_id, about_user_id, supervisor_id, department_id, day,"
            " period, cause, kind, account, rule_id, rule_amount, unit, currency_id,"
            " res_model, res_id, open_month"
        )
        columns = SQL(
            "company_id, user_id, about_user_id, supervisor_id, department_id, day,"
            " period, cause, kind, account, rule_id, rule_amount, unit, currency_id,"
            " res_model, res_id, month, quantity, amount, turn, standing, automatic,"
            " state, heard_until, reversal_of_id, create_uid, create_date, write_uid,"
            " write_date"
        )
        stamp = SQL("%(u)s, %(n)s, %(u)s, %(n)s", u=self.env.uid, n=self.env.cr.now())
        [[written]] = self.env.execute_query(
            SQL(
                """
                WITH %(tables)s, judged AS MATERIALIZED (%(judged)s), moved AS (
                    SELECT entry.*, judged.now,
                           COALESCE(closed.next, entry.month) AS open_month
                      FROM judged
                      JOIN care_merit_entry entry ON entry.id = judged.id
                 LEFT JOIN closed
                        ON closed.company_id = entry.company_id
                       AND closed.month = entry.month
                     WHERE entry.standing = 'valid' AND judged.now <> entry.quantity
                        OR entry.standing = 'lifted' AND judged.now > 0
                ), counter AS (
                    INSERT INTO care_merit_entry (%(columns)s)
                    SELECT %(copied)s, quantity, -amount, turn, 'counter', TRUE,
                           CASE state WHEN 'settled' THEN 'confirmed' ELSE state END,
                           heard_until, id, %(stamp)s
                      FROM moved WHERE standing = 'valid'
                        ON CONFLICT DO NOTHING
                 RETURNING reversal_of_id
                ), again AS (
                    INSERT INTO care_merit_entry (%(columns)s)
                    SELECT %(copied)s, now,
                           CASE kind WHEN 'reward' THEN -1 ELSE 1 END
                               * rule_amount * now,
                           turn + 1, 'valid', FALSE, 'proposed', NULL, NULL, %(stamp)s
                      FROM moved WHERE now > 0
                        ON CONFLICT DO NOTHING
                 RETURNING id
                ), flagged AS (
                    UPDATE care_merit_entry entry
                       SET standing = CASE WHEN moved.now > 0 THEN 'reversed'
                                           ELSE 'lifted' END
                      FROM moved
                     WHERE moved.id = entry.id
                )
                SELECT (SELECT COUNT(*) FROM counter) + (SELECT COUNT(*) FROM again)
                """,
                tables=self._sql_with(frame, tables),
                judged=judged,
                columns=columns,
                copied=copied,
                stamp=stamp,
            )
        )
        return written

    @api.model
    def _sql_judged(self, frame, res_model, now, joins, condition=None):
        """Rows (id, now) of entries of a model that a later run may still change"""
        return SQL(
            "SELECT entry.id, %(now)s AS now FROM care_merit_entry entry %(joins)s"
            " WHERE entry.res_model = %(model)s"
            " AND entry.standing IN ('valid', 'lifted') AND entry.state <> 'waived'"
            " AND entry.day <= %(last)s AND %(condition)s",
            now=now,
            joins=joins,
            model=res_model,
            last=frame["last"],
            condition=condition or SQL("TRUE"),
        )

    @api.model
    def _sql_no_entry(self, res_model, res_id, condition=None):
        return SQL(
            "NOT EXISTS (SELECT FROM care_merit_entry known"
            " WHERE known.res_model = %s AND known.res_id = %s"
            " AND known.reversal_of_id IS NULL AND %s)",
            res_model,
            res_id,
            condition or SQL("TRUE"),
        )
