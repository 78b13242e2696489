from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...tools import merits
from ..core.care_job import attempt, single

MONTHS_BACK = 3
"""How many past months the nightly job looks at: a case may be settled later than its
cause."""
OBJECTION = "customer_care.mail_activity_type_merit_objection"


class CareMeritEntry(models.Model):
    """Telling people, settling, and the nightly job."""

    _inherit = "care.merit.entry"

    # ------------------------------------------------------------
    # Work
    # ------------------------------------------------------------

    def _last_day_to_object(self):
        company = self.company_id.sudo()
        return company._care_today() + timedelta(days=company.care_merit_hear_days)

    def _tell(self):
        """Tell each person of their entries, in one message each."""
        for company, entries in self.sudo().grouped("company_id").items():
            until = company._care_today() + timedelta(days=company.care_merit_hear_days)
            entries._care_unlock().write({"state": "told", "heard_until": until})
        for user, entries in self.sudo().grouped("user_id").items():
            if user.active:
                entries._notify_told(user)

    def _notify_told(self, user):
        told = self._care_in_language_of(user)
        told._send_list(
            user, told.env._("Rewards and penalties, new entries: %s", len(told))
        )

    def _known(self):
        """Entries of which their people have been told"""
        return self.filtered(lambda entry: entry.state != "proposed")

    def _tell_taken_back(self):
        """Tell each person that entries were waived, reversed or lifted."""
        for user, entries in self.grouped("user_id").items():
            if user.active:
                told = entries._care_in_language_of(user)
                told._send_list(
                    user,
                    told.env._(
                        "Rewards and penalties, entries taken back: %s", len(told)
                    ),
                )

    def _send_list(self, user, subject):
        """One message to a person about these entries, in the language of ``self``"""
        causes = dict(self._fields["cause"]._description_selection(self.env))
        user._care_send_digest(
            subject,
            self,
            {
                entry: f"{causes[entry.cause]}: {entry._say_amount()} "
                f"({entry.source_name or format_date(self.env, entry.day)})"
                for entry in self
            },
            "customer_care.my_merit_entry_action",
        )

    def _settle(self):
        """Write the month of settlement, and credit the funds."""
        closed = self.env["care.merit.month"]._closed(self.company_id)
        groups = self.sudo().grouped(lambda entry: (entry.company_id, entry.month))
        for (company, month), entries in groups.items():
            entries._care_unlock().write(
                {
                    "state": "settled",
                    "settled_month": merits.next_open(month, closed[company]),
                }
            )
        if self and "care.fund" in self.env:
            self.env["care.fund"].sudo()._credit(self.sudo())

    def _ask_for_answer(self):
        """An activity for who answers objections"""
        self.ensure_one()
        answerer = self.supervisor_id or self.company_id._care_manager()
        if not answerer.active or answerer == self.user_id:
            return
        self.activity_schedule(
            OBJECTION,
            summary=self._care_in_language_of(answerer).env._(
                "%s objects to an entry", self.user_id.name
            ),
            user_id=answerer.id,
        )

    def _close_questions(self):
        self.activity_unlink([OBJECTION])

    def _notify_answer(self, answer):
        self.activity_feedback([OBJECTION], feedback=answer)
        told = self._care_in_language_of(self.user_id)
        if self.user_id.active:
            self.env["mail.thread"].message_notify(
                partner_ids=self.user_id.partner_id.ids,
                model=self._name,
                res_id=self.id,
                subject=told.env._("Your objection was answered"),
                body=answer,
            )

    # ------------------------------------------------------------
    # Nightly
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_propose(self):
        """Tell people what was proposed, then propose for this and the last months and
        end the hearings that are over. Each step is committed. Proposing may take all
        the time of a run: what it finds is told by the next."""
        if not self.env["res.groups"]._has_care_feature("merit"):
            return
        Cron = self.env["ir.cron"]
        untold = self._untold_by_person()
        time = Cron._commit_progress(remaining=len(untold) + 1)
        for entries in untold.values():
            if not time:
                return
            attempt(entries, lambda entries: entries._tell())
            time = Cron._commit_progress(1)
        if not time:
            return
        this_month = fields.Date.context_today(self).replace(day=1)
        for back in range(MONTHS_BACK, -1, -1):
            month = this_month - relativedelta(months=back)
            attempt(self, partial(type(self)._propose, month=month))
            Cron._commit_progress()
        self._end_hearings()
        new = self._untold_by_person().keys() - untold.keys()
        Cron._commit_progress(1, remaining=len(new))

    @api.model
    def _untold_by_person(self):
        """{user: what was proposed of which the user knows nothing yet}"""
        return (
            self.sudo()
            .search([("state", "=", "proposed"), ("standing", "=", "valid")])
            .grouped("user_id")
        )

    @api.model
    def _end_hearings(self):
        """Told → heard once the time to object is over, unless an objection waits for
        its answer."""
        told = self.sudo().search(
            Domain("state", "=", "told")
            & Domain("standing", "=", "valid")
            & (Domain("objected_at", "=", False) | Domain("answer", "!=", False))
            & Domain("heard_until", "<", fields.Date.today())
        )
        over = told.filtered(
            lambda entry: entry.heard_until < entry.company_id._care_today()
        )
        over._care_unlock().write({"state": "heard"})
        return over
