from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common_plan import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestPlanAccess(PlanCase):
    """Own customers are those in whose account team one is, in any role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.a_customer("Mine")
        cls.shared = cls.a_customer("Shared", user=cls.all)
        cls.env["care.account.member"].create(
            {
                "partner_id": cls.shared.id,
                "role_id": cls.consultant.id,
                "user_id": cls.rep.id,
            }
        )
        cls.theirs = cls.a_customer("Theirs", user=cls.all)
        cls.everybody = cls.mine | cls.shared | cls.theirs
        cls.Target._generate(TODAY)
        for partner in cls.everybody:
            cls.env["care.interaction"].create(
                {
                    "partner_id": partner.id,
                    "user_id": cls.all.id,
                    "date_start": "2026-11-03 08:00:00",
                    "state": "done",
                    "summary": f"Secret of {partner.name}",
                }
            )
            cls.env["care.complaint"].create(
                {
                    "partner_id": partner.id,
                    "subject": "Broken",
                    "user_id": cls.manager.id,
                }
            )
            cls.env["care.plan.exception"].create(
                {"partner_id": partner.id, "channel": "online", "reason": "None"}
            )

    MODELS = (
        "care.plan.target",
        "care.interaction",
        "care.complaint",
        "care.account.member",
        "care.plan.exception",
        "care.tier.history",
        "care.partner.tier",
    )

    def seen(self, model):
        return (
            self.env[model]
            .search([("partner_id", "in", self.everybody.ids)])
            .partner_id
        )

    @users("care_rep")
    def test_rep_sees_own_customers(self):
        for model in self.MODELS:
            self.assertEqual(self.seen(model), self.mine | self.shared, model)
            foreign = (
                self.env[model]
                .sudo()
                .search([("partner_id", "=", self.theirs.id)], limit=1)
            )
            with self.assertRaises(AccessError, msg=model):
                foreign.sudo(False).with_user(self.env.user).read(["display_name"])

    @users("care_all")
    def test_all_see_all(self):
        for model in self.MODELS:
            self.assertEqual(self.seen(model), self.everybody, model)

    @users("care_rep")
    def test_rep_writes_his_own_reports_only(self):
        theirs = self.env["care.interaction"].search(
            [("partner_id", "=", self.mine.id)]
        )
        self.assertEqual(theirs.summary, "Secret of Mine")
        with self.assertRaises(AccessError):
            theirs.summary = "Another"
        own = self.env["care.interaction"].create({"partner_id": self.mine.id})
        own.summary = "Mine"
        with self.assertRaises(AccessError):
            own.unlink()
        with self.assertRaises(AccessError):
            self.env["care.interaction"].create(
                {"partner_id": self.mine.id, "user_id": self.all.id}
            )

    @users("care_rep")
    def test_rep_changes_neither_targets_nor_teams(self):
        target = self.env["care.plan.target"].search(
            [("partner_id", "=", self.mine.id)]
        )[0]
        for values in ({"done": 5}, {"state": "met"}, {"goal": 1}, {"user_id": False}):
            with self.assertRaises(AccessError):
                target.write(values)
        with self.assertRaises(AccessError):
            self.env["care.account.member"].create(
                {
                    "partner_id": self.theirs.id,
                    "role_id": self.consultant.id,
                    "user_id": self.env.uid,
                }
            )
        for values in (
            {"care_manager_id": self.env.uid},
            {
                "care_member_ids": [
                    Command.create(
                        {"role_id": self.consultant.id, "user_id": self.env.uid}
                    )
                ]
            },
        ):
            with self.assertRaises(UserError):
                self.theirs.with_user(self.env.user).write(values)
        with self.assertRaises(AccessError):
            self.env["care.plan.exception"].create(
                {"partner_id": self.mine.id, "reason": "Less work"}
            )
        foreign = self.targets(self.theirs)[0].with_user(self.env.user)
        with self.assertRaises(AccessError):
            foreign.action_excuse("closed")
        with self.assertRaises(AccessError):
            foreign.action_report()

    @users("care_rep")
    def test_brief_and_reasons_hide_what_is_not_ones_own(self):
        self.assertIn("Secret", self.mine.with_user(self.env.user).care_brief)
        self.assertNotIn("Secret", self.theirs.with_user(self.env.user).care_brief)

    @users("care_employee")
    def test_employee_sees_the_line_in_the_chatter_only(self):
        for model in self.MODELS[:5]:
            self.assertFalse(self.env[model].has_access("read"))
        partner = self.mine.with_user(self.env.user)
        for name in (
            "care_brief",
            "care_birthday",
            "care_manager_id",
            "care_member_ids",
        ):
            with self.assertRaises(AccessError, msg=name):
                partner.read([name])
        bodies = " ".join(partner.message_ids.mapped("body"))
        self.assertIn("Visit", bodies)
        self.assertNotIn("Secret", bodies)

    def test_portal(self):
        portal = self.make_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.mine
        for model in set(self.MODELS) - {"care.complaint"}:
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])
        for name in ("care_brief", "care_manager_id", "care_target_ids"):
            with self.assertRaises(AccessError):
                self.mine.with_user(portal).read([name])

    def test_other_company(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        env = self.env(user=stranger, context={})
        for model in (
            "care.plan.target",
            "care.interaction",
            "care.complaint",
            "care.plan.exception",
        ):
            self.assertFalse(env[model].search([("company_id", "=", self.company.id)]))
        self.assertNotIn(self.plan_a, env["care.plan"].search([]))
        self.assertNotIn(self.visits, env["care.plan.rule"].search([]))

    @users("care_manager")
    def test_manager(self):
        """Works with the rights of an administrator of the app, without sudo"""
        target = self.env["care.plan.target"].search(
            [("partner_id", "=", self.theirs.id), ("state", "=", "open")], limit=1
        )
        target.action_excuse("agreed", "Until spring")
        self.assertEqual(target.state, "excused")
        self.visits.with_user(self.env.user).times = 3
        self.env["care.plan.target"]._generate(date(2026, 11, 11))
        self.assertTrue(self.plan_a.with_user(self.env.user).what_if)
        self.assertTrue(self.env["care.capacity"].create({}).matrix["rows"])

    def test_customers_are_no_recipients_of_reports(self):
        self.mine.email = "mine@example.com"
        report = self.env["care.interaction"].search(
            [("partner_id", "=", self.mine.id)], limit=1
        )
        target = self.targets(self.mine)[0]
        for record in (report, target):
            self.assertNotIn(self.mine, record._mail_get_partners()[record.id])
            suggested = record._message_get_suggested_recipients()
            self.assertNotIn("mine@example.com", str(suggested))

    def test_meeting_made_by_a_portal_user(self):
        portal = self.make_user("portal", "base.group_portal")
        event = (
            self.env["calendar.event"]
            .with_user(portal)
            .sudo()
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "name": "Booked online",
                    "user_id": self.rep.id,
                    "start": "2026-11-12 10:00:00",
                    "stop": "2026-11-12 11:00:00",
                    "partner_ids": [Command.set(self.mine.ids)],
                }
            )
        )
        self.assertTrue(
            self.env["care.interaction"].search([("calendar_event_id", "=", event.id)])
        )

    def test_when_is_right_for_changes_not_written_yet(self):
        target = self.targets(self.mine, self.visits, "open")[0]
        due = [("id", "=", target.id), ("due", "!=", False)]
        self.assertEqual(self.Target.search(due), target)
        target.write({"state": "excused", "excuse_reason": "Holiday"})
        self.assertFalse(self.Target.search(due))


@tagged("post_install", "-at_install")
class TestSeveralPeople(PlanCase):
    """Several people may have one role of a customer, where the role allows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer()
        cls.five = cls.env["res.users"]
        for number in range(5):
            cls.five += cls.env["res.users"].create(
                {
                    "name": f"Consultant {number}",
                    "login": f"consultant{number}",
                    "group_ids": [
                        Command.link(cls.env.ref("customer_care.group_user").id)
                    ],
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )

    def join(self, partner, users):
        return self.env["care.account.member"].create(
            [
                {
                    "partner_id": partner.id,
                    "role_id": self.consultant.id,
                    "user_id": user.id,
                }
                for user in users
            ]
        )

    def test_one_unless_the_role_allows_more(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.join(self.salon, self.five[:2])

    def test_the_first_is_responsible_and_the_next_takes_over(self):
        self.consultant.allows_several = True
        members = self.join(self.salon, self.five)
        self.assertEqual(
            members.mapped("is_additional"), [False, True, True, True, True]
        )
        self.generate()
        stay = self.current(self.salon, self.stays)
        self.assertEqual(len(stay), 1)
        self.assertEqual(stay.user_id, self.five[0])
        self.contact(self.salon, 3, "onsite", self.five[3], role_id=self.consultant.id)
        self.assertEqual(stay.state, "met", "anybody of them")
        upcoming = self.targets(self.salon, self.stays, "open")
        members[0].unlink()
        self.assertEqual(upcoming.user_id, self.five[1])
        with self.assertRaisesRegex(ValidationError, "first person"):
            members[2].with_user(self.manager).is_additional = False
        with self.assertRaisesRegex(UserError, "Several people have this role"):
            self.consultant.allows_several = False
        members[2:].unlink()
        self.consultant.allows_several = False

    def test_merging_keeps_everybody_once(self):
        self.consultant.allows_several = True
        other = self.a_customer("Other")
        self.join(self.salon, self.five[:2])
        self.join(other, self.five[1:4])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.salon | other).ids, self.salon)
        rows = self.salon.care_member_ids.filtered(
            lambda row: row.role_id == self.consultant
        )
        self.assertEqual(rows.user_id, self.five[:4])
        self.assertEqual(len(rows), 4)
        self.assertEqual(
            rows.filtered(lambda row: not row.is_additional).user_id, self.five[0]
        )
