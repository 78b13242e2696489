from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestMacroAttack(ComplaintCase):
    """By RPC, as the rep with own customers, as somebody of another company, and as a
    customer with portal access."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.foreigner = cls.make_user(
            "foreigner", "sales_team.group_sale_salesman_all_leads"
        )
        cls.foreigner.write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )
        cls.client = cls.make_user("client", "base.group_portal")
        cls.client.partner_id.parent_id = cls.salon
        cls.elsewhere = cls.customer("Elsewhere", user_id=cls.all.id)
        cls.second = cls.env["care.complaint.team"].create(
            {"name": "Second", "company_id": cls.company.id}
        )
        cls.macro, cls.theirs, cls.foreign = cls.env["care.macro"].create(
            [
                {"name": "Urgent", "priority": "3"},
                {
                    "name": "Of another team",
                    "priority": "3",
                    "team_ids": [Command.link(cls.second.id)],
                },
                {
                    "name": "Of another company",
                    "priority": "3",
                    "company_id": cls.other.id,
                },
            ]
        )
        cls.hidden = cls.complain(
            subject="Secret subject",
            partner_id=cls.elsewhere.id,
            team_id=cls.team.id,
            user_id=cls.all.id,
        )
        cls.mine = cls.complain(
            partner_id=cls.salon.id, user_id=cls.rep.id, team_id=cls.team.id
        )

    def refused(self, step):
        with (
            self.assertRaises(UserError),
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.env.cr.savepoint(),
        ):
            step()
            self.env.flush_all()

    def wizard(self, user, complaints, **values):
        return (
            self.env["care.macro.apply"]
            .with_user(user)
            .create({"complaint_ids": [Command.set(complaints.ids)], **values})
        )

    def test_complaints_that_may_not_be_read(self):
        for user in self.rep + self.foreigner + self.client:
            hidden = self.hidden.with_user(user)
            for name, step in {
                "macros": hidden.read_macros,
                "apply": lambda hidden=hidden: hidden.apply_macro(self.macro.id),
                "many": hidden.action_change_many,
                "wizard": lambda user=user: self.wizard(
                    user, self.hidden, priority="3"
                ).action_apply(),
                "mixed": lambda user=user: self.wizard(
                    user, self.hidden + self.mine, priority="3"
                ).action_apply(),
            }.items():
                with self.subTest(user=user.login, step=name):
                    self.refused(step)
        self.assertNotEqual(self.hidden.priority, "3")
        self.assertNotEqual(self.mine.priority, "3")

    def test_the_preview_shows_nothing_of_them(self):
        values = {
            "complaint_ids": [Command.set(self.hidden.ids)],
            "reply": "<p>{subject} {customer}</p>",
        }
        Wizard = self.env["care.macro.apply"].with_user(self.rep)
        spec = {"preview": {}, "complaint_count": {}}
        self.refused(lambda: Wizard.create(values).preview)
        self.refused(lambda: Wizard.onchange(values, ["reply"], spec))

    def test_macros_of_other_teams_and_companies(self):
        mine = self.mine.with_user(self.rep)
        names = [row["name"] for row in mine.read_macros()]
        self.assertIn("Urgent", names)
        self.assertNotIn("Of another team", names)
        self.assertNotIn("Of another company", names)
        for macro in self.theirs + self.foreign:
            with self.subTest(macro=macro.name):
                self.refused(lambda macro=macro: mine.apply_macro(macro.id))
                self.refused(
                    lambda macro=macro: self.wizard(
                        self.rep, self.mine, macro_id=macro.id
                    ).action_apply()
                )
        self.assertNotEqual(self.mine.priority, "3")

    def test_only_administrators_of_the_company_change_macros(self):
        for user in self.rep + self.all + self.foreigner + self.client:
            macro = self.macro.with_user(user)
            with self.subTest(user=user.login):
                self.refused(lambda macro=macro: macro.write({"priority": "1"}))
                self.refused(macro.unlink)
                self.refused(macro.copy)
                self.refused(
                    lambda user=user: (
                        self.env["care.macro"].with_user(user).create({"name": "X"})
                    )
                )
        self.refused(
            lambda: self.foreign.with_user(self.manager).write({"priority": "1"})
        )
        self.refused(lambda: self.macro.with_user(self.client).read(["reply"]))

    def test_what_somebody_else_is_entering_is_closed(self):
        wizard = self.wizard(self.all, self.hidden, reply="<p>Secret</p>")
        for user in self.rep + self.foreigner + self.client:
            other = wizard.with_user(user)
            with self.subTest(user=user.login):
                self.refused(lambda other=other: other.read(["reply"]))
                self.refused(other.action_apply)
