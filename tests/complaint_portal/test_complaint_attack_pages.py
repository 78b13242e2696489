import json

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPages(PortalCase):
    """Guessing ids, tokens and methods on our own pages"""

    POSTS = (
        ("rate", {"outcome": "unsatisfied", "comment": "x", "reopen": "1"}),
        ("close", {"reason": "solved"}),
    )

    def setUp(self):
        super().setUp()
        self.move(self.mine, "verify")
        self.move(self.theirs, "verify")
        self.file = self.env["ir.attachment"].create(
            {
                "name": "theirs.txt",
                "raw": b"their file",
                "res_model": "care.complaint",
                "res_id": self.theirs.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_uid = %s WHERE id = %s",
            (self.rival_user.id, self.file.id),
        )
        self.env.invalidate_all()

    def test_anothers_is_like_none(self):
        self.log_in(self.client_user)
        missing = self.theirs.id + 1000
        for path in ("", f"/files/{self.file.id}"):
            theirs = self.url_open(f"/my/complaints/{self.theirs.id}{path}")
            none = self.url_open(f"/my/complaints/{missing}{path}")
            self.assertEqual((theirs.status_code, none.status_code), (404, 404))
            self.assertEqual(
                theirs.text.replace(f"/{self.theirs.id}", "/N"),
                none.text.replace(f"/{missing}", "/N"),
            )
        own = self.url_open(f"/my/complaints/{self.mine.id}/files/{self.file.id}")
        self.assertEqual(own.status_code, 404)
        for path, data in self.POSTS:
            for id_ in (self.theirs.id, missing):
                answer = self.post(f"/my/complaints/{id_}/{path}", **data)
                self.assertEqual(answer.status_code, 404, path)
        self.assertUntouched(self.theirs)

    def assertUntouched(self, complaint):
        self.env.invalidate_all()
        self.assertEqual(complaint.phase, "verify")
        self.assertEqual(complaint.outcome, "unknown")

    def test_get_changes_nothing(self):
        self.log_in(self.client_user)
        self.env.flush_all()
        tables = ("care_complaint", "care_complaint_event", "mail_message")
        for path in (
            "/my/complaints",
            "/my/complaints/new?subject=x&description=y",
            f"/my/complaints/{self.mine.id}",
            f"/my/complaints/{self.mine.id}?outcome=satisfied&reason=solved",
            f"/my/complaints/{self.mine.id}/rate?outcome=satisfied",
            f"/my/complaints/{self.mine.id}/close?reason=solved",
        ):
            before = self.snapshot(tables)
            self.assertIn(self.url_open(path).status_code, (200, 405), path)
            self.assertEqual(self.snapshot(tables), before, path)
        self.assertEqual(
            self.url_open(f"/my/complaints/{self.mine.id}/close").status_code, 405
        )
        self.assertUntouched(self.mine)

    def snapshot(self, tables):
        rows = []
        for table in tables:
            self.env.cr.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            rows += self.env.cr.fetchall()
        return rows

    def test_without_csrf_token(self):
        self.log_in(self.client_user)
        for path, data in (
            *(
                (f"/my/complaints/{self.mine.id}/{name}", data)
                for name, data in self.POSTS
            ),
            ("/my/complaints/new", {"subject": "x", "description": "y"}),
        ):
            with mute_logger("odoo.http"):
                answer = self.url_open(path, data=data)
            self.assertEqual(answer.status_code, 400, path)
        self.assertUntouched(self.mine)

    def test_a_token_opens_one_complaint(self):
        token = self.mine._portal_ensure_token()
        other = self.complain(subject="Second", partner_id=self.salon.id)
        other._portal_ensure_token()
        self.authenticate(None, None)
        self.assertIn(
            "Mine",
            self.url_open(f"/my/complaints/{self.mine.id}?access_token={token}").text,
        )
        for complaint in (other, self.theirs):
            for given in (token, "", "x", "None", "False"):
                answer = self.url_open(
                    f"/my/complaints/{complaint.id}?access_token={given}"
                )
                self.assertNotIn(complaint.subject, answer.text)
            for path, data in self.POSTS:
                answer = self.post(
                    f"/my/complaints/{complaint.id}/{path}", access_token=token, **data
                )
                self.assertEqual(answer.status_code, 404)
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    "/mail/message/post",
                    {
                        "thread_model": "care.complaint",
                        "thread_id": complaint.id,
                        "post_data": {"body": "x"},
                        "token": token,
                    },
                )
        self.assertUntouched(self.theirs)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/mail/chatter_fetch",
                {
                    "thread_model": "care.complaint",
                    "thread_id": self.theirs.id,
                    "token": token,
                },
            )

    def test_a_token_shows_no_notes(self):
        self.mine.message_post(body="They are liars")
        token = self.mine._portal_ensure_token()
        self.authenticate(None, None)
        answer = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {
                "thread_model": "care.complaint",
                "thread_id": self.mine.id,
                "token": token,
            },
        )
        self.assertNotIn("liars", json.dumps(answer))
        with mute_logger("odoo.http"):
            text = self.url_open(
                f"/my/complaints/{self.mine.id}?access_token={token}"
            ).text
        self.assertNotIn("liars", text)

    def test_a_token_of_an_internal_complaint(self):
        self.mine.kind = "internal"
        token = self.mine._portal_ensure_token()
        self.authenticate(None, None)
        answer = self.url_open(f"/my/complaints/{self.mine.id}?access_token={token}")
        self.assertEqual(answer.status_code, 404)

    def test_visitors_without_a_token_log_in(self):
        self.authenticate(None, None)
        for id_ in (self.mine.id, self.theirs.id + 1000):
            answer = self.url_open(f"/my/complaints/{id_}")
            self.assertIn("/web/login", answer.url)
        for path, data in self.POSTS:
            answer = self.post(f"/my/complaints/{self.mine.id}/{path}", **data)
            self.assertEqual(answer.status_code, 404)
        self.assertUntouched(self.mine)

    def test_nobody_inside_answers_for_the_customer(self):
        self.mine.stage_id = self.stages["verify"]
        self.log_in(self.manager)
        url = f"/my/complaints/{self.mine.id}"
        page = self.url_open(url).text
        self.assertNotIn(f"{url}/rate", page)
        self.assertNotIn(f"{url}/close", page)
        for path in ("rate", "close"):
            answer = self.post(f"{url}/{path}", outcome="satisfied")
            self.assertEqual(answer.status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.mine.outcome, "unknown")
        self.assertFalse(self.mine.closed_at)

    def test_stage_names_and_people_are_not_on_the_page(self):
        self.stages["verify"].name = "Wait until they give up"
        self.mine.write({"root_cause": "Our fault", "promise": "A gift"})
        self.log_in(self.client_user)
        for path in ("", f"/{self.mine.id}"):
            text = self.url_open(f"/my/complaints{path}").text
            self.assertIn("Solved", text)
            for secret in ("give up", "Our fault", "A gift", "Hotline"):
                self.assertNotIn(secret, text)

    def test_rating_is_asked_once_and_refusal_is_no_success(self):
        self.log_in(self.client_user)
        refused = self.complain(stage_id=self.stages["cancelled"].id)
        url = f"/my/complaints/{refused.id}"
        self.assertNotIn("o_care_rate", self.url_open(url).text)
        self.post(f"{url}/rate", outcome="satisfied")
        self.env.invalidate_all()
        self.assertEqual(refused.outcome, "unknown")
        self.assertFalse(refused.resolved_at)
