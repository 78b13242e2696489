from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from ..common_mail import MailCase

MONDAY = "2026-11-09 00:00:00"


@tagged("post_install", "-at_install")
class TestComplaintShort(MailCase):
    """Minor complaints are answered, solved and closed by one person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["care.complaint.category"]
        Category.search([]).short_file = False
        cls.minor = Category.create({"name": "Minor", "short_file": True})
        cls.lid = Category.create({"name": "Lid", "parent_id": cls.minor.id})
        cls.serious = Category.create({"name": "Serious"})

    def of_rep(self, **values):
        complaint = self.complain(**{"user_id": self.rep.id, **values})
        return complaint.with_user(self.rep)

    # Which ones -------------------------------------------------------

    def test_by_category_and_those_below(self):
        self.assertTrue(self.of_rep(category_id=self.minor.id).short_file)
        self.assertTrue(self.of_rep(category_id=self.lid.id).short_file)
        self.assertFalse(self.of_rep(category_id=self.serious.id).short_file)
        self.assertFalse(self.of_rep().short_file)

    def test_by_priority(self):
        normal = self.of_rep(priority="0")
        urgent = self.of_rep(priority="2")
        self.assertFalse(normal.short_file)
        self.company.care_short_priority = "1"
        (normal | urgent).invalidate_recordset()
        self.assertTrue(normal.short_file)
        self.assertFalse(urgent.short_file)

    def test_a_form_tells_at_once(self):
        with Form(self.env["care.complaint"].with_user(self.rep)) as form:
            form.subject = "Lid"
            form.partner_id = self.salon
            self.assertFalse(form.short_file)
            form.category_id = self.lid
            self.assertTrue(form.short_file)

    def test_dissatisfied_or_malicious_is_not_minor(self):
        complaint = self.of_rep(category_id=self.minor.id, outcome="unsatisfied")
        self.assertFalse(complaint.short_file)
        self.assertFalse(
            self.of_rep(category_id=self.minor.id, genuine="malicious").short_file
        )
        complaint.sudo().full_file = True
        with self.assertError(UserError, "needs a full file"):
            complaint.action_short_file()

    # Its way ----------------------------------------------------------

    def test_answer_and_solution_are_enough(self):
        complaint = self.of_rep(category_id=self.minor.id)
        self.assertEqual(
            [row["name"] for row in complaint.step_missing["missing"]],
            ["reply", "solution"],
        )
        self.assertEqual(complaint.step_missing["next"], "Closed")
        with self.assertError(UserError, "answer the customer"):
            complaint.action_close()
        complaint.action_reply_given()
        with self.assertError(UserError, "enter the solution"):
            complaint.action_close()
        complaint.action_solved()
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(complaint.solution, "Solved on the phone.")
        self.assertFalse(complaint.activity_ids, "nobody has to check it")

    def test_money_still_waits_for_approval(self):
        self.company.care_compensation_own = 10
        complaint = self.of_rep(category_id=self.minor.id)
        complaint.compensation_amount = 500
        complaint.action_reply_given()
        with self.assertError(UserError, "compensation approved"):
            complaint.action_solved()

    def test_the_reply_is_the_solution(self):
        self.policy(hours=4)
        self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.send()
            complaint.write({"user_id": self.rep.id, "category_id": self.minor.id})
        mine = complaint.with_user(self.rep)
        with freeze_time("2026-11-09 00:30:00"):
            mine.message_post(
                body="A new lid leaves today.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.rosa.ids,
            )
            mine.message_post(body="Internal", subtype_xmlid="mail.mt_note")
            self.receive(self.reply(complaint.message_ids[1], "When?"))
        with freeze_time("2026-11-09 01:30:00"):
            mine.action_solved()
        self.assertEqual(mine.solution, "A new lid leaves today.")
        self.assertEqual(mine.phase, "closed")
        self.assertFalse(mine.first_contact)
        self.assertEqual(set(complaint.sla_ids.mapped("state")), {"met"})

    def test_a_written_solution_stays(self):
        complaint = self.of_rep(category_id=self.minor.id, solution="Money back")
        complaint.action_reply_given()
        complaint.action_solved()
        self.assertEqual(complaint.solution, "Money back")

    def test_solved_takes_a_full_file_to_the_check(self):
        complaint = self.of_rep(category_id=self.serious.id)
        complaint.action_reply_given()
        with self.assertError(UserError, "enter the cause"):
            complaint.action_solved()
        self.assertFalse(complaint.solution)
        complaint.write({"root_cause": "Loose", "solution": "A new lid"})
        complaint.action_solved()
        self.assertEqual(complaint.phase, "verify")
        complaint.action_solved()
        self.assertEqual(complaint.phase, "verify", "the check is another's")
        with self.assertError(UserError, "another user than the handler"):
            complaint.action_close()

    def test_unclassified_is_made_minor_in_one_click(self):
        complaint = self.of_rep()
        self.assertFalse(complaint.can_solve_minor, "not answered yet")
        complaint.action_reply_given()
        self.assertTrue(complaint.can_solve_minor)
        complaint.action_solve_minor()
        self.assertEqual(complaint.category_id, self.minor)
        self.assertEqual(complaint.phase, "closed")

    def test_others_are_not_made_minor(self):
        for values in (
            {"category_id": self.serious.id},
            {"priority": "2"},
            {"root_cause": "Loose", "stage_id": self.stages["verify"].id},
        ):
            complaint = self.of_rep(**values)
            complaint.action_reply_given()
            self.assertFalse(complaint.can_solve_minor, values)
            with self.assertError(UserError, "Choose its category"):
                complaint.action_solve_minor()
        self.minor.short_file = False
        complaint = self.of_rep()
        complaint.action_reply_given()
        self.assertFalse(complaint.can_solve_minor)

    # Full and short -----------------------------------------------------

    def test_a_handler_makes_it_full_and_short_again(self):
        complaint = self.of_rep(category_id=self.minor.id)
        complaint.action_reply_given()
        complaint.solution = "A new lid"
        complaint.action_full_file()
        self.assertFalse(complaint.short_file)
        self.assertTrue(complaint.can_shorten)
        with self.assertError(UserError, "enter the cause"):
            complaint.action_close()
        complaint.action_short_file()
        complaint.action_close()
        self.assertEqual(complaint.phase, "closed")

    def test_only_where_category_or_priority_allow(self):
        complaint = self.of_rep(category_id=self.serious.id)
        complaint.sudo().full_file = True
        with self.assertError(UserError, "needs a full file"):
            complaint.action_short_file()

    @users("care_rep")
    def test_no_hand_sets_it(self):
        complaint = self.of_rep(category_id=self.minor.id)
        complaint.action_full_file()
        with self.assertError(AccessError, "Use the buttons"):
            complaint.write({"full_file": False})
        complaint.sudo().write({"replied_at": MONDAY, "solution": "A new lid"})
        with self.assertError(UserError, "enter the cause"):
            complaint.write({"short_file": True, "stage_id": self.stages["closed"].id})
        complaint.invalidate_recordset()
        self.assertFalse(complaint.short_file)
        made = self.env["care.complaint"].create(
            {
                "subject": "Forged",
                "partner_id": self.salon.id,
                "category_id": self.serious.id,
                "short_file": True,
            }
        )
        made.invalidate_recordset()
        self.assertFalse(made.short_file)

    def test_no_way_out_of_a_check(self):
        """Once the solution waits for its check, the category shortens nothing."""
        complaint = self.of_rep(
            category_id=self.serious.id, root_cause="Loose", solution="A new lid"
        )
        complaint.action_reply_given()
        complaint.action_solved()
        complaint.category_id = self.minor
        self.assertFalse(complaint.short_file)
        with self.assertError(UserError, "another user than the handler"):
            complaint.action_close()
        with self.assertError(UserError, "Only the team manager"):
            complaint.action_short_file()
        complaint.with_user(self.manager).action_short_file()
        complaint.action_close()
        self.assertEqual(complaint.phase, "closed")

    def test_a_stranger_may_not(self):
        complaint = self.of_rep(category_id=self.minor.id)
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        for button in ("full_file", "short_file", "solved", "solve_minor"):
            with self.assertRaises(AccessError):
                getattr(complaint.with_user(stranger), f"action_{button}")()

    def test_a_copy_goes_by_its_category(self):
        complaint = self.of_rep(category_id=self.minor.id)
        self.assertTrue(complaint.copy().short_file)
        complaint.action_full_file()
        self.assertTrue(complaint.copy().short_file)
        complaint.sudo().category_id = self.serious
        self.assertFalse(complaint.copy().short_file)

    def test_reopened_is_a_full_file(self):
        complaint = self.of_rep(category_id=self.minor.id)
        complaint.action_reply_given()
        complaint.action_solved()
        complaint.action_reopen()
        self.assertFalse(complaint.short_file)
        with self.assertError(UserError, "enter the cause"):
            complaint.action_solved()
        complaint.action_short_file()
        complaint.action_solved()
        self.assertEqual(complaint.phase, "closed")

    # First contact ------------------------------------------------------

    def test_first_contact_is_the_first_one_only(self):
        complaint = self.of_rep()
        complaint.action_reply_given()
        with self.assertError(UserError, "was not solved at first contact"):
            complaint.first_contact = True
        with self.assertError(UserError, "was not solved at first contact"):
            complaint.action_solve_at_first_contact()
        later = self.of_rep(stage_id=self.stages["investigate"].id)
        with self.assertError(UserError, "in progress"):
            later.first_contact = True

    def test_reopened_was_not_solved_at_first_contact(self):
        complaint = self.of_rep()
        complaint.action_solve_at_first_contact()
        self.assertTrue(complaint.first_contact)
        complaint.action_reopen()
        self.assertFalse(complaint.first_contact)
        self.assertIn("Solved at First Contact", complaint.message_ids[0].body)

    def test_no_first_contact_that_lasts(self):
        """The mark set while recording lapses: what goes on, or is solved long after
        the answer, was not solved at first contact, and needs its file."""
        with freeze_time(MONDAY):
            worked = self.of_rep(first_contact=True, solution="A new lid")
            late = self.of_rep(first_contact=True, solution="A new lid")
            late.action_reply_given()
            soon = self.of_rep(first_contact=True, solution="A new lid")
            soon.action_reply_given()
            worked.stage_id = self.stages["investigate"]
        self.assertFalse(worked.first_contact)
        with freeze_time("2026-11-09 00:30:00"):
            soon.action_close()
        self.assertTrue(soon.first_contact)
        with (
            freeze_time("2026-11-10 00:00:00"),
            self.assertError(UserError, "enter the cause"),
        ):
            late.action_close()
