from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.translate import code_translations

from ..common import TierCase
from ..common_plan import PlanCase

FUTILE = "customer_care.mail_activity_type_futile"


@tagged("post_install", "-at_install")
class TestNotMet(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.leader = cls.make_user(
            "leader", "sales_team.group_sale_salesman_all_leads", lang="zh_CN"
        )
        cls.env["crm.team"].create(
            {
                "name": "Team of the Rep",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "member_ids": [Command.link(cls.rep.id)],
            }
        )
        cls.salon = cls.a_customer()
        cls.Target._generate(fields.Date.to_date("2026-11-10"))
        cls.visit_target = cls.env["care.plan.target"].search(
            [
                ("partner_id", "=", cls.salon.id),
                ("rule_id", "=", cls.visits.id),
                ("date_start", "=", "2026-11-01"),
            ]
        )

    def planned(self, day, channel="visit", **values):
        return self.contact(self.salon, day, channel, state="planned", **values)

    def tried(self, day, channel="visit", **values):
        contact = self.planned(day, channel, **{"summary": False, **values})
        contact.with_user(contact.user_id).action_not_met()
        return contact

    def activities(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.salon.id),
                ("activity_type_id", "=", self.env.ref(FUTILE).id),
            ]
        )

    # ------------------------------------------------------------
    # Tried, not made
    # ------------------------------------------------------------

    def test_counts_as_tried_not_as_made(self):
        visit = self.tried(5)
        target = self.visit_target
        self.assertEqual(
            (visit.state, target.done, target.state), ("not_met", 0, "open")
        )
        self.assertFalse(visit.target_id)
        self.assertFalse(visit.summary, "nothing is asked")
        self.assertEqual(visit.reported_at, fields.Datetime.now())
        self.assertEqual(self.salon.care_interaction_count, 0)
        self.assertFalse(self.salon.care_last_contact_date)
        self.assertFalse(target.last_contact_date)
        self.assertFalse(visit.to_report)
        self.Target._generate(fields.Date.to_date("2026-11-10"))
        self.assertEqual(target.done, 0, "nor does a later run count it")
        report = self.env["care.contact.report"].search(
            [("partner_id", "=", self.salon.id), ("channel", "=", "visit")]
        )
        self.assertEqual(sum(report.mapped("done")), 0)

    def test_undone(self):
        visit = self.tried(5, summary="Back again")
        visit.with_user(self.rep).action_plan_again()
        self.assertEqual((visit.state, visit.reported_at), ("planned", False))
        visit.with_user(self.rep).action_done()
        self.assertEqual((visit.state, self.visit_target.done), ("done", 1))
        self.assertFalse(visit.is_late and visit.reported_at < visit.date_end)
        with self.assertError(UserError, "Only a planned contact"):
            visit.with_user(self.rep).action_not_met()
        visit.with_user(self.rep).write({"state": "not_met"})
        self.assertEqual(self.visit_target.done, 0, "a report that was a mistake")

    def test_early_and_future(self):
        early = self.planned(10)
        early.date_start = "2026-11-10 09:30:00"
        early.with_user(self.rep).action_not_met()
        self.assertEqual(early.date_start, datetime(2026, 11, 10, 9))
        with self.assertError(ValidationError, "in the future"):
            self.tried(12)

    def test_next_appointment_is_planned(self):
        visit = self.planned(5, next_date="2026-11-12 08:00:00")
        visit.with_user(self.rep).action_not_met()
        self.assertEqual(visit.next_id.date_start, datetime(2026, 11, 12, 8))
        self.assertEqual(visit.next_id.state, "planned")

    def test_meeting_is_settled(self):
        visit = self.planned(5)
        visit._make_meeting()
        event = visit.calendar_event_id
        self.assertTrue(event.activity_ids)
        visit.with_user(self.rep).action_not_met()
        self.assertFalse(event.activity_ids)
        self.assertTrue(event.active)
        self.assertEqual(self.salon.care_interaction_ids, visit, "no second one")

    # ------------------------------------------------------------
    # Where it is seen
    # ------------------------------------------------------------

    def test_target_says_how_often(self):
        target = self.visit_target.with_user(self.rep)
        self.assertFalse(target.tried)
        self.tried(3, "phone")
        self.assertFalse(target.tried, "a call is not a visit")
        for day, words in (
            (4, "Tried once, on 11/04/2026"),
            (6, "Tried twice, last on 11/06/2026"),
            (9, "Tried 3 times, last on 11/09/2026"),
        ):
            self.tried(day)
            target.invalidate_recordset(["tried"])
            self.assertEqual(target.tried, words)
        self.contact(self.salon, 10)
        target.invalidate_recordset(["tried"])
        self.assertFalse(target.tried, "a contact has been made since")

    def test_target_says_nothing_of_others_contacts(self):
        foreign = self.a_customer("Foreign", user=self.all)
        self.generate()
        self.contact(foreign, 4, user=self.all, state="not_met")
        target = self.current(foreign, self.visits)
        self.assertTrue(target.with_user(self.all).tried)
        with self.assertRaises(AccessError):
            target.with_user(self.rep).read(["tried"])

    def test_one_query_for_many(self):
        for number in range(3):
            self.a_customer(f"Salon {number}")
        self.generate()
        self.tried(4)
        targets = self.targets(state="open").with_user(self.rep)
        targets.mapped("date_start")
        targets[0].tried  # noqa: B018 - rules and rights are read
        targets.invalidate_recordset(["tried"])
        self.env.flush_all()
        with self.assertQueryCount(1):
            targets.mapped("tried")

    def test_brief_and_card(self):
        self.tried(4)
        person = self.customer(
            "Ms. Zhou",
            parent_id=self.salon.id,
            is_company=False,
            care_decision_role="decision_maker",
        )
        brief = self.salon.with_user(self.rep).care_brief
        self.assertIn("Nobody met", brief)
        self.assertIn("11/04/2026", brief)
        self.assertIn("Ms. Zhou", brief)
        self.assertNotIn("/avatar_128", brief, "no photo, no placeholder")
        person.image_1920 = PIXEL
        self.salon.invalidate_recordset(["care_brief"])
        brief = self.salon.with_user(self.rep).care_brief
        self.assertIn(f"/web/image/res.partner/{person.id}/avatar_128", brief)
        card = self.salon.with_user(self.rep).care_card
        self.assertEqual([row["state"] for row in card["reports"]], ["not_met"])
        self.contact(self.salon, 6)
        self.salon.invalidate_recordset(["care_brief"])
        self.assertNotIn("Nobody met", self.salon.with_user(self.rep).care_brief)

    def test_customer_timeline(self):
        visit = self.tried(4)
        bodies = " ".join(self.salon.message_ids.mapped("body"))
        self.assertIn("not met", bodies)
        self.assertIn(f'data-oe-id="{visit.id}"', bodies)

    def test_form(self):
        form = Form(self.planned(5).with_user(self.rep))
        self.assertEqual(form.state, "planned")
        arch = self.env["care.interaction"].get_view(view_type="form")["arch"]
        self.assertIn("action_not_met", arch)

    # ------------------------------------------------------------
    # In vain again and again
    # ------------------------------------------------------------

    def test_supervisor_hears_of_the_third_once(self):
        self.tried(2)
        self.tried(4, "phone")
        self.tried(4)
        self.assertFalse(self.activities())
        self.tried(6)
        activity = self.activities()
        self.assertEqual(activity.user_id, self.leader)
        self.assertIn(f'data-oe-id="{self.salon.id}"', activity.note)
        self.assertIn('data-oe-model="res.partner"', activity.note)
        self.tried(9)
        self.assertEqual(self.activities(), activity, "once per series")
        self.contact(self.salon, 10, "phone")
        self.assertFalse(self.activities(), "somebody has been reached")

    def test_in_the_supervisors_language(self):
        self.env["ir.config_parameter"]
        source = "%s visits in a row met nobody"
        with self.translated(source, "连续%s次拜访扑空"):
            for day in (2, 4, 6):
                self.tried(day)
        activity = self.activities()
        self.assertEqual(activity.summary, "连续3次拜访扑空")
        self.assertIn("2026/11/06", activity.note)

    def translated(self, source, words):
        known = code_translations.get_python_translations("customer_care", "zh_CN")
        return patch.dict(
            code_translations.python_translations,
            {("customer_care", "zh_CN"): {**known, source: words}},
        )

    def test_a_contact_between_starts_a_new_series(self):
        self.tried(2)
        self.tried(3)
        self.contact(self.salon, 4, "phone")
        self.tried(5)
        self.tried(6)
        self.assertFalse(self.activities())
        self.tried(9)
        self.assertEqual(len(self.activities()), 1)

    def test_undoing_one_withdraws_the_notice(self):
        last = [self.tried(day) for day in (2, 4, 6)][-1]
        self.assertTrue(self.activities())
        last.with_user(self.rep).action_plan_again()
        self.assertFalse(self.activities())
        last.with_user(self.rep).action_not_met()
        self.assertEqual(len(self.activities()), 1)

    def test_two_reps_one_series(self):
        self.env["care.account.member"].create(
            {
                "partner_id": self.salon.id,
                "role_id": self.consultant.id,
                "user_id": self.all.id,
            }
        )
        self.tried(2)
        self.tried(4, user=self.all)
        self.tried(6)
        self.assertEqual(len(self.activities()), 1)

    def test_setting(self):
        self.company.care_futile_visits = 2
        self.tried(2)
        self.tried(4)
        self.assertEqual(len(self.activities()), 1)
        self.activities().unlink()
        self.company.care_futile_visits = 0
        self.tried(6)
        self.tried(9)
        self.assertFalse(self.activities())
        with self.assertError(ValidationError, "cannot be negative"):
            self.company.care_futile_visits = -1

    def test_imported_at_once(self):
        """Several in one call, past the number"""
        self.env["care.interaction"].create(
            [
                {
                    "partner_id": self.salon.id,
                    "user_id": self.rep.id,
                    "channel": "visit",
                    "date_start": f"2026-11-0{day} 08:00:00",
                    "state": "not_met",
                }
                for day in range(2, 7)
            ]
        )
        self.assertEqual(len(self.activities()), 1)

    def test_other_company(self):
        for day in (2, 4):
            self.tried(day)
        self.contact(
            self.salon,
            6,
            user=self.env.user,
            state="not_met",
            company_id=self.other_company.id,
        )
        self.assertFalse(self.activities())

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_only_ones_own(self):
        visit = self.planned(5)
        with self.assertRaises(AccessError):
            visit.with_user(self.employee).action_not_met()
        foreign = self.contact(
            self.a_customer("Foreign", user=self.all),
            5,
            user=self.all,
            state="planned",
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.rep).action_not_met()

    def test_stays_as_evidence(self):
        visit = self.tried(5)
        with self.assertRaises(AccessError):
            visit.with_user(self.rep).unlink()
        with self.assertError(UserError, "Only a Customer Care administrator"):
            visit.with_user(self.rep).sudo()._unlink_except_done()
        with self.assertError(AccessError, "change the person"):
            visit.with_user(self.rep).user_id = self.all


PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestNotMetUi(HttpCase, TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Tour Salon", user_id=cls.rep.id)
        cls.visit = cls.env["care.interaction"].create(
            {
                "partner_id": cls.salon.id,
                "user_id": cls.rep.id,
                "channel": "visit",
                "date_start": fields.Datetime.now() - timedelta(hours=3),
            }
        )

    def run_tour(self):
        self.start_tour(
            "/odoo/action-customer_care.my_interaction_action",
            "customer_care_not_met",
            login="care_rep",
        )
        self.assertEqual(self.visit.state, "not_met")
        self.assertTrue(self.visit.reported_at)

    def test_not_met(self):
        self.run_tour()


@tagged("post_install", "-at_install")
class TestNotMetPhone(TestNotMetUi):
    browser_size = "390x844"
    touch_enabled = True
