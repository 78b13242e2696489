from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_risk_case import RiskCase


@tagged("post_install", "-at_install")
class TestOpening(RiskCase):
    def test_threshold_of_the_tier(self):
        other = self.customer("Other", user_id=self.rep.id)
        self.company.care_risk_threshold = 80
        self.assertFalse(self.open_for((self.salon, 59.9), (other, 79.9)))
        cases = self.open_for((self.salon, 60), (other, 80))
        self.assertEqual(cases.partner_id, self.salon | other)
        case = cases.filtered(lambda case: case.partner_id == self.salon)
        self.assertEqual(case.state, "suspected")
        self.assertEqual(case.opened_by, "job")
        self.assertEqual(case.risk, 60)
        self.assertEqual(case.user_id, self.rep)
        self.assertEqual(case.supervisor_id, self.lead)
        self.assertEqual(case.reason, "Dissatisfied at contacts: 2")
        self.assertFalse(case.react_by, "the supervisor is told of competitors only")
        self.assertEqual(set(case.activity_ids.user_id), {self.rep})

    def test_zero_is_never(self):
        self.A.risk_threshold = 0
        self.assertFalse(self.open_for((self.salon, 100)))

    def test_once_per_episode(self):
        case = self.open_for((self.salon, 90))
        self.assertTrue(case)
        self.assertFalse(self.open_for((self.salon, 95)))
        case.write({"cause": "price", "lesson": "Call more often"})
        case.action_lose()
        with freeze_time("2027-06-01 09:00:00"):
            self.assertFalse(
                self.open_for((self.salon, 95)), "a lost customer is not lost again"
            )
            self.ordered(1)
            again = self.open_for((self.salon, 95))
        self.assertTrue(again)
        self.assertNotEqual(again, case)

    def test_no_loss_without_a_lesson(self):
        case = self.open_for((self.salon, 90)).with_user(self.rep)
        said = {"cause": "price", "lesson": "Call more often"}
        with self.assertError(UserError, "enter the cause"):
            case.with_context(care_analysis=said).action_lose()
        case.write({"state": "lost", **said})
        self.assertEqual(case.state, "lost")

    def test_false_alarm_is_quiet_for_a_while(self):
        case = self.open_for((self.salon, 90))
        case.with_user(self.rep).action_dismiss()
        self.assertFalse(case.active)
        self.assertFalse(case.activity_ids)
        self.assertFalse(self.open_for((self.salon, 95)))
        with freeze_time("2027-03-01 09:00:00"):
            self.assertTrue(self.open_for((self.salon, 95)))

    def test_who_left_long_ago_is_no_case(self):
        old = self.customer("Old", user_id=self.rep.id)
        self.ordered(370, old)
        self.assertFalse(self.open_for((old, 100)))
        self.ordered(360, old)
        self.assertTrue(self.open_for((old, 100)))

    def test_not_for_contacts_archived_or_switched_off(self):
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.salon.id}
        )
        self.assertFalse(self.open_for((person, 100)))
        self.env["res.groups"]._switch_care_features(outlook=False)
        self.assertFalse(self.open_for((self.salon, 100)))
        self.env["res.groups"]._switch_care_features(outlook=True)
        self.salon.active = False
        self.assertFalse(self.open_for((self.salon, 100)))

    def test_one_open_case(self):
        self.case()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.case(user=self.all)

    def test_loss_is_the_margin_of_twelve_months(self):
        self.company.care_margin_percent = 25
        self.company.care_review_source = "sale"
        self.ordered(10, amount=1000)
        self.ordered(300, amount=600)
        self.ordered(400, amount=5000)
        self.ordered(5, amount=900, state="draft")
        orders = self.env["sale.order"]
        case = self.case()
        if "margin" in orders._fields:
            known = orders.search([("partner_id", "=", self.salon.id)])
            expected = sum(
                known.filtered(
                    lambda order: order.state == "sale"
                    and order.date_order > datetime(2025, 11, 10, 9)
                ).mapped("margin")
            )
        else:
            expected = 400
        self.assertEqual(case.cost_of_loss, expected)

    def test_reps_open_cases_of_own_customers(self):
        theirs = self.customer("Theirs", user_id=self.all.id)
        self.assertEqual(self.case().opened_by, "hand")
        with self.assertRaises(AccessError):
            self.case(partner_id=theirs.id)
        self.assertTrue(self.case(user=self.lead, partner_id=theirs.id))

    def test_guarded_fields(self):
        case = self.case(
            opened_by="job", cost_of_loss=5, price_state="approved", state="lost"
        )
        self.assertEqual(case.opened_by, "hand")
        self.assertEqual(case.price_state, "none")
        self.assertEqual(case.state, "suspected")
        self.assertFalse(case.cost_of_loss)
        for values in (
            {"price_state": "approved"},
            {"supervisor_id": self.rep.id},
            {"active": False},
            {"react_by": False, "reacted_at": "2026-01-01"},
            {"partner_id": self.customer("Other").id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                case.write(values)


@tagged("post_install", "-at_install")
class TestCompetitorSeen(RiskCase):
    def setUp(self):
        super().setUp()
        self.report = self.contact(self.salon, 10, state="planned", summary="")
        self.report.competitor = "Glimmer & Co"
        self.report.competitor_note = "20 % cheaper"

    def seen(self):
        self.report.with_user(self.rep).action_competitor_seen()
        return self.report.risk_case_id

    def test_supervisor_is_told_at_once_with_a_clock(self):
        case = self.seen()
        self.assertEqual(case.state, "secret")
        self.assertEqual(case.opened_by, "report")
        self.assertEqual(case.competitor, "Glimmer & Co")
        self.assertEqual(case.competitor_offer, "20 % cheaper")
        self.assertIn("Competitor Seen", self.kinds_of(case, self.lead))
        self.assertEqual(
            case.react_by, datetime(2026, 11, 11, 4), "four working hours tomorrow"
        )
        told = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.lead.partner_id.ids),
                ("model", "=", "care.risk.case"),
            ]
        )
        self.assertEqual(len(told), 1, "one mail, not one for each activity")
        self.assertIn("A competitor courts Salon: Glimmer", told.body)
        self.assertTrue(case.with_user(self.lead).must_react)
        self.assertFalse(case.is_react_overdue)

    def test_overdue_and_escalated_once(self):
        case = self.seen()
        late = self.Case.search([("is_react_overdue", "=", True)])
        self.assertNotIn(case, late)
        with freeze_time("2026-11-11 03:59:00"):
            self.run_cron("ir_cron_risk_reaction")
            self.assertFalse(case.escalated_at)
        with freeze_time("2026-11-11 04:01:00"):
            case.invalidate_recordset()
            self.assertTrue(case.is_react_overdue)
            late = self.Case.search([("is_react_overdue", "=", True)])
            self.assertIn(case, late)
            self.run_cron("ir_cron_risk_reaction")
            self.run_cron("ir_cron_risk_reaction")
        self.assertTrue(case.escalated_at)
        self.assertEqual(self.kinds_of(case, self.manager), ["Competitor Seen"], "once")

    def test_reaction(self):
        case = self.seen()
        with self.assertRaises(AccessError):
            case.with_user(self.rep).action_react()
        case.with_user(self.rep).answer = "Training"
        self.assertFalse(case.reacted_at, "only the supervisor reacts")
        case.with_user(self.lead).action_react()
        self.assertTrue(case.reacted_at)
        self.assertNotIn("Competitor Seen", self.kinds_of(case))
        with freeze_time("2026-11-12 09:00:00"):
            self.run_cron("ir_cron_risk_reaction")
        self.assertFalse(case.escalated_at)

    def test_doing_something_or_marking_it_done_is_a_reaction(self):
        case = self.seen()
        case.activity_ids.filtered(
            lambda row: row.activity_type_id.name == "Competitor Seen"
        ).with_user(self.lead).action_done()
        self.assertTrue(case.reacted_at)
        other = self.customer("Other", user_id=self.rep.id)
        second = self.Case.browse(
            other.with_user(self.rep).action_care_competitor_seen()["res_id"]
        )
        second.with_user(self.lead).answer = "I call them"
        self.assertTrue(second.reacted_at)

    def test_seen_again_sharpens_the_open_case(self):
        first = self.open_for((self.salon, 90))
        case = self.seen()
        self.assertEqual(case, first)
        self.assertEqual(case.state, "secret")
        self.assertTrue(case.react_by)
        self.report.risk_case_id = False
        self.report.competitor = "Velours"
        self.assertEqual(self.seen(), first)
        self.assertEqual(case.competitor, "Glimmer & Co, Velours")

    def test_without_supervisor_or_hours(self):
        self.company.resource_calendar_id = False
        case = self.seen()
        self.assertEqual(case.react_by, datetime(2026, 11, 10, 13))
        self.department.user_id = False
        self.company.care_review_user_id = False
        self.manager.active = False
        other = self.customer("Other", user_id=self.rep.id)
        case = self.Case._report_competitor(other, self.company)
        self.assertEqual(case.state, "secret")

    def test_only_own_customers(self):
        theirs = self.customer("Theirs", user_id=self.all.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.rep).action_care_competitor_seen()
        with self.assertRaises(AccessError):
            self.salon.with_user(self.employee).action_care_competitor_seen()
        self.assertFalse(self.Case.search([("partner_id", "=", theirs.id)]))


