from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users

from ...tools.placeholders import fill, missing, names
from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestMacro(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy(hours=8)
        cls.salon.email = "salon@example.com"
        cls.tag = cls.env["care.complaint.tag"].create({"name": "Batch 7"})
        cls.category = cls.env["care.complaint.category"].create({"name": "Late"})
        cls.macro = cls.env["care.macro"].create(
            {
                "name": "Late delivery",
                "reply": "<p>Dear {contact}, {number}: {subject}. {handler}</p>",
                "edit_reply": False,
                "assign": "me",
                "category_id": cls.category.id,
                "priority": "2",
                "tag_ids": [Command.link(cls.tag.id)],
                "stage_id": cls.waiting.id,
                "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id,
                "activity_summary": "Ask the carrier",
            }
        )
        cls.complaint = cls.complain(subject="Too <late>")

    def mine(self, complaint=None):
        return (complaint or self.complaint).with_user(self.all)

    def test_one_click_does_all(self):
        self.assertFalse(self.mine().apply_macro(self.macro.id))
        complaint = self.complaint
        self.assertEqual(complaint.user_id, self.all)
        self.assertEqual(complaint.category_id, self.category)
        self.assertEqual(complaint.priority, "2")
        self.assertEqual(complaint.tag_ids, self.tag)
        self.assertEqual(complaint.stage_id, self.waiting)
        self.assertTrue(complaint.replied_at)
        self.assertEqual(complaint.activity_ids.summary, "Ask the carrier")
        [message] = complaint.message_ids.filtered(lambda m: "Dear" in (m.body or ""))
        self.assertIn(complaint.name, message.body)
        self.assertIn("Too &lt;late&gt;", message.body)
        self.assertEqual(message.author_id, self.all.partner_id)
        self.assertIn(self.salon, message.partner_ids)

    def test_a_reply_is_shown_before_it_is_sent(self):
        self.macro.edit_reply = True
        action = self.mine().apply_macro(self.macro.id)
        wizard = (
            self.env["care.macro.apply"]
            .with_user(self.all)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn(self.complaint.name, wizard.reply)
        self.assertFalse(self.complaint.replied_at)
        wizard.reply = "<p>Edited</p>"
        wizard.action_apply()
        bodies = self.complaint.message_ids.mapped("body")
        self.assertIn("<p>Edited</p>", [str(body) for body in bodies])

    def test_the_handler_named_is_the_new_one(self):
        self.complaint.user_id = self.rep
        action = self.mine().apply_macro(self.macro.id)
        self.assertFalse(action)
        self.complaint.user_id = self.rep
        self.macro.edit_reply = True
        action = self.mine().apply_macro(self.macro.id)
        wizard = (
            self.env["care.macro.apply"]
            .with_user(self.all)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn(self.all.name, wizard.reply)
        self.assertNotIn(self.rep.name, wizard.reply)

    def test_a_reply_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.macro.with_context(lang="zh_CN").reply = "<p>您好 {number}</p>"
        self.salon.lang = "zh_CN"
        self.mine().apply_macro(self.macro.id)
        bodies = self.complaint.message_ids.mapped("body")
        self.assertIn("您好", "".join(map(str, bodies)))

    def test_what_is_refused_leaves_nothing(self):
        self.salon.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.mine().apply_macro(self.macro.id)
        self.assertFalse(self.complaint.user_id)
        self.assertFalse(self.complaint.tag_ids)
        self.assertFalse(self.complaint.activity_ids)

    def test_a_placeholder_without_value(self):
        self.macro.reply = "<p>Until {deadline}</p>"
        self.env["care.sla.policy"].search([]).active = False
        bare = self.complain(subject="No clock")
        with self.assertRaisesRegex(UserError, "nothing for {deadline}"):
            self.mine(bare).apply_macro(self.macro.id)

    def test_an_unknown_placeholder_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no placeholder {custommer}"):
            self.macro.reply = "<p>{custommer}</p>"

    def test_many_at_once(self):
        """All but those that cannot be done, which are told."""
        others = self.complain(subject="One") + self.complain(subject="Two")
        silent = self.complain(
            subject="Mute", partner_id=self.customer("Mute", user_id=self.rep.id).id
        )
        wizard = (
            self.env["care.macro.apply"]
            .with_user(self.all)
            .create(
                {
                    "complaint_ids": [Command.set((others + silent).ids)],
                    "macro_id": self.macro.id,
                }
            )
        )
        self.assertEqual(wizard.complaint_count, 3)
        told = wizard.action_apply()
        self.assertIn("2 changed, 1 not", told["params"]["title"])
        self.assertIn(silent.name, told["params"]["message"])
        self.assertEqual(others.user_id, self.all)
        self.assertFalse(silent.user_id)

    def test_many_are_assigned_set_based(self):
        complaints = self.complain(subject="0")
        for number in range(1, 10):
            complaints += self.complain(subject=str(number))
        steps = {"assign": "user", "user_id": self.rep.id, "priority": "1"}
        counts = []
        for some in (complaints[:2], complaints[2:]):
            wizard = (
                self.env["care.macro.apply"]
                .with_user(self.all)
                .create({"complaint_ids": [Command.set(some.ids)], **steps})
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard.action_apply()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(complaints.user_id, self.rep)
        self.assertLess(counts[1], 2 * counts[0])

    def test_many_are_told_in_one_message(self):
        complaints = self.complain(subject="0")
        for number in range(1, 6):
            complaints += self.complain(subject=str(number))
        wizard = (
            self.env["care.macro.apply"]
            .with_user(self.all)
            .create(
                {
                    "complaint_ids": [Command.set(complaints.ids)],
                    "assign": "user",
                    "user_id": self.rep.id,
                }
            )
        )
        before = self.env["mail.message"].search([])
        wizard.action_apply()
        [told] = (self.env["mail.message"].search([]) - before).filtered(
            lambda message: self.rep.partner_id in message.partner_ids
        )
        for complaint in complaints:
            self.assertIn(complaint.name, told.body)
        complaints[:2].user_id = False
        before = self.env["mail.message"].search([])
        complaints[:2].with_user(self.all).user_id = self.rep
        told = (self.env["mail.message"].search([]) - before).filtered(
            lambda message: self.rep.partner_id in message.partner_ids
        )
        self.assertEqual(len(told), 2, "of a few each is told")

    def test_macros_by_team_and_company(self):
        other = self.env["care.complaint.team"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        self.macro.team_ids = other
        self.assertNotIn(
            self.macro.id, [row["id"] for row in self.mine().read_macros()]
        )
        with self.assertRaisesRegex(UserError, "removed"):
            self.mine().apply_macro(self.macro.id)
        self.macro.team_ids = self.team
        self.assertIn(self.macro.id, [row["id"] for row in self.mine().read_macros()])

    def test_a_person_or_stage_that_is_gone(self):
        leaver = self.make_user("leaver", "customer_care.group_user_all")
        self.macro.write({"assign": "user", "user_id": leaver.id})
        leaver.active = False
        with self.assertRaisesRegex(UserError, "has left"):
            self.mine().apply_macro(self.macro.id)
        self.macro.assign = "me"
        stage = self.env["care.complaint.stage"].create(
            {"name": "Gone", "phase": "investigate"}
        )
        self.macro.stage_id = stage
        stage.unlink()
        self.assertFalse(self.macro.stage_id)
        self.mine().apply_macro(self.macro.id)
        self.assertEqual(self.complaint.user_id, self.all)

    def test_nothing_to_do_is_told(self):
        wizard = (
            self.env["care.macro.apply"]
            .with_user(self.all)
            .create({"complaint_ids": [Command.set(self.complaint.ids)]})
        )
        with self.assertRaisesRegex(UserError, "Choose what"):
            wizard.action_apply()

    @users("care_rep")
    def test_complaints_of_others_are_refused(self):
        theirs = self.complain(
            subject="X", partner_id=self.customer("Far", user_id=self.all.id).id
        )
        complaint = self.env["care.complaint"].browse(theirs.id)
        for step in (
            complaint.read_macros,
            lambda: complaint.apply_macro(self.macro.id),
            complaint.action_change_many,
            lambda: self.env["care.macro.apply"].create(
                {"complaint_ids": [Command.set(theirs.ids)], "priority": "1"}
            ),
        ):
            with self.assertRaises(AccessError):
                step()

    def test_the_same_tag_twice(self):
        with self.assertRaises(ValidationError):
            self.env["care.complaint.tag"].create({"name": "batch 7"})

    def test_placeholders(self):
        self.assertEqual(names("{a} {b}{a} {B} {}"), ["a", "b"])
        self.assertEqual(missing("{a}{b}", {"a": 1}), ["b"])
        self.assertEqual(fill("{a}{b}", {"a": "{b}"}), "{b}{b}")
