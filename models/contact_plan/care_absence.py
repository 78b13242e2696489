from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

SPREAD_FIELDS = {"user_id", "date_from", "date_to", "stand_in_id"}
"""Changing one of these passes contacts due over anew."""


class CareAbsence(models.Model):
    """A person is away for whole days. With a stand-in, what they owe passes over to
    the stand-in for these days; without one, windows that end in them are excused."""

    _name = "care.absence"
    _description = "Absence"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=lambda self: self._domain_people(),
        index=True,
        tracking=True,
    )
    date_from = fields.Date(
        "First Day",
        required=True,
        default=lambda self: self._default_days()[0],
        tracking=True,
    )
    date_to = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: self._default_days()[1],
        tracking=True,
    )
    stand_in_id = fields.Many2one(
        "res.users",
        "Stand-in",
        ondelete="set null",
        domain=lambda self: self._domain_people(),
        index="btree_not_null",
        tracking=True,
        help="Gets the contacts due and may see the customers for these days. Empty: "
        "contact windows that end in these days are excused.",
    )
    reason = fields.Char(help="Colleagues can read it.")
    notice = fields.Char(compute="_compute_notice")
    planned_count = fields.Integer("Planned Contacts", compute="_compute_counts")
    excused_count = fields.Integer("Contacts Excused", compute="_compute_counts")

    _days_check = models.Constraint(
        "CHECK (date_from <= date_to)",
        "An absence cannot end before it starts. Correct the days.",
    )

    @api.model
    def _domain_people(self):
        group = self.env.ref("customer_care.group_user")
        return [("all_group_ids", "in", group.ids), ("share", "=", False)]

    @api.model
    def _default_days(self):
        """The user's next approved time off that is not recorded yet, else today"""
        today = fields.Date.context_today(self)
        user = self.env.user
        last = today + timedelta(days=366)
        recorded = self.search([("user_id", "=", user.id), ("date_to", ">=", today)])
        for days in user._care_absent_days(today, last).get(user, ()):
            if not any(
                row.date_from <= days[1] and row.date_to >= days[0] for row in recorded
            ):
                return max(days[0], today), days[1]
        return today, today

    @api.depends("user_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(person)s: %(first)s – %(last)s",
                person=absence.user_id.name or "",
                **absence._days_in_words(),
            )

    def _days_in_words(self):
        return {
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }

    @api.depends("user_id", "stand_in_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_notice(self):
        """The stand-in is away too, or does not work in each company of the person."""
        for absence in self:
            person, stand_in = absence.user_id, absence.stand_in_id
            absence.notice = False
            if not stand_in or not absence.date_from or not absence.date_to:
                continue
            other = self.search(
                [
                    ("user_id", "=", stand_in.id),
                    ("date_from", "<=", absence.date_to),
                    ("date_to", ">=", absence.date_from),
                ],
                order="date_from",
                limit=1,
            )
            missing = person.company_ids - stand_in.sudo().company_ids
            if other:
                absence.notice = self.env._(
                    "%(stand_in)s is away too, from %(first)s to %(last)s. On these "
                    "days contacts pass to the stand-in of %(stand_in)s, if there is "
                    "one.",
                    stand_in=stand_in.name,
                    **other._days_in_words(),
                )
            elif missing:
                absence.notice = self.env._(
                    "%(stand_in)s has no access to %(companies)s. Contacts due there "
                    "do not pass over.",
                    stand_in=stand_in.name,
                    companies=", ".join(missing.mapped("name")),
                )

    @api.depends("user_id", "stand_in_id", "date_from", "date_to")
    def _compute_counts(self):
        for absence in self:
            absence.planned_count = self.env["care.interaction"].search_count(
                absence._planned_domain()
            )
            absence.excused_count = self.env["care.plan.target"].search_count(
                absence._excused_domain()
            )

    def _planned_domain(self):
        return [
            ("user_id", "in", self.user_id.ids),
            ("state", "=", "planned"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]

    def _excused_domain(self):
        """Contacts that are excused, or will be when the absence begins"""
        excused = [("absence_id", "in", self._origin.ids), ("state", "=", "excused")]
        if self.stand_in_id or not self.date_from or not self.date_to:
            return excused
        return [
            "|",
            *("&", *excused),
            *("&", "&", "&", ("state", "=", "open")),
            ("user_id", "in", self.user_id.ids),
            ("date_end", ">=", self.date_from),
            ("date_end", "<=", self.date_to),
        ]

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        for absence in self:
            other = self.sudo().search(
                [
                    ("id", "!=", absence.id),
                    ("user_id", "=", absence.user_id.id),
                    ("date_from", "<=", absence.date_to),
                    ("date_to", ">=", absence.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(person)s is already away from %(first)s to %(last)s. "
                        "Change that absence instead.",
                        person=absence.user_id.name,
                        **other._days_in_words(),
                    )
                )

    @api.constrains("user_id", "stand_in_id")
    def _check_stand_in(self):
        for absence in self.sudo():
            person, stand_in = absence.user_id, absence.stand_in_id
            if stand_in and stand_in == person:
                raise ValidationError(
                    self.env._(
                        "%s cannot stand in for themselves. Choose a colleague or "
                        "leave the stand-in empty.",
                        person.name,
                    )
                )
            shared = person.company_ids & stand_in.company_ids
            stand_in._check_care_successors(shared[:1] or person.company_id)

    @api.model
    def _check_person(self, people):
        """As the access rules, in words. A stand-in sees the customers, so nobody
        chooses one for a colleague."""
        if self._care_is_free():
            return
        for person in (people - self.env.user).sudo():
            if person.sale_team_id.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "You can record your own absences and those of your sales "
                        "team. Ask %s or an administrator.",
                        person.name,
                    )
                )

    def _check_past(self, before=None):
        """Days that have passed excuse what was missed, so users do not add them to
        their own absences.

        :param before: {absence: (first day, last day)} before a change
        """
        if self._care_is_free():
            return
        for absence in self.filtered(lambda row: row.user_id == self.env.user):
            yesterday = absence.user_id.company_id._care_today() - timedelta(days=1)
            first, last = absence.date_from, min(absence.date_to, yesterday)
            old = (before or {}).get(absence)
            if first <= last and not (old and old[0] <= first and last <= old[1]):
                raise UserError(
                    self.env._(
                        "Days that have passed cannot be added to your own absence. "
                        "Ask %s to record them.",
                        absence._supervisor().sudo().name
                        or self.env._("an administrator"),
                    )
                )

    def _supervisor(self):
        """The leader of the person's sales team, else the care manager of the
        company"""
        leader = self.user_id.sudo().sale_team_id.user_id
        if leader and leader.active and leader != self.user_id:
            return leader
        return self.user_id.company_id.sudo()._care_manager()

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def copy(self, default=None):
        self._care_check_copy(default, {"user_id", "date_from", "date_to"})
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        people = (vals.get("user_id") or self.env.uid for vals in vals_list)
        self._check_person(self.env["res.users"].browse(set(people)))
        absences = super().create(vals_list)
        absences._check_past()
        if absences:
            absences._spread(min(absences.mapped("date_from")))
            absences._tell_stand_in()
            absences._tell_supervisor()
        return absences

    def write(self, vals):
        """Check the access rules again after writing, so that nobody records an absence
        of somebody else."""
        if not self or not SPREAD_FIELDS & set(vals):
            return super().write(vals)
        self._check_person(self.env["res.users"].browse(vals.get("user_id") or []))
        days = {row: (row.date_from, row.date_to) for row in self}
        people = {row: (row.user_id, row.stand_in_id) for row in self}
        result = super().write(vals)
        self.check_access("write")
        self._check_past(days)
        moved = [
            min(old[0], row.date_from)
            if old[0] != row.date_from or people[row][0] != row.user_id
            else min(old[1], row.date_to) + timedelta(days=1)
            for row, old in days.items()
            if old != (row.date_from, row.date_to) or people[row][0] != row.user_id
        ]
        self._spread(min(moved, default=None))
        self.filtered(lambda row: people[row][1] != row.stand_in_id)._tell_stand_in()
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        since = min(self.mapped("date_from"))
        result = super().unlink()
        self._spread(since)
        return result

    def _spread(self, since=None):
        """Pass contacts due over, now and when the absences begin and end. The job
        brings due dates up to date.

        :param since: first day whose windows are judged anew, also ended ones
        """
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.env["care.plan.target"].sudo()._pass_over(since=since)
        now = fields.Datetime.now()
        moments = [
            moment
            for absence in self.exists()
            for day in (absence.date_from, absence.date_to + timedelta(days=1))
            if (moment := absence._midnight(day)) > now
        ]
        job = self.env.ref("customer_care.ir_cron_plan_target").sudo()
        job._trigger(at=[now, *moments])

    def _midnight(self, day):
        """When the day begins for the person's company, in UTC"""
        tz = self.user_id.sudo().company_id._care_tz()
        start = tz.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _tell_stand_in(self):
        for absence in self:
            if absence.stand_in_id and absence.stand_in_id != self.env.user:
                row = absence._care_in_language_of(absence.stand_in_id)
                row._tell(
                    row.stand_in_id,
                    row.env._(
                        "You stand in for %(person)s from %(first)s to %(last)s. "
                        "Contacts due pass over to you for these days.",
                        person=row.user_id.name,
                        **row._days_in_words(),
                    ),
                )

    def _tell_supervisor(self):
        """Without a stand-in, contacts are excused."""
        for absence in self.filtered(lambda row: not row.stand_in_id):
            supervisor = absence._supervisor()
            if supervisor and supervisor != self.env.user:
                row = absence._care_in_language_of(supervisor).sudo()
                row._tell(
                    supervisor,
                    row.env._(
                        "%(person)s is away from %(first)s to %(last)s without a "
                        "stand-in. Contacts excused: %(count)s",
                        person=row.user_id.name,
                        count=row.excused_count,
                        **row._days_in_words(),
                    ),
                )

    def _tell(self, person, words):
        self.sudo().message_notify(
            partner_ids=person.sudo().partner_id.ids,
            subject=self.display_name,
            body=words,
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_open_planned(self):
        """Open the contacts planned for these days; nothing is moved by itself."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Planned Contacts"),
            "res_model": "care.interaction",
            "view_mode": "list,calendar,form",
            "domain": self._planned_domain(),
        }

    def action_open_excused(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts Excused"),
            "res_model": "care.plan.target",
            "view_mode": "list,form",
            "domain": self._excused_domain(),
        }

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def _sql_away(self):
        """Rows (id, user_id, stand_in_id, date_from, date_to) of all absences, and of
        approved time off, which has no id and no stand-in. The caller flushes."""
        recorded = SQL(
            "SELECT id, user_id, stand_in_id, date_from, date_to FROM care_absence"
        )
        if not self._has_time_off():
            return recorded
        return SQL("%s UNION ALL %s", recorded, self._sql_time_off())

    @api.model
    def _has_time_off(self):
        return "hr.leave" in self.env

    @api.model
    def _sql_time_off(self):
        """Whole days only: who is away for half a day is there that day."""
        return SQL(
            """
            SELECT NULL, user_id, NULL, first, last
              FROM (SELECT leave.user_id,
                           leave.request_date_from + CASE
                                WHEN leave.request_unit_half
                                 AND leave.request_date_from_period = 'pm' THEN 1
                                ELSE 0 END AS first,
                           leave.request_date_to - CASE
                                WHEN leave.request_unit_half
                                 AND leave.request_date_to_period = 'am' THEN 1
                                ELSE 0 END AS last
                      FROM hr_leave leave
                      JOIN hr_leave_type kind
                        ON kind.id = leave.holiday_status_id
                       AND kind.time_type = 'leave'
                     WHERE leave.state = 'validate'
                       AND leave.user_id IS NOT NULL
                       AND leave.request_unit_hours IS NOT TRUE) AS days
             WHERE first <= last
            """
        )
