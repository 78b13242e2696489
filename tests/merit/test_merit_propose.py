from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common_merit import MONTH, MeritCase


@tagged("post_install", "-at_install")
class TestMeritPropose(MeritCase):
    """What the job adds to the ledger, and what it takes back."""

    # Contacts ---------------------------------------------------------------

    def test_a_subordinates_visit_and_call(self):
        visit, call = self.target(), self.target(channel="phone")
        stay, message = self.target(channel="onsite"), self.target(channel="online")
        written = self.propose()
        for source, amount in ((visit, 30), (stay, 30), (call, 20), (message, 20)):
            self.assertEqual(self.rows(source), [(self.boss, amount)])
        self.assertEqual(written, 4)
        entry = self.entries(visit)
        self.assertEqual(entry.about_user_id, self.rep)
        self.assertEqual(entry.department_id, self.north)
        self.assertEqual(entry.supervisor_id, self.manager)
        self.assertEqual(entry.day, date(2026, 10, 20))
        self.assertEqual(entry.month, date(2026, 10, 1))
        self.assertEqual((entry.state, entry.unit), ("proposed", "money"))
        self.assertEqual(entry.currency_id, self.company.currency_id)
        self.assertEqual(self.propose(), 0)

    def test_a_manager_answers_for_the_own_contact_only(self):
        """Also one who is somebody's subordinate."""
        self.south.member_ids |= self.boss
        visit, call = self.target(self.boss), self.target(self.boss, channel="phone")
        self.propose()
        self.assertEqual(self.rows(visit), [(self.boss, 50)])
        self.assertEqual(self.rows(call), [(self.boss, 30)])
        self.assertEqual(self.entries(visit).supervisor_id, self.rival)

    def test_what_counts_nothing(self):
        kinds = [
            self.target(state="open", day="2026-10-31"),
            self.target(state="met", done=1),
            self.target(state="excused", excuse_reason="Closed"),
            self.target(state="superseded"),
            self.target(stand_in_id=self.other.id),
            self.target(day="2026-11-02"),
            self.target(day="2026-09-30"),
        ]
        kinds[0].state = "superseded"
        nobody = self.target()
        nobody.sudo().user_id = False
        self.assertEqual(self.propose(), 0)
        self.assertFalse(self.entries())

    def test_what_a_stand_in_missed_counts_for_nobody(self):
        """Also after the absence, when the contact is the person's again."""
        target = self.target()
        self.env["care.absence"].create(
            {
                "user_id": self.rep.id,
                "date_from": "2026-10-15",
                "date_to": "2026-10-25",
                "stand_in_id": self.other.id,
            }
        )
        self.assertFalse(target.stand_in_id)
        self.propose()
        self.assertFalse(self.entries(target))

    def test_goal_above_one(self):
        target = self.target(goal=3)
        self.propose()
        self.assertEqual(self.entries(target).quantity, 3)
        self.assertEqual(self.rows(target), [(self.boss, 90)])
        target.done = 1
        self.assertEqual(self.propose(), 2)
        self.assertEqual(
            self.rows(target), [(self.boss, 90), (self.boss, -90), (self.boss, 60)]
        )
        first, counter, second = self.entries(target)
        self.assertEqual(counter.reversal_of_id, first)
        self.assertTrue(counter.automatic)
        self.assertEqual((first.turn, second.turn), (0, 1))
        self.assertEqual(second.state, "proposed")
        self.assertEqual(self.propose(), 0)

    def test_made_good_by_a_late_report_and_missed_again(self):
        target = self.target()
        self.propose()
        for done, state, total in (
            (1, "met", 0),
            (0, "missed", 30),
            (1, "met", 0),
            (0, "missed", 30),
        ):
            target.write({"done": done, "state": state})
            self.propose()
            self.assertEqual(self.total(target), total)
            self.assertEqual(self.propose(), 0)
        self.assertEqual(self.entries(target, standing="valid").turn, 2)

    def test_a_report_logged_late_reaches_the_ledger(self):
        """Through the matching of contacts, not by hand"""
        self.generate(date(2026, 10, 2))
        self.env["care.plan.target"].search([("company_id", "=", self.company.id)])
        self.generate(date(2026, 11, 10))
        missed = self.targets(self.shop, self.visits, "missed")
        self.assertTrue(missed)
        self.propose()
        self.assertEqual(self.total(missed), 30 * sum(missed.mapped("goal")))
        for day in (5, 25):
            self.contact(self.shop, date(2026, 10, day))
        self.assertEqual(set(missed.mapped("state")), {"met"})
        self.propose()
        self.assertEqual(self.total(missed), 0)

    def test_nobody_to_charge(self):
        """Without a department the care manager answers, without one nobody."""
        self.north.member_ids -= self.rep
        target = self.target()
        self.propose()
        self.assertEqual(self.rows(target), [(self.manager, 30)])
        self.assertFalse(self.entries(target).department_id)
        alone = self.target()
        with patch.object(
            self.env.registry["res.company"],
            "_care_manager",
            lambda company: company.env["res.users"],
        ):
            self.propose()
        self.assertFalse(self.entries(alone))

    def test_a_supervisor_who_is_the_person(self):
        """The care manager has nobody above and leads no team: charged once."""
        rule = self.env.ref("customer_care.care_merit_rule_visit_missed")
        for account in ("supervisor", "both"):
            rule.account = account
            target = self.target(self.manager)
            self.propose()
            self.assertEqual(self.rows(target), [(self.manager, 30)])
            self.assertFalse(self.entries(target).supervisor_id)

    def test_an_inactive_leader_does_not_answer(self):
        self.boss.active = False
        target = self.target()
        self.propose()
        self.assertEqual(self.rows(target), [(self.manager, 30)])

    def test_a_person_who_moves_department(self):
        """An entry keeps department and supervisor of its first proposal."""
        target = self.target()
        self.propose()
        self.north.member_ids -= self.rep
        self.south.member_ids |= self.rep
        self.assertEqual(self.propose(), 0)
        target.write({"done": 1, "state": "met"})
        self.propose()
        target.write({"done": 0, "state": "missed"})
        self.propose()
        again = self.entries(target, standing="valid")
        self.assertEqual(again.user_id, self.boss)
        self.assertEqual(again.department_id, self.north)
        new = self.target()
        self.propose()
        self.assertEqual(self.entries(new).user_id, self.rival)

    def test_a_person_who_becomes_manager(self):
        target = self.target()
        self.propose()
        self.env["crm.team"].create({"name": "New", "user_id": self.rep.id})
        self.assertEqual(self.propose(), 0)
        self.assertEqual(self.rows(target), [(self.boss, 30)])

    # Rules ------------------------------------------------------------------

    def test_a_rule_changed_mid_month(self):
        self.Rule.create(
            {
                "cause": "visit_missed",
                "account": "both",
                "amount": 40,
                "date_from": "2026-10-15",
                "company_id": self.company.id,
            }
        )
        early, late = self.target(day="2026-10-14"), self.target(day="2026-10-15")
        self.propose()
        self.assertEqual(self.rows(early), [(self.boss, 30)])
        self.assertEqual(set(self.rows(late)), {(self.rep, 40), (self.boss, 40)})

    def test_an_entry_keeps_the_amount_of_its_day(self):
        target = self.target()
        self.propose()
        self.env.ref("customer_care.care_merit_rule_visit_missed").amount = 99
        self.assertEqual(self.propose(), 0)
        self.assertEqual(self.rows(target), [(self.boss, 30)])
        self.assertEqual(self.entries(target).rule_amount, 30)

    def test_the_rule_of_a_department(self):
        self.Rule.create(
            {
                "cause": "visit_missed",
                "account": "supervisor",
                "amount": 35,
                "department_id": self.north.id,
            }
        )
        ours, theirs = self.target(), self.target(self.other)
        self.propose()
        self.assertEqual(self.rows(ours), [(self.boss, 35)])
        self.assertEqual(self.rows(theirs), [(self.rival, 30)])

    def test_the_rule_that_another_company_has_for_a_shared_department(self):
        self.north.company_id = False
        self.Rule.create(
            {
                "cause": "visit_missed",
                "amount": 35,
                "department_id": self.north.id,
                "company_id": self.other_company.id,
            }
        )
        target = self.target()
        self.propose()
        self.assertEqual(self.rows(target), [(self.boss, 30)])

    def test_windows_of_merged_customers_are_charged_once(self):
        other = self.a_customer("Other Shop", user=self.rep)
        kept, double = (
            self.target(partner_id=customer.id) for customer in (self.shop, other)
        )
        self.propose()
        both = kept | double
        self.assertEqual(self.total(both), 60)
        charged = self.entries(both)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.shop | other).ids, self.shop
        )
        self.propose()
        self.assertFalse(double.exists())
        self.assertEqual(sum(charged.mapped("amount")), 60, "nothing is changed")
        self.assertEqual(self.total(kept), 30)
        self.assertEqual(self.propose(), 0)

    def test_a_customer_that_was_deleted_stays_charged(self):
        target = self.target()
        self.propose()
        entry = self.entries(target)
        target.partner_id.unlink()
        self.assertFalse(target.exists())
        self.propose()
        self.assertEqual(entry.standing, "valid")

    def test_no_rule_no_entry(self):
        self.env.ref("customer_care.care_merit_rule_visit_missed").active = False
        target = self.target()
        self.assertEqual(self.propose(), 0)
        self.Rule.create({"cause": "visit_missed", "amount": 12})
        self.propose()
        self.assertEqual(self.rows(target), [(self.rep, 12)])

    def test_a_rule_in_another_currency(self):
        """Converted at the rate of the day; shipped figures as they stand"""
        company = self.company.currency_id
        other = self.env["res.currency"].create({"name": "XCR", "symbol": "X"})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": other.id, "name": day, "rate": rate}
                for day, rate in (("2026-10-01", 2), ("2026-10-20", 4))
            ]
        )
        self.Rule.create(
            {
                "cause": "visit_missed",
                "account": "supervisor",
                "amount": 100,
                "currency_id": other.id,
                "company_id": self.company.id,
            }
        )
        before, after = self.target(day="2026-10-19"), self.target(day="2026-10-20")
        call = self.target(channel="phone")
        self.propose()
        rate = company.with_company(self.company)._get_rates(
            self.company, date(2026, 10, 19)
        )[company.id]
        self.assertEqual(
            [self.entries(t).amount for t in (before, after)], [50 * rate, 25 * rate]
        )
        self.assertEqual(self.entries(before).currency_id, company)
        self.assertEqual(self.rows(call), [(self.boss, 20)])

    def test_points(self):
        self.company.care_merit_unit = "points"
        target = self.target()
        self.propose()
        entry = self.entries(target)
        self.assertEqual((entry.unit, entry.amount), ("points", 30))
        self.assertFalse(entry.currency_id)
        self.assertEqual(entry._say_amount(), "30 points")

    # Complaints -------------------------------------------------------------

    def late(self, **values):
        """A complaint of October that was answered late, and is closed"""
        self.policy("reply", 1, around_the_clock=True)
        complaint = self.complain(
            received_at="2026-10-05 02:00:00", responsible_id=self.rep.id, **values
        )
        complaint.action_close()
        return complaint

    def test_one_fine_a_case_and_person(self):
        complaint = self.late()
        complaint.outcome = "unsatisfied"
        self.assertEqual(complaint.co_responsible_ids, self.boss)
        self.propose()
        self.assertEqual(set(self.rows(complaint)), {(self.rep, 50), (self.boss, 50)})
        self.assertEqual(
            set(self.entries(complaint).mapped("day")), {date(2026, 10, 5)}
        )
        self.assertEqual(set(self.entries(complaint).mapped("account")), {"both"})
        self.assertEqual(self.propose(), 0)

    def test_the_day_is_the_companys(self):
        """23:30 in UTC on 31 October is November in Shanghai."""
        self.company.partner_id.tz = self.ZONE
        self.policy("reply", 1, around_the_clock=True)
        complaint = self.complain(
            received_at="2026-10-31 22:30:00", responsible_id=self.rep.id
        )
        complaint.action_close()
        self.propose()
        self.assertFalse(self.entries(complaint))
        self.propose("2026-11-01")
        self.assertEqual(
            set(self.entries(complaint).mapped("day")), {date(2026, 11, 1)}
        )

    def test_not_before_it_is_settled(self):
        self.policy("reply", 1, around_the_clock=True)
        complaint = self.complain(
            received_at="2026-10-05 02:00:00", responsible_id=self.rep.id
        )
        self.propose()
        self.assertFalse(self.entries(complaint))
        complaint.stage_id = self.stages["settle"]
        self.propose()
        self.assertEqual(len(self.entries(complaint)), 2)

    def test_excluded_complaints(self):
        for values in ({"kind": "suggestion"}, {"genuine": "malicious"}):
            complaint = self.late(**values)
            self.propose()
            self.assertFalse(self.entries(complaint), values)
        cancelled = self.late()
        cancelled.stage_id = self.stages["cancelled"]
        self.propose()
        self.assertFalse(self.entries(cancelled))
        fine = self.complain(
            received_at="2026-10-05 02:00:00", responsible_id=self.rep.id
        )
        fine.action_reply_given()

    def test_found_malicious_later(self):
        complaint = self.late()
        self.propose()
        self.assertEqual(self.total(complaint), 100)
        complaint.genuine = "malicious"
        self.propose()
        self.assertEqual(self.total(complaint), 0)
        complaint.genuine = "genuine"
        self.propose()
        self.assertEqual(self.total(complaint), 100)

    def test_reopened_keeps_its_entries_until_settled(self):
        complaint = self.late()
        self.propose()
        complaint.action_reopen()
        self.assertEqual(self.propose(), 0)
        self.assertEqual(self.total(complaint), 100)

    def test_another_person_is_responsible(self):
        complaint = self.late()
        self.propose()
        complaint.responsible_id = self.other
        self.propose()
        self.assertEqual(
            {
                (entry.user_id, entry.standing)
                for entry in self.entries(complaint)
                if entry.standing != "counter"
            },
            {
                (self.rep, "lifted"),
                (self.boss, "lifted"),
                (self.other, "valid"),
                (self.rival, "valid"),
            },
        )

    def test_reopened_repeated_and_unsatisfied(self):
        category = self.env["care.complaint.category"].search([], limit=1)
        first, again = (
            self.complain(
                received_at=f"2026-10-0{day} 02:00:00",
                responsible_id=self.rep.id,
                category_id=category.id,
            )
            for day in (5, 7)
        )
        self.assertEqual(again.repeat_of_id, first)
        again.action_close()
        self.propose()
        self.assertEqual(len(self.entries(again)), 2)
        self.assertEqual(self.entries(again)[:1].day, date(2026, 10, 7))
        again.action_reject_repeat()
        self.propose()
        self.assertEqual(self.total(again), 0)
        first.action_close()
        first.action_reopen()
        first.action_close()
        self.propose("2026-11-10")
        self.assertEqual(self.entries(first)[:1].day, date(2026, 11, 10))

    def test_who_skipped_steps_answers_for_skipping(self):
        self.company.care_steps_required = True
        complaint = self.complain(responsible_id=self.rep.id)
        complaint.with_user(self.manager)._skip_steps(
            self.stages["closed"], "The customer is in a hurry"
        )
        self.assertEqual(complaint.skipped_by_id, self.manager)
        self.propose("2026-11-01")
        self.assertEqual(self.rows(complaint), [(self.manager, 50)])

    def test_nobody_forges_who_skipped(self):
        complaint = self.complain()
        with self.assertError(AccessError, "cannot be edited"):
            complaint.with_user(self.manager).skipped_by_id = self.rep

    # Praise -----------------------------------------------------------------

    def answered(self, score, day="2026-10-12", **values):
        survey = self.env["survey.survey"].create({"title": "How are we?"})
        answer = self.env["survey.user_input"].create(
            {"survey_id": survey.id, "state": "done"}
        )
        values = {
            "care_company_id": self.company.id,
            "care_score": score,
            "care_scored": True,
            "care_manager_id": self.rep.id,
            "end_datetime": f"{day} 08:00:00",
            **values,
        }
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE survey_user_input SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                answer.id,
            )
        )
        answer.invalidate_recordset()
        return answer

    def test_praise_of_the_account_manager_or_handler(self):
        high, low = self.answered(90), self.answered(89.9)
        complaint = self.complain(user_id=self.other.id)
        handled = self.answered(95, care_complaint_id=complaint.id)
        anonymous = self.answered(95, care_anonymous=True)
        aside = self.answered(95, care_aside_reason="By us")
        self.propose()
        self.assertEqual(self.rows(high), [(self.rep, -50)])
        self.assertEqual(self.rows(handled), [(self.other, -50)])
        for answer in (low, anonymous, aside):
            self.assertFalse(self.entries(answer))
        team = self.entries(cause="team_survey")
        self.assertEqual(team.department_id, self.south)
        self.assertEqual((team.account, team.amount), ("team", -50))
        self.assertFalse(team.user_id)
        self.assertEqual(self.propose(), 0)

    def test_an_answer_set_aside_later_earns_nothing(self):
        answer = self.answered(99)
        self.propose()
        answer._care_set_aside("Filled in by us")
        self.propose()
        self.assertEqual(self.total(answer), 0)

    def test_the_mean_of_a_department_of_a_month_that_is_over(self):
        self.answered(99, "2026-11-02")
        self.propose("2026-11-01")
        self.assertFalse(self.entries(cause="team_survey"))
        with freeze_time("2026-12-01 08:00:00"):
            self.propose("2026-11-01")
            self.assertTrue(self.entries(cause="team_survey"))
            self.assertEqual(self.propose("2026-11-01"), 0)

    def test_months_without_a_miss(self):
        for day in ("2026-08-10", "2026-09-10", "2026-10-10"):
            self.target(state="met", done=1, day=day)
            self.target(self.other, state="met", done=1, day=day)
        spoilt = self.target(self.other, day="2026-09-20")
        self.propose()
        self.assertEqual(self.rows(cause="no_miss"), [(self.rep, -50)])
        self.assertEqual(self.propose(), 0)
        with freeze_time("2026-12-02 08:00:00"):
            self.target(state="met", done=1, day="2026-11-10")
            self.propose("2026-11-01")
            self.assertEqual(self.rows(cause="no_miss"), [(self.rep, -50)])
        self.target(day="2026-08-20")
        self.propose()
        self.assertEqual(self.rows(cause="no_miss"), [(self.rep, -50), (self.rep, 50)])
        self.assertTrue(spoilt)

    def test_what_was_missed_while_away_spoils_nothing(self):
        for day in ("2026-08-10", "2026-09-10", "2026-10-10"):
            self.target(state="met", done=1, day=day)
        self.target(day="2026-09-20")
        absence = self.env["care.absence"].create(
            {
                "user_id": self.rep.id,
                "date_from": "2026-09-15",
                "date_to": "2026-09-25",
                "stand_in_id": self.other.id,
            }
        )
        self.propose()
        self.assertEqual(self.rows(cause="no_miss"), [(self.rep, -50)])
        self.assertEqual(self.propose(), 0)
        absence.date_to = "2026-09-18"
        self.propose()
        self.assertEqual(sum(self.entries(cause="no_miss").mapped("amount")), 0)

    def test_praise_in_each_company(self):
        self.rep.company_ids |= self.other_company
        for company in (self.company, self.other_company):
            for day in ("2026-08-10", "2026-09-10", "2026-10-10"):
                self.target(state="met", done=1, day=day, company_id=company.id)
        self.propose()
        praise = self.Entry.search(
            [("cause", "=", "no_miss"), ("user_id", "=", self.rep.id)]
        )
        self.assertEqual(praise.company_id, self.company | self.other_company)

    # Around it --------------------------------------------------------------

    def test_off(self):
        self.target()
        self.env["res.groups"]._switch_care_features(merit=False)
        self.assertEqual(self.propose(), 0)
        self.env["res.groups"]._switch_care_features(merit=True, visit=False)
        self.assertEqual(self.propose(), 0)

    def test_any_day_of_the_month(self):
        self.target()
        self.assertEqual(self.propose(date(2026, 10, 31)), 1)

    def test_each_company_its_own(self):
        target = self.target()
        self.other_company.care_merit_unit = "points"
        user = self.make_user("abroad", "sales_team.group_sale_salesman")
        user.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        abroad = self.target(user, company_id=self.other_company.id)
        self.other_company.care_review_user_id = False
        self.Entry.with_context(allowed_company_ids=self.other_company.ids)._propose(
            MONTH
        )
        self.assertEqual(self.rows(target), [(self.boss, 30)])
        [entry] = self.Entry.search(
            [("res_id", "=", abroad.id), ("res_model", "=", abroad._name)]
        ) or [self.Entry]
        self.assertTrue(not entry or entry.unit == "points")
        self.assertNotEqual(entry.user_id, self.boss)

    def test_once_in_the_database(self):
        target = self.target()
        self.propose()
        entry = self.entries(target)
        copied = SQL(
            "company_id, user_id, day, month, cause, kind, account, quantity, unit,"
            " amount, res_model, res_id, turn, standing, state"
        )
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO care_merit_entry (%s) SELECT %s FROM care_merit_entry"
                    " WHERE id = %s",
                    copied,
                    copied,
                    entry.id,
                )
            )

    def test_a_second_job_at_the_same_time_does_nothing(self):
        self.target()
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT pg_advisory_xact_lock(hashtext('customer_care'),"
                " hashtext('care.merit.entry'))"
            )
            self.assertEqual(self.propose(), 0)
        self.assertEqual(self.propose(), 1)
