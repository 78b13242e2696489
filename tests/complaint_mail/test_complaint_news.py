from freezegun import freeze_time

from odoo.tests import tagged

from ..common_mail import MailCase

EVENING = "2026-11-10 13:32:00"


@tagged("post_install", "-at_install")
class TestComplaintNews(MailCase):
    """What came in while a reply was written"""

    def setUp(self):
        super().setUp()
        self.complaint = self.send()
        self.seen = self.complaint.message_ids[:1].id
        self.manager.name = "Anna Adams"

    def post(self, user, **values):
        return self.complaint.with_user(user).message_post(
            **{
                "body": "Sorry",
                "subtype_xmlid": "mail.mt_comment",
                "message_type": "comment",
                "partner_ids": self.rosa.ids,
                **values,
            }
        )

    def news(self, seen=None):
        mine = self.complaint.with_user(self.all)
        return mine.news_since(self.seen if seen is None else seen)

    def test_nothing_new(self):
        self.assertFalse(self.news())
        self.post(self.all)
        self.assertFalse(self.news(), "one's own")
        self.post(self.manager, subtype_xmlid="mail.mt_note")
        self.assertFalse(self.news(), "a note is no reply")
        self.complaint.subject = "Other"
        self.assertFalse(self.news())

    def test_colleague(self):
        with freeze_time(EVENING):
            message = self.post(self.manager)
            news = self.news()
        self.assertEqual(news["id"], message.id)
        row = {"name": "Anna Adams", "date": EVENING, "colleague": True}
        self.assertEqual(news["latest"], [row])
        self.assertFalse(self.news(message.id))

    def test_customer(self):
        self.receive(self.reply(self.complaint.message_ids[:1], "It is urgent"))
        [row] = self.news()["latest"]
        self.assertEqual((row["name"], row["colleague"]), ("Rosa", False))
        for _message in range(3):
            self.post(self.manager)
        self.assertEqual(len(self.news()["latest"]), 3)

    def test_clock_stops_at_the_date_of_the_message(self):
        """To the second, however long posting takes"""
        self.complaint.user_id = self.all
        with freeze_time(EVENING, auto_tick_seconds=1):
            message = self.post(self.all)
        [event] = self.complaint.event_ids.filtered(lambda row: row.kind == "replied")
        self.assertEqual(event.at, message.date)
        self.assertEqual(self.complaint.replied_at, message.date)

    def test_date_from_outside_stops_no_clock(self):
        with freeze_time(EVENING):
            self.post(self.all, date="2026-11-10 09:00:00")
        self.assertEqual(self.complaint.replied_at, self.at(EVENING))

    def test_full_composer(self):
        wizard = (
            self.env["mail.compose.message"]
            .with_user(self.all)
            .create(
                {
                    "model": "care.complaint",
                    "res_ids": str(self.complaint.ids),
                    "composition_mode": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "body": "Sorry",
                    "partner_ids": self.rosa.ids,
                }
            )
        )
        with freeze_time(EVENING, auto_tick_seconds=1):
            wizard.action_send_mail()
        self.assertEqual(self.complaint.replied_at, self.complaint.message_ids[0].date)
