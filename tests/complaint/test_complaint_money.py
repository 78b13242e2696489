from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...models.complaint.care_complaint_compensation import COMPENSATION_ACTIVITY
from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintMoney(ComplaintCase):
    """Who grants how much, and Odoo's own documents for it.

    Limits: own 100, all 500, administrators 5,000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "care_compensation_own": 100,
                "care_compensation_all": 500,
                "care_compensation_manager": 5000,
            }
        )
        cls.second = cls.make_user("second", "sales_team.group_sale_manager")
        cls.complaint = cls.complain(user_id=cls.rep.id)

    def ask(self, amount, user=None, complaint=None):
        complaint = complaint or self.complaint
        complaint.with_user(user or self.rep).compensation_amount = amount
        return complaint

    def requests(self, complaint=None):
        kind = self.env.ref(COMPENSATION_ACTIVITY)
        return (complaint or self.complaint).activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    # Limits ---------------------------------------------------------

    def test_limits_of_the_groups(self):
        for user, limit in ((self.rep, 100), (self.all, 500), (self.manager, 5000)):
            self.ask(limit, user)
            self.assertEqual(self.complaint.compensation_state, "approved", user.login)
            self.assertEqual(self.complaint.compensation_granted, limit)
            self.assertFalse(self.requests())
            self.ask(limit + 0.01, user)
            self.assertEqual(self.complaint.compensation_state, "waiting", user.login)
            self.assertFalse(self.complaint.compensation_granted)
            self.assertEqual(len(self.requests()), 1)

    def test_nothing_and_less_than_nothing(self):
        self.ask(50)
        self.ask(0)
        self.assertFalse(self.complaint.compensation_state)
        self.assertFalse(self.complaint.compensation_asked_id)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.ask(-1)
            self.env.flush_all()

    def test_at_creation(self):
        Complaint = self.env["care.complaint"].with_user(self.rep)
        values = {"subject": "Broken", "partner_id": self.salon.id}
        small, large = Complaint.create(
            [
                {**values, "compensation_amount": 100},
                {**values, "compensation_amount": 101},
            ]
        )
        self.assertEqual(small.compensation_state, "approved")
        self.assertEqual(large.compensation_state, "waiting")

    def test_by_the_context_or_a_default(self):
        """A default is the user's own, and asks like any other amount."""
        self.env["ir.default"].sudo().set(
            "care.complaint", "compensation_amount", 900, user_id=self.rep.id
        )
        Complaint = self.env["care.complaint"].with_user(self.rep)
        values = {"subject": "Broken", "partner_id": self.salon.id}
        self.assertEqual(Complaint.create(values).compensation_state, "waiting")
        forged = Complaint.with_context(
            default_compensation_amount=1000,
            default_compensation_state="approved",
            default_compensation_decided_id=self.manager.id,
        ).create(values)
        self.assertEqual(forged.compensation_state, "waiting")
        self.assertFalse(forged.compensation_decided_id)

    def test_limits_make_sense(self):
        with self.assertError(ValidationError, "cannot decrease"):
            self.company.care_compensation_own = 600
        with self.assertError(ValidationError, "cannot be negative"):
            self.company.care_compensation_own = -1

    # Approval -------------------------------------------------------

    def test_who_is_asked(self):
        """The team's manager, unless it is too much or they ask themselves."""
        self.team.manager_id = self.all
        self.ask(5000)
        self.assertEqual(self.requests().user_id, self.all)
        self.assertIn("5,000", self.requests().summary)
        self.ask(5001)
        self.assertIn(self.requests().user_id, self.manager | self.second)
        self.ask(501, self.all)
        self.assertIn(self.requests().user_id, self.manager | self.second)
        self.team.manager_id = self.manager
        self.ask(6000, self.manager)
        self.assertEqual(self.requests().user_id, self.second)

    def test_a_manager_who_cannot_see_it_is_not_asked(self):
        other = self.make_user("chief", "sales_team.group_sale_salesman")
        self.team.manager_id = other
        self.ask(1000)
        self.assertIn(self.requests().user_id, self.manager | self.second)
        self.team.member_ids |= other
        self.ask(1001)
        self.assertEqual(self.requests().user_id, other)

    def test_nobody_to_ask(self):
        self.team.manager_id = False
        (self.manager | self.second).active = False
        others = self.env.ref("customer_care.group_manager").all_user_ids
        for user in others:
            user.company_ids -= self.company
        self.ask(1000)
        self.assertEqual(self.complaint.compensation_state, "waiting")
        self.assertFalse(self.requests())
        self.assertIn("No other user can approve", self.complaint.message_ids[0].body)

    def test_approved(self):
        self.ask(900)
        seen = self.complaint.with_user(self.manager)
        self.assertTrue(seen.can_decide_compensation)
        seen.action_approve_compensation()
        self.assertEqual(self.complaint.compensation_state, "approved")
        self.assertEqual(self.complaint.compensation_granted, 900)
        self.assertEqual(self.complaint.compensation_decided_id, self.manager)
        self.assertEqual(self.complaint.compensation_asked_id, self.rep)
        self.assertFalse(self.requests())
        notice = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id DESC", limit=1
        )
        self.assertEqual(notice.partner_ids, self.rep.partner_id)
        with self.assertError(UserError, "No compensation is awaiting approval"):
            seen.action_approve_compensation()

    def test_refused_with_a_reason(self):
        self.ask(900)
        seen = self.complaint.with_user(self.manager)
        action = seen.action_refuse_compensation()
        Refuse = self.env[action["res_model"]].with_user(self.manager)
        wizard = Refuse.with_context(**action["context"]).create({"reason": " "})
        with self.assertError(UserError, "Enter a reason"):
            wizard.action_refuse()
        wizard.reason = "A replacement is enough"
        wizard.action_refuse()
        self.assertEqual(self.complaint.compensation_state, "refused")
        self.assertEqual(self.complaint.compensation_reason, "A replacement is enough")
        self.assertFalse(self.complaint.compensation_granted)

    def test_another_amount_asks_again(self):
        self.ask(900)
        self.complaint.with_user(self.manager).action_approve_compensation()
        self.ask(900)
        self.assertEqual(self.complaint.compensation_state, "approved", "the same")
        self.ask(901)
        self.assertEqual(self.complaint.compensation_state, "waiting")
        self.assertFalse(self.complaint.compensation_decided_id)
        self.ask(80)
        self.assertEqual(self.complaint.compensation_state, "approved", "one's own")

    def test_another_company_is_another_currency(self):
        theirs = self.env["care.complaint.team"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        Currency = self.env["res.currency"].with_context(active_test=False)
        self.other_company.currency_id = Currency.search(
            [("id", "!=", self.company.currency_id.id)], limit=1
        )
        self.ask(5000, self.manager)
        self.complaint.team_id = theirs
        self.assertEqual(self.complaint.compensation_asked_id, self.env.user)

    def test_nobody_approves_their_own(self):
        self.team.manager_id = self.all
        self.ask(900, self.all)
        seen = self.complaint.with_user(self.all)
        self.assertFalse(seen.can_decide_compensation)
        with self.assertError(AccessError, "not the user who requested it"):
            seen.action_approve_compensation()
        self.ask(6000, self.manager)
        with self.assertError(AccessError, "not the user who requested it"):
            self.complaint.with_user(self.manager).action_approve_compensation()
        with self.assertError(AccessError, "Only the team manager"):
            seen.action_approve_compensation()
        self.complaint.with_user(self.second).action_approve_compensation()
        self.assertEqual(self.complaint.compensation_granted, 6000)

    @users("care_rep", "care_all")
    def test_who_may_not(self):
        self.ask(900)
        seen = self.complaint.with_user(self.env.user)
        for press in (
            seen.action_approve_compensation,
            seen.action_refuse_compensation,
        ):
            with self.assertError(AccessError, "Only the team manager"):
                press()
        for values in (
            {"compensation_state": "approved"},
            {"compensation_asked_id": self.manager.id},
            {"compensation_decided_id": self.manager.id},
            {"compensation_reason": "Forged"},
        ):
            with self.assertError(AccessError, "Use the buttons"):
                seen.write(values)
        wizard = self.env["care.compensation.refuse"].create(
            {"complaint_id": self.complaint.id, "reason": "No"}
        )
        with self.assertError(AccessError, "Only the team manager"):
            wizard.action_refuse()

    @users("care_rep")
    def test_anothers_complaint(self):
        stranger = self.customer("Stranger", user_id=self.all.id)
        complaint = self.complain(partner_id=stranger.id, user_id=self.all.id)
        with self.assertRaises(AccessError):
            complaint.with_user(self.rep).write({"compensation_amount": 1})

    def test_reported(self):
        self.ask(80)
        waiting = self.ask(900, complaint=self.complain(user_id=self.rep.id))
        mine = [("id", "in", (self.complaint | waiting).ids)]
        [(total,)] = self.env["care.complaint"]._read_group(
            mine, [], ["compensation_granted:sum"]
        )
        self.assertEqual(total, 80)

    # Documents ------------------------------------------------------

    def test_replacement(self):
        order = self.order(self.salon, 70)
        order.order_line.product_uom_qty = 3
        self.complaint.order_id = order
        seen = self.complaint.with_user(self.rep)
        action = seen.action_create_replacement()
        made = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(made.care_complaint_id, self.complaint)
        self.assertEqual(made.state, "draft")
        self.assertEqual(made.amount_total, 0)
        line = made.order_line.filtered("product_id")
        self.assertEqual(line.product_id, self.product)
        self.assertEqual(line.product_uom_qty, 3)
        line.product_uom_qty = 5
        self.assertEqual(made.amount_total, 0, "another quantity is free too")
        self.assertEqual(self.complaint.replacement_count, 1)
        self.assertEqual(seen.action_open_replacements()["res_id"], made.id)

    def test_replacement_of_the_product_alone(self):
        other = self.env["product.product"].create({"name": "Cream", "list_price": 9})
        self.complaint.order_id = self.order(self.salon, 70)
        self.complaint.product_id = other
        self.complaint.action_create_replacement()
        lines = self.complaint.replacement_ids.order_line
        self.assertEqual(lines.product_id, other)
        self.complaint.action_create_replacement()
        self.assertEqual(self.complaint.replacement_count, 2)
        self.assertIn("domain", self.complaint.action_open_replacements())

    def test_without_the_right_somebody_is_asked(self):
        plain = self.make_user("plain", "customer_care.group_user")
        self.complaint.user_id = plain
        self.ask(80)
        seen = self.complaint.with_user(plain)
        accountant = self.make_user("accountant", "account.group_account_invoice")
        action = seen.action_create_replacement()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(self.complaint.replacement_ids)
        seen.action_create_credit_note()
        seen.action_create_credit_note()
        asked = self.complaint.activity_ids
        self.assertEqual(len(asked), 2, "each once")
        credit = asked.filtered(lambda a: "credit note" in a.summary)
        self.assertIn(
            accountant, self.env.ref("account.group_account_invoice").all_user_ids
        )
        self.assertTrue(credit.user_id.has_group("account.group_account_invoice"))

    def test_without_anybody_who_may(self):
        plain = self.make_user("plain", "customer_care.group_user")
        self.complaint.user_id = plain
        self.ask(80)
        self.env.ref("account.group_account_invoice").all_user_ids.sudo().filtered(
            lambda user: self.company in user.company_ids
        ).company_ids -= self.company
        with self.assertError(UserError, "No user of Care Test Ltd"):
            self.complaint.with_user(plain).action_create_credit_note()

    def test_nothing_to_credit_or_to_return(self):
        with self.assertError(UserError, "No compensation has been granted"):
            self.complaint.action_create_credit_note()
        self.ask(900)
        with self.assertError(UserError, "have it approved"):
            self.complaint.action_create_credit_note()
        with self.assertError(UserError, "Choose the invoice"):
            self.complaint.action_return_goods()

    def test_from_the_order(self):
        order = self.order(self.salon, 70)
        other = self.order(self.salon, 80)
        self.assertEqual(order.care_complaint_count, 0)
        action = order.with_user(self.rep).action_open_care_complaints()
        made = (
            self.env["care.complaint"]
            .with_user(self.rep)
            .with_context(**action["context"])
            .create({"subject": "From the order"})
        )
        self.assertEqual(made.order_id, order)
        self.assertEqual(made.product_id, self.product)
        self.assertEqual(made.partner_id, self.salon)
        (order | other).invalidate_recordset()
        self.assertEqual((order | other).mapped("care_complaint_count"), [1, 0])
        self.assertEqual(
            self.env["care.complaint"].search(
                order.action_open_care_complaints()["domain"]
            ),
            made,
        )

    def test_from_contact_and_opportunity(self):
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.salon.id}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": person.id, "company_id": self.company.id}
        )
        for record in (person, lead):
            context = record.action_new_care_complaint()["context"]
            made = self.env["care.complaint"].with_context(**context)
            made = made.create({"subject": "Broken"})
            self.assertEqual((made.partner_id, made.contact_id), (self.salon, person))

    def test_counts_of_many_ask_one_query(self):
        orders = self.env["sale.order"]
        for number in range(10):
            orders |= self.order(self.salon, number)
        self.complaint.order_id = orders[0]
        self.env.flush_all()
        orders.mapped("name")
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            orders.with_user(self.all).mapped("care_complaint_count")

    def test_deleted_documents(self):
        self.complaint.action_create_replacement()
        self.complaint.replacement_ids.unlink()
        self.assertEqual(self.complaint.replacement_count, 0)
        self.complaint.action_create_replacement()
        order = self.complaint.replacement_ids
        self.complaint.unlink()
        self.assertTrue(order.exists())
        self.assertFalse(order.care_complaint_id)

    def test_not_for_others(self):
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            self.env["care.compensation.refuse"].with_user(self.employee).create(
                {"complaint_id": self.complaint.id, "reason": "No"}
            )
        with self.assertRaises(AccessError):
            self.order(self.salon, 1).with_user(self.employee).read(
                ["care_complaint_count"]
            )


@tagged("post_install", "-at_install")
class TestComplaintSettings(ComplaintCase):
    def test_limits_in_the_settings(self):
        settings = self.env["res.config.settings"].create(
            {"care_compensation_all": 300}
        )
        settings.execute()
        self.assertEqual(self.company.care_compensation_all, 300)
        self.assertEqual(self.company._care_limit("compensation", self.all), 300)

    def test_team_of_nobody(self):
        self.team.member_ids = [Command.clear()]
        self.team.manager_id = False
        complaint = self.complain(user_id=self.rep.id)
        complaint.with_user(self.rep).compensation_amount = 10**6
        self.assertEqual(complaint.compensation_state, "waiting")
        self.assertEqual(complaint.activity_ids.user_id, self.manager)