@tagged("post_install", "-at_install")
class TestStages(RiskCase):
    def test_steps_once_by_stage_and_cause(self):
        self.env["care.risk.playbook"].search([]).active = False
        self.env["care.risk.playbook"].create(
            [
                {
                    "name": "Openly",
                    "state": "open",
                    "step_ids": [
                        (0, 0, {"name": "Praise", "days": 2}),
                        (0, 0, {"name": "Study", "by_supervisor": True}),
                    ],
                },
                {
                    "name": "Staff",
                    "cause": "staff",
                    "step_ids": [(0, 0, {"name": "Introduce"})],
                },
                {
                    "name": "Other company",
                    "company_id": self.other_company.id,
                    "step_ids": [(0, 0, {"name": "Nothing"})],
                },
            ]
        )
        case = self.case()
        self.assertFalse(case.activity_ids)
        case.state = "open"
        case.state = "secret"
        case.state = "open"
        case.cause = "staff"
        steps = {
            row.summary: (row.user_id, row.date_deadline.isoformat())
            for row in case.sudo().activity_ids
            if row.activity_type_id.name == "Step of a Playbook"
        }
        self.assertEqual(
            steps,
            {
                "Praise": (self.rep, "2026-11-12"),
                "Study": (self.lead, "2026-11-11"),
                "Introduce": (self.rep, "2026-11-11"),
            },
        )

    def test_nobody_is_flooded(self):
        """As many as a user can work on, told in one message; the next one follows when
        one is closed."""
        self.company.care_risk_cases_at_once = 3
        customers = [
            self.customer(f"R{number}", user_id=self.rep.id) for number in range(5)
        ]
        rows = [(customer, 99) for customer in customers]
        before = self.env["mail.message"].search([])
        cases = self.open_for(*reversed(rows))
        self.assertEqual(
            cases.partner_id.ids, [row.id for row in reversed(customers[2:])]
        )
        [told] = (self.env["mail.message"].search([]) - before).filtered(
            lambda message: cases.user_id.partner_id in message.partner_ids
        )
        for case in cases:
            self.assertIn(case.partner_id.name, told.body)
        self.assertFalse(self.open_for(*reversed(rows)))
        by_hand = self.case(cases.user_id, partner_id=customers[1].id)
        self.assertTrue(by_hand, "one opens more by hand")
        cases[0]._care_unlock().write(
            {"state": "won_back", "closed_at": cases[0].opened_at}
        )
        self.assertEqual(self.open_for(*rows).partner_id, customers[0])
        self.company.care_risk_cases_at_once = 0
        more = [(self.customer(f"S{number}"), 99) for number in range(5)]
        before = self.env["mail.message"].search([])
        self.assertEqual(len(self.open_for(*more)), 5)
        [told] = (self.env["mail.message"].search([]) - before).filtered("partner_ids")
        self.assertEqual(told.partner_ids, self.manager.partner_id, "nobody's own")

    def test_shipped_playbooks(self):
        case = self.case(state="open")
        words = case.sudo().activity_ids.mapped("summary")
        self.assertIn("Praise what is good in the competitor", words)
        self.assertIn("Ask for at least a small order", words)
        self.assertEqual(case.goal, "Keep at least a small order")

    def test_price_needs_approval(self):
        case = self.case(state="open")
        with self.assertRaises(UserError):
            case.action_ask_price()
        case.write({"price_offer": "5 % for a year", "cost_of_keeping": 300})
        with self.assertRaises(UserError):
            case.with_user(self.lead).action_approve_price()
        case.action_ask_price()
        self.assertIn("Price to Approve", self.kinds_of(case, self.lead))
        with self.assertRaises(AccessError):
            case.action_approve_price()
        with self.assertRaises(AccessError):
            case.with_user(self.all).action_approve_price()
        with self.assertRaises(AccessError):
            case.price_note = "Fine"
        with self.assertRaises(UserError):
            case.with_user(self.lead).action_refuse_price()
        case.with_user(self.lead).action_approve_price()
        self.assertEqual(case.price_state, "approved")
        self.assertEqual(case.price_decided_by_id, self.lead)
        self.assertTrue(case.reacted_at)
        case.cost_of_keeping = 250
        self.assertEqual(case.price_state, "approved")
        case.cost_of_keeping = 301
        self.assertEqual(case.price_state, "none", "more than was approved")
        case.action_ask_price()
        case.with_user(self.manager).price_note = "Too much"
        case.with_user(self.manager).action_refuse_price()
        self.assertEqual(case.price_state, "refused")

    def test_nobody_approves_an_own_request(self):
        case = self.case(user=self.lead, partner_id=self.customer("L").id)
        self.assertEqual(case.supervisor_id, self.manager)
        case.with_user(self.manager).price_offer = "10 %"
        case.with_user(self.manager).action_ask_price()
        with self.assertRaises(AccessError):
            case.with_user(self.manager).action_approve_price()

    def test_lost_needs_an_analysis(self):
        case = self.case(state="terminated")
        with self.assertRaises(UserError):
            case.action_lose()
        with self.assertRaises(UserError):
            case.state = "lost"
        case.write({"cause": "staff", "lesson": "Two people for each A customer"})
        case.state = "lost"
        self.assertTrue(case.closed_at)
        self.assertFalse(case.to_analyze)
        self.assertFalse(case.activity_ids)
        with self.assertRaises(AccessError):
            case.state = "open"
        with self.assertRaises(UserError):
            case.answer = "Too late"
        case.lesson = "Three people"
        case.with_user(self.lead).action_reopen()
        self.assertFalse(case.closed_at)

    def test_supervisor_closes_without_analysis(self):
        case = self.case(state="terminated")
        case.with_user(self.lead).action_lose()
        self.assertTrue(case.to_analyze)
        self.assertIn(case, self.Case.search([("to_analyze", "=", True)]))
        self.assertEqual(self.kinds_of(case, self.rep), ["Loss to Analyze"])

    def test_won_back_with_an_order(self):
        case = self.case()
        with self.assertRaises(UserError):
            case.action_win()
        with freeze_time("2026-11-20 09:00:00"):
            self.ordered()
            case.invalidate_recordset()
            self.assertEqual(case.orders_since, 1)
            case.action_win()
        self.assertEqual(case.state, "won_back")
        self.assertFalse(case.activity_ids)

    def test_result_after_ninety_days(self):
        lost_partner = self.customer("Gone", user_id=self.rep.id)
        won, lost = self.case(), self.case(partner_id=lost_partner.id)
        self.assertEqual(won.result_due.isoformat(), "2027-02-08")
        with freeze_time("2026-12-01 09:00:00"):
            self.ordered(partner=self.salon)
            self.ordered(partner=lost_partner, state="draft")
            self.run_cron("ir_cron_risk_result")
        self.assertEqual(won.state, "suspected")
        with freeze_time("2027-02-08 09:00:00"):
            self.run_cron("ir_cron_risk_result")
        self.assertEqual((won.state, lost.state), ("won_back", "lost"))
        self.assertIn("Loss to Analyze", self.kinds_of(lost, self.rep))

    def test_termination_starts_the_count_again(self):
        case = self.case(state="open")
        with freeze_time("2026-11-20 09:00:00"):
            self.ordered()
        with freeze_time("2026-12-10 09:00:00"):
            case.state = "terminated"
        self.assertEqual(case.result_due.isoformat(), "2027-03-10")
        with freeze_time("2027-03-10 09:00:00"):
            self.run_cron("ir_cron_risk_result")
        self.assertEqual(case.state, "lost", "the order was before the termination")

    def test_settings(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.company.care_risk_react_hours = 0
            self.env.flush_all()
        with self.assertRaises(ValidationError):
            self.A.risk_threshold = 101


@tagged("post_install", "-at_install")
class TestLife(RiskCase):
    def test_merged_customers(self):
        self.rep.group_ids += self.env.ref("base.group_partner_manager")
        other = self.customer("Double", user_id=self.rep.id)
        mild, grave = self.case(), self.case(partner_id=other.id, state="open")
        mild.competitor = "Velours"
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.rep)
        wizard.create({})._merge((self.salon | other).ids, self.salon)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((mild | grave).partner_id, self.salon)
        self.assertFalse(grave.closed_at)
        self.assertEqual(grave.competitor, "Velours")
        self.assertFalse(mild.active)
        self.assertTrue(mild.closed_at)

    def test_handover(self):
        case = self.case(state="open")
        handover = (
            self.env["care.handover"]
            .with_user(self.manager)
            .create(
                {
                    "from_user_id": self.rep.id,
                    "user_id": self.all.id,
                    "company_id": self.company.id,
                }
            )
        )
        handover.action_preview()
        handover.action_apply()
        self.assertEqual(case.user_id, self.all)
        self.assertEqual(case.supervisor_id, self.manager, "of the successor")
        self.assertNotIn(self.rep, case.sudo().activity_ids.user_id)
        handover.action_reverse()
        self.assertEqual(case.user_id, self.rep)

    def test_who_sees_it(self):
        case = self.case()
        for user, sees in (
            (self.rep, True),
            (self.lead, True),
            (self.all, True),
            (self.manager, True),
        ):
            self.assertEqual(
                case in self.Case.with_user(user).search([]), sees, user.login
            )
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        self.assertFalse(self.Case.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            case.with_user(stranger).action_lose()
        with self.assertRaises(AccessError):
            self.Case.with_user(self.employee).search([])

    def test_win_back_rate(self):
        other = self.customer("Other", user_id=self.rep.id)
        won, lost = (
            self.case(cause="price"),
            self.case(partner_id=other.id, cause="price"),
        )
        self.case(partner_id=self.customer("Open", user_id=self.rep.id).id)
        won.with_user(self.lead).action_win()
        lost.with_user(self.lead).action_lose()
        self.env.flush_all()
        Report = self.env["care.risk.report"].with_user(self.lead)
        [(rate, count, to_analyze)] = Report._read_group(
            [("user_id", "=", self.rep.id), ("cause", "=", "price")],
            [],
            ["won_rate:avg", "lost_count:sum", "to_analyze_count:sum"],
        )
        self.assertEqual((rate, count, to_analyze), (50, 1, 1))
        self.assertEqual(Report.search([("case_id", "=", won.id)]).won_rate, 100)

    def test_card_and_reasons_to_call(self):
        self.case(competitor="Velours", state="open")
        salon = self.salon.with_user(self.rep)
        [row] = salon.care_card["risk_cases"]
        self.assertEqual(row["competitor"], "Velours")
        self.assertEqual(
            salon.care_card["labels"]["risk_state"]["open"], "Courted Openly"
        )
        self.assertEqual(salon.care_risk_case_count, 1)
        self.assertEqual(salon._care_reasons_to_call()[salon], "Courted by Velours")


@tagged("post_install", "-at_install")
class TestTwoWorkers(TransactionCase):
    """Against connections of their own, as two workers have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.was_on = env["res.groups"]._has_care_feature("outlook")
            env["res.groups"]._switch_care_features(outlook=True)
            self.company_id = env.company.id
            customer = env["res.partner"].create(
                {"name": "At once", "is_company": True}
            )
            self.partner_id = customer.id
            self.order_id = env["sale.order"].create({"partner_id": customer.id}).id
            env.flush_all()
            cr.execute(
                "UPDATE sale_order SET state = 'sale', amount_untaxed = 5"
                " WHERE id = %s",
                [self.order_id],
            )
        self.addCleanup(self.clean)
        self.first, self.second = (
            api.Environment(self.enterContext(self.registry.cursor()), SUPERUSER_ID, {})
            for _worker in range(2)
        )

    def clean(self):
        for env in (self.first, self.second):
            env.cr.rollback()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            cases = env["care.risk.case"].search([("partner_id", "=", self.partner_id)])
            cases.activity_ids.unlink()
            cases.unlink()
            env["sale.order"].browse(self.order_id).state = "cancel"
            env["sale.order"].browse(self.order_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            if not self.was_on:
                env["res.groups"]._switch_care_features(outlook=False)

    def test_both_open_the_same_case(self):
        """The second worker has read before the first one commits."""
        rows = [(self.partner_id, self.company_id, 99, [])]
        Second = self.second["care.risk.case"]
        due = Second._due_for_case({(self.partner_id, self.company_id): (99, [])})
        self.assertEqual(due, [(self.partner_id, self.company_id)])
        opened = self.first["care.risk.case"]._open_for_risk(rows)
        self.assertEqual(len(opened), 1)
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"):
            self.assertFalse(Second._open_for_risk(rows))
        self.second.cr.commit()
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM care_risk_case WHERE partner_id = %s",
                [self.partner_id],
            )
            self.assertEqual(cr.fetchone(), (1,))
