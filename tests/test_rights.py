from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common_mail import MailCase
from .common_rights import CREATORS, RightsCase

UNKNOWN = "unknown@example.com"
"""No alias: the mail goes where who brings it says."""


@tagged("post_install", "-at_install")
class TestWriteOfCaller(RightsCase):
    """Nothing that a caller sends is written with more than the caller's rights."""

    @users("care_portal", "care_employee")
    def test_restoring_writes_nothing_else(self):
        self.env.ref(CREATORS).sudo().user_ids -= self.env.user
        for partner in (self.theirs, self.manager.partner_id, self.mine):
            before = partner.name, partner.email
            with self.assertRaises(AccessError):
                self.by(partner).write({"active": True, "email": "me@example.com"})
            self.assertEqual((partner.name, partner.email), before)

    @users("care_employee")
    def test_restoring_does_not_open_fields_of_others(self):
        plain = self.customer("Plain", active=False)
        with self.assertRaises(AccessError):
            self.by(plain).write({"active": True, "care_archive_note": "Forged"})

    @users("care_employee")
    def test_restoring_clears_why_it_had_gone(self):
        gone = self.customer("Gone", active=False)
        gone.write(
            {"care_archive_reason_id": self.reason.id, "care_archive_note": "Jars"}
        )
        self.by(gone).write({"active": True, "comment": "Back"})
        self.assertTrue(gone.active)
        self.assertIn("Back", gone.comment)
        self.assertFalse(gone.care_archive_reason_id or gone.care_archive_note)

    @users("care_rep")
    def test_default_of_the_client_does_not_date_the_log(self):
        self.env.ref("base.group_allow_export").sudo().user_ids |= self.env.user
        mine = self.by(self.mine).with_context(default_date="2020-01-01 00:00:00")
        mine.export_data(["name"])
        self.assertEqual(self.env["care.protection.log"]._exported_lately(), 1)

    @users("care_rep")
    def test_defaults_of_the_client_at_the_hotline(self):
        Complaint = self.env["care.complaint"].with_context(
            default_outcome="satisfied", default_verified_by_id=self.manager.id
        )
        values = {"subject": "Broken", "partner_id": self.mine.id}
        row = Complaint.care_hotline_record(values)
        complaint = self.env["care.complaint"].sudo().browse(row["id"])
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.verified_by_id)

    @users("care_portal", "care_employee", "care_stranger")
    def test_refusal_names_nobody(self):
        """Who may not write the customer does not learn who looks after it."""
        theirs = self.theirs
        theirs.company_id = self.company
        self.env.ref(CREATORS).sudo().user_ids -= self.env.user
        for vals in (
            {"user_id": self.env.uid},
            {"parent_id": self.mine.id},
            {"care_kind": "family"},
        ):
            with self.assertRaises(UserError) as caught:
                self.by(theirs).write(vals)
            self.assertNotIn(self.all.name, str(caught.exception), vals)


@tagged("post_install", "-at_install")
class TestButtons(RightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["care.sla.policy"].create(
            {"name": "Reply", "hours": 4, "company_id": cls.company.id}
        )
        complaint = cls.env["care.complaint"].create(
            {"subject": "Broken", "partner_id": cls.mine.id, "team_id": cls.team.id}
        )
        cls.clock = complaint.sla_ids
        cls.policy.hours = 6

    @users("care_portal", "care_employee", "care_rep", "care_all", "care_stranger")
    def test_policies_are_the_administrators(self):
        for button in ("action_recompute", "action_keep"):
            with self.assertRaises(AccessError):
                getattr(self.by(self.policy), button)()
        self.assertEqual(self.clock.policy_version, 1)
        self.assertEqual(self.clock.allowed_hours, 4)

    @users("care_manager")
    def test_administrator_recomputes(self):
        self.by(self.policy).action_recompute()
        self.assertEqual(self.clock.allowed_hours, 6)

    @users("care_rep")
    def test_letter_of_others(self):
        self.theirs.care_manager_id = self.all
        theirs = self.by(self.theirs)
        with self.assertError(AccessError, "account team"):
            theirs.action_care_introduce()
        with self.assertError(AccessError, "account team"):
            theirs.with_context(care_introduces=True).message_post(body="Hello")


@tagged("post_install", "-at_install")
class TestGateway(MailCase):
    @users("care_rep", "care_portal_of_mail")
    def test_only_the_gateway_hands_in_mails(self):
        """Odoo stores them as superuser, with values and a document that the caller
        names."""
        complaint = self.send()
        before = len(complaint.message_ids)
        all_before = self.all_complaints()
        raw = self.mail(To=UNKNOWN).as_bytes()
        for options in (
            {"custom_values": {"outcome": "satisfied"}},
            {"thread_id": complaint.id},
            {},
        ):
            with self.assertRaises(AccessError):
                self.env["mail.thread"].message_process(
                    "care.complaint", raw, **options
                )
        self.env.invalidate_all()
        self.assertEqual(len(complaint.message_ids), before)
        self.assertEqual(self.all_complaints(), all_before)

    @users("care_rep")
    def test_new_complaint_has_the_callers_rights(self):
        made = self.env["care.complaint"].message_new(
            {"subject": "New", "body": "x", "from": "a@example.com"},
            {
                "subject": "New",
                "email_from": "a@example.com",
                "outcome": "satisfied",
            },
        )
        self.assertEqual(made.sudo().create_uid, self.env.user)
        self.assertEqual(made.sudo().outcome, "unknown")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_user("portal_of_mail", "base.group_portal")
