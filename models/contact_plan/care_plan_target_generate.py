import logging
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.care_job import attempt, attempt_each, single

_logger = logging.getLogger(__name__)

GENERATE_JOB = "contact targets"


class CarePlanTarget(models.Model):
    """Bringing targets up to date, daily and after changes."""

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
        self._notify_missed(today)
        return made

    @api.model
    @single
    def _cron_generate(self):
        """Daily, and after a change of tiers, plans or teams. First supervisors are
        told what was missed, person by person, then a company is a batch: generating
        may take all the time of a run, and what it finds missed is told by the next.
        What a kill leaves out is made up for by the next run."""
        if not self.env["res.groups"]._has_care_feature("visit"):
            return
        Cron = self.env["ir.cron"]
        missed = self._missed_by_person()
        time = Cron._commit_progress(remaining=len(missed) + 1)
        for (supervisor, *_person), targets in missed.items():
            if not time:
                return
            attempt(targets, partial(self._tell_missed, supervisor))
            time = Cron._commit_progress(1)
        companies = self._companies_with_tiers()
        if time and attempt_each(companies, self._generate_locked, GENERATE_JOB):
            Cron._commit_progress(
                remaining=len(self._missed_by_person().keys() - missed)
            )

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
        changed += self._assign(company=company, today=today)
        changed += self._place_off_days(company, today)
        self.env.invalidate_all(flush=False)
        self._match_uncounted(company, today, made)
        changed += self._settle_missed(company, today)
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
                   SET state = 'missed', make_good = NULL,
                       write_uid = %s, write_date = %s
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
    def _forget_passed(self):
        """Take back open targets whose window has passed: nobody could see them while
        the feature was off."""
        for company in self._companies_with_tiers():
            self.sudo().search(
                [
                    ("state", "=", "open"),
                    ("company_id", "=", company.id),
                    ("date_end", "<", company._care_today()),
                ]
            ).write({"state": "superseded"})

    @api.model
    def _supersede(self, company):
        """Take back open targets of customers that left the plan: by a change of tier,
        by archiving, by becoming the contact of another one; and those of rules, plans
        and roles that are gone. Exceptions and changed rules do it at once. What they
        missed is not to be made good any more. A rule as needed has no targets, but for
        customers with a frequency of their own."""
        self.env.cr.execute(
            SQL(
                """
                WITH standing AS (
                    SELECT rule.id, rule.plan_id, rule.mode
                      FROM care_plan_rule rule
                      JOIN care_plan plan ON plan.id = rule.plan_id AND plan.active
                      JOIN care_role role ON role.id = rule.role_id AND role.active
                     WHERE rule.active
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
                 LEFT JOIN standing
                        ON standing.id = target.rule_id
                       AND (standing.mode <> 'as_needed'
                            OR target.exception_id IS NOT NULL)
                 LEFT JOIN follower
                        ON follower.partner_id = target.partner_id
                       AND follower.plan_id = standing.plan_id
                     WHERE (target.state = 'open'
                            OR target.state = 'missed'
                           AND target.make_good IS NOT FALSE)
                       AND target.company_id = %(company)s
                       AND follower.partner_id IS NULL
                )
                UPDATE care_plan_target target
                   SET state = CASE target.state WHEN 'open' THEN 'superseded'
                               ELSE target.state END,
                       make_good = FALSE, write_uid = %(uid)s, write_date = %(now)s
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
    # People
    # ------------------------------------------------------------

    @api.model
    def _assign(self, partners=None, company=None, today=None):
        """Give open targets to who has their role in the customer's account team: an
        active user of the target's company, else nobody. Done ones stay. What is due
        from today on is spread anew over the days of its new person.

        :param partners: customers; by default all of ``company``
        :return: number of targets that changed hands
        """
        self.env.flush_all()
        moved = self.env.execute_query(
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
                       AND member.is_additional IS NOT TRUE
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
                RETURNING target.company_id, target.id
                """,
                scope=SQL("target.partner_id = ANY(%s)", partners.ids)
                if partners is not None
                else SQL("target.company_id = %s", company.id),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(["user_id"], flush=False)
        by_company = defaultdict(list)
        for company_id, target in moved:
            by_company[company_id].append(target)
        for company_id, targets in by_company.items():
            owner = self.env["res.company"].browse(company_id)
            self._place_moved(targets, owner, today or owner._care_today())
        return len(moved)
