from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .test_report_sheet import SheetCase


@tagged("post_install", "-at_install")
class TestBriefOpened(SheetCase):
    """Share of visits before which the brief was opened"""

    def opened(self, moment, user=None, partner=None):
        with freeze_time(moment):
            partner = (partner or self.salon).with_user(user or self.rep)
            return partner.care_brief_opened()

    def views(self):
        return self.env["care.brief.view"].search(
            [("partner_id", "=", self.salon.id)], order="opened_at"
        )

    def test_kept(self):
        self.assertTrue(self.opened("2026-11-10 07:00:00"))
        self.assertFalse(self.opened("2026-11-10 07:03:00"), "the same look")
        self.assertTrue(self.opened("2026-11-10 08:00:00", partner=self.buyer))
        self.assertTrue(self.opened("2026-11-10 08:00:00", user=self.all))
        self.assertEqual(self.views().user_id, self.rep | self.all)
        self.assertEqual(len(self.views()), 3)
        own = self.env["care.brief.view"].with_user(self.rep).search([])
        self.assertEqual(own.user_id, self.rep)

    def test_time_of_a_phone(self):
        rep = self.salon.with_user(self.rep)
        rep.care_brief_opened("2026-11-12 08:00:00")
        self.assertEqual(self.views().opened_at, datetime(2026, 11, 10, 9))
        self.assertFalse(rep.care_brief_opened("2026-11-01 08:00:00"), "too old")
        with self.assertRaises(UserError):
            rep.care_brief_opened("yesterday")

    def visit(self, start, **values):
        return self.contact(self.salon, date_start=start, **values)

    def test_before_the_visit(self):
        self.opened("2026-11-10 07:00:00")
        yes = self.visit("2026-11-10 07:30:00")
        early = self.visit("2026-11-10 06:30:00")
        late = self.visit("2026-11-11 08:00:00", state="planned")
        other = self.visit("2026-11-10 07:30:00", user=self.all)
        checked_in = self.visit(
            "2026-11-10 06:45:00", checked_in_at="2026-11-10 07:10:00"
        )
        with freeze_time("2026-11-11 12:00:00"):
            late.action_done()
        contacts = yes | early | late | other | checked_in
        self.env.flush_all()
        self.assertEqual(
            contacts.mapped("brief_opened"), [True, False, False, False, True]
        )
        early.date_start = "2026-11-10 08:30:00"
        self.assertTrue(early.brief_opened)
        with self.assertRaises(UserError):
            early.with_user(self.rep).write({"brief_opened": False})

    def test_told_of_afterwards(self):
        visit = self.visit("2026-11-10 07:30:00")
        self.assertFalse(visit.brief_opened)
        self.salon.with_user(self.rep).care_brief_opened("2026-11-10 07:00:00")
        self.assertTrue(visit.brief_opened)

    def test_reports(self):
        self.opened("2026-11-02 07:00:00")
        self.visit("2026-11-02 08:00:00")
        self.visit("2026-11-09 08:00:00")
        self.contact(self.salon, 9, "phone")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_interaction SET brief_opened = NULL WHERE date = '2026-11-09'"
        )
        Report = self.env["care.contact.report"]
        mine = [("partner_id", "=", self.salon.id)]
        [[visits, briefed, share]] = Report._read_group(
            mine, [], ["visits:sum", "briefed:sum", "brief_share:avg"]
        )
        self.assertEqual(
            (visits, briefed, share), (1, 1, 100), "of old ones nobody knows"
        )

    def test_month_report(self):
        self.opened("2026-11-02 07:00:00")
        self.visit("2026-11-02 08:00:00")
        self.visit("2026-11-09 08:00:00")
        self.env.flush_all()
        report = self.env["care.month.report"].create(
            {"month": "2026-11-01", "company_id": self.company.id}
        )
        line = report._brief_line(report._people())
        self.assertEqual(line, "The brief was read before 1 of 2 visits (50%).")

    def test_old_ones_are_deleted(self):
        self.opened("2025-01-10 07:00:00")
        self.opened("2026-11-09 07:00:00")
        self.env["care.brief.view"]._gc_old_views()
        self.assertEqual(self.views().opened_at, datetime(2026, 11, 9, 7))


@tagged("post_install", "-at_install")
class TestBriefContents(SheetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon.care_preferences = "Tea, never coffee"
        cls.quotation = cls.order(cls.salon, 500, state="draft")
        cls.order(cls.salon, 700, datetime(2026, 10, 5))
        cls.order(cls.salon, 300, datetime(2026, 7, 5))

    def brief(self, user):
        self.env.invalidate_all()
        return self.salon.with_user(user).care_brief

    def test_contents(self):
        self.contact(self.salon, 3, satisfaction="2", summary="Wants a price list")
        self.buyer.care_birthday = "1980-11-20"
        brief = self.brief(self.rep)
        for words in (
            "Ms. Buyer",
            "Buyer",
            "11/20/2026",
            "tel:",
            "Tea, never coffee",
            self.quotation.name,
            "Somewhat dissatisfied",
            "Wants a price list",
            "+133% in the last 3 months",
        ):
            self.assertIn(words, brief)
        places = [brief.index(name) for name in ("persons", "money", "reports")]
        self.assertEqual(places, sorted(places), "most important first")

    def test_money_with_the_readers_rights(self):
        stranger = self.make_user("stranger", "customer_care.group_user")
        brief = self.brief(stranger)
        for words in (self.quotation.name, "in the last 3 months", "Overdue"):
            self.assertNotIn(words, brief)

    def test_only_ones_own_duties(self):
        self.env["care.account.member"].create(
            {
                "partner_id": self.salon.id,
                "role_id": self.consultant.id,
                "user_id": self.all.id,
            }
        )
        self.generate()
        self.assertIn("2 visits a month", self.brief(self.rep))
        self.assertNotIn("stay", self.brief(self.rep))


@tagged("post_install", "-at_install")
class TestBriefOverdue(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env["res.groups"]._switch_care_features(visit=True)
        cls.salon = cls.env["res.partner"].create({"name": "Salon", "is_company": True})
        for amount, due in ((123, "2026-10-01"), (456, "2099-10-01")):
            cls.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.salon.id,
                    "invoice_date": "2026-09-01",
                    "invoice_payment_term_id": False,
                    "invoice_date_due": due,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Serum",
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            ).action_post()

    def brief(self, login, groups):
        user = new_test_user(
            self.env,
            login,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        return self.salon.with_user(user).with_company(self.company).care_brief

    def test_with_the_readers_rights(self):
        clerk = self.brief(
            "clerk", "customer_care.group_user_all,account.group_account_invoice"
        )
        self.assertIn("Overdue", clerk)
        self.assertIn("123.00", clerk)
        self.assertNotIn("456.00", clerk, "not due yet")
        plain = self.brief("plain", "customer_care.group_user_all")
        self.assertNotIn("Overdue", plain)
        self.assertNotIn("123.00", plain)
