from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged, users
from odoo.tools import SQL, mute_logger

from ..common import TierCase
from ..common_plan import TODAY, PlanCase

DAY = timedelta(days=1)
END = date(2026, 11, 30)
"""Last day of the window that the tests live in"""
LATE = date(2026, 11, 27)


class AbsenceCase(PlanCase):
    """November; ``mine`` is the rep's and ``theirs`` the colleague's.

    team Field: leader boss, members rep and mate
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = "sales_team.group_sale_salesman"
        cls.mate = cls.make_user("mate", salesman, name="Mate Miller")
        cls.third = cls.make_user("third", salesman, name="Third Thorn")
        cls.boss = cls.make_user("boss", salesman, name="Boss Brown")
        cls.rep.name = "Anna Adams"
        cls.env["crm.team"].create(
            {
                "name": "Field",
                "company_id": cls.company.id,
                "user_id": cls.boss.id,
                "member_ids": [Command.set((cls.rep | cls.mate).ids)],
            }
        )
        cls.mine = cls.a_customer("Mine")
        cls.theirs = cls.a_customer("Theirs", user=cls.third)
        cls.Target._generate(TODAY)

    def setUp(self):
        super().setUp()
        self.visit = self.current(self.mine, self.visits)
        self.call = self.current(self.mine, self.calls)

    def absence(self, first=TODAY, last=TODAY + 2 * DAY, **values):
        """An absence of the rep, recorded by the user of the test"""
        return self.env["care.absence"].create(
            {
                "user_id": self.rep.id,
                "date_from": first,
                "date_to": last,
                "stand_in_id": self.mate.id,
            }
            | values
        )

    def by(self, record, user=None):
        return record.with_user(user or self.env.user).with_context(
            allowed_company_ids=self.company.ids
        )

    def open_of(self, user):
        """Customers on the page My Contacts"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.plan_target_action"
        )
        self.assertIn("is_mine", action["domain"])
        targets = self.by(self.Target, user).search(
            [("is_mine", "=", True), ("state", "=", "open")]
        )
        self.assertTrue(all(targets.mapped("is_mine")))
        return targets.partner_id


