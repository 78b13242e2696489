from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import windows
from ..core.care_analysis import sql_attainment

DUES = [
    ("missed", "Missed: Make Good"),
    ("overdue", "Overdue"),
    ("today", "Today"),
    ("week", "This Week"),
    ("later", "Later"),
]
PACES = [("behind", "Behind"), ("on_pace", "On Pace"), ("ahead", "Ahead")]
CALENDAR_WEEK = windows.Frequency(1, 1, "week", 1, date(2024, 1, 1))
"""Weeks from Monday to Sunday."""


class CarePlanTarget(models.Model):
    """When the next contact is due, against today: computed when read."""

    _inherit = "care.plan.target"

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

    @api.depends("date_aim", "date_slot", "state", "make_good")
    def _compute_due(self):
        today = fields.Date.context_today(self)
        week_end = windows.window_of(CALENDAR_WEEK, today).end
        for target in self:
            target.due, target.pace = target.make_good and "missed", False
            if target.state != "open" or not target.date_aim:
                continue
            slot = windows.Slot(target.date_slot, target.date_aim)
            target.pace = windows.pace(slot, today)
            target.due = windows.due(target.date_aim, today, week_end)

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
        """As ``tools.windows.due`` and ``pace``; an overdue contact is behind."""
        if field_expr not in ("due", "pace"):
            return super()._field_to_sql(alias, field_expr, query)
        today = fields.Date.context_today(self)
        names = {
            name: super(CarePlanTarget, self)._field_to_sql(alias, name, query)
            for name in ("state", "date_aim", "date_slot", "make_good")
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
            "CASE WHEN %(make_good)s THEN 'missed'"
            " WHEN %(state)s <> 'open' THEN NULL"
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
        if aggregate_spec != "attainment:avg":
            return super()._read_group_select(aggregate_spec, query)
        return sql_attainment(
            self._field_to_sql(self._table, "counted", query),
            self._field_to_sql(self._table, "goal", query),
        )
