from datetime import datetime

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .test_meetings import MeetingCase


@tagged("post_install", "-at_install")
class TestActivities(MeetingCase):
    def do(self, record, kind="call", user=None):
        activity = record.sudo().activity_schedule(
            f"mail.mail_activity_data_{kind}", user_id=(user or self.rep).id
        )
        activity.with_user(user or self.rep).action_feedback("Spoke about prices")

    def last_note(self, record):
        return record.sudo().message_ids.sorted("id")[-1:].body or ""

    def test_email(self):
        self.do(self.salon, "email")
        self.assertRecordValues(
            self.contacts(),
            [{"channel": "online", "state": "done", "summary": "Spoke about prices"}],
        )

    def test_order_and_opportunity(self):
        order = self.order(self.buyer, 100)
        self.do(order)
        self.assertRecordValues(
            self.contacts(),
            [
                {
                    "partner_id": self.salon.id,
                    "contact_id": self.buyer.id,
                    "channel": "phone",
                }
            ],
        )
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.shop.id, "user_id": self.rep.id}
        )
        self.do(lead, "meeting")
        self.assertEqual(self.contacts(self.shop).lead_id, lead)

    def test_complaint(self):
        complaint = self.env["care.complaint"].create(
            {"subject": "Broken", "partner_id": self.salon.id}
        )
        self.do(complaint)
        self.assertEqual(self.contacts().complaint_id, complaint)

    def test_says_why_not(self):
        plain = self.customer("Plain", user_id=self.rep.id)
        self.do(plain)
        self.assertIn("Plain has no tier", self.last_note(plain))
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.rep.id})
        self.do(lead)
        self.assertIn("no customer is entered", self.last_note(lead))
        self.assertFalse(self.contacts())
        contact = self.contact(self.salon, 12, state="planned")
        self.do(contact)
        self.assertIn("report this contact itself", self.last_note(contact))
        self.assertEqual(self.contacts(), contact)

    def test_says_nothing_where_nothing_counts(self):
        for record, kind, user in (
            (self.salon, "todo", self.rep),
            (self.customer("Plain"), "call", self.employee),
        ):
            self.do(record, kind, user)
            self.assertNotIn("Not counted", self.last_note(record))
        self.assertFalse(self.contacts())

    def test_document_deleted_in_between(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.salon.id, "user_id": self.rep.id}
        )
        activity = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.rep.id
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        activity.with_user(self.rep).action_feedback("Called")
        self.assertFalse(self.contacts())

    def meeting_activity(self, **values):
        partner = self.env["ir.model"]._get_id("res.partner")
        event = self.meet(
            self.salon, res_model_id=partner, res_id=self.salon.id, **values
        )
        return event.activity_ids

    def test_meeting_with_two_customers(self):
        event = self.meet(
            self.salon,
            self.shop,
            res_model_id=self.env["ir.model"]._get_id("res.partner"),
            res_id=self.salon.id,
        )
        with freeze_time("2026-11-12 12:00:00"):
            event.activity_ids.with_user(self.rep).action_feedback("Went well")
        self.assertRecordValues(
            self.contacts().sorted("partner_id"),
            [
                {"partner_id": partner.id, "state": "done", "summary": "Went well"}
                for partner in (self.salon, self.shop)
            ],
        )

    def test_reported_before_its_activity_is_done(self):
        activity = self.meeting_activity()
        with freeze_time("2026-11-12 12:00:00"):
            contact = self.contacts()
            contact.with_user(self.rep).with_context(care_no_interaction=True).write(
                {"state": "done"}
            )
            again = self.salon.activity_schedule(
                "mail.mail_activity_data_meeting", user_id=self.rep.id
            )
            again.calendar_event_id = contact.calendar_event_id
            again.with_user(self.rep).action_feedback("Twice")
        self.assertFalse(activity.active)
        self.assertEqual(self.contacts(), contact)

    def test_earlier_on_the_same_day(self):
        activity = self.meeting_activity()
        with freeze_time("2026-11-12 08:00:00"):
            activity.with_user(self.rep).action_feedback("Came early")
        self.assertRecordValues(
            self.contacts(),
            [
                {
                    "state": "done",
                    "date_start": datetime(2026, 11, 12, 8),
                    "date_end": datetime(2026, 11, 12, 9),
                }
            ],
        )

    def test_days_before(self):
        activity = self.meeting_activity()
        activity.with_user(self.rep).action_feedback("Invitation sent")
        self.assertEqual(self.contacts().state, "planned")
        self.assertIn("the meeting is on 11/12/2026", self.last_note(self.salon))

    def test_report_of_one_leaves_the_activity_of_another(self):
        activity = self.meeting_activity()
        activity.calendar_event_id.write(
            {"partner_ids": [(4, self.mate.partner_id.id)]}
        )
        with freeze_time("2026-11-12 12:00:00"):
            self.contacts(user=self.mate).with_user(self.mate).action_done()
            self.assertTrue(activity.active)
            activity.with_user(self.rep).action_feedback("Went well")
        self.assertEqual(set(self.contacts().mapped("state")), {"done"})
        self.assertEqual(len(self.contacts()), 2)


