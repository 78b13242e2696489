import doctest

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...tools import mail_kind
from ..common_mail import ADDRESS, DOMAIN, MailCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai"""


@tagged("post_install", "-at_install")
class TestComplaintMail(MailCase):
    """Which mails open a complaint, and whose it is."""

    def test_tools(self):
        self.assertFalse(doctest.testmod(mail_kind).failed)

    # Whose ----------------------------------------------------------

    def test_known_contact(self):
        self.salon.care_tier_id = self.A
        with freeze_time(MONDAY):
            complaint = self.send(
                body="They leak.", Cc=f"Chef <chef@salon.example.com>, {ADDRESS}"
            )
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.rosa)
        self.assertEqual(complaint.subject, "Two jars broken")
        self.assertIn("They leak.", complaint.description)
        self.assertEqual(complaint.source, "email")
        self.assertEqual(complaint.kind, "customer")
        self.assertEqual(complaint.team_id, self.team)
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual((complaint.tier_id, complaint.priority), (self.A, "2"))
        self.assertEqual(complaint.email_cc, '"Chef" <chef@salon.example.com>')
        self.assertEqual(complaint.received_at, self.at(MONDAY))
        self.assertFalse(complaint.user_id, "nobody has recorded it")
        [message] = complaint.message_ids
        self.assertEqual(message.author_id, self.rosa)
        self.assertEqual(message.message_type, "email")

    def test_everybody_addressed_is_offered_in_the_answer(self):
        complaint = self.send(
            To=f"{ADDRESS}, boss@salon.example.com", Cc="chef@salon.example.com"
        )
        offered = complaint._message_get_suggested_recipients()
        self.assertEqual(
            {recipient["email"] for recipient in offered},
            {"rosa@salon.example.com", "boss@salon.example.com"}
            | {"chef@salon.example.com"},
        )

    def test_stranger_becomes_a_contact(self):
        complaint = self.send(From="Zoë Quill <zoe@quill.example.com>")
        contact = complaint.partner_id
        self.assertEqual((contact.name, contact.email), ("Zoë Quill", contact.email))
        self.assertEqual(contact.email, "zoe@quill.example.com")
        self.assertEqual(contact.company_id, self.company)
        self.assertEqual(self.send(From="zoe@quill.example.com").partner_id, contact)

    def test_stranger_remains_a_stranger(self):
        self.company.care_mail_unknown = "none"
        contacts = self.env["res.partner"].search_count([])
        complaint = self.send(From="Zoë Quill <zoe@quill.example.com>")
        other = self.send(From="zoe@quill.example.com")
        self.assertFalse(complaint.partner_id)
        self.assertFalse(complaint.other_ids)
        self.assertEqual(complaint.email_normalized, "zoe@quill.example.com")
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        complaint.action_create_contact()
        self.assertEqual(complaint.partner_id.name, "Zoë Quill")
        self.assertEqual(other.partner_id, complaint.partner_id)

    def test_stranger_turns_out_to_be_a_customer(self):
        self.company.care_mail_unknown = "none"
        self.policy(hours=1, min_priority="2")
        complaint = self.send(From="r.private@example.com")
        self.assertFalse(complaint.sla_ids)
        self.salon.care_tier_id = self.A
        complaint.partner_id = self.rosa
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.rosa)
        self.assertEqual((complaint.tier_id, complaint.priority), (self.A, "2"))
        self.assertTrue(complaint.sla_ids, "the policies of the tier")

    def test_answer_to_a_stranger(self):
        """Who is answered in the composer becomes a contact, and the customer."""
        self.company.care_mail_unknown = "none"
        complaint = self.send(From="zoe@quill.example.com")
        zoe = self.env["res.partner"].create(
            {"name": "Zoë", "email": "zoe@quill.example.com"}
        )
        complaint.with_user(self.manager).message_post(
            body="Sorry", partner_ids=zoe.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(complaint.partner_id, zoe)
        self.assertTrue(complaint.replied_at)

    def test_a_complaint_is_somebodys(self):
        with (
            self.assertRaisesRegex(CheckViolation, "whose_check"),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.complain(partner_id=False)

    def test_of_several_contacts(self):
        """A customer with a tier before others; those of other companies never"""
        email = "rosa@salon.example.com"
        Partner = self.env["res.partner"]
        foreign = Partner.create(
            {"name": "X", "email": email, "company_id": self.other_company.id}
        )
        self.rosa.email = False
        complaint = self.send()
        self.assertNotEqual(complaint.partner_id, foreign)
        Partner.create({"name": "Twin", "email": email})
        best = self.a_customer("Best", email=email)
        self.assertEqual(self.send().partner_id, best)

    def test_archived_contact_is_known(self):
        (self.rosa | self.salon).active = False
        self.assertEqual(self.send().partner_id, self.salon)

    def test_colleague(self):
        """On somebody's behalf: an internal complaint, whose customer is chosen later.
        Who has sent it does not handle it."""
        self.rep.email = f"rep@{DOMAIN}"
        complaint = self.send(From=f"rep@{DOMAIN}")
        self.assertEqual(complaint.kind, "internal")
        self.assertFalse(complaint.partner_id)
        self.assertFalse(complaint.user_id)
        self.assertEqual(complaint.message_ids.author_id, self.rep.partner_id)
        complaint.partner_id = self.salon
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertFalse(complaint.contact_id)

    def test_chinese_writer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        complaint = self.send("两个瓶子坏了", From="李 <li@li.example.com>")
        self.assertEqual(complaint.partner_id.lang, "zh_CN")

    # Which team -----------------------------------------------------

    def test_assignment_of_the_team(self):
        self.team.assignment = "round_robin"
        self.assertEqual(self.send().user_id, self.all)

    def test_two_teams_one_complaint(self):
        self.team.copy({"name": "Second", "alias_name": "second"})
        complaint = self.send(To=f"{ADDRESS}, second@{DOMAIN}")
        self.assertEqual(len(complaint), 1)

    def test_archived_team(self):
        other = self.env["care.complaint.team"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        self.team.active = False
        self.assertEqual(self.send().team_id, other)

    def test_without_alias(self):
        """A mailbox that is fetched for complaints: the first team of the company"""
        mail = self.mail(To="old@example.com")
        self.gateway.env.user.company_id = self.company
        complaint, _aside = self.receive(mail, model="care.complaint")
        self.assertEqual(complaint.team_id, self.team)

    def test_alias_of_a_team(self):
        team = self.env["care.complaint.team"].create(
            {
                "name": "New",
                "company_id": self.company.id,
                "alias_name": "New Ones",
                "alias_domain_id": self.domain.id,
            }
        )
        self.assertEqual(team.alias_email, f"new-ones@{DOMAIN}")
        complaint = self.send(To=team.alias_email)
        self.assertEqual(complaint.team_id, team)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.team.alias_name = "new-ones"
        alias = team.alias_id
        complaint.team_id = self.team
        team.unlink()
        self.assertFalse(alias.exists())

    def test_names_of_aliases(self):
        """Free ones, without failing; what has a name keeps it."""
        Team = self.env["care.complaint.team"]
        nameless = Team.create(
            [
                {
                    "name": "张",
                    "company_id": self.company.id,
                    "alias_domain_id": self.domain.id,
                }
            ]
            * 2
        )
        Team._name_aliases()
        for team in nameless:
            self.assertRegex(team.alias_name, r"^complaints-\d+$")
        self.assertNotEqual(*nameless.mapped("alias_name"))
        self.assertEqual(self.team.alias_name, "complaints")

    # What is no complaint -------------------------------------------

    def test_robots_and_lists_open_nothing(self):
        for reason, headers in (
            ("auto", {"Auto_Submitted": "auto-replied"}),
            ("auto", {"Auto_Submitted": "auto-generated; x=y"}),
            ("auto", {"X_Autoreply": "yes"}),
            ("auto", {"Precedence": "auto_reply"}),
            ("auto", {"Return_Path": "<>"}),
            ("list", {"Precedence": "bulk"}),
            ("list", {"List_Id": "<news.shop.example.org>"}),
            ("list", {"List_Unsubscribe": "<https://shop.example.org/u>"}),
            ("own", {"From": ADDRESS}),
            ("own", {"From": f"catchall@{DOMAIN}"}),
            ("sender", {"From": None}),
        ):
            with self.subTest(headers):
                complaint, aside = self.receive(self.mail(**headers))
                self.assertFalse(complaint)
                self.assertEqual(aside.reason, reason)
                self.assertEqual(aside.team_id, self.team)
                self.assertIn("They leak.", aside.body)
                self.assertTrue(aside.original)

    def test_our_own_mailing_list(self):
        """A shared mailbox of ours that hands on what customers write"""
        self.send(
            List_Id=f"<complaints.{DOMAIN}>",
            Precedence="list",
            Auto_Submitted="no",
        )

    def test_bounce(self):
        bounce = self.mail(From="MAILER-DAEMON@mx.example.org", Return_Path="<>")
        self.assertFalse(any(self.receive(bounce)))
        bounce = self.mail(To=f"{self.domain.bounce_email}, {ADDRESS}")
        self.assertFalse(any(self.receive(bounce)))

    def test_absence_note_changes_nothing(self):
        self.policy()
        complaint = self.send()
        [message] = complaint.message_ids
        for stage in (self.waiting, self.stages["closed"]):
            complaint.stage_id = stage
            before = complaint.event_ids
            for headers in (
                {"Auto-Submitted": "auto-replied"},
                {"Subject": "Automatic reply: Two jars broken"},
            ):
                note = self.reply(message, "Back on Monday")
                for name, value in headers.items():
                    del note[name]
                    note[name] = value
                new, aside = self.receive(note)
                self.assertFalse(new)
                self.assertEqual(
                    (aside.reason, aside.complaint_id.id), ("auto", complaint.id)
                )
            self.assertEqual(complaint.stage_id, stage)
            self.assertEqual(complaint.event_ids, before)
            self.assertFalse(complaint.activity_ids)
        self.assertIn("rosa@salon.example.com", complaint.message_ids[0].body)

    def test_loop_ends(self):
        """A robot that gives no sign of being one, and loses all references"""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 4)
        robot = "robot@example.org"
        for number in range(4):
            self.send(f"Ticket {number}", From=robot)
        complaint, aside = self.receive(self.mail("Ticket 5", From=robot))
        self.assertFalse(complaint)
        self.assertEqual((aside.reason, aside.team_id), ("loop", self.team))

    def test_robot_that_quotes_the_number(self):
        complaint = self.send(From="robot@example.org")
        new, aside = self.receive(
            self.mail(f"Your request: {complaint.name}", From="robot@example.org")
        )
        self.assertFalse(new or aside)
        mails = complaint.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(len(mails), 2)

    def test_number_of_somebody_elses(self):
        """A stranger who guesses a number does not get into the complaint."""
        complaint = self.send()
        new = self.send(f"Re: {complaint.name}", From="eve@example.org")
        self.assertNotEqual(new, complaint)
        self.assertEqual(len(complaint.message_ids), 1)

    # Twice ----------------------------------------------------------

    def test_delivered_twice(self):
        mail = self.mail()
        complaint, _aside = self.receive(mail)
        self.assertTrue(complaint)
        self.assertFalse(any(self.receive(mail)))
        self.assertEqual(len(complaint.message_ids), 1)
        robot = self.mail(Auto_Submitted="auto-replied")
        self.assertTrue(self.receive(robot)[1])
        self.assertFalse(any(self.receive(robot)))

    def test_delivered_to_two_workers(self):
        """The other one has the mail, and this one cannot see it yet."""
        mail = self.mail()
        Mail = type(self.Aside)
        with self.registry.cursor() as other:
            key = Mail._key(self.Aside, mail["Message-Id"])
            other.execute(
                "INSERT INTO care_incoming_mail (message_key, state)"
                " VALUES (%s, 'done')",
                [key],
            )
            other.commit()
            try:
                self.assertFalse(any(self.receive(mail)))
            finally:
                other.execute(
                    "DELETE FROM care_incoming_mail WHERE message_key = %s", [key]
                )
                other.commit()

    # Set aside ------------------------------------------------------

    def test_opened_by_hand(self):
        _none, aside = self.receive(self.mail(Precedence="bulk"))
        aside.with_user(self.all).action_open_complaint()
        complaint = aside.complaint_id
        self.assertEqual(aside.state, "opened")
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.rosa)
        self.assertEqual(complaint.subject, "Two jars broken")
        [message] = complaint.message_ids
        self.assertEqual(message.attachment_ids.name, "original.eml")
        action = aside.action_open_complaint()
        self.assertEqual(action["res_id"], complaint.id, "opened once")

    def test_dismissed(self):
        _none, aside = self.receive(self.mail(Precedence="bulk"))
        aside.with_user(self.all).action_dismiss()
        self.assertEqual(aside.state, "done")

    @users("care_rep")
    def test_own_teams_alone(self):
        _none, aside = self.receive(self.mail(Precedence="bulk"))
        Mine = self.env["care.incoming.mail"]
        self.assertFalse(Mine.search([("id", "=", aside.id)]))
        self.team.member_ids = [Command.link(self.env.uid)]
        self.assertEqual(Mine.search([("id", "=", aside.id)]), aside)

    def test_old_ones_go(self):
        _none, aside = self.receive(self.mail(Precedence="bulk"))
        with freeze_time("2027-10-01"):
            self.Aside._gc_mails()
            self.assertTrue(aside.exists())
        with freeze_time("2028-11-01"):
            self.Aside._gc_mails()
            self.assertFalse(aside.exists())
