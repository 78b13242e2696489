from odoo.tests import tagged

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestMeritPropose(MeritCase):
    """What the job adds to the ledger, and what it takes back."""

    def test_a_subordinates_visit_and_call(self):
        visit, call = self.target(), self.target(channel="phone")
        stay, message = self.target(channel="onsite"), self.target(channel="online")
        written = self.propose()
        for source, amount in ((visit, 30), (stay, 30), (call, 20), (message, 20)):
            self.assertEqual(self.rows(source), [(self.boss, amount)])
        self.assertEqual(written, 4)
        entry = self.entries(visit)
        self.assertEqual(entry.about_user_id, self.rep)
        self.assertEqual(entry.department_id, self.north)
        self.assertEqual(entry.supervisor_id, self.manager)
        self.assertEqual(str(entry.day), "2026-10-20")
        self.assertEqual(str(entry.month), "2026-10-01")
        self.assertEqual((entry.state, entry.unit), ("proposed", "money"))
        self.assertEqual(entry.currency_id, self.company.currency_id)
        self.assertEqual(self.propose(), 0)
