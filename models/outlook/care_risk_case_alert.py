from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.care_job import single, work_off
from .care_risk_case import ALARM_STATES
from .care_risk_case_state import ANALYSIS, BATCH, PRICE

REACT = "customer_care.mail_activity_type_risk_react"
STEP = "customer_care.mail_activity_type_risk_step"


class CareRiskCase(models.Model):
    """The supervisor is told at once and reacts within working hours; the steps of the
    playbooks become activities."""

    _inherit = "care.risk.case"

    alerted_at = fields.Datetime("Supervisor Told on", readonly=True, copy=False)
    react_by = fields.Datetime(
        "React by",
        readonly=True,
        copy=False,
        help="Until when the supervisor has to react, in working hours.",
    )
    reacted_at = fields.Datetime("Reacted on", readonly=True, copy=False)
    escalated_at = fields.Datetime("Escalated on", readonly=True, copy=False)
    must_react = fields.Boolean(
        "Supervisor Must React",
        compute="_compute_must_react",
        search="_search_must_react",
    )
    is_react_overdue = fields.Boolean(
        "Reaction Overdue",
        compute="_compute_must_react",
        search="_search_is_react_overdue",
    )
    planned_step_ids = fields.Many2many(
        "care.risk.playbook.step", string="Steps Planned", readonly=True, copy=False
    )

    _react_idx = models.Index(
        "(react_by) WHERE reacted_at IS NULL AND closed_at IS NULL"
    )

    @api.depends("alerted_at", "react_by", "reacted_at", "closed_at")
    def _compute_must_react(self):
        now = fields.Datetime.now()
        for case in self:
            case.must_react = bool(
                case.react_by and not case.reacted_at and not case.closed_at
            )
            case.is_react_overdue = case.must_react and case.react_by < now

    @api.model
    def _waiting_domain(self):
        return (
            Domain("closed_at", "=", False)
            & Domain("reacted_at", "=", False)
            & Domain("react_by", "!=", False)
        )

    def _search_must_react(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._waiting_domain()
        return domain if True in value else ~domain

    def _search_is_react_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._waiting_domain() & Domain("react_by", "<", fields.Datetime.now())
        return domain if True in value else ~domain

    @api.model
    def _case_activities(self):
        return [REACT, STEP, PRICE, ANALYSIS]

    # ------------------------------------------------------------
    # The supervisor
    # ------------------------------------------------------------

    def _alert_supervisor(self):
        """Tell the supervisor of cases in which a competitor is at work, once, and
        start the clock."""
        if not self._is_outlook_on():
            return
        now = fields.Datetime.now()
        for case in self.sudo():
            boss = case.supervisor_id
            if case.state not in ALARM_STATES or case.alerted_at or not boss.active:
                continue
            values = {"alerted_at": now, "react_by": case._react_until(now)}
            if boss == self.env.user:
                case._care_unlock().write(values | {"reacted_at": now})
                continue
            case._care_unlock().write(values)
            told = case._care_in_language_of(boss)
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                REACT,
                date_deadline=values["react_by"].date(),
                user_id=boss.id,
                summary=told.env._(
                    "%(customer)s is being courted: react at once",
                    customer=case.partner_id.name,
                ),
                note=case.competitor_offer,
            )
            case._tell(
                boss,
                lambda told: told.env._(
                    "A competitor courts %(customer)s: %(competitor)s. While it is "
                    "secret one can still act.",
                    customer=told.partner_id.name,
                    competitor=told.competitor or told.env._("not known yet"),
                ),
            )

    def _react_until(self, now):
        """After so many working hours of the company; without working hours, by the
        clock"""
        company = self.company_id.sudo()
        hours = timedelta(hours=company.care_risk_react_hours)
        calendar = company.resource_calendar_id
        if calendar:
            working = calendar._care_working_time(company, now, now, hours)
            if until := working.after(now, hours):
                return until
        return now + hours

    def action_react(self):
        """The supervisor takes notice and helps."""
        self.check_access("read")
        for case in self:
            case._check_open()
            case._check_decider()
            case._note_reaction()

    def _note_reaction(self):
        """Whatever the supervisor or an administrator does with the case is a
        reaction."""
        for case in self:
            if not case.must_react or not case.with_user(self.env.user)._may_decide():
                continue
            case._care_unlock().reacted_at = fields.Datetime.now()
            case.sudo().activity_unlink([REACT])

    def _tell(self, users, word):
        """Notify users, each in their language.

        :param word: called with the case in the language of the user
        """
        for user in users.filtered("active") - self.env.user:
            told = self._care_in_language_of(user).sudo()
            told.message_notify(
                partner_ids=user.sudo().partner_id.ids,
                author_id=self.env.user.sudo().partner_id.id,
                subject=told.display_name,
                body=word(told),
                model_description=told.env["ir.model"]._get(self._name).name,
            )

    @api.model
    @single
    def _cron_reactions(self):
        """Where the supervisor has not reacted in time, tell who is above, once."""
        if not self._is_outlook_on():
            return
        domain = self._waiting_domain() & Domain("react_by", "<", fields.Datetime.now())
        domain &= Domain("escalated_at", "=", False)
        work_off(self, domain, lambda cases: cases._escalate(), BATCH)

    def _escalate(self):
        now = fields.Datetime.now()
        for case in self.sudo():
            case._care_unlock().escalated_at = now
            company = case.company_id
            boss = case.supervisor_id
            above = (boss._care_line(company) | company._care_manager()) - (
                boss | case.user_id
            )
            boss = above.filtered("active")[:1]
            if not boss:
                continue
            told = case._care_in_language_of(boss)
            words = told.env._(
                "%(supervisor)s has not reacted in time: a competitor courts "
                "%(customer)s",
                supervisor=case.supervisor_id.name,
                customer=case.partner_id.name,
            )
            if boss.has_group("customer_care.group_user_all"):
                case.with_context(mail_activity_quick_update=True).activity_schedule(
                    REACT, date_deadline=now.date(), user_id=boss.id, summary=words
                )
            case._tell(boss, lambda _told, words=words: words)

    # ------------------------------------------------------------
    # Playbooks
    # ------------------------------------------------------------

    def _plan_steps(self):
        """Plan the steps of all playbooks that fit, each once for a case."""
        if not self or not self._is_outlook_on():
            return
        books = self.env["care.risk.playbook"].sudo().search(Domain.TRUE)
        for case in self.sudo().filtered(lambda case: not case.closed_at):
            fitting = books.filtered(lambda book, case=case: book._fits(case))
            steps = fitting.step_ids - case.planned_step_ids
            if not steps:
                continue
            today = case.company_id._care_today()
            for step in steps:
                case._plan_step(step, today)
            case._care_unlock().planned_step_ids += steps

    def _plan_step(self, step, today):
        person = self.supervisor_id if step.by_supervisor else self.user_id
        person = (
            person.filtered("active")
            or ((self.user_id | self.supervisor_id).filtered("active")[:1])
        )
        if not person:
            return
        worded = step._care_in_language_of(person)
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            STEP,
            date_deadline=today + timedelta(days=step.days),
            user_id=person.id,
            summary=worded.name,
            note=worded.note,
        )
