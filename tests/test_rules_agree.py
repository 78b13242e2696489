from datetime import date, datetime, timedelta
from itertools import product

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.contact_plan.care_plan_rule import CHANNELS
from ..models.contact_plan.care_plan_target_due import CALENDAR_WEEK
from ..models.core.care_analysis import sql_attainment
from ..models.satisfaction.care_answer import sql_band, sql_level, sql_ratio
from ..tools import matching, satisfaction, sla_clock, tiers, windows
from .common_complaint import ComplaintCase

NOW = datetime(2026, 11, 10, 9)
"""As the clock of these tests says"""
TODAY = NOW.date()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestRulesAgree(ComplaintCase):
    """A rule that SQL and Python both need gives the same in both, for each mixture of
    the values at and around its limits."""

    def both(self, columns, rows, expression, function):
        """:param columns: {name: type}; ``expression`` reads them from ``line``"""
        values = SQL(", ").join(
            SQL(
                "(%s)",
                SQL(", ").join(
                    SQL("%s::" + kind, value)
                    for value, kind in zip(row, columns.values(), strict=True)
                ),
            )
            for row in rows
        )
        names = SQL(", ").join(map(SQL.identifier, columns))
        found = self.env.execute_query(
            SQL("SELECT %s FROM (VALUES %s) AS line(%s)", expression, values, names)
        )
        self.assertTrue(rows)
        self.assertEqual(
            {row: value for row, (value,) in zip(rows, found, strict=True)},
            {row: function(*row) for row in rows},
        )

    def test_state_of_a_complaint(self):
        moments = (None, NOW - HOUR, NOW, NOW + HOUR)
        self.both(
            {
                "sla_deadline": "timestamp",
                "sla_warn_at": "timestamp",
                "sla_paused": "boolean",
                "sla_result": "varchar",
            },
            list(product(moments, moments, (True, False), (None, "met", "missed"))),
            self.env["care.complaint"]._sql_sla_state("line"),
            lambda *row: sla_clock.summary_state(*row, NOW),
        )

    def test_state_of_a_complaint_is_found_and_grouped(self):
        Complaint = self.env["care.complaint"]
        complaints = Complaint
        for deadline, paused, result in product(
            (False, NOW - HOUR, NOW + HOUR), (True, False), (False, "met", "missed")
        ):
            complaint = self.complain()
            complaint.sudo().write(
                {
                    "sla_deadline": deadline,
                    "sla_warn_at": deadline and deadline - 2 * HOUR,
                    "sla_paused": paused,
                    "sla_result": result,
                }
            )
            complaints |= complaint
        for state in dict(Complaint._fields["sla_state"].selection):
            mine = complaints.filtered(lambda c, state=state: c.sla_state == state)
            within = [("id", "in", complaints.ids)]
            self.assertEqual(
                Complaint.search([*within, ("sla_state", "=", state)], order="id"),
                mine.sorted("id"),
            )
            self.assertEqual(
                Complaint.search_count([*within, ("sla_state", "!=", state)]),
                len(complaints - mine),
            )
        grouped = Complaint._read_group(
            [("id", "in", complaints.ids)], ["sla_state"], ["__count"]
        )
        self.assertEqual(
            dict(grouped),
            {
                state: len(group)
                for state, group in complaints.grouped("sla_state").items()
            },
        )

    def test_late_is_late_everywhere(self):
        """The alarm, the report and the complaint agree also where no clock runs any
        more, and where the answer was late but the solution can still be in time."""
        top = self.salon
        top.care_tier_id = self.A
        complaint = self.complain(partner_id=top.id)
        for deadline, result, state, alarm in (
            (False, "missed", "missed", "late"),
            (NOW - HOUR, False, "missed", "late"),
            (NOW + HOUR, "missed", "on_track", "open"),
            (False, "met", "met", "open"),
        ):
            complaint.sudo().write(
                {
                    "sla_deadline": deadline,
                    "sla_warn_at": False,
                    "sla_paused": False,
                    "sla_result": result,
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            row = self.env["care.complaint.report"].browse(complaint.id)
            self.assertEqual(
                (complaint.sla_state, row.sla_state, row.late_count, top.care_alarm),
                (state, state, int(alarm == "late"), alarm),
            )
            for wanted in ("late", "open"):
                found = top.search([("id", "=", top.id), ("care_alarm", "=", wanted)])
                self.assertEqual(bool(found), wanted == alarm, (deadline, result))

    def test_due_and_pace(self):
        target = self.env["care.plan.target"].with_context(tz="UTC")
        days = [TODAY + DAY * number for number in (-8, -1, 0, 1, 4, 5, 6, 30)]
        rows = [
            (state, make_good, aim, slot)
            for state, make_good, aim, slot in product(
                ("open", "met", "missed"), (False, True), days, days
            )
            if slot <= aim and (state == "missed" or not make_good)
        ]
        week_end = windows.window_of(CALENDAR_WEEK, TODAY).end
        self.assertEqual(week_end, date(2026, 11, 15), "a Sunday")
        columns = {
            "state": "varchar",
            "make_good": "bool",
            "date_aim": "date",
            "date_slot": "date",
        }
        self.both(
            columns,
            rows,
            target._field_to_sql("line", "due"),
            lambda state, make_good, aim, _slot: windows.due(aim, TODAY, week_end)
            if state == "open"
            else (make_good and "missed") or None,
        )
        self.both(
            columns,
            rows,
            target._field_to_sql("line", "pace"),
            lambda state, _good, aim, slot: windows.pace(windows.Slot(slot, aim), TODAY)
            if state == "open"
            else None,
        )

    def test_stale_card(self):
        self.both(
            {"care_verified_date": "date", "verify_days": "int"},
            list(
                product(
                    (None, TODAY - 31 * DAY, TODAY - 30 * DAY, TODAY), (0, 30, 3650)
                )
            ),
            self.env["care.tier"]._sql_card_is_stale("line", "line", TODAY),
            lambda verified, days: tiers.card_is_stale(verified, days, TODAY),
        )

    def test_stale_card_is_found(self):
        self.A.verify_days = 30
        customers = self.env["res.partner"]
        for verified in (False, TODAY - 31 * DAY, TODAY - 30 * DAY):
            customer = self.a_customer(f"Verified {verified}")
            customer._care_unlock().write({"care_verified_date": verified})
            customers |= customer
        contact = customers[0].create({"name": "N", "parent_id": customers[0].id})
        everybody = customers | contact
        found = customers.search(
            [("care_card_stale", "=", True), ("id", "in", everybody.ids)]
        )
        self.assertEqual(found, everybody.filtered("care_card_stale"))
        self.assertEqual(set(found), set(customers[:2]))
        rows = self.env["care.customer.report"].search(
            [("partner_id", "in", everybody.ids), ("stale_count", "=", 1)]
        )
        self.assertEqual(set(rows.partner_id), set(found))

    def test_satisfaction(self):
        scores = (None, 0.0, 12.5, 39.9, 40.0, 40.1, 62.5, 89.9, 90.0, 100.0)
        self.both(
            {
                "score": "float",
                "care_low_score": "float",
                "care_happy_score": "float",
            },
            list(product(scores, (0.0, 40.0), (62.5, 90.0))),
            sql_band(SQL.identifier("line", "score"), "line"),
            lambda score, low, high: None
            if score is None
            else satisfaction.band(score, low, high),
        )
        self.both(
            {"score": "float"},
            [(score,) for score in scores if score is not None],
            sql_level(SQL.identifier("line", "score")),
            satisfaction.level,
        )

    def test_ratio(self):
        scores = (0.0, 12.5, 50.0, 75.0, 100.0)
        self.both(
            {"perceived": "float", "expected": "float"},
            list(product(scores, scores)),
            sql_ratio(
                SQL.identifier("line", "perceived"), SQL.identifier("line", "expected")
            ),
            satisfaction.ratio,
        )

    def test_channels(self):
        self.assertEqual(tuple(dict(CHANNELS)), matching.CHANNEL_RANKING)
        self.assertEqual(matching.CHANNEL_RANKING[:2], matching.MEETING_CHANNELS)

    def test_attainment_of_a_group(self):
        rows = [(1, 2), (0, 0), (3, 3)]
        values = SQL(", ").join(SQL("(%s, %s)", *row) for row in rows)
        [(value,)] = self.env.execute_query(
            SQL(
                "SELECT %s FROM (VALUES %s) AS line(made, owed)",
                sql_attainment(SQL("made"), SQL("owed")),
                values,
            )
        )
        self.assertEqual(value, 80)

    def test_month_of_a_repeat_is_the_company_s(self):
        """Midnight in Shanghai, not in UTC, begins the month."""
        self.company.partner_id.tz = "Asia/Shanghai"
        earlier = fields.Datetime.to_datetime("2026-10-31 16:30:00")
        leaks = {"category_id": self.env["care.complaint.category"].search([])[0].id}
        first = self.complain(received_at=earlier, **leaks)
        again = self.complain(**leaks)
        self.assertEqual(again.repeat_of_id, first, "1 November there")
        self.company.partner_id.tz = "UTC"
        leaks["partner_id"] = self.customer("Elsewhere").id
        self.complain(received_at=earlier, **leaks)
        self.assertFalse(self.complain(**leaks).repeat_of_id)
