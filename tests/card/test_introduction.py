from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from odoo.addons.mail.tests.common import MailCase

from ..common_card import CardCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestIntroduction(CardCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all.write({"phone": "+1 555 0100", "image_1920": PIXEL})
        cls.salon = cls.a_customer(email="salon@example.com")
        cls.salon.care_manager_id = cls.all

    def letters(self, partner=None):
        return (partner or self.salon).message_ids.filtered(
            lambda message: message.subject and "account manager" in message.subject
        )

    def job(self):
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            self.env.ref("customer_care.ir_cron_introduction").method_direct_trigger()
        self.env.invalidate_all()

    def test_one_letter_does_not_stop_the_others(self):
        """It stays on the list of the next run, and nothing of it is kept."""
        other = self.a_customer("Other", email="other@example.com")
        other.care_manager_id = self.all
        (self.salon | other).action_care_introduce_all()
        Partner = self.env.registry["res.partner"]
        introduce = Partner._care_introduce

        def fail(partner):
            introduce(partner)
            if partner == self.salon:
                raise ValueError("broken")

        with (
            patch.object(Partner, "_care_introduce", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.job()
        self.assertEqual(len(log.records), 1)
        self.assertIn(str(self.salon), log.output[0])
        self.assertEqual(len(self.letters(other)), 1)
        self.assertFalse(self.letters())
        self.assertTrue(self.salon.care_introduction_pending)
        self.job()
        self.assertEqual(len(self.letters()), 1)

    @users("care_all")
    def test_letter_from_the_composer(self):
        salon = self.salon.with_user(self.env.user)
        self.assertTrue(salon.care_introduction_due)
        action = salon.action_care_introduce()
        composer = Form(
            self.env["mail.compose.message"].with_context(**action["context"])
        ).save()
        with self.mock_mail_gateway():
            composer.action_send_mail()
        letter = self.letters()
        self.assertEqual(len(letter), 1)
        self.assertEqual(letter.partner_ids, self.salon)
        self.assertIn(self.all.name, letter.body)
        self.assertIn("+1 555 0100", letter.body)
        self.assertIn("/web/image/", letter.body, "the photo has become an attachment")
        self.assertIn("access_token=", letter.body, "which the customer can open")
        self.assertEqual(salon.care_manager_introduced_id, self.all)
        self.assertFalse(salon.care_introduction_due)

    def test_job_sends_once_per_change(self):
        self.salon.with_user(self.all).action_care_introduce_all()
        self.job()
        self.assertEqual(len(self.letters()), 1)
        self.salon.with_user(self.all).action_care_introduce_all()
        self.job()
        self.assertEqual(len(self.letters()), 1, "once")
        self.salon.care_manager_id = self.manager
        self.assertTrue(self.salon.care_introduction_due)
        self.salon.with_user(self.all).action_care_introduce_all()
        self.job()
        self.assertEqual(len(self.letters()), 2, "once per change")
        self.assertIn(self.manager.name, self.letters()[0].body)

    def test_without_address(self):
        silent = self.a_customer("Silent")
        silent.care_manager_id = self.all
        told = (self.salon | silent).with_user(self.all).action_care_introduce_all()
        self.assertIn("Silent", told["params"]["message"])
        self.assertFalse(silent.care_introduction_pending)
        silent.care_introduction_pending = True
        self.job()
        self.assertFalse(silent.care_introduction_pending)
        self.assertIn("no e-mail address", silent.message_ids[0].body)
        ann = self.contact_person(
            silent, email="ann@example.com", care_decision_role="decision_maker"
        )
        self.contact_person(silent, "Bob", email="bob@example.com")
        self.assertEqual(silent._care_letter_to(), ann)

    def test_template_deleted(self):
        self.salon._schedule_care_introduction()
        self.env.ref("customer_care.mail_template_introduction").unlink()
        self.job()
        self.assertFalse(self.salon.care_introduction_pending)
        self.assertFalse(self.letters())

    @users("care_rep")
    def test_printed_letter(self):
        salon = self.salon.with_user(self.env.user)
        action = salon.action_care_print_introduction()
        self.assertEqual(action["report_name"], "customer_care.introduction")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("customer_care.introduction", salon.ids)[0]
            .decode()
        )
        self.assertIn(self.all.name, html)
        self.assertIn("+1 555 0100", html)
        self.assertIn("data:image/png;base64", html)
        self.assertIn(salon.name, html)
        self.assertFalse(salon.care_introduction_due)
        self.assertIn("Printed the letter", salon.message_ids[0].body)
        salon.action_care_print_introduction()
        printed = salon.message_ids.filtered(lambda m: "Printed the letter" in m.body)
        self.assertEqual(len(printed), 1, "noted once")

    @users("care_rep")
    def test_without_manager(self):
        plain = self.a_customer("Plain").with_user(self.env.user)
        for call in (plain.action_care_introduce, plain.action_care_print_introduction):
            with self.assertError(UserError, "no account manager"):
                call()

    @users("care_other_rep")
    def test_letters_of_others(self):
        with self.assertRaises(AccessError):
            self.salon.with_user(self.env.user).action_care_introduce_all()
        with self.assertRaises(AccessError):
            self.salon.with_user(self.env.user).action_care_print_introduction()

    def test_letter_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salon.lang = "zh_CN"
        template = self.env.ref("customer_care.mail_template_introduction")
        template.with_context(lang="zh_CN").subject = "您的客户经理"
        self.salon._schedule_care_introduction()
        self.job()
        self.assertEqual(self.salon.message_ids[0].subject, "您的客户经理")

    def test_photo_is_a_picture(self):
        self.assertTrue(self.salon._care_letter_photo().startswith("data:image/png;"))
        manager = self.salon.care_manager_id.partner_id
        manager.image_1920 = manager._avatar_generate_svg()
        self.assertFalse(self.salon._care_letter_photo(), "a letter is no photo")
        self.salon._schedule_care_introduction()
        self.job()
        self.assertNotIn("<img", self.letters().body)
