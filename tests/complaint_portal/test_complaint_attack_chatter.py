import json

from odoo.http import Request
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common_portal import EVIL, PortalCase


@tagged("post_install", "-at_install")
class TestChatter(PortalCase):
    """Messages, notes, followers and files over Odoo's own routes"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for complaint in (cls.mine, cls.theirs):
            complaint.message_post(
                body=f"We look into {complaint.subject}",
                subtype_xmlid="mail.mt_comment",
            )
            complaint.message_post(
                body="They are liars", attachments=[("secret.txt", b"secret")]
            )

    def setUp(self):
        super().setUp()
        self.log_in(self.client_user)

    def say(self, complaint, **kwargs):
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "care.complaint",
                "thread_id": complaint.id,
                "post_data": {
                    "body": "Hello",
                    "subtype_xmlid": "mail.mt_comment",
                    **kwargs,
                },
            },
        )

    def test_own_messages(self):
        self.say(self.mine)
        message = self.mine.message_ids[0]
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.assertFalse(self.mine.replied_at, "the customer's is no reply")

    def test_what_customers_may_say(self):
        self.say(
            self.mine,
            body=EVIL,
            message_type="notification",
            author_id=self.rep.partner_id.id,
            email_from="boss@example.com",
        )
        message = self.mine.message_ids[0]
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.assertEqual(message.message_type, "comment")
        self.assertNotIn("script", message.body)
        self.assertNotIn("onerror", message.body)

    def test_forged_author_over_rpc(self):
        self.rpc(
            "care.complaint",
            "message_post",
            self.mine.ids,
            body="I am your boss",
            author_id=self.rep.partner_id.id,
            email_from="boss@example.com",
            message_type="email_outgoing",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.rep.partner_id.ids,
        )
        message = self.mine.message_ids[0]
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.assertIn("client@example.com", message.email_from)
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertFalse(message.partner_ids)

    def test_posting_to_anothers(self):
        for complaint in (self.theirs, self.theirs.browse(self.theirs.id + 1000)):
            self.assertIn("NotFound", self.refused(self.say, complaint))
        self.assertEqual(self.theirs.message_ids[0].body, "<p>They are liars</p>")

    def test_notes_are_not_readable(self):
        for route, params in (
            ("/mail/thread/messages", {}),
            ("/mail/chatter_fetch", {}),
            ("/mail/chatter_fetch", {"fetch_params": {"search_term": "liars"}}),
        ):
            answer = self.make_jsonrpc_request(
                route,
                {
                    "thread_model": "care.complaint",
                    "thread_id": self.mine.id,
                    **params,
                },
            )
            text = json.dumps(answer)
            self.assertNotIn("liars", text)
            self.assertNotIn("secret.txt", text)
        note = self.mine.message_ids.filtered(lambda message: message.attachment_ids)
        self.refused(self.rpc, "mail.message", "read", note.ids, ["body"])
        self.assertFalse(
            self.rpc("mail.message", "search", [("body", "ilike", "liars")])
        )
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/mail/message/update_content",
                {"message_id": note.id, "update_data": {"body": "x"}},
            )

    def test_messages_of_anothers(self):
        for route in ("/mail/thread/messages", "/mail/chatter_fetch"):
            try:
                with mute_logger("odoo.http"):
                    answer = self.make_jsonrpc_request(
                        route,
                        {
                            "thread_model": "care.complaint",
                            "thread_id": self.theirs.id,
                        },
                    )
            except JsonRpcException:
                continue
            self.assertNotIn("look into Theirs", json.dumps(answer))
        message = self.theirs.message_ids[-1]
        self.refused(self.rpc, "mail.message", "read", message.ids, ["body"])

    def test_thread_data(self):
        """Followers, activities, files and suggested recipients"""
        self.mine.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call the lawyer"
        )
        for complaint in (self.mine, self.theirs):
            for request in (
                ["followers"],
                ["activities"],
                ["attachments"],
                ["suggestedRecipients"],
                ["scheduledMessages"],
                ["contact_fields", "display_name"],
            ):
                try:
                    with mute_logger("odoo.http"):
                        answer = self.make_jsonrpc_request(
                            "/mail/data",
                            {
                                "fetch_params": [
                                    [
                                        "mail.thread",
                                        {
                                            "thread_model": "care.complaint",
                                            "thread_id": complaint.id,
                                            "request_list": request,
                                        },
                                    ]
                                ]
                            },
                        )
                except JsonRpcException:
                    continue
                text = json.dumps(answer)
                for word in ("lawyer", "secret.txt", "care_rep", "Theirs", "stage"):
                    self.assertNotIn(word, text, request)

    def test_recipients_and_followers(self):
        for route, params in (
            ("/mail/thread/recipients", {}),
            ("/mail/thread/recipients/get_suggested_recipients", {"partner_ids": []}),
        ):
            for complaint in (self.mine, self.theirs):
                try:
                    with mute_logger("odoo.http"):
                        answer = self.make_jsonrpc_request(
                            route,
                            {
                                "thread_model": "care.complaint",
                                "thread_id": complaint.id,
                                **params,
                            },
                        )
                except JsonRpcException:
                    continue
                self.assertNotIn("rival", json.dumps(answer))
                self.assertNotIn("care_rep", json.dumps(answer))
        for complaint in (self.mine, self.theirs):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    "/mail/thread/subscribe",
                    {
                        "res_model": "care.complaint",
                        "res_id": complaint.id,
                        "partner_ids": self.rival_user.partner_id.ids,
                    },
                )
        self.assertNotIn(self.rival_user.partner_id, self.mine.message_partner_ids)
        self.refused(self.rpc, "mail.followers", "search_read", [])

    def test_files_of_notes(self):
        for complaint in (self.mine, self.theirs):
            secret = self.env["ir.attachment"].search(
                [("res_model", "=", "care.complaint"), ("res_id", "=", complaint.id)]
            )
            self.assertEqual(secret.name, "secret.txt")
            for url in (
                f"/web/content/{secret.id}",
                f"/web/content/{secret.id}?access_token=wrong",
                f"/web/content/{secret.id}?access_token={complaint._portal_ensure_token()}",
                f"/web/image/{secret.id}",
                f"/my/complaints/{complaint.id}/files/{secret.id}",
                f"/my/complaints/{self.mine.id}/files/{secret.id}",
            ):
                answer = self.url_open(url)
                self.assertNotIn(b"secret", answer.content, url)
            self.refused(self.rpc, "ir.attachment", "read", secret.ids, ["name"])
        self.refused(
            self.rpc,
            "ir.attachment",
            "search_read",
            [("res_model", "=", "care.complaint")],
        )

    def test_upload_to_anothers(self):
        answers = set()
        for thread in (self.theirs.id, self.theirs.id + 1000):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    "/mail/attachment/upload",
                    data={
                        "csrf_token": Request.csrf_token(self),
                        "thread_id": thread,
                        "thread_model": "care.complaint",
                    },
                    files=[("ufile", ("a.txt", b"x"))],
                )
            answers.add(answer.status_code)
        self.assertTrue(answers <= {403, 404}, answers)
        self.assertEqual(len(answers), 1)

    def test_view_link(self):
        """Mail's link tells nobody what they may not see."""
        for id_ in (self.theirs.id, self.theirs.id + 1000):
            answer = self.url_open(f"/mail/view?model=care.complaint&res_id={id_}")
            self.assertNotIn("Theirs", answer.text)
