from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestComplaintCredit(AccountTestInvoicingCommon):
    """Credit notes and returns, as documents of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env["res.groups"]._switch_care_features(complaint=True)
        cls.env.user.group_ids |= cls.env.ref("customer_care.group_manager")
        cls.salon = cls.env["res.partner"].create({"name": "Salon", "is_company": True})
        cls.complaint = cls.env["care.complaint"].create(
            {
                "subject": "Two jars broken",
                "partner_id": cls.salon.id,
                "company_id": cls.company.id,
                "compensation_amount": 90,
            }
        )

    def invoice(self, amount=500):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.salon.id,
                "invoice_date": "2026-09-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def credit(self):
        action = self.complaint.action_create_credit_note()
        return self.env["account.move"].browse(action["res_id"])

    def test_free_credit_note(self):
        note = self.credit()
        self.assertEqual((note.move_type, note.state), ("out_refund", "draft"))
        self.assertEqual(note.amount_total, 90, "what was granted, to the cent")
        self.assertEqual(note.partner_id, self.salon)
        self.assertEqual(note.care_complaint_id, self.complaint)
        self.assertIn("Two jars broken", note.invoice_line_ids.name)
        self.assertEqual(self.complaint.credit_note_count, 1)
        self.assertEqual(self.complaint.action_open_credit_notes()["res_id"], note.id)
        note.action_post()

    def test_of_an_invoice(self):
        self.complaint.invoice_id = self.invoice()
        note = self.credit()
        self.assertEqual(note.reversed_entry_id, self.complaint.invoice_id)
        note.action_post()
        self.assertEqual(self.complaint.invoice_id.amount_residual, 410)

    def test_returned_goods_leave_the_compensation(self):
        self.complaint.invoice_id = self.invoice()
        context = self.complaint.action_return_goods()["context"]
        wizard = (
            self.env["account.move.reversal"]
            .with_context(**context)
            .create({"journal_id": self.complaint.invoice_id.journal_id.id})
        )
        wizard.refund_moves()
        self.assertEqual(len(self.complaint.credit_note_ids), 1)
        self.assertEqual(self.credit().amount_total, 90)

    def test_never_twice(self):
        note = self.credit()
        with self.assertRaisesRegex(UserError, "already fully credited"):
            self.credit()
        note.button_cancel()
        again = self.credit()
        self.assertEqual(again.amount_total, 90)
        self.complaint.compensation_amount = 120
        self.assertEqual(self.credit().amount_total, 30, "what is left of it")

    def test_the_later_of_two_is_tried_again(self):
        """It writes the row of the complaint before it looks for credit notes."""
        self.env.flush_all()
        seen = []
        execute = self.env.cr.execute

        def watch(query, *args, **kwargs):
            text = str(query)
            if "SET write_date = write_date" in text:
                seen.append("locked")
            elif 'FROM "account_move"' in text and "care_complaint_id" in text:
                seen.append("looked")
            return execute(query, *args, **kwargs)

        self.env.invalidate_all()
        self.patch(self.env.cr, "execute", watch)
        self.credit()
        self.assertEqual(seen[:2], ["locked", "looked"])

    def test_invoice_leads_to_a_complaint(self):
        invoice = self.invoice()
        context = invoice.action_open_care_complaints()["context"]
        made = self.env["care.complaint"].with_context(**context)
        made = made.create({"subject": "Wrong amount"})
        self.assertEqual(made.invoice_id, invoice)
        self.assertEqual(made.product_id, self.product_a)
        invoice.invalidate_recordset(["care_complaint_count"])
        self.assertEqual(invoice.care_complaint_count, 1)

    def test_goods_come_back(self):
        self.complaint.invoice_id = self.invoice()
        action = self.complaint.action_return_goods()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"journal_id": self.complaint.invoice_id.journal_id.id})
        )
        wizard.refund_moves()
        note = self.complaint.credit_note_ids
        self.assertEqual(note.reversed_entry_id, self.complaint.invoice_id)
        self.assertEqual(note.amount_total, 500)

    def test_who_has_no_right_in_invoicing(self):
        user = new_test_user(
            self.env,
            "care_plain",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.complaint.user_id = user
        action = self.complaint.with_user(user).action_create_credit_note()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(self.complaint.credit_note_ids)
        asked = self.complaint.activity_ids
        self.assertTrue(asked.user_id.has_group("account.group_account_invoice"))
        self.assertIn("90", asked.summary)
