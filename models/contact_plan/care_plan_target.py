from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import matching, windows
from ..core.care_customer_view import CareCustomerViewMixin
from .care_plan_rule import CHANNELS

DUES = [
    ("overdue", "Overdue"),
    ("today", "Today"),
    ("week", "This Week"),
    ("later", "Later"),
]
PACES = [("behind", "Behind"), ("on_pace", "On Pace"), ("ahead", "Ahead")]
EXCUSES = [
    ("closed", "Customer closed"),
    ("holiday", "Holiday"),
    ("agreed", "Agreed with the customer"),
    ("other", "Other"),
]
CALENDAR_WEEK = windows.Frequency(1, 1, "week", 1, date(2024, 1, 1))
"""Weeks from Monday to Sunday."""


class CarePlanTarget(models.Model):
    """Contacts that one person owes one customer in one window.

    Rows are made set-based by :meth:`_generate`. ``done`` and ``state`` follow from the
    contacts alone, see :meth:`_match`; both have files of their own.
    """

    _name = "care.plan.target"
    _description = "Contact Target"
    _inherit = ["mail.thread", "mail.activity.mixin", CareCustomerViewMixin._name]
    _order = "date_aim, tier_id, id"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "care.plan.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    exception_id = fields.Many2one(
        "care.plan.exception",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="What was agreed with this customer instead of the rule.",
    )
    role_id = fields.Many2one(
        "care.role", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        readonly=True,
        ondelete="set null",
        help="The member of the customer's account team with this role. Empty: nobody"
        " has it.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    tier_id = fields.Many2one(
        "care.tier",
        readonly=True,
        ondelete="restrict",
        help="Tier of the customer when the target was made.",
    )
    tier_color = fields.Integer(related="tier_id.color", string="Tier Color")
    care_alarm = fields.Selection(related="partner_id.care_alarm")
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    date_start = fields.Date("Window Start", required=True, readonly=True)
    date_end = fields.Date(
        "Late After", required=True, readonly=True, help="The last day that counts."
    )
    date_last_aim = fields.Date(
        "Last Aim",
        readonly=True,
        help="The contacts owed are spread evenly up to this day.",
    )
    date_aim = fields.Date(
        "Due", readonly=True, help="Recommended date of the next contact owed."
    )
    date_slot = fields.Date(
        "Not Before",
        readonly=True,
        help="The day from which the next contact owed can be made.",
    )
    goal = fields.Integer(required=True, readonly=True, default=1)
    done = fields.Integer(readonly=True, default=0)
    counted = fields.Integer(
        "Done of Goal",
        compute="_compute_counted",
        store=True,
        help="Contacts made, up to the goal.",
    )
    attainment = fields.Float(
        "Attainment (%)",
        compute="_compute_attainment",
        aggregator="avg",
        digits=(16, 1),
        help="Contacts made ÷ contacts owed. Contacts beyond the goal of one target "
        "do not make up for another.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("excused", "Excused"),
            ("superseded", "Superseded"),
        ],
        default="open",
        required=True,
        readonly=True,
    )
    excuse_kind = fields.Selection(EXCUSES, readonly=True)
    excuse_reason = fields.Char(readonly=True)
    excused_by_id = fields.Many2one("res.users", "Excused by", readonly=True)
    missed_notified = fields.Boolean("Supervisor Notified", readonly=True)
    interaction_ids = fields.One2many("care.interaction", "target_id", "Contacts")
    due = fields.Selection(
        DUES,
        "When",
        compute="_compute_due",
        search="_search_due",
        readonly=True,
        group_expand=True,
    )
    pace = fields.Selection(
        PACES, compute="_compute_due", search="_search_pace", readonly=True
    )
    duty = fields.Char("Owed", compute="_compute_duty")
    next_planned = fields.Datetime("Planned", compute="_compute_next_planned")
    last_contact_date = fields.Date("Last Contact", compute="_compute_last_contact")
    last_contact_channel = fields.Selection(CHANNELS, compute="_compute_last_contact")
    complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_complaint_count"
    )
    reason_to_call = fields.Char(
        compute="_compute_reason_to_call",
        help="What was agreed or promised, or the news about the customer.",
    )
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")
    map_url = fields.Char("Map", related="partner_id.care_map_url")

    _window_uniq = models.UniqueIndex(
        "(partner_id, rule_id, date_start, company_id)",
        "This customer has a target of this rule for this window already.",
    )
    _open_user_idx = models.Index("(user_id, date_aim) WHERE state = 'open'")
    _open_end_idx = models.Index("(company_id, date_end) WHERE state = 'open'")
    _role_idx = models.Index("(partner_id, role_id)")
    _window_idx = models.Index("(company_id, date_start)")
    _end_idx = models.Index("(company_id, date_end)")
    _untold_idx = models.Index(
        "(company_id) WHERE state = 'missed' AND missed_notified IS NOT TRUE"
    )

    @api.depends_context("lang")
    @api.depends("role_id", "channel", "partner_id")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for target in self:
            target.display_name = (
                f"{target.partner_id.display_name} · {channels.get(target.channel)}"
            )

    @api.depends("done", "goal")
    def _compute_counted(self):
        for target in self:
            target.counted = min(target.done, target.goal)

    @api.depends("counted", "goal")
    def _compute_attainment(self):
        for target in self:
            target.attainment = 100 * target.counted / (target.goal or 1)

    @api.depends("date_aim", "date_slot", "state")
    def _compute_due(self):
        today = fields.Date.context_today(self)
        week_end = windows.window_of(CALENDAR_WEEK, today).end
        for target in self:
            target.due = target.pace = False
            if target.state != "open" or not target.date_aim:
                continue
            target.pace = windows.pace(
                windows.Slot(target.date_slot, target.date_aim), today
            )
            if target.date_aim < today:
                target.due = "overdue"
            elif target.date_aim == today:
                target.due = "today"
            else:
                target.due = "week" if target.date_aim <= week_end else "later"

    def _search_due(self, operator, value):
        return self._search_by_sql("due", operator, value)

    def _search_pace(self, operator, value):
        return self._search_by_sql("pace", operator, value)

    def _search_by_sql(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        values = [item or None for item in value]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s, '') IN %s",
                model._field_to_sql(alias, name, query),
                tuple(item or "" for item in values),
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """``due`` and ``pace`` depend on today, so they are computed when read."""
        if field_expr not in ("due", "pace"):
            return super()._field_to_sql(alias, field_expr, query)
        today = fields.Date.context_today(self)
        names = {
            name: super(CarePlanTarget, self)._field_to_sql(alias, name, query)
            for name in ("state", "date_aim", "date_slot")
        }
        if field_expr == "pace":
            return SQL(
                "CASE WHEN %(state)s <> 'open' THEN NULL"
                " WHEN %(date_aim)s < %(today)s THEN 'behind'"
                " WHEN %(date_slot)s > %(today)s THEN 'ahead'"
                " ELSE 'on_pace' END",
                today=today,
                **names,
            )
        return SQL(
            "CASE WHEN %(state)s <> 'open' THEN NULL"
            " WHEN %(date_aim)s < %(today)s THEN 'overdue'"
            " WHEN %(date_aim)s = %(today)s THEN 'today'"
            " WHEN %(date_aim)s <= %(week_end)s THEN 'week'"
            " ELSE 'later' END",
            today=today,
            week_end=windows.window_of(CALENDAR_WEEK, today).end,
            **names,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Compute the attainment of a group from its contacts, not as a mean of
        percentages."""
        if aggregate_spec != "attainment:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "counted", query),
            self._field_to_sql(self._table, "goal", query),
        )

    @api.depends("rule_id", "exception_id", "goal", "done")
    @api.depends_context("lang")
    def _compute_duty(self):
        for target in self:
            target.duty = self.env._(
                "%(done)s of %(goal)s · %(frequency)s",
                done=target.done,
                goal=target.goal,
                frequency=(target.exception_id or target.rule_id).sudo().summary,
            )

    @api.depends("partner_id", "role_id", "channel")
    def _compute_next_planned(self):
        planned = defaultdict(list)
        for partner, role, channel, start in self.env["care.interaction"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "planned")],
            ["partner_id", "role_id", "channel"],
            ["date_start:min"],
        ):
            planned[partner, role, channel].append(start)
        for target in self:
            key = target.partner_id, target.role_id, target.channel
            target.next_planned = min(planned.get(key, ()), default=False)

    @api.depends("partner_id")
    def _compute_last_contact(self):
        last = self.partner_id._care_last_contacts()
        for target in self:
            interaction = last.get(target.partner_id)
            target.last_contact_date = interaction and interaction.date
            target.last_contact_channel = interaction and interaction.channel

    @api.depends("partner_id")
    def _compute_complaint_count(self):
        counts = dict(
            self.env["care.complaint"]._read_group(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("closed_at", "=", False),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for target in self:
            target.complaint_count = counts.get(target.partner_id, 0)

    @api.depends("partner_id")
    def _compute_reason_to_call(self):
        reasons = self.partner_id._care_reasons_to_call()
        for target in self:
            target.reason_to_call = reasons.get(target.partner_id, False)

    @api.constrains("state", "excuse_reason")
    def _check_excuse(self):
        if any(
            target.state == "excused" and not (target.excuse_reason or "").strip()
            for target in self
        ):
            raise ValidationError(
                self.env._("Say why nothing is owed: customer closed, holiday, agreed.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(target.interaction_ids for target in self.sudo()):
            raise UserError(
                self.env._(
                    "Contacts count for this target. Excuse it instead of deleting it."
                )
            )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Return no partner: the customer must not receive these messages."""
        return []

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_excuse(self, kind="other", reason=None):
        """Excuse open or missed targets: users their own, administrators all.

        :raise UserError: without a reason, or the window is met or superseded
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "customer_care.group_user_all"
        ):
            foreign = self.filtered(lambda target: target.user_id != self.env.user)
            if foreign:
                raise AccessError(
                    self.env._(
                        "You can excuse your own targets only. Ask %s or your manager.",
                        foreign[0].user_id.name or self.env._("an administrator"),
                    )
                )
        labels = dict(self._fields["excuse_kind"]._description_selection(self.env))
        reason = (reason or (labels[kind] if kind != "other" else "")).strip()
        if not reason:
            raise UserError(
                self.env._("Say why nothing is owed: customer closed, holiday, agreed.")
            )
        closed = self.filtered(lambda target: target.state not in ("open", "missed"))
        if closed:
            raise UserError(
                self.env._(
                    "%s is already settled, so there is nothing to excuse.",
                    closed[0].display_name,
                )
            )
        self.sudo().write(
            {
                "state": "excused",
                "excuse_kind": kind,
                "excuse_reason": reason,
                "excused_by_id": self.env.uid,
            }
        )
        self.activity_unlink(["customer_care.mail_activity_type_missed"])
        for target in self:
            target._message_log(body=self.env._("Excused: %s", reason))

    def action_undo_excuse(self):
        self.check_access("read")
        excused = self.filtered(lambda target: target.state == "excused")
        if excused.excused_by_id - self.env.user and not self.env.user.has_group(
            "customer_care.group_user_all"
        ):
            raise AccessError(
                self.env._(
                    "Only the user who excused a target or a manager can undo it."
                )
            )
        excused.sudo().write(
            {
                "state": "open",
                "excuse_kind": False,
                "excuse_reason": False,
                "excused_by_id": False,
            }
        )
        self._match(excused._match_keys())
        for target in excused:
            target._message_log(body=self.env._("Excuse taken back"))

    def action_schedule(self):
        """Open the dialog that plans the contact: date, duration, people to invite."""
        return self._open_interaction(
            "customer_care.interaction_view_form_schedule"
        ) | {
            "name": self.env._("Schedule"),
            "target": "new",
        }

    def action_report(self):
        """Open the report of the planned contact, or of a new one."""
        self.ensure_one()
        planned = self._planned_contact()
        return self._open_interaction("customer_care.interaction_view_form") | {
            "res_id": planned.id
        }

    def _planned_contact(self):
        """The contact that the user planned for this target, else one that fits and was
        planned for no other target, up to the end of the user's day."""
        Interaction = self.env["care.interaction"]
        mine = Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "planned"),
            ]
        )
        own = mine & Domain("target_id", "=", self.id)
        fitting = mine & Domain(
            [
                ("target_id", "=", False),
                ("role_id", "=", self.role_id.id),
                ("channel", "=", self.channel),
                ("date_start", "<", self._end_of_day()),
            ]
        )
        return Interaction.search(
            own, order="date_start, id", limit=1
        ) or Interaction.search(fitting, order="date_start, id", limit=1)

    def _end_of_day(self):
        """Midnight after today in the user's time zone, in UTC"""
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        midnight = self.env.tz.localize(datetime.combine(tomorrow, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _open_interaction(self, view):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report"),
            "res_model": "care.interaction",
            "view_mode": "form",
            "views": [(self.env.ref(view).id, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_role_id": self.role_id.id,
                "default_channel": self.channel,
                "default_target_id": self.id,
                "default_company_id": self.company_id.id,
                "default_state": "planned",
            },
        }

    def action_open_map(self):
        self.ensure_one()
        return self.partner_id.action_open_care_map()

    def action_open_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # Contacts → windows
    # ------------------------------------------------------------

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
