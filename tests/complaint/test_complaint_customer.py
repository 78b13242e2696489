from odoo.tests import tagged

from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintCustomer(ComplaintCase):
    """The customer of a complaint changes: a mistake is corrected, or a person gets a
    company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon.care_tier_id = cls.A
        cls.other = cls.customer("Other", user_id=cls.rep.id)
        cls.ann, cls.ben = cls.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": cls.salon.id, "email": "ann@example.com"},
                {"name": "Ben", "parent_id": cls.other.id, "email": "ben@example.com"},
            ]
        )
        cls.best = cls.policy(hours=1, min_priority="2")

    def of_ann(self, **values):
        return self.complain(contact_id=self.ann.id, **values)

    def order(self, partner):
        return self.env["sale.order"].create(
            {"partner_id": partner.id, "company_id": self.company.id}
        )

    def test_what_was_the_former_customers_goes(self):
        complaint = self.of_ann(order_id=self.order(self.ann).id).with_user(self.all)
        complaint.message_subscribe((self.ann | self.all.partner_id).ids)
        token = complaint.sudo()._portal_ensure_token()
        self.assertEqual(complaint.sla_ids.state, "ongoing")
        complaint.partner_id = self.other
        self.assertFalse(complaint.contact_id or complaint.order_id)
        self.assertNotIn(self.ann, complaint.message_partner_ids)
        self.assertIn(self.all.partner_id, complaint.message_partner_ids)
        self.assertNotEqual(complaint.sudo().access_token, token)
        self.assertEqual(complaint._mail_get_partners()[complaint.id], self.other)
        self.assertFalse(complaint.tier_id)
        self.assertEqual(complaint.priority, "0")
        self.assertEqual(complaint.sla_ids.state, "cancelled")
        complaint.partner_id = self.salon
        self.assertEqual((complaint.tier_id, complaint.priority), (self.A, "2"))
        self.assertEqual(complaint.sla_ids.state, "ongoing")

    def test_what_is_given_along_is_kept(self):
        complaint = self.of_ann()
        complaint.partner_id = self.ben
        self.assertEqual(complaint.partner_id, self.other)
        self.assertEqual(complaint.contact_id, self.ben)
        order = self.order(self.ann)
        complaint.write(
            {
                "partner_id": self.salon.id,
                "contact_id": self.ann.id,
                "order_id": order.id,
            }
        )
        self.assertEqual((complaint.contact_id, complaint.order_id), (self.ann, order))
        complaint.write({"partner_id": self.salon.id, "subject": "Unchanged"})
        self.assertEqual((complaint.contact_id, complaint.order_id), (self.ann, order))

    def test_a_priority_that_was_entered_is_kept(self):
        entered, along = self.of_ann(priority="3"), self.of_ann()
        entered.partner_id = self.other
        along.write({"partner_id": self.other.id, "priority": "1"})
        self.assertEqual((entered | along).mapped("priority"), ["3", "1"])
        self.assertFalse((entered | along).tier_id)

    def test_no_repeat_of_another_customers(self):
        category = self.env["care.complaint.category"].create({"name": "Late"})
        first, again = (self.of_ann(category_id=category.id) for _n in range(2))
        again.action_confirm_repeat()
        self.assertEqual((again.repeat_of_id, again.priority), (first, "3"))
        again.partner_id = self.other
        self.assertFalse(again.repeat_of_id or again.repeat_state)
        self.assertEqual(again.priority, "0")

    def test_a_person_gets_a_company(self):
        """Open complaints get its tier; those that are over keep what they had."""
        ida = self.env["res.partner"].create({"name": "Ida"})
        running, closed = (self.complain(partner_id=ida.id) for _n in range(2))
        closed.action_close()
        token = running._portal_ensure_token()
        ida.parent_id = self.salon
        both = running | closed
        self.assertEqual(both.partner_id, self.salon)
        self.assertEqual(both.contact_id, ida)
        self.assertEqual(running.access_token, token)
        self.assertEqual((running.tier_id, running.priority), (self.A, "2"))
        self.assertFalse(closed.tier_id or closed.sla_ids)
        self.assertEqual(self.salon.care_complaint_count, 1)
        ida.parent_id = self.other
        self.assertEqual(both.partner_id, self.salon, "it was there that it happened")
