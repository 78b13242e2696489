from datetime import datetime
from itertools import product

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import SQL

from ..common_plan import TODAY, PlanCase


class CountingCase(PlanCase):
    """A customer of the rep, with a consultant; ``all`` is outside the team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer()
        cls.bea = cls.make_user("bea", "sales_team.group_sale_salesman")
        cls.carl = cls.make_user("carl", "sales_team.group_sale_salesman")
        cls.join(cls.carl, cls.consultant)
        cls.Target._generate(TODAY)
        cls.visit = cls.Target.search(
            [
                ("partner_id", "=", cls.salon.id),
                ("rule_id", "=", cls.visits.id),
                ("date_start", "=", "2026-11-01"),
            ]
        )

    @classmethod
    def join(cls, user, role, partner=None):
        return cls.env["care.account.member"].create(
            {
                "partner_id": (partner or cls.salon).id,
                "role_id": role.id,
                "user_id": user.id,
            }
        )

    def report(self, user, **values):
        """As the user writes it"""
        return (
            self.env["care.interaction"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.salon.id,
                    "channel": "visit",
                    "date_start": "2026-11-05 08:00:00",
                    "state": "done",
                    "summary": "Sells well",
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestWhoCounts(CountingCase):
    def test_holder_counts(self):
        contact = self.report(self.rep)
        self.assertFalse(contact.uncounted_code)
        self.assertFalse(contact.uncounted_reason)
        self.assertEqual(self.visit.done, 1)

    def test_outsider_counts_for_nobody_and_is_told(self):
        contact = self.report(self.bea, role_id=self.rep_role.id)
        self.assertEqual(contact.uncounted_code, "outside")
        self.assertEqual(self.visit.done, 0)
        self.assertFalse(contact.target_id)
        for part in ("you are not in the account team", "whom you stand in for"):
            self.assertIn(part, contact.uncounted_reason)
        others = contact.with_user(self.all).uncounted_reason
        self.assertIn(self.bea.name, others)
        self.assertNotIn("you are", others)

    def test_told_before_saving(self):
        form = (
            self.env["care.interaction"]
            .with_user(self.bea)
            .new({"partner_id": self.salon.id, "user_id": self.bea.id})
        )
        self.assertIn("you are not in the account team", form.uncounted_reason)
        form.stand_in_for_id = self.rep
        self.assertNotIn("team", form.uncounted_reason or "")
        self.assertEqual(form.role_id, self.rep_role)

    def test_stand_in_by_hand(self):
        contact = self.report(self.bea, stand_in_for_id=self.rep.id)
        self.assertEqual(contact.role_id, self.rep_role)
        self.assertEqual((self.visit.done, contact.target_id), (1, self.visit))
        self.assertEqual(contact.made_by, f"{self.bea.name} for {self.rep.name}")
        self.assertIn(contact.made_by, self.salon.message_ids[0].body)
        contact.stand_in_for_id = False
        self.assertEqual(self.visit.done, 0)
        self.assertEqual(contact.uncounted_code, "outside")

    def test_stand_in_in_the_contact_report(self):
        self.report(
            self.bea, stand_in_for_id=self.rep.id, date_start="2026-11-02 08:00:00"
        )
        self.report(self.rep, date_start="2026-11-10 08:00:00")
        self.env.flush_all()
        row = self.env["care.contact.report"].browse(self.visit.id)
        self.assertEqual((row.done, row.by_stand_in), (2, 1))

    def test_only_members_are_stood_in_for(self):
        with self.assertError(ValidationError, "is not in the account team"):
            self.report(self.bea, stand_in_for_id=self.all.id)
        with self.assertError(ValidationError, "cannot stand in for themselves"):
            self.report(self.rep, stand_in_for_id=self.rep.id)

    def test_stand_in_needs_the_role(self):
        contact = self.report(
            self.bea, stand_in_for_id=self.carl.id, role_id=self.rep_role.id
        )
        self.assertEqual(contact.uncounted_code, "stand_in_role")
        self.assertIn(self.carl.name, contact.uncounted_reason)

    def test_role_of_somebody_else(self):
        contact = self.report(self.carl, role_id=self.rep_role.id)
        self.assertEqual(contact.uncounted_code, "other_role")
        contact.role_id = self.consultant
        self.assertFalse(contact.uncounted_code)

    def test_role_that_nobody_has(self):
        self.env["care.account.member"].search(
            [("partner_id", "=", self.salon.id), ("role_id", "=", self.rep_role.id)]
        ).unlink()
        contact = self.report(self.bea, role_id=self.rep_role.id)
        self.assertFalse(contact.uncounted_code)
        self.assertEqual(self.visit.done, 1)

    def test_joining_counts_what_was_done(self):
        contact = self.report(self.bea)
        self.assertFalse(contact.role_id)
        self.salon.user_id = self.bea
        self.assertEqual(contact.role_id, self.rep_role)
        self.assertFalse(contact.uncounted_code)
        self.assertEqual(self.visit.done, 1)

    def test_leaving_takes_nothing_along(self):
        contact = self.report(self.rep)
        self.salon.user_id = self.bea
        self.assertEqual(self.visit.done, 1)
        contact.with_user(self.rep).summary = "Sells very well"
        contact.with_user(self.rep).write({"user_id": self.rep.id, "state": "done"})
        self.assertEqual((self.visit.done, contact.uncounted_code), (1, False))

    def test_absence_proposes(self):
        """What knows of absences answers one method."""

        def absent(_contacts):
            return self.rep

        self.patch(self.registry["care.interaction"], "_stand_in_candidates", absent)
        contact = self.report(self.bea)
        self.assertEqual(contact.stand_in_for_id, self.rep)
        self.assertEqual(self.visit.done, 1)
        self.assertFalse(self.report(self.carl).stand_in_for_id, "a member himself")

    def test_report_from_the_target_of_a_colleague(self):
        context = self.visit.with_user(self.all).action_report()["context"]
        self.assertEqual(context["default_stand_in_for_id"], self.rep.id)
        context = self.visit.with_user(self.rep).action_report()["context"]
        self.assertNotIn("default_stand_in_for_id", context)

    def test_activity_on_the_target_of_a_colleague(self):
        self.salon.user_id = self.carl
        self.visit.sudo().user_id = self.rep
        activity = self.visit.with_user(self.all).activity_schedule(
            "mail.mail_activity_data_meeting", user_id=self.all.id
        )
        activity.with_user(self.all).action_feedback("Went well")
        contact = self.env["care.interaction"].search(
            [("partner_id", "=", self.salon.id)]
        )
        self.assertEqual(contact.stand_in_for_id, self.carl, "who has the role now")
        self.assertEqual(self.visit.done, 1)

    def test_nobody_writes_the_decision(self):
        contact = self.report(self.bea)
        for name in ("uncounted_code", "holder_code", "is_far_away"):
            with self.assertError(UserError, "follow from the report"):
                contact.write({name: False} if contact[name] else {name: True})
        forged = (
            self.env["care.interaction"]
            .with_user(self.bea)
            .with_context(default_uncounted_code=False, default_check_in_distance=5)
            .create({"partner_id": self.salon.id, "uncounted_code": False})
        )
        self.assertEqual(forged.uncounted_code, "outside")
        self.assertFalse(forged.check_in_distance)

    def test_before_the_upgrade(self):
        """Contacts from before the columns were there count on."""
        contact = self.report(self.bea, role_id=self.rep_role.id, summary=False)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE care_interaction SET holder_code = NULL, uncounted_code = NULL "
                "WHERE id = %s",
                contact.id,
            )
        )
        self.env.invalidate_all()
        self.Target._match(contact._match_keys())
        self.assertEqual(self.visit.done, 1)
        contact.topic = "Corrected"
        self.assertEqual(self.visit.done, 1)

    def test_one_rule_in_python_and_sql(self):
        """The job that counts what no window has counted leaves out the same."""
        for user, summary, role in product(
            (self.rep, self.bea, self.carl), ("Fine", False), (self.rep_role, False)
        ):
            self.report(user, summary=summary, role_id=role and role.id)
        contacts = self.env["care.interaction"].search(
            [("partner_id", "=", self.salon.id)]
        )
        done = self.visit.done
        counted = contacts.filtered(lambda contact: not contact.uncounted_code)
        self.assertEqual(
            contacts.filtered("target_id"),
            counted.filtered(lambda c: c.role_id == self.rep_role),
        )
        self.assertGreater(done, 0)
        self.env.cr.execute("UPDATE care_interaction SET target_id = NULL")
        self.visit.sudo().write({"done": 0})
        self.env.invalidate_all()
        self.Target._match_uncounted(self.company, TODAY)
        self.assertEqual(self.visit.done, done)


@tagged("post_install", "-at_install")
class TestEmptyReports(CountingCase):
    def test_completing_counts(self):
        contact = self.report(self.rep, summary=" ")
        self.assertEqual(contact.uncounted_code, "incomplete")
        self.assertIn("Missing: Findings", contact.uncounted_reason)
        self.assertEqual(self.visit.done, 0)
        contact.summary = "Sells well"
        self.assertEqual(self.visit.done, 1)
        contact.summary = False
        self.assertEqual(self.visit.done, 0)
        self.assertFalse(contact.target_id)

    def test_by_channel(self):
        for channel, values, counts in (
            ("onsite", {"summary": False}, False),
            ("phone", {"summary": False}, False),
            ("phone", {"summary": False, "outcome": "Ordered"}, True),
            ("online", {"summary": False}, True),
        ):
            with self.subTest(channel=channel):
                contact = self.report(self.rep, channel=channel, **values)
                self.assertEqual(not contact.uncounted_code, counts)

    def test_loosening_counts_at_once(self):
        contact = self.report(self.rep, summary=False)
        self.company.care_required_visit = "none"
        self.assertFalse(contact.uncounted_code)
        self.assertEqual(self.visit.done, 1)
        self.company.write({"care_required_visit": "both", "care_purpose_visit": True})
        self.assertEqual(self.visit.done, 1, "stricter only for what comes")
        late = self.report(self.rep)
        self.assertIn("Result and Purposes", late.uncounted_reason)
        late.write(
            {
                "outcome": "Ordered",
                "purpose_ids": [
                    Command.set(self.env["care.interaction.purpose"].search([])[:1].ids)
                ],
            }
        )
        self.assertFalse(late.uncounted_code)

    def test_planned_says_what_it_will_need(self):
        contact = self.report(
            self.rep, state="planned", summary=False, date_start="2026-11-20 08:00:00"
        )
        self.assertIn("Counts once", contact.uncounted_reason)

    def test_activity_with_and_without_feedback(self):
        for feedback, counts in (("Went well", True), (False, False)):
            activity = self.salon.with_user(self.rep).activity_schedule(
                "mail.mail_activity_data_meeting", user_id=self.rep.id
            )
            activity.with_user(self.rep).action_feedback(feedback)
            contact = self.env["care.interaction"].search(
                [("partner_id", "=", self.salon.id)], order="id desc", limit=1
            )
            self.assertEqual((contact.state, contact.channel), ("done", "visit"))
            self.assertEqual(not contact.uncounted_code, counts)

    def test_words_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contact = self.report(self.rep, summary=False)
        self.assertTrue(contact.with_context(lang="fr_FR").uncounted_reason)
        self.assertEqual(contact.uncounted_code, "incomplete")


@tagged("post_install", "-at_install")
class TestHoursAndPlace(CountingCase):
    def test_stay_counts_working_hours_once_it_happened(self):
        self.company.resource_calendar_id.hours_per_day = 7
        with freeze_time("2026-11-20 18:00:00"):
            stay = self.report(
                self.carl,
                channel="onsite",
                state="planned",
                date_start="2026-11-10 08:00:00",
                date_end="2026-11-12 16:00:00",
            )
            self.assertEqual(stay.duration, 0, "planned")
            stay.action_done()
            self.assertEqual(stay.duration, 21)
            stay.date_start = "2026-11-11 08:00:00"
            self.assertEqual(stay.date_end, datetime(2026, 11, 13, 16), "as long")

    def test_stay_reported_before_its_end(self):
        self.company.resource_calendar_id.hours_per_day = 8
        with freeze_time("2026-11-11 12:00:00"):
            stay = self.report(
                self.carl,
                channel="onsite",
                date_start="2026-11-10 08:00:00",
                date_end="2026-11-14 16:00:00",
            )
        self.assertEqual(stay.duration, 16)

    def test_visits_count_as_long_as_they_took(self):
        self.assertEqual(
            self.report(self.rep, date_end="2026-11-05 09:30:00").duration, 1.5
        )

    @users("care_rep")
    def test_distance(self):
        here = {
            "latitude": 31.2304,
            "longitude": 121.4737,
            "checked_in_at": "2026-11-05 08:00:00",
        }
        contact = self.report(self.env.user, **here)
        self.assertIn("not known", contact.check_in_note)
        self.assertFalse(contact.is_far_away)
        self.salon.sudo().write(
            {"partner_latitude": 31.2340, "partner_longitude": 121.4737}
        )
        self.assertEqual(contact.check_in_note, "400 m from the customer")
        far = self.report(self.env.user, **here | {"latitude": 31.33})
        self.assertEqual(far.check_in_note, "10.7 km from the customer")
        self.assertFalse(far.uncounted_code, "never refused")
        found = self.env["care.interaction"].search([("is_far_away", "=", True)])
        self.assertEqual(found, far)
        without = self.report(self.env.user, checked_in_at="2026-11-05 08:00:00")
        self.assertIn("without a position", without.check_in_note)
