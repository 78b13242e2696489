from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestTierReviewInvoice(AccountTestInvoicingCommon):
    """Invoices as the source, and overdue receivables."""

    make_tiers = classmethod(TierCase.make_tiers.__func__)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_care.group_manager")
        cls.company = cls.company_data["company"]
        cls.A, cls.B, cls.C, cls.D = cls.make_tiers(cls.company)
        cls.salon = cls.env["res.partner"].create({"name": "Salon", "is_company": True})

    def invoice(self, amount, date="2026-09-10", kind="out_invoice", due=None, **vals):
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.salon.id,
                "invoice_date": date,
                "invoice_date_due": due or date,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Serum",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    def line(self, date="2026-11-05", **values):
        review = self.env["care.tier.review"].create(
            {
                "date": date,
                "months": 3,
                "source": "invoice",
                "method": "amount",
                "company_id": self.company.id,
                **values,
            }
        )
        review.action_compute()
        return review.line_ids.filtered(lambda line: line.partner_id == self.salon)

    def test_invoices_minus_credit_notes(self):
        self.invoice(12_000, "2026-08-01")
        self.invoice(3_000, "2026-10-31", "out_refund")
        self.invoice(50_000, "2026-11-01")
        self.invoice(50_000, "2026-07-31")
        line = self.line()
        self.assertEqual(line.monthly_amount, 3_000)
        action = line.action_open_documents()
        moves = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), 9_000)

    def test_drafts_and_vendor_bills_do_not_count(self):
        self.invoice(12_000).button_draft()
        self.invoice(12_000, kind="in_invoice")
        self.assertFalse(self.line())

    def test_other_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self.invoice(18_000, currency_id=currency.id)
        self.assertEqual(self.line().monthly_amount, 3_000)

    def test_invoiced_customer_is_reviewed_by_orders_too(self):
        self.invoice(12_000)
        line = self.line(source="sale")
        self.assertEqual((line.monthly_amount, line.proposed_tier_id), (0, self.D))

    def test_overdue_lowers_at_once(self):
        """45 days: A admits 30, B 60."""
        self.invoice(60_000, "2026-09-21")
        self.salon.with_company(self.company).care_tier_id = self.A
        line = self.line()
        self.assertEqual(line.overdue_days, 45)
        self.assertEqual((line.computed_tier_id, line.decision), (self.A, "downgrade"))
        self.assertEqual(line.proposed_tier_id, self.B)
        self.assertIn("oldest overdue receivable 45 days, A allows 30", line.reason)

    def test_overdue_does_not_postpone_a_downgrade(self):
        """A at first; bought like C in both reviews, overdue at the first only."""
        self.salon.with_company(self.company).care_tier_id = self.A
        late = self.invoice(6_000, "2026-09-21")
        first = self.line()
        self.assertEqual(first.proposed_tier_id, self.B)
        first.review_id.action_apply()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=late.ids
        ).create({})._create_payments()
        second = self.line("2026-12-05")
        self.assertEqual(
            (second.decision, second.proposed_tier_id), ("downgrade", self.C)
        )

    def test_oldest_open_receivable_counts(self):
        self.invoice(60_000, "2026-10-31")
        self.invoice(300, "2026-01-01", due="2026-08-27")
        self.assertEqual(self.line().overdue_days, 70)
        self.assertEqual(self.line().proposed_tier_id, self.C)

    def test_paid_or_not_yet_due(self):
        paid = self.invoice(60_000, "2026-08-01")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        ).create({"payment_date": fields.Date.today()})._create_payments()
        self.invoice(100, "2026-10-01", due="2026-11-05")
        line = self.line()
        self.assertEqual((line.overdue_days, line.proposed_tier_id), (0, self.A))

    def test_credit_state(self):
        """Good, slow and bad payers; posting an invoice and the nightly job tell."""
        self.assertFalse(self.salon.care_credit_state)
        today = self.company._care_today()
        self.invoice(100, date=today, due=today)
        self.assertEqual(self.salon.care_credit_state, "good")
        self.invoice(
            100, date=today - timedelta(days=40), due=today - timedelta(days=30)
        )
        self.assertEqual(self.salon.care_credit_state, "slow")
        self.invoice(
            100, date=today - timedelta(days=40), due=today - timedelta(days=31)
        )
        self.assertEqual(self.salon.care_credit_state, "bad")
        self.company.account_use_credit_limit = True
        self.salon.credit_limit = 200
        self.refresh()
        self.assertEqual(self.salon.care_credit_state, "limit")
        self.salon.credit_limit = 300
        self.refresh()
        self.assertEqual(self.salon.care_credit_state, "bad", "exactly the limit")

    def refresh(self):
        self.env["care.partner.tier"]._refresh_credit(self.salon, self.company)
