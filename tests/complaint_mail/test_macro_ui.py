from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestMacroUi(HttpCase, ComplaintCase):
    def test_many_and_one(self):
        self.policy(hours=8)
        self.salon.email = "salon@example.com"
        tag = self.env["care.complaint.tag"].create({"name": "Tour tag"})
        self.env["care.macro"].create(
            {
                "name": "Tour macro",
                "reply": "<p>{contact}, our answer follows: {subject}</p>",
                "edit_reply": False,
                "assign": "me",
                "tag_ids": [Command.link(tag.id)],
            }
        )
        complaints = self.env["care.complaint"]
        for subject in ("Late one", "Late two", "Late three"):
            complaints += self.complain(subject=subject)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_macro",
            login="care_manager",
        )
        self.assertEqual(complaints.tag_ids, tag)
        self.assertEqual(complaints.user_id, self.manager)
        self.assertTrue(all(complaint.replied_at for complaint in complaints))