@tagged("post_install", "-at_install")
class TestMergeOpportunities(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["care.region"].create({"name": "Test Region"})
        cls.need, cls.other_need = cls.env["care.need"].create(
            [{"name": "Test need"}, {"name": "Other need"}]
        )
        cls.quality = cls.env.ref("customer_care.lost_reason_quality")
        cls.terms = cls.env.ref("customer_care.lost_reason_terms")

    def lead(self, name, partner=None, **values):
        return self.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": partner and partner.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def merge(self, *leads):
        leads = self.env["crm.lead"].union(*leads)
        wizard = Form(
            self.env["crm.merge.opportunity"]
            .with_user(self.rep)
            .with_context(active_model="crm.lead", active_ids=leads.ids)
        ).save()
        return self.env["crm.lead"].browse(wizard.action_merge()["res_id"])

    def test_everything_follows(self):
        head = self.lead(
            "Head", self.salon, probability=90, care_need_ids=self.need.ids
        )
        tail = self.lead(
            "Tail",
            self.buyer,
            probability=10,
            care_region_id=self.region.id,
            care_kind="family",
            care_need_ids=self.other_need.ids,
            care_reason_ids=(self.quality | self.terms).ids,
            care_decision_role="decision_maker",
            care_relationship_level="acquaintance",
            care_source_partner_id=self.shop.id,
        )
        report = self.contact(self.salon, 3, lead_id=tail.id, summary="Wants more")
        mates = self.contact(self.salon, 4, user=self.mate, lead_id=tail.id)
        event = self.meet(
            self.salon,
            opportunity_id=tail.id,
            res_model_id=self.env["ir.model"]._get_id("crm.lead"),
            res_id=tail.id,
        )
        planned = self.contacts(state="planned")
        self.assertEqual(planned.lead_id, tail)
        self.assertEqual(self.merge(head, tail), head)
        self.assertFalse(tail.exists())
        self.assertEqual((report | mates | planned).lead_id, head)
        self.assertEqual(head.care_interaction_ids, report | mates | planned)
        self.assertEqual(planned.state, "planned")
        self.assertEqual(event.opportunity_id, head)
        self.assertRecordValues(
            head,
            [
                {
                    "care_region_id": self.region.id,
                    "care_kind": "family",
                    "care_need_ids": (self.need | self.other_need).ids,
                    "care_reason_ids": (self.quality | self.terms).ids,
                    "care_decision_role": "decision_maker",
                    "care_relationship_level": "acquaintance",
                    "care_source_partner_id": self.shop.id,
                }
            ],
        )
        report.with_user(self.rep).contact_id = self.buyer

    def test_another_customer(self):
        head = self.lead("Head", self.salon, probability=90)
        tail = self.lead("Tail", self.shop, probability=10)
        ours = self.contact(self.salon, 3, lead_id=head.id)
        theirs = self.contact(self.shop, 4, lead_id=tail.id)
        event = self.meet(
            opportunity_id=tail.id,
            res_model_id=self.env["ir.model"]._get_id("crm.lead"),
            res_id=tail.id,
        )
        planned = self.contacts(self.shop, state="planned")
        self.assertTrue(planned)
        self.assertEqual(self.merge(head, tail), head)
        self.assertEqual(ours.lead_id, head)
        self.assertFalse((theirs | planned).lead_id)
        self.assertEqual((theirs | planned).partner_id, self.shop)
        event.with_user(self.rep).write(
            {"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"}
        )
        self.assertEqual(planned.date_start, datetime(2026, 11, 13, 10), "follows")
        planned.with_user(self.rep).contact_id = False

    def test_the_customer_comes_from_the_other(self):
        head = self.lead("Head", probability=90)
        tail = self.lead("Tail", self.salon, probability=10)
        stray = self.contact(self.shop, 3, lead_id=head.id)
        report = self.contact(self.salon, 4, lead_id=tail.id)
        self.merge(head, tail)
        self.assertEqual(head.partner_id, self.salon)
        self.assertEqual(report.lead_id, head)
        self.assertFalse(stray.lead_id)