@tagged("post_install", "-at_install")
class TestPassOver(AbsenceCase):
    def test_passes_over_and_comes_back(self):
        self.assertEqual(self.open_of(self.rep), self.mine)
        self.absence()
        self.assertEqual(self.visit.stand_in_id, self.mate)
        self.assertEqual(self.visit.user_id, self.rep)
        self.assertEqual(self.visit.state, "open")
        self.assertEqual(self.open_of(self.mate), self.mine)
        self.assertFalse(self.open_of(self.rep))
        note = self.by(self.visit, self.mate).stand_in_note
        self.assertEqual(note, "for Anna Adams, away until Nov 12")
        self.assertEqual(
            self.by(self.visit, self.manager).stand_in_note,
            "Mate Miller for Anna Adams, away until Nov 12",
        )
        with freeze_time("2026-11-13 09:00:00"):
            self.Target._generate()
            self.assertFalse(self.visit.stand_in_id)
            self.assertFalse(self.open_of(self.mate))
            self.assertEqual(self.open_of(self.rep), self.mine)

    def test_tomorrow_is_not_today(self):
        absence = self.absence(TODAY + DAY)
        self.assertFalse(self.visit.stand_in_id)
        job = self.env.ref("customer_care.ir_cron_plan_target")
        moments = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        self.assertIn(absence._midnight(TODAY + DAY), moments.mapped("call_at"))
        self.Target._pass_over(TODAY + DAY)
        self.assertEqual(self.visit.stand_in_id, self.mate)

    def test_only_changed_rows_are_touched(self):
        self.absence()
        self.assertEqual(self.Target._pass_over(), 0)
        self.assertEqual(self.Target._pass_over(TODAY + 3 * DAY), 2 * 2)
        self.assertEqual(self.Target._pass_over(TODAY + 3 * DAY), 0)

    def test_one_statement_each(self):
        self.absence()
        self.Target._pass_over(TODAY, self.company)
        with self.assertQueryCount(2):
            self.Target._pass_over(TODAY, self.company)

    def test_change_of_the_absence(self):
        absence = self.absence()
        absence.stand_in_id = self.third
        self.assertEqual(self.visit.stand_in_id, self.third)
        absence.date_from = TODAY + DAY
        self.assertFalse(self.visit.stand_in_id)
        absence.date_from = TODAY
        self.assertEqual(self.visit.stand_in_id, self.third)
        absence.unlink()
        self.assertFalse(self.visit.stand_in_id)
        self.assertFalse(self.open_of(self.third) - self.theirs)

    def test_chain(self):
        self.absence()
        second = self.absence(user_id=self.mate.id, stand_in_id=self.third.id)
        self.assertEqual(self.visit.stand_in_id, self.third)
        self.assertIn(self.rep.id, self.third._care_acting_ids())
        second.unlink()
        self.assertEqual(self.visit.stand_in_id, self.mate)
        self.assertEqual(self.third._care_acting_ids(), (self.third.id,))

    def test_circle_is_nobody(self):
        self.absence(last=END)
        absence = self.absence(last=END, user_id=self.mate.id, stand_in_id=self.rep.id)
        self.assertFalse(self.visit.stand_in_id)
        self.assertEqual(self.visit.state, "excused")
        absence.unlink()
        self.assertEqual(self.visit.stand_in_id, self.mate)
        self.assertEqual(self.visit.state, "open")

    def test_stand_in_leaves(self):
        self.absence(last=END)
        self.mate.active = False
        self.assertFalse(self.visit.stand_in_id)
        self.assertEqual(self.visit.state, "excused", "as without a stand-in")
        self.mate.active = True
        self.assertEqual(self.visit.stand_in_id, self.mate)
        self.assertEqual(self.visit.state, "open")

    def test_person_leaves(self):
        self.absence()
        self.rep.active = False
        self.assertFalse(self.visit.user_id or self.visit.stand_in_id)

    def test_change_of_the_team(self):
        self.absence()
        self.mine.user_id = self.third
        self.assertEqual(self.visit.user_id, self.third)
        self.assertFalse(self.visit.stand_in_id)
        self.mine.user_id = self.rep
        self.assertEqual(self.visit.stand_in_id, self.mate)

    def test_new_targets_pass_over(self):
        self.absence()
        salon = self.a_customer("New")
        self.Target._generate(TODAY)
        self.assertTrue(self.targets(salon))
        self.assertEqual(self.targets(salon).stand_in_id, self.mate)

    def test_company_in_which_the_stand_in_does_not_work(self):
        self.rep.company_ids |= self.other_company
        absence = self.absence(last=END)
        self.assertIn("Other Test Ltd", absence.notice)
        self.env.cr.execute(
            SQL(
                "UPDATE care_plan_target SET company_id = %s WHERE id = %s",
                self.other_company.id,
                self.visit.id,
            )
        )
        self.env.invalidate_all()
        self.Target._pass_over()
        self.assertFalse(self.visit.stand_in_id)
        self.assertEqual(self.visit.state, "excused")
        self.assertEqual(self.call.stand_in_id, self.mate)


