import doctest

from freezegun import freeze_time

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import HttpCase, tagged, users
from odoo.tools import mute_logger

from ...tools import phone
from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"


@tagged("post_install", "-at_install")
class TestComplaintHotline(ComplaintCase):
    """Who calls, and what is recorded of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.lotus = cls.a_customer(
            "Lotus Hall",
            phone="+86 139 0000 1111",
            email="desk@lotus.example.com",
            city="Harbin",
        )
        cls.ling = cls.env["res.partner"].create(
            {"name": "Ling", "parent_id": cls.lotus.id, "phone": "(0451) 8888-7777"}
        )

    def find(self, text, user=None):
        rows = (
            self.env["care.complaint"]
            .with_user(user or self.rep)
            .care_hotline_find(text)
        )
        return [row["id"] for row in rows]

    def record(self, solved=False, user=None, **values):
        made = (
            self.env["care.complaint"]
            .with_user(user or self.rep)
            .care_hotline_record(
                {"partner_id": self.lotus.id, "subject": "Leaks", **values}, solved
            )
        )
        return self.env["care.complaint"].browse(made["id"])

    # Finding --------------------------------------------------------

    def test_examples_of_the_documentation(self):
        self.assertEqual(doctest.testmod(phone).failed, 0)

    def test_by_number_in_any_notation(self):
        for text in (
            "+8613900001111",
            "0086 139 0000 1111",
            "013900001111",
            "139-0000-1111",
            "139/0000.1111",
            "8613900001111",
            " 139 0000 ",
            "90000 1111",
        ):
            self.assertEqual(self.find(text), self.lotus.ids, text)
        for text in ("+86 451 88887777", "0451 88887777", "8645188887777", "88887777"):
            self.assertEqual(self.find(text), self.ling.ids, text)
        self.assertFalse(self.find("+1 555 0100 9999"))
        self.assertFalse(self.find("139"), "too little of a number")

    def test_own_calling_code_without_plus(self):
        self.lotus.phone = "139 0000 1111"
        self.assertEqual(self.find("86 139 0000 1111"), self.lotus.ids)

    def test_by_name_mail_and_card(self):
        self.lotus.sudo().care_card_number = "K-77001"
        for text in ("lotus", "DESK@lotus.example.com", "k-77001"):
            self.assertIn(self.lotus.id, self.find(text), text)
        self.assertIn(self.ling.id, self.find("Ling"))
        self.lotus.sudo().care_card_number = "7700155"
        self.assertEqual(self.find("7700155"), self.lotus.ids)
        for text in ("", " ", "x", None, "%", "+", "()"):
            self.assertFalse(self.find(text), text)

    def test_the_best_come_first(self):
        plain = self.a_customer("Lotus Branch", self.B)
        none = self.customer("Lotus Street")
        self.assertEqual(
            self.find("lotus"), [*self.lotus.ids, *self.ling.ids, plain.id, none.id]
        )

        for number in range(10):
            self.customer(f"A Lotus {number}")
        self.assertEqual(
            self.find("lotus")[:2],
            [*self.lotus.ids, *self.ling.ids],
            "not only by name",
        )

    def test_by_part_of_an_address(self):
        self.assertEqual(self.find("desk@lot"), self.lotus.ids)
        self.lotus.email = "front.office@example.com"
        self.assertEqual(self.find("front.off"), self.lotus.ids)

    def test_wildcards_find_nobody(self):
        self.assertFalse(self.find("%%%%zz"))
        self.assertFalse(self.find("____zz"))

    @freeze_time(MONDAY)
    def test_who_is_on_the_phone(self):
        self.policy(hours=4)
        self.complain(partner_id=self.lotus.id, subject="Profile", user_id=self.rep.id)
        order = self.order(self.lotus, 70, user_id=self.rep.id)
        self.env.flush_all()
        Complaint = self.env["care.complaint"].with_user(self.rep)
        [row] = Complaint.care_hotline_find("88887777")
        self.assertEqual(
            (row["name"], row["person"], row["open"], row["alarm"]),
            ("Lotus Hall", "Ling", 1, "open"),
        )
        who = Complaint.care_hotline_customer(self.ling.id)
        self.assertEqual(who["card"]["complaints"][0]["subject"], "Profile")
        self.assertEqual(who["alarm_label"], "Open complaint")
        self.assertEqual(who["tier"], "A · Tier A")
        self.assertEqual([row["id"] for row in who["orders"]], order.ids)

    def test_deleted_in_between(self):
        gone = self.customer("Gone")
        gone.unlink()
        Complaint = self.env["care.complaint"].with_user(self.rep)
        with self.assertError(UserError, "has been deleted"):
            Complaint.care_hotline_customer(gone.id)

    # Recording ------------------------------------------------------

    @freeze_time(MONDAY)
    def test_recorded(self):
        order = self.order(self.lotus, 70)
        complaint = self.record(
            partner_id=self.ling.id,
            order_id=order.id,
            description="<b>Two</b> jars\nleak",
        )
        self.assertEqual(complaint.partner_id, self.lotus)
        self.assertEqual(complaint.contact_id, self.ling)
        self.assertEqual(complaint.source, "phone")
        self.assertEqual(complaint.user_id, self.rep)
        self.assertEqual(complaint.order_id, order)
        self.assertIn("&lt;b&gt;Two", complaint.description)
        self.assertFalse(complaint.first_contact)
        self.assertFalse(complaint.replied_at)

    @freeze_time(MONDAY)
    def test_solved_at_first_contact(self):
        self.policy(hours=4)
        self.policy("reply", 1)
        complaint = self.record(solved=True, solution="Explained")
        self.assertTrue(complaint.first_contact)
        self.assertEqual(complaint.solution, "Explained")
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(
            complaint.event_ids.mapped("kind"), ["received", "replied", "resolved"]
        )
        self.assertEqual(set(complaint.sla_ids.mapped("state")), {"met"})
        self.assertEqual(complaint.closed_at, self.at(MONDAY))

    @freeze_time(MONDAY)
    def test_solved_in_one_click_on_the_form(self):
        complaint = self.complain(user_id=self.rep.id).with_user(self.rep)
        complaint.action_solve_at_first_contact()
        self.assertEqual(complaint.solution, "Solved on the phone.")
        self.assertEqual(complaint.phase, "closed")
        events = len(complaint.event_ids)
        complaint.action_solve_at_first_contact()
        self.assertEqual(len(complaint.event_ids), events, "once")

    def test_the_team_gives_it_to_a_colleague(self):
        """The agent records for whom they may not see, and hears of it."""
        self.team.assignment = "round_robin"
        self.env["care.complaint.team"].search(
            [("id", "!=", self.team.id)]
        ).active = False
        stranger = self.a_customer("Stranger", user=self.all)
        Complaint = self.env["care.complaint"].with_user(self.rep)
        values = {"partner_id": stranger.id, "subject": "Leaks"}
        made = Complaint.care_hotline_record(values)
        complaint = self.env["care.complaint"].browse(made["id"])
        self.assertEqual(complaint.user_id, self.all)
        self.assertEqual((made["name"], made["open"]), (complaint.name, False))
        solved = Complaint.care_hotline_record(values, solved=True)
        self.assertTrue(solved["open"])
        complaint = self.env["care.complaint"].browse(solved["id"])
        self.assertEqual(complaint.user_id, self.rep)
        self.assertEqual(complaint.phase, "closed")

    def test_no_order_that_the_agent_may_not_see(self):
        order = self.order(self.lotus, 70, user_id=self.all.id)
        with self.assertRaises(AccessError):
            self.record(order_id=order.id)
        with self.assertRaises(MissingError):
            self.record(order_id=2**31 - 1)

    def test_unknown_caller(self):
        maker = self.make_user(
            "maker", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        complaint = self.record(
            user=maker, partner_id=False, name="Mrs New", caller="+86 (0)451 555 0199"
        )
        self.assertEqual(complaint.partner_id.name, "Mrs New")
        self.assertEqual(complaint.partner_id.phone, "+86 (0)451 555 0199")
        again = self.record(
            user=maker, partner_id=False, name="Mr New", caller="new@example.com"
        )
        self.assertEqual(again.partner_id.email, "new@example.com")
        self.assertFalse(again.partner_id.phone)

    def test_bad_input_says_what_is_missing(self):
        with self.assertError(UserError, "what the complaint is about"):
            self.record(subject="  ")
        with self.assertError(UserError, "Choose the caller"):
            self.record(partner_id=False)

    def test_writes_only_what_it_asks_for(self):
        complaint = self.record(
            stage_id=self.stages["closed"].id,
            compensation_amount=10**6,
            received_at="2020-01-01 00:00:00",
            user_id=self.manager.id,
        )
        self.assertEqual(complaint.phase, "record")
        self.assertFalse(complaint.compensation_amount)
        self.assertEqual(complaint.user_id, self.rep)

    @users("care_employee")
    @mute_logger("odoo.addons.base.models.ir_model")
    def test_not_for_others(self):
        for press in (
            lambda: self.find("lotus", self.env.user),
            lambda: self.env["care.complaint"].care_hotline_customer(self.lotus.id),
            lambda: self.record(user=self.env.user),
        ):
            with self.assertRaises(AccessError):
                press()

    def test_typing_asks_little(self):
        for number in range(8):
            self.a_customer(f"Peony {number}", phone=f"0451 7000 000{number}")
        self.env.flush_all()
        self.find("70000001")
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            self.find("7000000")


@tagged("post_install", "-at_install")
class TestComplaintDeskUi(HttpCase, ComplaintCase):
    def test_hotline_in_three_keystrokes(self):
        self.a_customer("Tour Lotus", phone="+86 139 7777 1111")
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_hotline",
            login="care_rep",
        )
        recorded, solved = self.env["care.complaint"].search(
            [("subject", "like", "Tour call")], order="id"
        )
        self.assertEqual(recorded.partner_id.name, "Tour Lotus")
        self.assertEqual(recorded.phase, "record")
        self.assertTrue(solved.first_contact)
        self.assertEqual(solved.phase, "closed")

    def test_a_manager_approves_a_compensation(self):
        self.company.care_compensation_own = 100
        complaint = self.complain(subject="Tour money", user_id=self.rep.id)
        complaint.with_user(self.rep).compensation_amount = 900
        self.start_tour(
            f"/odoo/care.complaint/{complaint.id}",
            "customer_care_compensation",
            login="care_manager",
        )
        self.assertEqual(complaint.compensation_state, "approved")
        self.assertEqual(complaint.compensation_decided_id, self.manager)
