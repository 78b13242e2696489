from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.complaint.care_complaint_clock import WORST_FIRST
from .common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestOneTruth(ComplaintCase):
    """The same number and the same state in every place that shows them"""

    def foreign_order(self):
        """150 times less than its amount, known only from the rate of its day: Odoo
        stored 1 in the order, made before the rate was entered."""
        currency = self.env["res.currency"].create({"name": "XCC", "symbol": "X"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id, "company_id": self.company.id}
        )
        customer = self.customer("Abroad")
        order = self.order(customer, 300_000, "2026-09-10", pricelist_id=pricelist.id)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-09-01", "rate": 150}
        )
        return order

    def test_order_amount_is_the_same_everywhere(self):
        order = self.foreign_order()
        self.assertEqual(order.currency_rate, 1)
        customer = order.partner_id
        line = self.line(self.review(), customer)
        self.assertAlmostEqual(line.monthly_amount * 3, 2_000, 1, "review")
        trend = self.env.execute_query(customer._care_sql_trend(self.true()))
        self.assertEqual(sum(trend[0][0].values()), 2_000, "card")
        figures = self.env["care.indicator"]._purchases(
            self.company, datetime(2026, 9, 1).date(), datetime(2026, 10, 1).date()
        )
        self.assertEqual(figures["sales"], 2_000, "indicators")
        with patch(
            "odoo.addons.customer_care.models.tier.care_partner_tier.purchase_state",
            side_effect=lambda *args: self.seen.append(args[3:]) or "steady",
        ):
            self.seen = []
            self.env["care.partner.tier"]._refresh_purchases(customer, self.company)
        self.assertEqual(sum(map(sum, self.seen)), 2_000, "purchase state")

    def true(self):
        return SQL("TRUE")

    def test_order_without_any_rate_counts_as_it_stands(self):
        order = self.foreign_order()
        order.currency_id.rate_ids.unlink()
        for rate in (0, None):
            self.env.cr.execute(
                "UPDATE sale_order SET currency_rate = %s WHERE id = %s",
                (rate, order.id),
            )
            trend = self.env.execute_query(
                order.partner_id._care_sql_trend(self.true())
            )
            self.assertEqual(sum(trend[0][0].values()), 300_000)

    def test_worst_clock_is_one_of_the_complaints(self):
        for state, values in {
            "paused": {"sla_paused": True},
            "missed": {"sla_result": "missed"},
            "none": {"sla_result": False},
        }.items():
            complaint = self.complain(partner_id=self.customer(f"Shop {state}").id)
            complaint.sudo().write(
                {"sla_deadline": False, "sla_paused": False} | values
            )
            customer = complaint.partner_id
            self.assertEqual(complaint.sla_state, state)
            self.assertEqual(customer.care_complaint_state, state)
        self.assertEqual(
            set(WORST_FIRST),
            set(dict(self.env["care.complaint"]._fields["sla_state"].selection)),
        )

    def test_complaint_states_agree_with_the_search(self):
        complaints = self.complain(), self.complain(), self.complain()
        complaints[1].sudo().sla_paused = True
        for complaint in complaints:
            found = complaint.search([("sla_state", "=", complaint.sla_state)])
            self.assertIn(complaint, found)

    def test_in_use_is_archived_not_deleted(self):
        category = self.env["care.complaint.category"].create({"name": "Leaks"})
        complaint = self.complain(category_id=category.id)
        complaint.team_id = self.env["care.complaint.team"].create({"name": "Crew"})
        complaint.stage_id = complaint.stage_id.copy()
        for record in (complaint.team_id, complaint.stage_id, category):
            with self.assertError(UserError, "Archive it"):
                record.unlink()

    def test_promise_at_creation_reminds(self):
        complaint = self.complain(promise="A gift", promise_date="2026-11-12")
        [activity] = complaint.activity_ids
        self.assertEqual(str(activity.date_deadline), "2026-11-12")

    def test_copied_notes_have_names_of_their_own(self):
        complaints = self.complain() | self.complain() | self.complain()
        complaints._log_alike("The same for all")
        notes = complaints.message_ids.filtered(lambda m: "same for all" in m.body)
        self.assertEqual(len(notes), 3)
        self.assertEqual(len(set(notes.mapped("message_id"))), 3)

    def test_day_ends_at_midnight_of_the_user(self):
        target = self.env["care.plan.target"].new(
            {"partner_id": self.salon.id, "channel": "visit"}
        )
        for zone, hour in (("Asia/Shanghai", 16), ("UTC", 0)):
            target = target.with_context(tz=zone)
            self.assertEqual(target._end_of_day().hour, hour)

    def test_own_complaints_are_the_same_in_python_and_in_the_database(self):
        """Handled, of an own customer, of the team, of somebody one stands in for"""
        rep, absent = self.rep, self.manager
        team = self.team.copy({"member_ids": False, "manager_id": False})
        complaints = self.env["care.complaint"].union(
            *(
                self.complain(
                    partner_id=customer.id, team_id=team.id, user_id=handler.id
                )
                for customer in (self.salon, self.customer("Other"))
                for handler in (rep, absent, self.all)
            )
        )
        seen = complaints.with_user(rep).sudo()
        today = self.company._care_today()
        absence = {"date_from": today, "date_to": today, "stand_in_id": rep.id}
        for change, count in (
            (lambda: None, 4),
            (
                lambda: self.env["care.absence"].create(
                    {"user_id": absent.id, **absence}
                ),
                5,
            ),
            (lambda: team.write({"member_ids": rep.ids}), 6),
        ):
            change()
            self.env.invalidate_all()
            computed = seen.filtered("is_own")
            self.assertEqual(len(computed), count)
            found = seen.search([("is_own", "=", True), ("id", "in", seen.ids)])
            self.assertEqual(set(computed.ids), set(found.ids))
