from email.message import EmailMessage
from itertools import count

from .common_complaint import ComplaintCase

DOMAIN = "care.example.com"
GATEWAY = "mx.care.example.com"
ADDRESS = f"complaints@{DOMAIN}"


class MailCase(ComplaintCase):
    """A team with an address, and mails that come to it.

    Rosa (rosa@salon.example.com) works at the salon; ``send`` writes as her.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo gives the first domain there is to all aliases
        cls.env["care.complaint.team"].search([]).alias_name = False
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": DOMAIN, "company_ids": cls.company.ids}
        )
        cls.company.email = f"office@{DOMAIN}"
        cls.team.write({"alias_name": "complaints", "alias_domain_id": cls.domain.id})
        cls.rosa = cls.env["res.partner"].create(
            {
                "name": "Rosa",
                "parent_id": cls.salon.id,
                "email": "rosa@salon.example.com",
                "tz": "America/New_York",
            }
        )
        cls.numbers = count(1)
        cls.Complaint = cls.env["care.complaint"]
        cls.Aside = cls.env["care.incoming.mail"]
        cls.gateway = cls.env(user=cls.env.ref("base.user_root"))["mail.thread"]

    @classmethod
    def mail(cls, subject="Two jars broken", body="They leak.", **headers):
        """An EmailMessage from Rosa to the team, unless headers say else; a header that
        is None is left out."""
        mail = EmailMessage()
        headers = {
            "From": "Rosa <rosa@salon.example.com>",
            "To": ADDRESS,
            "Subject": subject,
            "Message-Id": f"<{next(cls.numbers)}@salon.example.com>",
            "Date": "Tue, 10 Nov 2026 09:00:00 +0000",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in headers.items():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        return mail

    def receive(self, mail, model=None):
        """:return: (new complaints, new mails set aside)"""
        before, aside = self.all_complaints(), self.all_aside()
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        self.gateway.message_process(model, raw)
        self.env.flush_all()
        return self.all_complaints() - before, self.all_aside() - aside

    def send(self, *args, **headers):
        """The complaint that a mail opens, and no other"""
        complaint, aside = self.receive(self.mail(*args, **headers))
        self.assertEqual(len(complaint), 1)
        self.assertFalse(aside)
        return complaint

    def reply(self, message, body="One more thing.", **headers):
        """A mail that answers a message of ours"""
        headers.setdefault("In_Reply_To", message.message_id)
        return self.mail(f"Re: {message.subject or ''}".strip(), body, **headers)

    def vouched(self, result="pass", domain=DOMAIN):
        """The header of a gateway that the company trusts"""
        self.company.care_mail_authserv = GATEWAY
        return {
            "Authentication_Results": f"{GATEWAY}; dmarc={result} header.from={domain}"
        }

    def all_complaints(self):
        return self.Complaint.search([("company_id", "=", self.company.id)])

    def all_aside(self):
        return self.Aside.search([("state", "=", "aside")])

    def acknowledge(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_acknowledge").method_direct_trigger()
        self.env.invalidate_all()

    def acknowledgements(self, complaint):
        return complaint.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )

    def outgoing(self, message):
        return self.env["mail.mail"].search([("mail_message_id", "in", message.ids)])
