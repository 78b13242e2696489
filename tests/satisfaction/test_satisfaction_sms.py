from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_satisfaction_first import FirstCase


class Message:
    def __init__(self, uuid, values):
        self.uuid, self.state, self.values = uuid, "outgoing", values


class Queue(list):
    """Stands for Odoo's queue of text messages, which need not be installed"""

    def create(self, values):  # pylint: disable=method-required-super
        fresh = Queue(
            Message(f"sms-{len(self) + place}", row) for place, row in enumerate(values)
        )
        self.extend(fresh)
        return fresh

    def mapped(self, name):
        return [getattr(message, name) for message in self]

    def search(self, domain):
        return self


@tagged("post_install", "-at_install")
class TestSms(FirstCase):
    """Campaigns by text message"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.phone = "+32485112233"

    @contextmanager
    def installed(self, queue):
        model = type(self.env["care.invitation"])
        with patch.object(model, "_sms_queue", lambda self: queue):
            yield

    def started_sms(self, customers, queue, **values):
        with self.installed(queue):
            return self.started(customers, channel="sms", **values)

    def test_not_installed(self):
        campaign = self.campaign(self.shop, channel="sms")
        with self.installed(None):
            campaign.invalidate_recordset()
            self.assertIn("SMS gateway", campaign.sms_hindrance)
            campaign.action_sample()
            with self.assertRaisesRegex(UserError, "SMS gateway"):
                campaign.action_send()
            with self.assertRaisesRegex(UserError, "SMS gateway"):
                campaign.action_send_test()
        self.assertEqual(campaign.state, "sampled")

    def test_uninstalled_meanwhile(self):
        queue = Queue()
        campaign = self.campaign(self.shop, channel="sms")
        with self.installed(queue):
            campaign.action_sample()
            campaign.action_send()
        with self.installed(None):
            self.run_job()
        self.assertEqual(campaign.invitation_ids.state, "failed")
        self.assertFalse(campaign.invitation_ids.sent_at)

    def test_text(self):
        queue = Queue()
        campaign = self.started_sms(self.shop, queue)
        [message] = queue
        answer = self.answer_of(campaign, self.shop)
        self.assertEqual(message.values["number"], "+32485112233")
        self.assertIn(f"/care/a/{answer.access_token}", message.values["body"])
        self.assertIn("Care Test Ltd", message.values["body"])
        self.assertLessEqual(len(message.values["body"]), 160)
        self.assertEqual(campaign.invitation_ids.state, "sent")
        self.assertFalse(self.mail_of(campaign.invitation_ids))

    def test_short_link(self):
        queue = Queue()
        campaign = self.started_sms(self.shop, queue)
        answer = self.answer_of(campaign, self.shop)
        url = f"/care/a/{answer.access_token}"
        page = self.url_open(url)
        self.assertIn("All in all?", page.text)
        self.assertIn("/care/stop/", page.text)
        self.assertEqual(answer.state, "new")
        self.confirm(url, self.overall.suggested_answer_ids[2].id)
        self.env.invalidate_all()
        self.assertEqual(answer.state, "in_progress")
        self.assertIn("no longer valid", self.url_open("/care/a/x").text)

    def test_who_cannot_be_reached(self):
        mute = self.customers(1, "Mute", self.A)
        blocked = self.customers(1, "Blocked", self.A, phone="+32485112244")
        self.env["phone.blacklist"].create({"number": "+32485112244"})
        campaign = self.campaign(self.shop | mute | blocked, channel="sms")
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.partner_id, self.shop)
        self.assertEqual(campaign.left_out, {"no_phone": 1, "opted_out": 1})
        self.assertEqual(campaign.invitation_ids.channel, "sms")

    def test_checked_before_sending(self):
        queue = Queue()
        second = self.customers(1, "Second", self.A, phone="+32485112244")
        third = self.customers(1, "Third", self.A, phone="+32485112255")
        campaign = self.campaign(self.shop | second | third, channel="sms")
        with self.installed(queue):
            campaign.action_sample()
            campaign.action_send()
            self.env["phone.blacklist"].create({"number": "+32485112244"})
            third.phone = False
            self.run_job()
        self.assertEqual(len(queue), 1)
        reasons = {row.partner_id: row.skip_reason for row in campaign.invitation_ids}
        self.assertEqual(reasons[second], "opted_out")
        self.assertEqual(reasons[third], "no_phone")

    def test_one_number_once(self):
        queue = Queue()
        twin = self.customers(1, "Twin", self.A, phone="+32485112233")
        campaign = self.started_sms(self.shop | twin, queue)
        self.assertEqual(len(queue), 1)
        self.assertEqual(
            sorted(campaign.invitation_ids.mapped("state")), ["sent", "skipped"]
        )

    def test_reminder(self):
        queue = Queue()
        campaign = self.started_sms(self.shop, queue, remind_days=1)
        invitation = campaign.invitation_ids
        invitation.sent_at = "2020-01-01 10:00:00"
        with self.installed(queue):
            self.run_job()
        self.assertEqual(len(queue), 2)
        self.assertIn("reminder", queue[1].values["body"])
        invitation.reminded_at = False
        self.shop.care_survey_opt_out = True
        with self.installed(queue):
            self.run_job()
        self.assertEqual(len(queue), 2)

    def test_delivery_follows_the_queue(self):
        queue = Queue()
        campaign = self.started_sms(self.shop, queue)
        invitation = campaign.invitation_ids
        queue[0].state = "error"
        with self.installed(queue):
            self.run_job()
            self.assertEqual(invitation.state, "failed")
            self.assertFalse(invitation.sent_at, "counts for no quarantine")
            queue[0].state = "outgoing"
            self.run_job()
            self.assertEqual(invitation.state, "sent")
            queue[0].state = "canceled"
            self.run_job()
            campaign.with_user(self.manager).action_send_again()
            self.run_job()
        self.assertEqual(len(queue), 2)
        self.assertEqual(invitation.state, "sent")

    def test_sending_hours(self):
        queue = Queue()
        self.company.write(
            {
                "care_survey_hours": True,
                "care_survey_from": 0,
                "care_survey_until": 0.01,
            }
        )
        campaign = self.started_sms(self.shop, queue)
        self.assertFalse(queue)
        self.assertEqual(campaign.invitation_ids.state, "pending")

    def test_to_oneself(self):
        queue = Queue()
        campaign = self.campaign(self.shop, channel="sms")
        with self.installed(queue):
            self.manager.partner_id.phone = False
            with self.assertRaisesRegex(UserError, "phone number"):
                campaign.with_user(self.manager).action_send_test()
            self.manager.partner_id.phone = "+32485112266"
            campaign.with_user(self.manager).action_send_test()
        self.assertEqual(queue[0].values["number"], "+32485112266")
        self.assertIn("/survey/test/", queue[0].values["body"])
        self.assertFalse(campaign.invitation_ids)

    def test_not_anonymous(self):
        with self.assertRaises(UserError):
            self.campaign(self.shop, channel="sms", anonymous=True)

    def test_rates_by_channel(self):
        queue = Queue()
        campaign = self.started_sms(self.shop, queue)
        self.fill(self.answer_of(campaign, self.shop), 0, 3, 3, 9)
        self.env.flush_all()
        [row] = campaign._count_response()["channels"]
        self.assertEqual(
            (row["key"], row["label"], row["response"]), ("sms", "SMS", 100)
        )
