import logging
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import sampling, windows
from ..core.care_job import attempt, attempt_each, single
from ..core.res_users import DIGEST_RECORDS

MATCH_BATCH = 2000
ANALYSE_FROM = 1000

_logger = logging.getLogger(__name__)


class CarePlanTarget(models.Model):
    _inherit = "care.plan.target"

    # ------------------------------------------------------------
    # Entry points
    # ------------------------------------------------------------

    @api.model
    def _generate(self, today=None):
        """Bring all targets up to date: close windows that have passed, take back what
        is not owed any more, make those of the current and the next window, give them
        to who has the role, count contacts, tell supervisors of misses.

        Set-based, never commits. Any number of runs, on any days in any order, leads
        to the same rows; one with nothing to do writes nothing.

        :param today: day to judge by, of all companies; by default each company's own
        :return: number of targets made or taken up again
        """
        made = 0
        if not self.env["res.groups"]._has_care_feature("visit"):
            return made
        for company in self._companies_with_tiers():
            made += self._generate_company(company, today)
        self._notify_missed()
        return made

    @api.model
    @single
    def _cron_generate(self):
        """Daily, and after a change of tiers, plans or teams. A company is a batch;
        then supervisors are told, one after another. What a kill leaves out is made up
        for by the next run."""
        if not self.env["res.groups"]._has_care_feature("visit"):
            return
        if not attempt_each(self._companies_with_tiers(), self._generate_locked):
            return
        Cron = self.env["ir.cron"]
        missed = self._missed_by_supervisor()
        time = Cron._commit_progress(remaining=len(missed))
        for supervisor, targets in missed.items():
            if not time:
                return
            attempt(targets, partial(self._tell_missed, supervisor))
            time = Cron._commit_progress(1)

    @api.model
    def _generate_locked(self, company):
        if company.try_lock_for_update(allow_referencing=True):
            self._generate_company(company)

    @api.model
    def _schedule_generation(self):
        """Run the cron soon: something that targets depend on has changed."""
        self.env.ref("customer_care.ir_cron_plan_target").sudo()._trigger()

    @api.model
    def _companies_with_tiers(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_company company WHERE EXISTS (SELECT FROM"
                " care_partner_tier WHERE company_id = company.id) OR EXISTS (SELECT"
                " FROM care_plan_target WHERE company_id = company.id) ORDER BY id"
            )
        )
        return self.env["res.company"].browse(company for (company,) in rows)

    @api.model
    def _generate_company(self, company, today=None):
        self = self.sudo().with_company(company)  # noqa: PLW0642
        today = fields.Date.to_date(today) or company._care_today()
        self.env.flush_all()
        changed = self._close_passed(company, today)
        changed += self._supersede(company)
        made = self._insert_wanted(company, today)
        changed += self._assign(company=company)
        self.env.invalidate_all(flush=False)
        self._match_uncounted(company, today)
        if made or changed:
            _logger.info(
                "Contact targets of company %s: %s made, %s others changed",
                company.id,
                len(made),
                changed,
            )
        return len(made)

    # ------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------

    @api.model
    def _close_passed(self, company, today):
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_plan_target
                   SET state = 'missed', write_uid = %s, write_date = %s
                 WHERE state = 'open' AND company_id = %s AND date_end < %s
                """,
                self.env.uid,
                self.env.cr.now(),
                company.id,
                today,
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _supersede(self, company):
        """Take back open targets of customers that left the plan: by a change of tier,
        by archiving, by becoming the contact of another one; and those of rules, plans
        and roles that are gone. Exceptions and changed rules do it at once."""
        self.env.cr.execute(
            SQL(
                """
                WITH standing AS (
                    SELECT rule.id, rule.plan_id
                      FROM care_plan_rule rule
                      JOIN care_plan plan ON plan.id = rule.plan_id AND plan.active
                      JOIN care_role role ON role.id = rule.role_id AND role.active
                     WHERE rule.active AND rule.mode <> 'as_needed'
                ), follower AS (
                    SELECT status.partner_id, tier.plan_id
                      FROM care_partner_tier status
                      JOIN care_tier tier ON tier.id = status.tier_id
                      JOIN res_partner partner
                        ON partner.id = status.partner_id
                       AND partner.active
                       AND partner.commercial_partner_id = partner.id
                     WHERE status.company_id = %(company)s
                ), gone AS (
                    SELECT target.id
                      FROM care_plan_target target
                 LEFT JOIN standing ON standing.id = target.rule_id
                 LEFT JOIN follower
                        ON follower.partner_id = target.partner_id
                       AND follower.plan_id = standing.plan_id
                     WHERE target.state = 'open'
                       AND target.company_id = %(company)s
                       AND follower.partner_id IS NULL
                )
                UPDATE care_plan_target target
                   SET state = 'superseded', write_uid = %(uid)s, write_date = %(now)s
                  FROM gone
                 WHERE target.id = gone.id
                """,
                company=company.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    # ------------------------------------------------------------
    # Making
    # ------------------------------------------------------------

    @api.model
    def _insert_wanted(self, company, today):
        """Make the targets of the current and the next window that are missing.

        The current one only if the customer came into the plan, or the rule into force,
        while more than half of the window remained: on the day of the change of tier,
        or today for who had no target of the rule before. None where another target of
        the same role and channel covers a day of the window.

        Sorting makes PostgreSQL read all it needs before it writes the first row: a
        plan made for an empty table would else read it anew for each of them. For the
        same reason many new rows are analysed at once.

        :return: ids
        """
        slots = self._general_slots(company, today)
        slots += self._sampled_slots(company, today)
        slots += self._exception_slots(company, today)
        if not slots:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                WITH slot AS (
                    SELECT * FROM unnest(
                        %(partner)s::int[], %(rule)s::int[], %(start)s::date[],
                        %(end)s::date[], %(last_aim)s::date[], %(aim)s::date[],
                        %(slot)s::date[], %(goal)s::int[], %(latest)s::date[],
                        %(current)s::bool[], %(exception)s::int[])
                      AS slot(customer_id, rule_id, date_start, date_end, date_last_aim,
                              date_aim, date_slot, goal, latest, is_current,
                              exception_id)
                ), wanted AS (
                    SELECT status.partner_id, status.tier_id,
                           rule.role_id, rule.channel,
                           rule.date_from AS rule_since, slot.*
                      FROM slot
                      JOIN care_plan_rule rule ON rule.id = slot.rule_id
                      JOIN care_tier tier ON tier.plan_id = rule.plan_id
                      JOIN care_partner_tier status
                        ON status.tier_id = tier.id
                       AND status.company_id = %(company)s
                     WHERE slot.customer_id IS NULL
                       AND NOT EXISTS (
                            SELECT FROM care_plan_exception exception
                             WHERE exception.partner_id = status.partner_id
                               AND exception.company_id = %(company)s
                               AND COALESCE(exception.role_id, rule.role_id)
                                   = rule.role_id
                               AND COALESCE(exception.channel, rule.channel)
                                   = rule.channel)
                 UNION ALL
                    SELECT status.partner_id, status.tier_id,
                           rule.role_id, rule.channel,
                           rule.date_from AS rule_since, slot.*
                      FROM slot
                      JOIN care_plan_rule rule ON rule.id = slot.rule_id
                      JOIN care_partner_tier status
                        ON status.partner_id = slot.customer_id
                       AND status.company_id = %(company)s
                ), missing AS MATERIALIZED (
                    SELECT wanted.*
                      FROM wanted
                     WHERE NOT EXISTS (
                            SELECT FROM care_plan_target present
                             WHERE present.partner_id = wanted.partner_id
                               AND present.rule_id = wanted.rule_id
                               AND present.date_start = wanted.date_start
                               AND present.company_id = %(company)s
                               AND present.state <> 'superseded')
                )
                INSERT INTO care_plan_target AS target (
                    partner_id, rule_id, exception_id, role_id, user_id, company_id,
                    tier_id, channel, date_start, date_end, date_last_aim,
                    date_aim, date_slot,
                    goal, done, counted, state,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT missing.partner_id, rule_id, exception_id, missing.role_id,
                       person.id, %(company)s, tier_id, channel, date_start,
                       date_end, date_last_aim, date_aim,
                       date_slot, goal, 0, 0, 'open',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM missing
                  JOIN res_partner partner
                    ON partner.id = missing.partner_id
                   AND partner.active
                   AND partner.commercial_partner_id = partner.id
             LEFT JOIN care_account_member member
                    ON member.partner_id = missing.partner_id
                   AND member.role_id = missing.role_id
             LEFT JOIN (res_users person
                        JOIN res_company_users_rel works
                          ON works.user_id = person.id AND works.cid = %(company)s)
                    ON person.id = member.user_id AND person.active
                 WHERE (NOT is_current
                        OR (CASE WHEN EXISTS (
                                    SELECT FROM care_plan_target earlier
                                     WHERE earlier.partner_id = missing.partner_id
                                       AND earlier.rule_id = missing.rule_id
                                       AND earlier.company_id = %(company)s
                                       AND earlier.date_start < missing.date_start
                                       AND earlier.state <> 'superseded')
                                 THEN LEAST(%(today)s, GREATEST(
                                    rule_since, COALESCE((
                                        SELECT history.date
                                          FROM care_tier_history history
                                         WHERE history.partner_id = missing.partner_id
                                           AND history.company_id = %(company)s
                                      ORDER BY history.id DESC LIMIT 1), '-infinity')))
                                 ELSE %(today)s
                            END) <= latest)
                   AND NOT EXISTS (
                        SELECT FROM care_plan_target other
                         WHERE other.partner_id = missing.partner_id
                           AND other.role_id = missing.role_id
                           AND other.channel = missing.channel
                           AND other.company_id = %(company)s
                           AND other.state <> 'superseded'
                           AND other.date_start <= missing.date_end
                           AND other.date_end >= missing.date_start)
              ORDER BY missing.partner_id, rule_id, date_start
                ON CONFLICT (partner_id, rule_id, date_start, company_id) DO UPDATE
                   SET state = 'open', role_id = EXCLUDED.role_id,
                       user_id = EXCLUDED.user_id,
                       exception_id = EXCLUDED.exception_id,
                       tier_id = EXCLUDED.tier_id, channel = EXCLUDED.channel,
                       date_end = EXCLUDED.date_end, goal = EXCLUDED.goal,
                       date_last_aim = EXCLUDED.date_last_aim,
                       date_aim = EXCLUDED.date_aim, date_slot = EXCLUDED.date_slot,
                       done = 0, counted = 0, excuse_kind = NULL, excuse_reason = NULL,
                       excused_by_id = NULL,
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                 WHERE target.state = 'superseded'
                RETURNING id
                """,
                company=company.id,
                today=today,
                uid=self.env.uid,
                now=self.env.cr.now(),
                **{
                    name: [slot[name] for slot in slots]
                    for name in (
                        "partner",
                        "rule",
                        "start",
                        "end",
                        "last_aim",
                        "aim",
                        "slot",
                        "goal",
                        "latest",
                        "current",
                        "exception",
                    )
                },
            )
        )
        if len(rows) > ANALYSE_FROM:
            self.env.cr.execute("ANALYZE care_plan_target")
        return [target for (target,) in rows]

    @api.model
    def _rules(self, company, mode):
        """Rules of a mode that concern customers of the company."""
        return (
            self.env["care.plan.rule"]
            .sudo()
            .search(
                [
                    ("mode", "=", mode),
                    ("role_id.active", "=", True),
                    ("plan_id.active", "=", True),
                    ("plan_id.tier_ids.company_id", "in", (company.id, False)),
                ]
            )
        )

    @api.model
    def _slots(self, rule, frequency, today, partner=None, exception=None):
        """Plain values of the current and the next window of a rule."""
        current = windows.window_of(frequency, today)
        for window in (current, windows.following(frequency, current)):
            first = windows.slots(frequency, window)[0]
            yield {
                "partner": partner,
                "rule": rule.id,
                "start": window.start,
                "end": window.end,
                "last_aim": windows.aim_window(frequency, window).end,
                "aim": first.aim,
                "slot": first.start,
                "goal": frequency.times,
                "latest": windows.last_start(window),
                "current": window == current,
                "exception": exception,
            }

    @api.model
    def _general_slots(self, company, today):
        return [
            slot
            for rule in self._rules(company, "fixed")
            for slot in self._slots(rule, rule._to_frequency(), today)
        ]

    @api.model
    def _sampled_slots(self, company, today):
        """A seeded share of a tier's customers for each window, drawn once: who comes
        later is in the next draw."""
        slots = []
        for rule in self._rules(company, "sampling"):
            for slot in self._slots(rule, rule._to_frequency(), today):
                if slot["current"] and today > slot["latest"]:
                    continue
                drawn = self.sudo().search_count(
                    [
                        ("rule_id", "=", rule.id),
                        ("date_start", "=", slot["start"]),
                        ("company_id", "=", company.id),
                        ("state", "!=", "superseded"),
                    ],
                    limit=1,
                )
                if drawn:
                    continue
                slots += [
                    slot | {"partner": partner}
                    for partner in sampling.share(
                        f"{rule.id}:{slot['start']}",
                        self._sampled_customers(rule, company),
                        rule.sample_percent,
                    )
                ]
        return slots

    @api.model
    def _sampled_customers(self, rule, company):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT status.partner_id
                  FROM care_partner_tier status
                  JOIN care_tier tier
                    ON tier.id = status.tier_id AND tier.plan_id = %(plan)s
                  JOIN res_partner partner
                    ON partner.id = status.partner_id
                   AND partner.active AND partner.commercial_partner_id = partner.id
                 WHERE status.company_id = %(company)s
                   AND NOT EXISTS (
                        SELECT FROM care_plan_exception exception
                         WHERE exception.partner_id = status.partner_id
                           AND exception.company_id = %(company)s
                           AND COALESCE(exception.role_id, %(role)s) = %(role)s
                           AND COALESCE(exception.channel, %(channel)s) = %(channel)s)
                """,
                plan=rule.plan_id.id,
                company=company.id,
                role=rule.role_id.id,
                channel=rule.channel,
            )
        )
        return [partner for (partner,) in rows]

    @api.model
    def _exception_slots(self, company, today):
        """Windows of customers with a frequency of their own. One without any contact
        just has no window."""
        exceptions = (
            self.env["care.plan.exception"]
            .sudo()
            .search([("company_id", "=", company.id)])
        )
        excluded = {
            (exception.partner_id.id, role, channel)
            for exception in exceptions
            if exception.kind == "exclude"
            for role in (exception.role_id.id,)
            for channel in (exception.channel,)
        }
        own = exceptions.filtered(
            lambda exception: exception.kind == "frequency"
            and not {
                (exception.partner_id.id, role, channel)
                for role in (exception.role_id.id, False)
                for channel in (exception.channel, False)
            }
            & excluded
        )
        if not own:
            return []
        plans = {
            row.partner_id: row.tier_id.plan_id
            for row in self.env["care.partner.tier"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", own.partner_id.ids),
                    ("company_id", "=", company.id),
                ]
            )
        }
        rules = {
            (rule.plan_id, rule.role_id, rule.channel): rule
            for rule in self.env["care.plan.rule"]
            .sudo()
            .search(
                Domain("plan_id", "in", [plan.id for plan in plans.values()])
                & Domain("role_id.active", "=", True)
                & Domain("plan_id.active", "=", True)
            )
        }
        slots = []
        for exception in own:
            plan = plans.get(exception.partner_id)
            rule = rules.get((plan, exception.role_id, exception.channel))
            if rule:
                slots += self._slots(
                    rule,
                    exception._to_frequency(plan),
                    today,
                    exception.partner_id.id,
                    exception.id,
                )
        return slots

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    @api.model
    def _assign(self, partners=None, company=None):
        """Give open targets to who has their role in the customer's account team: an
        active user of the target's company, else nobody. Done ones stay.

        :param partners: customers; by default all of ``company``
        :return: number of targets that changed hands
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH person AS (
                    SELECT users.id, works.cid AS company_id
                      FROM res_users users
                      JOIN res_company_users_rel works ON works.user_id = users.id
                     WHERE users.active
                ), moved AS (
                    SELECT target.id, person.id AS user_id
                      FROM care_plan_target target
                 LEFT JOIN care_account_member member
                        ON member.partner_id = target.partner_id
                       AND member.role_id = target.role_id
                 LEFT JOIN person
                        ON person.id = member.user_id
                       AND person.company_id = target.company_id
                     WHERE target.state = 'open'
                       AND %(scope)s
                       AND target.user_id IS DISTINCT FROM person.id
                )
                UPDATE care_plan_target target
                   SET user_id = moved.user_id,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM moved
                 WHERE target.id = moved.id
                """,
                scope=SQL("target.partner_id = ANY(%s)", partners.ids)
                if partners is not None
                else SQL("target.company_id = %s", company.id),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        if changed := self.env.cr.rowcount:
            self.invalidate_model(["user_id"], flush=False)
        return changed

    # ------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------

    @api.model
    def _match_uncounted(self, company, today):
        """Count contacts that no window has counted though one could: made before their
        target was, or reported at the very moment of its making."""
        self.env.flush_all()
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
                   AND contact.company_id = %s
                   AND (home.id IS NULL OR home.state = 'superseded')
                   AND (target.channel = contact.channel
                        OR rule.accept_higher_channel
                       AND target.done < target.goal
                       AND CASE target.channel WHEN 'online' THEN 3 WHEN 'phone' THEN 2
                           WHEN 'visit' THEN 1 ELSE 0 END
                         > CASE contact.channel WHEN 'online' THEN 3 WHEN 'phone' THEN 2
                           WHEN 'visit' THEN 1 ELSE 0 END)
                """,
                company.id,
            )
        )
        for start in range(0, len(rows), MATCH_BATCH):
            self._match(rows[start : start + MATCH_BATCH], today)

    # ------------------------------------------------------------
    # Misses
    # ------------------------------------------------------------

    @api.model
    def _notify_domain(self):
        return Domain("state", "=", "missed") & Domain("missed_notified", "=", False)

    @api.model
    def _notify_missed(self):
        """Tell supervisors of each window missed, once."""
        for supervisor, targets in self._missed_by_supervisor().items():
            self._tell_missed(supervisor, targets)

    @api.model
    def _missed_by_supervisor(self):
        """{supervisor, may be empty: targets of which nobody has been told yet}"""
        missed = self.sudo().search(self._notify_domain(), order="id")
        by_supervisor = defaultdict(self.sudo().browse)
        for targets in missed.grouped(lambda t: (t.company_id, t.user_id)).values():
            by_supervisor[targets[:1]._supervisor()] |= targets
        return by_supervisor

    @api.model
    def _tell_missed(self, supervisor, targets):
        """An activity for each, one message for all, the longest overdue first."""
        targets = targets.try_lock_for_update(allow_referencing=True)
        targets = targets.filtered_domain(self._notify_domain())
        targets.missed_notified = True
        if not supervisor or not targets:
            return
        targets = targets.sorted(lambda target: (target.date_end, target.id))
        targets = targets._care_in_language_of(supervisor)
        words = targets._schedule_missed(supervisor)
        supervisor._care_send_digest(
            targets.env._("Missed contacts: %s", len(targets)),
            targets,
            {
                target: f"{target.display_name}: {words[target]}"
                for target in targets[:DIGEST_RECORDS]
            },
            "customer_care.missed_target_action",
        )

    def _schedule_missed(self, supervisor):
        """:return: {target: what the activity says}"""
        kind = self.env.ref(
            "customer_care.mail_activity_type_missed", raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_warning")
        model_id = self.env["ir.model"]._get_id(self._name)
        words = {
            target: self.env._(
                "Missed: %(what)s, %(who)s",
                what=target.duty,
                who=target.user_id.name or self.env._("nobody assigned"),
            )
            for target in self
        }
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": target.id,
                    "user_id": supervisor.id,
                    "summary": summary,
                    "date_deadline": fields.Date.context_today(self),
                    "automated": True,
                }
                for target, summary in words.items()
            ]
        )
        return words

    def _supervisor(self):
        """Who looks after the person responsible: the leader of the person's sales
        team, else the company's care manager."""
        self.ensure_one()
        leader = self.user_id.sale_team_id.user_id
        if (
            leader != self.user_id
            and leader.active
            and self.company_id in leader.company_ids
        ):
            return leader
        return self.company_id._care_manager()
