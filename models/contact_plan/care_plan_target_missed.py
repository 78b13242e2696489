from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import windows
from ..core.res_users import DIGEST_RECORDS
from .care_plan_target_due import CALENDAR_WEEK


class CarePlanTarget(models.Model):
    """Windows that passed without the contacts owed: they stay with the person until
    made good, and the supervisor hears of them once a week."""

    _inherit = "care.plan.target"

    make_good = fields.Boolean(
        "To Make Good",
        readonly=True,
        help="Missed, and no contact has been made since. Ends with the next contact, "
        "an excuse, or once the contact of the next window is due.",
    )
    missed_told_on = fields.Date("Supervisor Told on", readonly=True)

    _make_good_idx = models.Index("(user_id) WHERE make_good")
    _untold_idx = models.Index(
        "(company_id, date_end) WHERE state = 'missed' AND missed_told_on IS NULL"
    )

    @api.model
    def _update_make_good(self, condition, today=None):
        """Set what is to be made good: missed, and since then neither a contact over
        the same channel, or a higher one that the rule accepts, nor another window that
        ended. Once the contact of the next window is due, it takes the place of the one
        missed, so that each customer stands in the list once.

        :param condition: on ``target``
        :param today: by default today in the user's time zone
        :return: number of targets changed
        """
        self.env.cr.execute(
            SQL(
                """
                WITH seen AS (
                    SELECT target.id, target.state = 'missed'
                       AND NOT EXISTS (
                            SELECT FROM care_plan_target later
                             WHERE later.partner_id = target.partner_id
                               AND later.role_id = target.role_id
                               AND later.channel = target.channel
                               AND later.company_id = target.company_id
                               AND later.date_start > target.date_end
                               AND (later.state IN ('met', 'missed', 'excused')
                                    OR later.state = 'open'
                                   AND later.date_aim <= %(today)s))
                       AND NOT COALESCE(last.day > target.date_end, FALSE) AS make_good
                      FROM care_plan_target target
                      JOIN care_plan_rule rule ON rule.id = target.rule_id
                 LEFT JOIN LATERAL (%(last)s) last ON target.state = 'missed'
                     WHERE %(condition)s
                )
                UPDATE care_plan_target target
                   SET make_good = seen.make_good,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM seen
                 WHERE target.id = seen.id
                   AND target.make_good IS DISTINCT FROM seen.make_good
                """,
                last=self._sql_last_contact("target"),
                condition=condition,
                today=today or fields.Date.context_today(self),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        if changed := self.env.cr.rowcount:
            self.invalidate_model(["make_good", "due"], flush=False)
        return changed

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("open", "met", "missed", "excused"):
            self.flush_recordset()
            self._update_make_good(SQL("target.id = ANY(%s)", self.ids))
        return result

    @api.model
    def _settle_missed(self, company, today):
        """Decide what is to be made good of what was missed since the last run, and of
        what was to be until then."""
        return self._update_make_good(
            SQL(
                """target.company_id = %s
                   AND (target.make_good
                        OR target.state = 'missed' AND target.make_good IS NULL)""",
                company.id,
            ),
            today,
        )

    # ------------------------------------------------------------
    # Supervisors
    # ------------------------------------------------------------

    @api.model
    def _notify_missed(self, today=None):
        """Tell supervisors what each of their people missed, once a week."""
        for (supervisor, *_person), targets in self._missed_by_person(today).items():
            self._tell_missed(supervisor, targets, today)

    @api.model
    def _missed_by_person(self, today=None):
        """{(supervisor, may be empty, person, company): targets missed before this
        week, of which nobody has been told}, without people told of this week"""
        missed = self.sudo().search(
            [("state", "=", "missed"), ("missed_told_on", "=", False)], order="id"
        )
        mondays = {
            company: windows.window_of(
                CALENDAR_WEEK, fields.Date.to_date(today) or company._care_today()
            ).start
            for company in missed.company_id
        }
        told = {
            (company, user)
            for company, user in self.sudo()._read_group(
                Domain.OR(
                    Domain("company_id", "=", company.id)
                    & Domain("missed_told_on", ">=", monday)
                    for company, monday in mondays.items()
                ),
                ["company_id", "user_id"],
            )
        }
        by_person = {}
        for (company, user), targets in missed.grouped(
            lambda target: (target.company_id, target.user_id)
        ).items():
            past = targets.filtered(
                lambda target, company=company: target.date_end < mondays[company]
            )
            if past and (company, user) not in told:
                by_person[past[:1]._supervisor(), user, company] = past
        return by_person

    @api.model
    def _tell_missed(self, supervisor, targets, today=None):
        """One message for all, the longest overdue first."""
        targets = targets.try_lock_for_update(allow_referencing=True)
        targets = targets.filtered(
            lambda target: target.state == "missed" and not target.missed_told_on
        )
        if targets:
            targets.missed_told_on = today or targets.company_id._care_today()
        if not supervisor or not targets:
            return
        targets = targets.sorted(lambda target: (target.date_end, target.id))
        targets = targets._care_in_language_of(supervisor)
        env = targets.env
        person = targets[:1].user_id
        supervisor._care_send_digest(
            env._(
                "%(who)s: missed contacts: %(count)s",
                who=person.name or env._("nobody assigned"),
                count=len(targets),
            ),
            targets,
            {
                target: f"{target.display_name}: {target._missed_words()}"
                for target in targets[:DIGEST_RECORDS]
            },
            "customer_care.missed_target_action",
        )

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