@tagged("post_install", "-at_install")
class TestExcuse(AbsenceCase):
    def test_window_that_ends_inside(self):
        """Excused as soon as the absence has begun, and not before."""
        absence = self.absence(LATE, END + 5 * DAY, stand_in_id=False)
        self.assertEqual(self.visit.state, "open")
        self.assertEqual(absence.excused_count, 2, "visit and call of November")
        with freeze_time("2026-11-27 09:00:00"):
            self.Target._generate()
            self.assertRecordValues(
                self.visit,
                [
                    {
                        "state": "excused",
                        "excuse_kind": "absence",
                        "absence_id": absence.id,
                        "excused_by_id": False,
                    }
                ],
            )
            self.assertEqual(absence.excused_count, 2)
        with freeze_time("2026-12-08 09:00:00"):
            self.Target._generate()
            self.assertEqual(self.visit.state, "excused")
            self.assertFalse(self.visit.make_good or self.visit.missed_told_on)
            theirs = self.current(self.theirs, self.visits)
            self.assertTrue(theirs.missed_told_on, "others are told of")

    def test_missed_job(self):
        """The first run after the absence has begun comes after the window's end."""
        self.absence(LATE, END + 5 * DAY, stand_in_id=False)
        with freeze_time("2026-12-02 09:00:00"):
            self.Target._generate()
            self.assertEqual(self.visit.state, "excused")
            self.assertFalse(self.visit.make_good)

    def test_words_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.absence(TODAY, END, stand_in_id=False)
        self.assertEqual(
            self.visit.excuse_words,
            "Away from 11/10/2026 to 11/30/2026, without a stand-in",
        )
        self.visit.invalidate_recordset()
        chinese = self.visit.with_context(lang="zh_CN").excuse_words
        self.assertIn("2026/11/10", chinese)
        self.assertFalse(self.visit.excuse_reason)

    def test_withdrawn_when_shortened_or_deleted(self):
        absence = self.absence(TODAY, END, stand_in_id=False)
        self.assertEqual(self.visit.state, "excused")
        absence.date_to = END - DAY
        self.assertRecordValues(
            self.visit,
            [{"state": "open", "excuse_kind": False, "absence_id": False}],
        )
        absence.date_to = END
        self.assertEqual(self.visit.state, "excused")
        absence.unlink()
        self.assertEqual(self.visit.state, "open")
        self.assertFalse(self.visit.excuse_kind)

    def test_excuses_of_people_stay(self):
        self.by(self.visit, self.rep).action_excuse("closed")
        absence = self.absence(TODAY, END, stand_in_id=False)
        self.assertEqual(self.visit.excuse_kind, "closed")
        self.assertEqual(self.call.excuse_kind, "absence")
        absence.unlink()
        self.assertEqual(self.visit.state, "excused")
        self.assertEqual(self.call.state, "open")

    def test_contacts_made_all_the_same_count(self):
        absence = self.absence(TODAY, END, stand_in_id=False)
        self.contact(self.mine, 2)
        self.assertEqual((self.visit.done, self.visit.state), (1, "excused"))
        second = self.contact(self.mine, 9)
        self.assertEqual(self.visit.state, "met")
        second.action_cancel()
        self.assertEqual(self.visit.state, "excused")
        second.action_plan_again()
        second.state = "done"
        absence.unlink()
        self.assertEqual(self.visit.state, "met")
        second.action_cancel()
        self.assertEqual(self.visit.state, "open")

    def test_absence_recorded_afterwards(self):
        """Missed windows are excused and need not be made good."""
        with freeze_time("2026-12-02 09:00:00"):
            self.Target._generate()
            self.assertEqual(self.visit.state, "missed")
            self.assertTrue(self.visit.make_good)
            absence = self.absence(LATE, END, stand_in_id=False)
            self.assertEqual(self.visit.state, "excused")
            self.assertFalse(self.visit.make_good)
            absence.date_to = END - DAY
            self.assertEqual((self.visit.state, self.visit.make_good), ("missed", True))

    def test_stand_in_of_the_past_may_leave(self):
        """What has ended keeps its state when the stand-in is archived later."""
        self.absence(LATE, END)
        with freeze_time("2026-12-02 09:00:00"):
            self.Target._generate()
            self.assertEqual(self.visit.state, "missed")
            self.mate.active = False
            self.Target._generate()
            self.assertEqual(self.visit.state, "missed")

    def test_absence_of_years(self):
        absence = self.absence(TODAY, date(2029, 12, 31), stand_in_id=False)
        targets = self.targets(self.mine).filtered("user_id")
        self.assertGreater(len(targets), 3)
        self.assertEqual(set(targets.mapped("state")), {"excused"})
        absence.unlink()
        self.assertEqual(set(targets.mapped("state")), {"open"})

    @users("care_rep")
    def test_by_hand(self):
        visit = self.by(self.visit)
        with self.assertError(UserError, "Record an absence"):
            visit.action_excuse("absence")
        self.absence(TODAY, END, stand_in_id=False)
        with self.assertError(UserError, "Change the absence"):
            visit.action_undo_excuse()


