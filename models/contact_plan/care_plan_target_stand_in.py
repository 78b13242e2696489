import babel.dates

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, format_date, get_lang


class CarePlanTarget(models.Model):
    """Absences: targets pass over to the stand-in and come back; without a stand-in,
    windows that end in the absence are excused."""

    _inherit = "care.plan.target"

    stand_in_id = fields.Many2one(
        "res.users",
        "Stand-in",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Makes the contacts while the responsible person is away.",
    )
    is_mine = fields.Boolean(
        "Mine",
        compute="_compute_is_mine",
        search="_search_is_mine",
        exportable=False,
        help="You are responsible and not stood in for, or you stand in.",
    )
    stand_in_note = fields.Char("Standing In", compute="_compute_stand_in_note")
    absence_id = fields.Many2one(
        "care.absence",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The absence that excuses this window.",
    )
    excuse_kind = fields.Selection(selection_add=[("absence", "Absence")])
    excuse_words = fields.Char("Why Excused", compute="_compute_excuse_words")

    _missed_user_idx = models.Index("(user_id, date_end) WHERE state = 'missed'")
    _absence_idx = models.Index("(company_id, date_end) WHERE excuse_kind = 'absence'")

    @api.depends("user_id", "stand_in_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for target in self:
            target.is_mine = (target.stand_in_id or target.user_id) == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("stand_in_id", "=", self.env.uid) | (
            Domain("stand_in_id", "=", False) & Domain("user_id", "=", self.env.uid)
        )

    @api.depends("user_id", "stand_in_id", "state")
    @api.depends_context("lang", "uid", "tz")
    def _compute_stand_in_note(self):
        """ "for Anna, away until 12 Dec", with the name of the stand-in for others"""
        self.stand_in_note = False
        passed = self.filtered(
            lambda row: row.stand_in_id and row.state in ("open", "missed")
        )
        if not passed:
            return
        today = fields.Date.context_today(self)
        absences = self.env["care.absence"].sudo()
        absences = absences.search(
            [
                ("user_id", "in", passed.user_id.ids),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        until = {row.user_id.id: row.date_to for row in absences}
        for target in passed:
            note = target._stand_in_words(until.get(target.user_id.id))
            if target.stand_in_id != self.env.user:
                note = f"{target.stand_in_id.name} {note}"
            target.stand_in_note = note

    def _stand_in_words(self, until):
        person = self.user_id.name
        if not until:
            return self.env._("for %s", person)
        locale = babel_locale_parse(get_lang(self.env).code)
        day = babel.dates.format_skeleton("MMMd", until, locale=locale)
        return self.env._("for %(person)s, away until %(day)s", person=person, day=day)

    @api.depends("state", "excuse_kind", "excuse_reason", "absence_id")
    @api.depends_context("lang")
    def _compute_excuse_words(self):
        """What a person entered, or the absence in the reader's language"""
        for target in self:
            absence = target._origin.absence_id.sudo()
            if target.excuse_kind != "absence":
                target.excuse_words = target.excuse_reason
            elif absence:
                target.excuse_words = self.env._(
                    "Away from %(first)s to %(last)s, without a stand-in",
                    first=format_date(self.env, absence.date_from),
                    last=format_date(self.env, absence.date_to),
                )
            else:
                target.excuse_words = self.env._("Away on approved time off")

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_excuse(self, kind="other", reason=None):
        """``absence`` is for absences alone."""
        if kind == "absence":
            raise UserError(
                self.env._("Record an absence to excuse contacts for this reason.")
            )
        return super().action_excuse(kind, reason)

    def action_undo_excuse(self):
        self.check_access("read")
        if absent := self.filtered(lambda row: row.excuse_kind == "absence")[:1]:
            raise UserError(
                self.env._(
                    "The absence of %s excuses this contact. Change the absence "
                    "instead.",
                    absent.user_id.name,
                )
            )
        return super().action_undo_excuse()

    def _open_interaction(self, view):
        action = super()._open_interaction(view)
        if self.stand_in_id == self.env.user:
            action["context"]["default_stand_in_for_id"] = self.user_id.id
        return action

    # ------------------------------------------------------------
    # Passing over
    # ------------------------------------------------------------

    @api.model
    def _generate_company(self, company, today=None):
        """Excuse windows before they are closed as missed; pass new ones over."""
        self.sudo()._pass_over(today, company)
        made = super()._generate_company(company, today)
        self.sudo()._pass_over(today, company)
        return made

    @api.model
    def _assign(self, partners=None, company=None, today=None):
        changed = super()._assign(partners, company, today)
        if changed and partners is not None:
            self.sudo()._pass_over()
        return changed

    @api.model
    def _pass_over(self, today=None, company=None, since=None):
        """Give open targets of who is away to their stand-in and take back those of who
        is here; excuse windows that end in an absence without a stand-in, once it has
        begun, and withdraw what no absence excuses any more.

        Touches only rows that change. Windows that have ended keep their state unless
        ``since`` says otherwise: an archived stand-in does not change the past.

        :param today: day to judge by; by default each company's own
        :param company: by default all of them
        :param since: ended windows from this day on are judged anew
        :return: number of targets that changed
        """
        self.env.flush_all()
        today, since = fields.Date.to_date(today), fields.Date.to_date(since)
        companies = company or self._companies_with_tiers()
        days = SQL(
            "company(id, today) AS (SELECT * FROM unnest(%s::int[], %s::date[]))",
            companies.ids,
            [today or company._care_today() for company in companies],
        )
        changed = self._write_absence_excuses(days, since) + self._write_stand_ins(days)
        if changed:
            self.invalidate_model(flush=False)
        return changed

    @api.model
    def _sql_standing(self):
        """Table expressions on ``away`` and ``person`` (user_id, company_id, day,
        today); ``standing`` is who stands in for a person on a day: the first on the
        way from stand-in to stand-in who is not away. People who stand in for each
        other end the way."""
        return SQL(
            """chain AS (
                    SELECT person.user_id, person.company_id, person.day, person.today,
                           away.stand_in_id AS holder, ARRAY[person.user_id] AS path
                      FROM person
                      JOIN away
                        ON away.user_id = person.user_id
                       AND person.day BETWEEN away.date_from AND away.date_to
                     WHERE away.stand_in_id IS NOT NULL
                 UNION ALL
                    SELECT chain.user_id, chain.company_id, chain.day, chain.today,
                           away.stand_in_id, chain.path || chain.holder
                      FROM chain
                      JOIN away
                        ON away.user_id = chain.holder
                       AND chain.day BETWEEN away.date_from AND away.date_to
                     WHERE away.stand_in_id IS NOT NULL
                       AND chain.holder <> ALL(chain.path)
                ), standing AS (
                    SELECT DISTINCT ON (chain.user_id, chain.company_id, chain.day)
                           chain.user_id, chain.company_id, chain.day, chain.holder
                      FROM chain
                      JOIN res_users holder
                        ON holder.id = chain.holder
                       AND (holder.active OR chain.day < chain.today)
                      JOIN res_company_users_rel works
                        ON works.user_id = holder.id AND works.cid = chain.company_id
                     WHERE chain.holder <> ALL(chain.path)
                       AND NOT EXISTS (
                            SELECT FROM away
                             WHERE away.user_id = chain.holder
                               AND chain.day BETWEEN away.date_from AND away.date_to)
                  ORDER BY chain.user_id, chain.company_id, chain.day,
                           cardinality(chain.path), chain.holder
                )"""
        )

    @api.model
    def _sql_away(self):
        return SQL(
            "away(id, user_id, stand_in_id, date_from, date_to) AS MATERIALIZED (%s)",
            self.env["care.absence"]._sql_away(),
        )

    @api.model
    def _write_stand_ins(self, days):
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(days)s, %(away)s, person AS (
                    SELECT DISTINCT away.user_id, company.id AS company_id,
                           company.today AS day, company.today
                      FROM company
                      JOIN away
                        ON company.today BETWEEN away.date_from AND away.date_to
                ), %(standing)s, changed AS (
                    SELECT target.id, standing.holder
                      FROM standing
                      JOIN care_plan_target target
                        ON target.user_id = standing.user_id
                       AND target.company_id = standing.company_id
                     WHERE target.state = 'open'
                       AND target.stand_in_id IS DISTINCT FROM standing.holder
                 UNION ALL
                    SELECT target.id, NULL
                      FROM care_plan_target target
                      JOIN company ON company.id = target.company_id
                     WHERE target.stand_in_id IS NOT NULL
                       AND target.state <> 'met'
                       AND NOT EXISTS (
                            SELECT FROM standing
                             WHERE standing.user_id = target.user_id
                               AND standing.company_id = target.company_id)
                )
                UPDATE care_plan_target target
                   SET stand_in_id = changed.holder,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM changed
                 WHERE target.id = changed.id
                """,
                days=days,
                away=self._sql_away(),
                standing=self._sql_standing(),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _write_absence_excuses(self, days, since=None):
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE %(days)s, %(away)s, ending AS (
                    SELECT DISTINCT ON (target.id)
                           target.id, target.user_id, target.company_id,
                           target.date_end, target.state, target.absence_id,
                           company.today, away.id AS excused_by
                      FROM away
                      JOIN care_plan_target target
                        ON target.user_id = away.user_id
                       AND target.date_end BETWEEN away.date_from AND away.date_to
                      JOIN company
                        ON company.id = target.company_id
                       AND company.today >= away.date_from
                     WHERE target.state = 'open'
                        OR target.state = 'missed' AND target.date_end >= %(since)s
                        OR target.excuse_kind = 'absence'
                       AND target.date_end >= LEAST(%(since)s, company.today)
                  ORDER BY target.id, away.id
                ), person AS (
                    SELECT DISTINCT user_id, company_id, date_end AS day, today
                      FROM ending
                ), %(standing)s, wanted AS (
                    SELECT ending.*
                      FROM ending
                 LEFT JOIN standing
                        ON standing.user_id = ending.user_id
                       AND standing.company_id = ending.company_id
                       AND standing.day = ending.date_end
                     WHERE standing.holder IS NULL
                ), judged AS (
                    SELECT id, state, absence_id, date_end, today, excused_by,
                           TRUE AS is_excused
                      FROM wanted
                 UNION ALL
                    SELECT target.id, target.state, target.absence_id, target.date_end,
                           company.today, NULL, FALSE
                      FROM care_plan_target target
                      JOIN company ON company.id = target.company_id
                     WHERE target.excuse_kind = 'absence'
                       AND target.date_end >= LEAST(%(since)s, company.today)
                ), changed AS (
                    SELECT id, MAX(excused_by) AS excused_by,
                           CASE WHEN bool_or(is_excused) THEN 'absence' END AS kind,
                           CASE WHEN bool_or(is_excused)
                                THEN COALESCE(NULLIF(NULLIF(state, 'open'), 'missed'),
                                              'excused')
                                WHEN state <> 'excused' THEN state
                                WHEN date_end < today THEN 'missed'
                                ELSE 'open' END AS state
                      FROM judged
                  GROUP BY id, state, absence_id, date_end, today
                    HAVING NOT bool_or(is_excused)
                        OR state IN ('open', 'missed')
                        OR absence_id IS DISTINCT FROM MAX(excused_by)
                )
                UPDATE care_plan_target target
                   SET state = changed.state, excuse_kind = changed.kind,
                       absence_id = changed.excused_by,
                       excuse_reason = NULL, excused_by_id = NULL,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM changed
                 WHERE target.id = changed.id
             RETURNING target.id
                """,
                days=days,
                away=self._sql_away(),
                standing=self._sql_standing(),
                since=SQL("%s::date", since),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        if rows:
            ids = [target for (target,) in rows]
            self._update_make_good(SQL("target.id = ANY(%s)", ids))
        return len(rows)
