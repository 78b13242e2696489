from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestStockCount(OutlookCase):
    """Mine buys one serum every 20 days: 0.05 a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refresh()
        cls.Report = cls.env["care.interaction"].with_user(cls.rep)
        cls.Count = cls.env["care.stock.count"].with_user(cls.rep)

    def file(self, *lines, key="11111111-aaaa", partner=None):
        """The report sheet, filed by the rep: (category, quantity)"""
        answer = self.Report.report_from_phone(
            {
                "key": key,
                "partner_id": (partner or self.mine).id,
                "channel": "visit",
                "summary": "Counted the shelf",
                "stock_lines": [
                    {"category_id": category.id, "quantity": quantity}
                    for category, quantity in lines
                ],
            }
        )
        return self.Report.browse(answer["id"])

    def planned(self, **values):
        return self.Report.create({"partner_id": self.mine.id, **values})

    def enter(self, report, category, quantity):
        report.stock_lines = [{"category_id": category.id, "quantity": quantity}]

    # From the report to the list -----------------------------------------

    def test_from_the_report_to_reorders_due(self):
        self.orders(self.mine, (3,), quantity=4)
        self.refresh()
        tomorrow = self.today + timedelta(days=1)
        self.assertNotIn(
            self.reorder(self.mine), self.Reorder.search(self.Reorder._due(tomorrow))
        )
        [line] = self.Report.sheet_values(self.mine.id)["stock_lines"]
        self.assertEqual(
            (line["category_id"], line["name"], line["quantity"]),
            (self.serum.id, "Serum", None),
        )
        report = self.file((self.serum, 0.25), (self.mask, 7))
        self.assertRecordValues(
            report.stock_count_ids.sorted("quantity"),
            [
                {
                    "partner_id": self.mine.id,
                    "category_id": category.id,
                    "quantity": quantity,
                    "user_id": self.rep.id,
                    "company_id": self.company.id,
                    "date": report.date,
                }
                for category, quantity in ((self.serum, 0.25), (self.mask, 7))
            ],
        )
        self.refresh(tomorrow)
        row = self.reorder(self.mine)
        self.assertEqual(row.interval_source, "stock")
        self.assertEqual(row.stock_date, report.date)
        daily = 8 / (158 - 3)
        left = int(0.25 / daily)
        self.assertEqual(row.due_date, report.date + timedelta(days=left))
        due = self.Reorder.with_user(self.rep).search(self.Reorder._due(tomorrow))
        self.assertIn(row, due)
        self.orders(self.mine, (0,))
        self.assertFalse(
            self.Reorder.search(self.Reorder._due(tomorrow) & self.of(row)),
            "taken off when ordered",
        )

    def of(self, row):
        return fields.Domain("id", "=", row.id)

    def test_counts_once_the_report_is_filed(self):
        report = self.planned()
        self.enter(report, self.serum, 3)
        later = self.today + timedelta(days=1)
        self.refresh(later)
        self.assertEqual(self.reorder(self.mine).interval_source, "own")
        report.summary = "Shelf"
        report.action_done()
        self.refresh(later)
        self.assertEqual(self.reorder(self.mine).interval_source, "stock")
        report.action_cancel()
        self.refresh(later)
        self.assertEqual(self.reorder(self.mine).interval_source, "own")

    def test_the_newest_count_decides(self):
        self.file((self.serum, 8))
        self.file((self.serum, 3), key="22222222-bbbb")
        self.refresh(self.today + timedelta(days=1))
        due = self.today + timedelta(days=int(3 / (7 / 140)))
        self.assertEqual(self.reorder(self.mine).due_date, due)

    def test_sent_again_it_is_counted_once(self):
        first = self.file((self.serum, 3))
        self.assertEqual(self.file((self.serum, 3)), first)
        self.assertEqual(len(first.stock_count_ids), 1)

    # What the form shows -------------------------------------------------

    def test_usual_categories_are_offered(self):
        report = self.planned()
        [line] = report.stock_lines
        self.assertEqual(line["category_id"], self.serum.id)
        self.assertIsNone(line["quantity"])
        self.assertIn("Usually 1", line["hint"])
        self.enter(report, self.mask, 0)
        self.assertEqual(
            [(line["name"], line["quantity"]) for line in report.stock_lines],
            [("Mask", 0), ("Serum", None)],
        )
        self.assertEqual(len(report.stock_count_ids), 1, "0 left is a count")
        self.enter(report, self.mask, None)
        self.assertFalse(report.stock_count_ids, "empty is none")

    def test_switched_off_nothing_is_offered(self):
        groups = self.env.ref("customer_care.group_user").sudo()
        groups.implied_ids -= self.env.ref("customer_care.group_care_outlook")
        self.assertNotIn("stock_lines", self.Report.sheet_values(self.mine.id))
        self.assertFalse(self.planned().stock_lines)

    def test_follows_its_report(self):
        report = self.planned()
        self.enter(report, self.serum, 3)
        other = self.customer("Other", user_id=self.rep.id)
        report.write({"partner_id": other.id, "date_start": "2026-01-05 10:00:00"})
        count = report.stock_count_ids
        self.assertEqual(count.partner_id, other)
        self.assertEqual(count.date, report.date)
        count.write({"partner_id": self.mine.id, "date": self.today, "quantity": 2})
        self.assertEqual(count.partner_id, other)
        self.assertEqual(count.date, report.date)
        self.assertEqual(count.quantity, 2)
        report.sudo().unlink()
        self.assertFalse(count.exists())

    # Bad input ------------------------------------------------------------

    def test_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.file((self.serum, -1)).flush_recordset()

    def test_absurd(self):
        with self.assertError(ValidationError, "Mine has bought 8"):
            self.file((self.serum, 81))
        with self.assertError(ValidationError, "cannot be right"):
            self.file((self.mask, 10_000_000), key="22222222-bbbb")
        report = self.file((self.serum, 80), key="33333333-cccc")
        with self.assertError(ValidationError, "cannot be right"):
            self.enter(report, self.serum, 5_000)

    def test_no_number(self):
        for quantity in ("many", True, float("nan"), float("inf"), [1]):
            with (
                self.subTest(quantity=quantity),
                self.assertError(UserError, "no number"),
            ):
                self.file((self.serum, quantity))
        for lines in ("Serum", ["Serum"], [{}], [{"category_id": "1"}]):
            with self.subTest(lines=lines), self.assertError(UserError, "no number"):
                self.Report.report_from_phone(
                    {
                        "key": "11111111-aaaa",
                        "partner_id": self.mine.id,
                        "stock_lines": lines,
                    }
                )

    def test_repeated(self):
        with self.assertError(UserError, "counted once"):
            self.file((self.serum, 1), (self.serum, 2))
        report = self.file((self.serum, 1), key="22222222-bbbb")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.Count.create(
                {
                    "interaction_id": report.id,
                    "category_id": self.serum.id,
                    "quantity": 2,
                }
            ).flush_recordset()

    def test_counted_in_the_future(self):
        with self.assertError(ValidationError, "in the future"):
            self.Count.create(
                {
                    "partner_id": self.mine.id,
                    "category_id": self.serum.id,
                    "quantity": 1,
                    "date": self.today + timedelta(days=3),
                }
            )

    # Rights -----------------------------------------------------------------

    def test_the_author_corrects(self):
        count = self.file((self.serum, 3)).stock_count_ids
        count.quantity = 2
        self.assertEqual(count.quantity, 2)
        colleague = self.make_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            count.with_user(colleague).read(["quantity"])
        taken = self.mine.sudo().care_member_ids.role_id
        role = self.env["care.role"].search([("id", "not in", taken.ids)], limit=1)
        self.env["care.account.member"].create(
            {
                "partner_id": self.mine.id,
                "user_id": colleague.id,
                "role_id": role.id,
            }
        )
        self.env.invalidate_all()
        theirs = count.with_user(colleague)
        self.assertEqual(theirs.quantity, 2, "the team reads it")
        for change in (
            lambda: theirs.write({"quantity": 9}),
            theirs.unlink,
            lambda: self.enter(
                count.interaction_id.with_user(colleague), self.serum, 9
            ),
            lambda: theirs.create(
                {
                    "interaction_id": count.interaction_id.id,
                    "category_id": self.mask.id,
                    "quantity": 1,
                }
            ),
        ):
            with self.assertRaises(AccessError):
                change()
        count.with_user(self.all).quantity = 5
        self.assertEqual(count.quantity, 5)
        self.assertEqual(count.user_id, self.rep)

    def test_it_tells_nothing_about_other_customers(self):
        """The error of a typo tells what was bought, so the rules come first."""
        other = self.make_user("other", "sales_team.group_sale_salesman")
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        values = {"category_id": self.serum.id, "quantity": 10_000_000}
        with self.assertRaises(AccessError):
            self.Count.with_user(other).create({**values, "partner_id": self.mine.id})
        count = self.Count.create(
            {
                "partner_id": self.mine.id,
                "category_id": self.serum.id,
                "quantity": 1,
                "company_id": foreign.id,
            }
        )
        self.assertEqual(count.company_id, self.company)

    def test_into_nobodys_report(self):
        report = self.env["care.interaction"].create(
            {"partner_id": self.mine.id, "user_id": self.all.id}
        )
        values = {
            "partner_id": self.mine.id,
            "category_id": self.serum.id,
            "quantity": 1,
        }
        planted = self.Count.with_context(default_interaction_id=report.id)
        self.assertFalse(planted.create(values).interaction_id)
        self.env["ir.default"].with_user(self.rep).set(
            "care.stock.count", "interaction_id", report.id, user_id=True
        )
        self.assertFalse(self.Count.create(values).interaction_id)

    def test_in_nobodys_name(self):
        count = self.Count.create(
            {
                "partner_id": self.mine.id,
                "category_id": self.serum.id,
                "quantity": 1,
                "user_id": self.all.id,
            }
        )
        self.assertEqual(count.user_id, self.rep)
        count.write({"user_id": self.all.id})
        self.assertEqual(count.user_id, self.rep)
        with self.assertRaises(AccessError):
            count.write({"partner_id": self.theirs.id})
