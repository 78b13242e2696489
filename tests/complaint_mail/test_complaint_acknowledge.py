from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_mail import ADDRESS, DOMAIN, MailCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai, Sunday evening in New York"""


@tagged("post_install", "-at_install")
class TestComplaintAcknowledge(MailCase):
    """The acknowledgement: who gets it, what it says, and that it goes out once."""

    def acknowledged(self, at=MONDAY, **headers):
        """A complaint by e-mail, and its acknowledgements"""
        with freeze_time(at):
            complaint = self.send(**headers)
            self.acknowledge()
        return complaint, self.acknowledgements(complaint)

    def test_says_until_when(self):
        """In the customer's time zone and language"""
        self.policy("reply", 4)
        complaint, message = self.acknowledged()
        self.assertEqual(len(message), 1)
        self.assertIn(
            "Sunday, November 8, 2026, 11:00 PM (New York time)", message.body
        )
        self.assertIn(complaint.name, message.subject)
        self.assertIn(complaint.name, message.body)
        self.assertEqual(complaint.acknowledged_at, self.at(MONDAY))
        mail = self.outgoing(message)
        self.assertEqual(mail.recipient_ids, self.rosa)
        self.assertIn(f"office@{DOMAIN}", mail.email_from)
        self.assertIn(ADDRESS, mail.reply_to)
        self.assertIn("auto-replied", mail.headers)

    def test_not_weeks_later(self):
        """Such as when complaints were switched off for a while"""
        with freeze_time(MONDAY):
            late, later = self.send(), self.send()
        with freeze_time("2026-11-10 00:00:00"):
            late._send_acknowledgement()
        with freeze_time("2026-11-10 00:00:01"):
            later._send_acknowledgement()
        self.assertTrue(late.acknowledged_at)
        self.assertFalse(later.acknowledged_at or later.acknowledge)

    def test_greets_whom_we_know(self):
        """By name; a name that a stranger gives is not repeated."""
        self.cr.execute(
            "UPDATE res_partner SET create_date = '2026-01-01' WHERE id = %s",
            [self.rosa.id],
        )
        self.rosa.invalidate_recordset()
        _complaint, message = self.acknowledged()
        self.assertIn("Dear Rosa,", message.body.replace("<t>", ""))
        self.company.care_mail_unknown = "contact"
        _complaint, message = self.acknowledged(
            From="Click here <ivo@elsewhere.example.com>"
        )
        self.assertIn("Dear Sir or Madam,", message.body)
        self.assertNotIn("Click here", message.body)

    def test_the_handler_gets_one_mail(self):
        """The customer's message itself; not also that it is assigned"""
        self.team.write({"member_ids": self.rep.ids, "assignment": "round_robin"})
        self.rep.notification_type = "email"
        complaint = self.send()
        self.assertEqual(complaint.user_id, self.rep)
        told = self.env["mail.notification"].search(
            [
                ("res_partner_id", "=", self.rep.partner_id.id),
                ("mail_message_id.res_id", "=", complaint.id),
                ("mail_message_id.model", "=", "care.complaint"),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn("They leak.", told.mail_message_id.body)

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["customer_care"], ["zh_CN"])
        self.policy("reply", 4)
        self.rosa.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
        _complaint, message = self.acknowledged()
        self.assertIn("2026年11月9日星期一", message.body)
        self.assertIn("12:00", message.body)
        self.assertIn("答复", message.body)

    def test_promises_nothing_without_a_clock(self):
        """No policy, an empty calendar, or a deadline that has passed"""
        _complaint, message = self.acknowledged()
        self.assertIn("as soon as possible", message.body)
        self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.send()
        with freeze_time("2026-11-09 02:00:00"):
            self.acknowledge()
        self.assertIn("as soon as possible", self.acknowledgements(complaint).body)

    def test_is_no_reply(self):
        self.policy("reply", 4)
        complaint, _message = self.acknowledged()
        self.assertFalse(complaint.replied_at)
        self.assertEqual(complaint.event_ids.mapped("kind"), ["received"])

    def test_not_in_the_creation(self):
        complaint = self.send()
        self.assertTrue(complaint.acknowledge)
        self.assertFalse(self.acknowledgements(complaint))
        cron = self.env.ref("customer_care.ir_cron_acknowledge")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_once(self):
        complaint, message = self.acknowledged()
        self.acknowledge()
        complaint.write({"priority": "3"})
        self.acknowledge()
        self.assertEqual(self.acknowledgements(complaint), message)

    def test_killed_in_the_middle(self):
        """All or nothing: what was written before the end is not there afterwards, and
        the next run does it."""
        Complaint = type(self.Complaint)
        complaint = self.send()
        self.env.flush_all()

        def killed(self):
            send(self)
            raise KeyboardInterrupt

        send = Complaint._send_acknowledgement
        with (
            patch.object(Complaint, "_send_acknowledgement", killed),
            self.assertRaises(KeyboardInterrupt),
            self.cr.savepoint(),
        ):
            complaint._try_acknowledgement()
        self.env.invalidate_all()
        self.assertTrue(complaint.acknowledge)
        self.assertFalse(self.acknowledgements(complaint))
        self.acknowledge()
        self.assertEqual(len(self.acknowledgements(complaint)), 1)

    def test_broken_template(self):
        """It keeps no other back, and is told."""
        template = self.env.ref("customer_care.mail_template_acknowledgement")
        template.subject = "{{ object.nonsense }}"
        complaint, other = self.send(), self.send()
        with mute_logger(
            "odoo.addons.customer_care.models.complaint_mail.care_complaint_acknowledge",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            self.acknowledge()
        for broken in (complaint, other):
            self.assertFalse(broken.acknowledge)
            self.assertIn("mail template", broken.message_ids[0].body)

    def test_who_gets_none(self):
        self.rep.email = f"rep@{DOMAIN}"
        for address in (
            "no-reply@shop.example.org",
            "Shop <donotreply@shop.example.org>",
            f"rep@{DOMAIN}",
        ):
            complaint, message = self.acknowledged(From=address)
            self.assertFalse(message, address)
            self.assertFalse(complaint.acknowledge)
        self.company.care_acknowledge = False
        self.assertFalse(self.acknowledged()[1])

    def test_answered_meanwhile(self):
        complaint = self.send()
        complaint.with_user(self.all).action_reply_given()
        self.acknowledge()
        self.assertFalse(self.acknowledgements(complaint))

    def test_robot_gets_few(self):
        got = [
            len(self.acknowledged(From="robot@example.org")[1]) for _mail in range(7)
        ]
        self.assertEqual(got, [1] * 5 + [0] * 2)

    def test_stranger_without_contact(self):
        self.company.care_mail_unknown = "none"
        _complaint, message = self.acknowledged(From="Zoë <zoe@quill.example.com>")
        mail = self.outgoing(message)
        self.assertIn("zoe@quill.example.com", mail.email_to)
        self.assertFalse(mail.recipient_ids)

    def test_ways_in(self):
        """By portal too; calls where the team says so; nothing that is long past"""
        owed = {
            source: self.complain(source=source, partner_id=self.rosa.id).acknowledge
            for source in ("email", "portal", "phone", "letter")
        }
        self.assertEqual(
            owed, {"email": True, "portal": True, "phone": False, "letter": False}
        )
        self.team.acknowledge_phone = True
        call = self.complain(partner_id=self.rosa.id)
        quiet = self.complain(partner_id=self.salon.id)
        self.assertFalse(
            self.complain(source="email", received_at="2026-11-08 00:00:00").acknowledge
        )
        self.acknowledge()
        self.assertTrue(self.acknowledgements(call))
        self.assertFalse(self.acknowledgements(quiet), "no address")

    def test_nobodys_to_forge(self):
        complaint = (
            self.env["care.complaint"]
            .with_user(self.manager)
            .with_context(default_acknowledge=True)
            .create(
                {
                    "subject": "x",
                    "partner_id": self.rosa.id,
                    "team_id": self.team.id,
                    "acknowledge": True,
                }
            )
        )
        self.assertFalse(complaint.acknowledge)
        with self.assertError(Exception, "Use the buttons"):
            complaint.acknowledge = True
