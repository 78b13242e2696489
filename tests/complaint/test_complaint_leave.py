from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_complaint import ComplaintCase
from ..common_plan import TODAY


@tagged("post_install", "-at_install")
class TestHandlerLeaves(ComplaintCase):
    """Whoever is away is replaced for the time, whoever has left for ever."""

    def test_stand_in(self):
        mate = self.make_user("mate", "sales_team.group_sale_salesman")
        theirs = self.complain(
            partner_id=self.customer("Far").id, team_id=False, user_id=self.rep.id
        )
        found = [("is_stand_in", "=", True)]
        Complaint = self.env["care.complaint"].with_user(mate)
        self.assertFalse(theirs.with_user(mate).has_access("read"))
        self.env["care.absence"].create(
            {
                "user_id": self.rep.id,
                "date_from": TODAY,
                "date_to": TODAY,
                "stand_in_id": mate.id,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(Complaint.search(found), theirs)
        self.assertTrue(theirs.with_user(mate).is_stand_in)
        self.assertFalse(theirs.with_user(self.rep).is_stand_in)
        self.assertFalse(
            self.env["care.complaint"].with_user(self.all).search_count(found)
        )
        self.assertEqual(theirs._answer_reader(), mate)
        action = theirs.with_user(mate).action_take()
        self.assertEqual(action["res_model"], "care.complaint.take.over")
        with freeze_time("2026-11-11 09:00:00"):
            self.env.invalidate_all()
            self.assertFalse(Complaint.search(found))
            self.assertFalse(theirs.with_user(mate).has_access("read"))

    def test_answer_goes_to_the_nearest_stand_in(self):
        """Whose stand-in is away too is replaced by theirs."""
        complaint = self.complain(user_id=self.rep.id)
        for person, stand_in in ((self.rep, self.manager), (self.manager, self.all)):
            self.env["care.absence"].create(
                {
                    "user_id": person.id,
                    "date_from": TODAY,
                    "date_to": TODAY,
                    "stand_in_id": stand_in.id,
                }
            )
        self.assertEqual(complaint._answer_reader(), self.all)

    def test_archived(self):
        self.team.assignment = "round_robin"
        open_ones = self.complain() | self.complain()
        closed = self.complain()
        alone = self.complain(team_id=False)
        (open_ones | closed | alone).user_id = self.rep
        closed.action_close()
        self.rep.active = False
        self.assertEqual(open_ones.user_id, self.all)
        self.assertFalse(alone.user_id, "no team, no rule")
        self.assertEqual(closed.user_id, self.rep, "history stays")
        [digest] = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.all.partner_id.ids),
                ("subject", "like", "assigned to you"),
            ]
        )
        for complaint in open_ones:
            self.assertIn(complaint.name, digest.body)
        closed.with_user(self.manager).action_reopen()
        self.assertEqual(closed.user_id, self.all)

    def test_archived_and_assigned_manually(self):
        complaint = self.complain()
        complaint.user_id = self.rep
        self.rep.active = False
        self.assertFalse(complaint.user_id)
        self.assertTrue(
            self.env["mail.message"].search(
                [
                    ("partner_ids", "in", self.manager.partner_id.ids),
                    ("subject", "like", "without a handler"),
                ]
            )
        )

    def test_team_with_open_complaints(self):
        complaint = self.complain()
        for attempt in (self.team.action_archive, self.team.unlink):
            with self.assertRaisesRegex(UserError, "“Hotline” has open.*: 1\\. "):
                attempt()
        self.assertTrue(self.team.active)
        complaint.action_close()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.team.unlink()
        self.team.action_archive()
        self.assertFalse(self.team.active)

    def test_working_hours_of_running_clocks(self):
        self.policy()
        complaint = self.complain()
        self.assertFalse(complaint.sla_ids.over)
        for stage in (self.waiting, complaint.stage_id):
            complaint.stage_id = stage
            with self.assertRaisesRegex(UserError, "Archive the working hours"):
                self.calendar.unlink()
        self.calendar.active = False
        before = complaint.sla_deadline
        complaint._apply_policies()
        self.assertEqual(complaint.sla_deadline, before)