@tagged("post_install", "-at_install")
class TestAbsenceRecord(AbsenceCase):
    def test_bad_input(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        stranger.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        gone = self.make_user("gone", "sales_team.group_sale_salesman", active=False)
        for values, words in (
            ({"stand_in_id": self.rep.id}, "cannot stand in for themselves"),
            ({"stand_in_id": self.employee.id}, "no access to Customer Care"),
            ({"stand_in_id": stranger.id}, "no access to this company"),
            ({"stand_in_id": gone.id}, "is archived"),
        ):
            with self.assertError(UserError, words), self.env.cr.savepoint():
                self.absence(**values)
        self.absence()
        with self.assertError(ValidationError, "is already away from"):
            self.absence(TODAY + 2 * DAY, TODAY + 5 * DAY)
        self.absence(TODAY + 3 * DAY, TODAY + 5 * DAY)

    def test_end_before_start(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.absence(TODAY, TODAY - DAY)

    @users("care_rep")
    def test_ones_own(self):
        with Form(self.env["care.absence"]) as form:
            self.assertEqual(form.user_id, self.env.user)
            form.stand_in_id = self.mate
        absence = form.record
        self.assertEqual((absence.date_from, absence.date_to), (TODAY, TODAY))
        self.assertEqual(self.visit.stand_in_id, self.mate)
        absence.date_to = END
        absence.unlink()
        self.assertFalse(self.visit.stand_in_id)

    @users("care_rep")
    def test_days_that_have_passed(self):
        with self.assertError(UserError, "Ask Boss Brown"):
            self.absence(TODAY - DAY)
        absence = self.absence(stand_in_id=False)
        with freeze_time("2026-11-13 09:00:00"):
            with self.assertError(UserError, "Days that have passed"):
                absence.date_from = TODAY - DAY
            absence.date_to = TODAY + DAY
            with self.assertError(UserError, "Days that have passed"):
                absence.date_to = TODAY + 2 * DAY

    @users("care_boss")
    def test_leader_records_for_the_team(self):
        absence = self.absence(TODAY - 3 * DAY)
        self.assertEqual(absence.user_id, self.rep)
        with self.assertError(AccessError, "your sales team"):
            self.absence(user_id=self.third.id)
        with self.assertError(AccessError, "your sales team"):
            absence.user_id = self.third

    @users("care_manager")
    def test_administrator_records_for_all(self):
        self.absence(user_id=self.third.id).date_to = END

    @users("care_all")
    def test_all_customers_is_no_supervisor(self):
        with self.assertError(AccessError, "your sales team"):
            self.absence()

    @users("care_mate")
    def test_curious_colleague(self):
        """Nobody gets access by naming themselves."""
        with self.assertError(AccessError, "your sales team"):
            self.absence(stand_in_id=self.env.uid)
        values = {"date_from": TODAY, "date_to": END, "stand_in_id": self.env.uid}
        Absence = self.env["care.absence"].with_context(default_user_id=self.rep.id)
        with self.assertRaises(AccessError):
            Absence.create(values)
        own = self.absence(user_id=self.env.uid, stand_in_id=self.third.id)
        with self.assertRaises(AccessError):
            own.write({"user_id": self.rep.id, "stand_in_id": self.env.uid})
        theirs = (
            self.env["care.absence"]
            .sudo()
            .create({"user_id": self.rep.id, "date_from": TODAY, "date_to": TODAY})
        )
        theirs = theirs.sudo(False)
        self.assertEqual(theirs.date_to, TODAY, "colleagues see who is away")
        with self.assertRaises(AccessError):
            theirs.write({"stand_in_id": self.env.uid})
        with self.assertRaises(AccessError):
            theirs.unlink()
        for target in self.visit, self.current(self.theirs, self.visits):
            with self.assertRaises(AccessError):
                self.by(target).write({"stand_in_id": self.env.uid})
        self.assertEqual(self.env.user._care_acting_ids(), (self.env.uid,))
        self.assertFalse(self.by(self.Target).search([]))

    def test_people_are_told(self):
        Message = self.env["mail.message"]
        absence = self.by(self.env["care.absence"], self.rep).create(
            {"date_from": TODAY, "date_to": END, "stand_in_id": self.mate.id}
        )
        told = Message.search([("partner_ids", "in", self.mate.partner_id.ids)])
        self.assertIn("You stand in for Anna Adams", str(told.body))
        absence.unlink()
        self.by(self.env["care.absence"], self.rep).create(
            {"date_from": TODAY, "date_to": END}
        )
        told = Message.search([("partner_ids", "in", self.boss.partner_id.ids)])
        self.assertIn("without a stand-in. Contacts excused: 2", str(told.body))

    def test_planned_contacts(self):
        planned = self.contact(self.mine, TODAY + DAY, state="planned") | self.contact(
            self.mine, TODAY + 9 * DAY, state="planned"
        )
        absence = self.absence()
        self.assertEqual(absence.planned_count, 1)
        action = absence.action_open_planned()
        found = self.env["care.interaction"].search(action["domain"])
        self.assertEqual(found, planned[0])
        self.assertEqual(planned.user_id, self.rep, "nothing moves by itself")

    @users("care_rep")
    def test_planned_contact_is_given_to_the_stand_in(self):
        """Who is in no account team of the customer, on these days only."""
        self.absence(TODAY + DAY)
        planned, later = self.env["care.interaction"].create(
            [
                {
                    "partner_id": self.mine.id,
                    "state": "planned",
                    "date_start": f"2026-11-{day} 08:00:00",
                }
                for day in (11, 20)
            ]
        )
        planned.user_id = self.mate
        self.assertEqual(planned.user_id, self.mate)
        with self.assertError(AccessError, "not in the account team"):
            later.user_id = self.mate

    def test_other_company_sees_nothing(self):
        foreign = self.make_user("foreign", "sales_team.group_sale_manager")
        foreign.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        absence = self.absence()
        Absence = (
            self.env["care.absence"]
            .with_user(foreign)
            .with_context(allowed_company_ids=self.other_company.ids)
        )
        self.assertFalse(Absence.search([]))
        with self.assertRaises(AccessError):
            Absence.browse(absence.id).read(["date_to"])


@tagged("post_install", "-at_install")
class TestStandInAccess(AbsenceCase):
    MODELS = (
        "care.plan.target",
        "care.interaction",
        "care.complaint",
        "care.account.member",
        "care.partner.tier",
        "care.tier.history",
        "care.plan.exception",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.interaction"].create(
            {
                "partner_id": cls.mine.id,
                "user_id": cls.all.id,
                "date_start": "2026-11-03 08:00:00",
                "state": "done",
                "summary": "Secret of Mine",
            }
        )
        cls.env["care.complaint"].create(
            {
                "partner_id": cls.mine.id,
                "subject": "Broken",
                "user_id": cls.manager.id,
            }
        )
        cls.env["care.plan.exception"].create(
            {"partner_id": cls.mine.id, "channel": "online", "reason": "None"}
        )

    def seen(self, user):
        """Models of which the user sees records of ``mine``"""
        self.env.invalidate_all()
        return {
            model
            for model in self.MODELS
            if self.by(self.env[model], user).search_count(
                [("partner_id", "=", self.mine.id)]
            )
        }

    def test_while_the_absence_runs(self):
        self.assertFalse(self.seen(self.mate))
        absence = self.absence(TODAY + DAY, TODAY + 2 * DAY)
        self.assertFalse(self.seen(self.mate))
        for day in ("2026-11-11", "2026-11-12"):
            with freeze_time(f"{day} 09:00:00"):
                self.assertEqual(self.seen(self.mate), set(self.MODELS))
                self.assertFalse(self.seen(self.third))
                card = self.by(self.mine, self.mate).care_card
                self.assertTrue(card["timeline"] and card["reports"])
                self.assertTrue(self.by(self.mine, self.mate).care_tier_reason)
        with freeze_time("2026-11-13 09:00:00"):
            self.assertFalse(self.seen(self.mate), "without any job")
            self.assertFalse(self.by(self.mine, self.mate).care_card["timeline"])
        with freeze_time("2026-11-11 09:00:00"):
            self.assertTrue(self.seen(self.mate))
            absence.unlink()
            self.assertFalse(self.seen(self.mate))

    def test_own_time_zone_decides(self):
        """The clock of a browser gives nobody a day more."""
        self.mate.tz = "Asia/Shanghai"
        self.absence(TODAY, TODAY)
        with freeze_time("2026-11-10 15:30:00"):
            self.assertIn(self.rep.id, self.mate._care_acting_ids())
        with freeze_time("2026-11-10 16:30:00"):
            mate = self.mate.with_context(tz="America/Los_Angeles")
            self.assertEqual(mate._care_acting_ids(), (mate.id,))

    def test_report_for_the_person(self):
        self.absence()
        visit = self.by(self.visit, self.mate)
        context = visit.action_report()["context"]
        report = (
            self.by(self.env["care.interaction"], self.mate)
            .with_context(**context)
            .create(
                {
                    "state": "done",
                    "date_start": "2026-11-10 08:00:00",
                    "summary": "Sells well",
                }
            )
        )
        self.assertEqual(report.user_id, self.mate)
        self.assertEqual(report.role_id, self.rep_role)
        self.assertEqual(self.visit.done, 1, "counts for the person")
        self.assertEqual(context["default_stand_in_for_id"], self.rep.id)
        self.assertEqual(report._stand_in_candidates(), self.rep)
        report.sudo().date_start = "2026-11-09 08:00:00"
        self.assertFalse(report._stand_in_candidates(), "the day before")

    def test_own_things_stay_with_the_person(self):
        """A stand-in reads what the person reported and does not change it."""
        self.absence()
        report = self.contact(self.mine, 9)
        report = self.by(report, self.mate)
        self.assertEqual(report.channel, "visit")
        with self.assertRaises(AccessError):
            report.write({"summary": "Changed"})

    def test_queries(self):
        """Record rules cost nobody a query more."""
        Target = self.by(self.Target, self.third)
        Target.search([], limit=1)
        with self.assertQueryCount(1):
            Target.search([("is_mine", "=", True)], limit=1)


@tagged("post_install", "-at_install")
class TestAbsentDays(AbsenceCase):
    def test_days(self):
        self.absence(date(2026, 11, 2), date(2026, 11, 3), stand_in_id=False)
        self.absence(date(2026, 11, 20), date(2026, 12, 3))
        people = self.rep | self.mate
        found = people._care_absent_days(date(2026, 11, 3), END)
        self.assertEqual(
            found,
            {
                self.rep: [
                    (date(2026, 11, 2), date(2026, 11, 3)),
                    (date(2026, 11, 20), date(2026, 12, 3)),
                ]
            },
        )
        self.assertFalse(people._care_absent_days(date(2027, 1, 1), END + 90 * DAY))
        self.env.flush_all()
        with self.assertQueryCount(1):
            people._care_absent_days(TODAY, END)

    def test_time_off(self):
        """Where Time Off is installed, approved time off is an absence without a
        stand-in."""
        leave = SQL(
            "SELECT NULL::int, %s, NULL::int, %s::date, %s::date",
            self.rep.id,
            LATE,
            END,
        )
        Absence = type(self.env["care.absence"])
        with (
            patch.object(Absence, "_has_time_off", lambda self: True),
            patch.object(Absence, "_sql_time_off", lambda self: leave),
        ):
            self.assertEqual(
                self.rep._care_absent_days(TODAY, END), {self.rep: [(LATE, END)]}
            )
            with freeze_time("2026-11-27 09:00:00"):
                self.Target._generate()
                self.assertRecordValues(
                    self.visit,
                    [{"state": "excused", "absence_id": False}],
                )
                self.assertEqual(self.visit.excuse_words, "Away on approved time off")
                with Form(self.by(self.env["care.absence"], self.rep)) as form:
                    self.assertEqual(form.date_from, LATE)
                    self.assertEqual(form.date_to, END)
                    form.stand_in_id = self.mate
                self.assertEqual(self.visit.stand_in_id, self.mate)
                self.assertEqual(self.visit.state, "open")


@tagged("post_install", "-at_install")
class TestAbsenceUi(HttpCase, TierCase):
    """The tour lives in the real now."""

    def test_stand_in(self):
        today = self.env.company._care_today()
        self.rep.name = "Anna Adams"
        self.mate = self.make_user("mate", "sales_team.group_sale_salesman")
        self.mate.name = "Mate Miller"
        role = self.env["care.role"].search([("kind", "=", "salesperson")])
        self.A.plan_id = self.env["care.plan"].create(
            {
                "name": "Plan A",
                "company_id": self.company.id,
                "anchor_date": today,
                "rule_ids": [
                    Command.create(
                        {
                            "role_id": role.id,
                            "channel": "visit",
                            "every": 20,
                            "unit": "day",
                            "date_from": "2024-01-01",
                        }
                    )
                ],
            }
        )
        salon = self.customer("Tour Salon", user_id=self.rep.id)
        salon.care_tier_id = self.A
        self.env["care.plan.target"]._generate()
        page = "/odoo/action-customer_care.plan_target_action"
        self.start_tour(page, "customer_care_absence_record", login="care_rep")
        absence = self.env["care.absence"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(absence.stand_in_id, self.mate)
        self.start_tour(page, "customer_care_absence_stand_in", login="care_mate")
