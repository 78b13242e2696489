from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...models.contact_plan.care_plan_target_due import CALENDAR_WEEK
from ...tools import windows

MAX_WEEKS = 26


class CareCapacity(models.TransientModel):
    """Compare the hours of the contacts owed, by person and week, with the working
    hours of the person's calendar.

    The hours of a contact are spread evenly over the days from today (or from when its
    turn begins) to its due day; of one that is overdue they fall on this week.
    """

    _name = "care.capacity"
    _description = "Contact Capacity"

    weeks = fields.Integer(default=6, required=True)
    team_id = fields.Many2one("crm.team", "Sales Team")
    matrix = fields.Json(compute="_compute_matrix")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Capacity")

    @api.depends("weeks", "team_id")
    @api.depends_context("uid", "company")
    def _compute_matrix(self):
        for capacity in self:
            weeks = capacity._weeks()
            planned = capacity._planned_hours(weeks)
            users = self.env["res.users"].browse(planned).sudo().exists()
            if capacity.team_id:
                users &= capacity.team_id.sudo().member_ids
            if not self.env.user.has_group("customer_care.group_user_all"):
                users &= self.env.user
            available = capacity._working_hours(users, weeks)
            capacity.matrix = {
                "weeks": [fields.Date.to_string(week.start) for week in weeks],
                "rows": [
                    {
                        "id": user.id,
                        "name": user.name,
                        "cells": [
                            self._cell(
                                planned[user.id].get(week, 0),
                                available.get((user.id, week), 0),
                            )
                            for week in weeks
                        ],
                    }
                    for user in users.sorted("name")
                ],
            }

    def _cell(self, planned, working):
        """Load in percent; without any working hour there is none to divide by."""
        return {
            "planned": round(planned, 1),
            "working": round(working, 1),
            "load": round(100 * planned / working) if working else None,
        }

    def _weeks(self):
        week = windows.window_of(CALENDAR_WEEK, fields.Date.context_today(self))
        weeks = [week]
        while len(weeks) < min(max(self.weeks, 1), MAX_WEEKS):
            weeks.append(windows.following(CALENDAR_WEEK, weeks[-1]))
        return weeks

    def _planned_hours(self, weeks):
        """{id of a user: {week: hours}}"""
        company = self.env.company
        today = fields.Date.context_today(self)
        self.env["care.plan.target"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH owed AS (
                    SELECT target.user_id, target.channel, rule.duration_days,
                           target.goal - target.done AS contacts,
                           GREATEST(target.date_start, %(today)s) AS first,
                           GREATEST(target.date_last_aim, %(today)s,
                                    target.date_start) AS last
                      FROM care_plan_target target
                      JOIN care_plan_rule rule ON rule.id = target.rule_id
                     WHERE target.state = 'open' AND target.user_id IS NOT NULL
                       AND target.company_id = %(company)s
                )
                SELECT owed.user_id, week.place,
                       SUM(contacts * CASE channel
                            WHEN 'onsite' THEN duration_days * %(day)s
                            WHEN 'visit' THEN %(visit)s
                            WHEN 'phone' THEN %(phone)s
                            ELSE %(online)s END
                           * (LEAST(owed.last, week.last)
                              - GREATEST(owed.first, week.first) + 1)
                           / (owed.last - owed.first + 1))
                  FROM owed
                  JOIN unnest(%(starts)s::date[], %(ends)s::date[]) WITH ORDINALITY
                       AS week(first, last, place)
                    ON week.first <= owed.last AND week.last >= owed.first
              GROUP BY owed.user_id, week.place
                """,
                today=today,
                company=company.id,
                day=company.resource_calendar_id.hours_per_day or 8.0,
                visit=company.care_hours_visit,
                phone=company.care_hours_phone,
                online=company.care_hours_online,
                starts=[week.start for week in weeks],
                ends=[week.end for week in weeks],
            )
        )
        planned = defaultdict(dict)
        for user, place, hours in rows:
            planned[user][weeks[place - 1]] = float(hours)
        return planned

    def _working_hours(self, users, weeks):
        """{(id of a user, week): hours}, holidays taken off, from today on"""
        company = self.env.company
        now = fields.Datetime.now()
        hours = {}
        by_calendar = defaultdict(users.browse)
        for user in users:
            by_calendar[user.resource_calendar_id or company.resource_calendar_id] += (
                user
            )
        for calendar, people in by_calendar.items():
            tz = pytz.timezone(calendar.tz or "UTC")
            for week in weeks:
                start = tz.localize(datetime.combine(week.start, time()))
                end = tz.localize(
                    datetime.combine(week.end + timedelta(days=1), time())
                )
                start = max(start, pytz.utc.localize(now))
                if not calendar or start >= end:
                    continue
                count = calendar._care_work_hours(company, start, end)
                for user in people:
                    hours[user.id, week] = count
        return hours

    @api.model
    def action_open(self):
        capacity = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Capacity"),
            "res_model": self._name,
            "res_id": capacity.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_open_cell(self, user_id, week_start):
        """Contacts owed by a person whose due day is up to the end of a week."""
        self.ensure_one()
        start = fields.Date.to_date(week_start)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.team_target_action"
        )
        return action | {
            "domain": [
                ("user_id", "=", user_id),
                ("state", "=", "open"),
                ("date_start", "<=", start + timedelta(days=6)),
                ("date_last_aim", ">=", start),
            ],
            "context": {},
        }
