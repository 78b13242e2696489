import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import JsonRpcException, new_test_user, tagged, users
from odoo.tools import mute_logger

from .common_portal import PortalCase

READABLE = {
    "id",
    "display_name",
    "name",
    "subject",
    "description",
    "kind",
    "wanted",
    "partner_id",
    "contact_id",
    "company_id",
    "order_id",
    "received_at",
    "closed_at",
    "outcome",
    "outcome_comment",
    "portal_status",
    "portal_solution",
    "access_url",
    "access_token",
    "access_warning",
}
"""Written down a second time, so that nobody opens a field by the way."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@tagged("post_install", "-at_install")
class TestHiddenFields(PortalCase):
    """All fields of a complaint, those that come later as well."""

    def setUp(self):
        super().setUp()
        self.as_client = self.mine.with_user(self.client_user)
        self.hidden = sorted(set(self.mine._fields) - READABLE)

    def test_only_the_whitelist_is_readable(self):
        self.assertEqual(set(self.as_client.fields_get()), READABLE)
        self.as_client.read(sorted(READABLE))
        self.assertGreater(len(self.hidden), 40)
        for name in self.hidden:
            with self.assertRaises(AccessError, msg=name):
                self.as_client.read([name])
        self.assertEqual(set(self.as_client.read()[0]), READABLE)

    def test_no_condition_on_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in self.hidden:
            for operator, value in (("=", False), ("!=", False), ("in", [1])):
                with self.assertRaises(AccessError, msg=name):
                    Complaint.search_count([(name, operator, value)])
            with self.assertRaises(AccessError, msg=name):
                Complaint.search(["|", ("id", ">", 0), "!", (name, "=", 1)])

    def test_no_condition_beyond_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for path in (
            "stage_id.phase",
            "stage_id.name",
            "team_id.name",
            "user_id.login",
            "tier_id.code",
            "sla_ids.deadline",
            "event_ids.kind",
            "partner_id.care_tier_id",
            "partner_id.care_tier_id.code",
            "contact_id.care_relationship_level",
            "message_ids.body",
            "message_follower_ids.partner_id",
            "activity_ids.summary",
            "create_uid.login",
        ):
            with self.assertRaises(AccessError, msg=path):
                Complaint.search([(path, "!=", False)])
        with self.assertRaises(AccessError):
            Complaint.search([("stage_id", "any", [("phase", "=", "record")])])

    def test_no_order_by_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in self.hidden:
            if not self.mine._fields[name].store and name != "sla_state":
                continue
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=name, limit=1)
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=f"{name} desc, id", limit=1)
        for name in ("phase", "sla_state", "stage_id.sequence", "user_id.id"):
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=name, limit=1)

    def test_no_group_and_no_sum_of_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in (*self.hidden, "stage_id.phase", "partner_id.care_tier_id"):
            for arguments in (
                {"groupby": [name], "aggregates": ["__count"]},
                {"aggregates": [f"{name}:max"]},
                {
                    "groupby": ["kind"],
                    "aggregates": ["__count"],
                    "having": [(f"{name}:max", ">", 0)],
                },
                {
                    "groupby": ["kind"],
                    "aggregates": ["__count"],
                    "order": f"{name}:max",
                },
            ):
                try:
                    rows = Complaint.formatted_read_group([], **arguments)
                except (AccessError, ValueError):
                    continue
                self.fail(f"{name} {arguments} gave {rows}")

    def test_nothing_is_writable(self):
        for name in self.mine._fields:
            self.assertFalse(
                self.as_client._has_field_access(self.mine._fields[name], "write"), name
            )
            with self.assertRaises(AccessError, msg=name):
                self.as_client.write({name: self.mine[name]})
        with self.assertRaises(AccessError):
            self.as_client.create({"subject": "x", "partner_id": self.salon.id})
        with self.assertRaises(AccessError):
            self.as_client.unlink()
        with self.assertRaises(AccessError):
            self.as_client.copy()

    @users("care_client")
    def test_no_other_model_of_the_app(self):
        names = [name for name in self.env.registry if name.startswith("care.")]
        self.assertIn("care.sla.status", names)
        for name in names:
            model = self.env[name]
            if name != "care.complaint" and not model._abstract:
                self.assertFalse(model.has_access("read"), name)
                with self.assertRaises(AccessError, msg=name):
                    model.search([])

    def test_a_draft_of_the_solution_is_not_told(self):
        self.mine.solution = "Half the price"
        self.assertFalse(self.as_client.portal_solution)
        self.move(self.mine, "verify")
        self.assertEqual(self.as_client.portal_solution, "Half the price")

    def test_internal_complaints_are_not_told(self):
        self.mine.kind = "internal"
        self.assertNotIn(self.mine, self.as_client.search([]))
        with self.assertRaises(AccessError):
            self.as_client.read(["subject"])


@tagged("post_install", "-at_install")
class TestRpc(PortalCase):
    """A customer who knows Odoo's routes."""

    def setUp(self):
        super().setUp()
        self.log_in(self.client_user)

    def test_one_sees_ones_own_company(self):
        colleague = self.complain(partner_id=self.partner_user.partner_id.id)
        found = self.rpc("care.complaint", "search", [])
        self.assertEqual(set(found), {self.mine.id, colleague.id})
        rows = self.rpc(
            "care.complaint",
            "web_search_read",
            [],
            specification={"subject": {}, "partner_id": {"fields": {"name": {}}}},
        )
        self.assertEqual(rows["length"], 2)
        self.assertEqual(self.rpc("care.complaint", "search_count", []), 2)
        self.assertEqual(
            self.rpc("care.complaint", "name_search", "Theirs"),
            [],
        )
        self.assertEqual(len(self.rpc("care.complaint", "name_search", "Mine")), 1)

    def test_reading_anothers(self):
        theirs = self.theirs.id
        for method, *args in (
            ("read", [theirs], ["subject"]),
            ("web_read", [theirs], {"subject": {}}),
            ("export_data", [theirs], ["subject"]),
            ("get_portal_url", [theirs]),
            ("message_post", [theirs]),
            ("message_subscribe", [theirs], [1]),
            ("copy", [theirs]),
            ("onchange", [theirs], {}, [], {"subject": {}}),
        ):
            self.assertRegex(
                self.refused(self.rpc, "care.complaint", method, *args),
                "AccessError|UserError|MissingError",
                method,
            )

    def test_reading_what_is_hidden(self):
        mine = self.mine.id
        for method, *args in (
            ("read", [mine], ["tier_id"]),
            ("read", [mine], ["subject", "sla_deadline"]),
            ("web_read", [mine], {"priority": {}}),
            ("web_read", [mine], {"partner_id": {"fields": {"care_tier_id": {}}}}),
            ("web_read", [mine], {"order_id": {"fields": {"margin": {}, "note": {}}}}),
            ("search_read", [], ["user_id"]),
            ("search_read", [("priority", "=", "2")], ["subject"]),
            ("web_search_read", [], {"root_cause": {}}),
            ("formatted_read_group", [], ["stage_id"], ["__count"]),
            ("formatted_read_group", [], ["tier_id"], ["priority:max"]),
            ("web_read_group", [], ["user_id"]),
            ("read_progress_bar", [], "stage_id", {"field": "priority"}),
            ("search_panel_select_range", "stage_id"),
            ("export_data", [mine], ["subject", "tier_id/code"]),
            ("default_get", ["stage_id", "team_id", "tier_id", "priority"]),
            ("onchange", [], {}, [], {"stage_id": {}, "team_id": {}}),
            ("onchange", [mine], {}, [], {"tier_id": {}, "sla_ids": {}}),
            ("get_formview_id", [mine]),
        ):
            try:
                with mute_logger("odoo.http"):
                    answer = self.rpc("care.complaint", method, *args)
            except JsonRpcException:
                continue
            text = json.dumps(answer)
            for word in ("tier_id", "stage_id", "sla_", "priority", "user_id"):
                self.assertNotIn(word, text, method)

    def test_searches_that_tell_what_is_hidden(self):
        for kwargs in (
            {"domain": [("sla_state", "=", "missed")]},
            {"domain": [("phase", "=", "record")]},
            {"domain": [("genuine", "=", "malicious")]},
            {"domain": [("stage_id.name", "ilike", "rec")]},
            {"domain": [("message_ids.body", "ilike", "liar")]},
            {"domain": [("user_id.login", "like", "care")]},
            {"domain": [], "order": "priority desc"},
            {"domain": [], "order": "sla_deadline"},
            {"domain": [], "order": "sla_state"},
            {"domain": [], "order": "phase"},
        ):
            error = self.refused(self.rpc, "care.complaint", "search", **kwargs)
            self.assertIn("AccessError", error, kwargs)

    def test_writing(self):
        mine = self.mine
        for method, *args in (
            ("write", [mine.id], {"subject": "Other"}),
            ("write", [mine.id], {"stage_id": self.stages["closed"].id}),
            ("web_save", [mine.id], {"subject": "Other"}, {"subject": {}}),
            ("web_save", [], {"subject": "New"}, {"subject": {}}),
            ("create", [{"subject": "New", "partner_id": self.salon.id}]),
            ("name_create", "New"),
            ("message_new", {"subject": "New", "body": "x", "from": "a@example.com"}),
            ("message_update", [mine.id], {"body": "x"}, {"subject": "Other"}),
            ("unlink", [mine.id]),
            ("copy", [mine.id]),
            ("action_take", [mine.id]),
            ("action_close", [mine.id]),
            ("action_reopen", [mine.id]),
            ("action_reply_given", [mine.id]),
            ("activity_schedule", [mine.id], "mail.mail_activity_data_todo"),
            ("message_unsubscribe", [mine.id], self.rep.partner_id.ids),
            ("_portal_close", [mine.id]),
            ("_care_record_outcome", [mine.id], "satisfied"),
        ):
            self.refused(self.rpc, "care.complaint", method, *args)
        self.rpc(
            "care.complaint", "load", ["subject", "partner_id"], [["New", "Salon"]]
        )
        self.env.invalidate_all()
        self.assertEqual(mine.subject, "Mine")
        self.assertEqual(mine.phase, "record")
        self.assertEqual(mine.outcome, "unknown")
        self.assertEqual(
            self.env["care.complaint"].search_count(
                [("partner_id", "=", self.salon.id)]
            ),
            1,
        )

    def test_other_models(self):
        for model in (
            "care.complaint.event",
            "care.sla.status",
            "care.sla.policy",
            "care.stage",
            "care.team",
            "care.tier",
            "care.complaint.throttle",
        ):
            self.assertIn(
                "AccessError", self.refused(self.rpc, model, "search_read", [])
            )

    def test_json_2(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.client_user)
            .sudo()
            ._generate("rpc", "Attack", datetime(2100, 1, 1))
        )

        def call(method, **body):
            with mute_logger("odoo.http"):
                return self.url_open(
                    f"/json/2/care.complaint/{method}",
                    json=body,
                    headers={"Authorization": f"Bearer {key}"},
                )

        self.opener.cookies.clear()
        own = call("read", ids=self.mine.ids, fields=["subject"])
        self.assertEqual(own.json(), [{"id": self.mine.id, "subject": "Mine"}])
        for method, body in (
            ("read", {"ids": self.theirs.ids, "fields": ["subject"]}),
            ("read", {"ids": self.mine.ids, "fields": ["tier_id"]}),
            ("search", {"domain": [["priority", "=", "2"]]}),
            ("search", {"domain": [], "order": "sla_deadline"}),
            ("write", {"ids": self.mine.ids, "vals": {"subject": "Other"}}),
            ("action_close", {"ids": self.mine.ids}),
        ):
            self.assertEqual(call(method, **body).status_code, 403, (method, body))

    def test_binary_routes(self):
        for url in (
            f"/web/image/care.complaint/{self.theirs.id}/subject",
            f"/web/content/care.complaint/{self.mine.id}/root_cause",
            f"/web/content?model=care.complaint&id={self.mine.id}&field=sla_timer",
        ):
            self.assertNotIn("Mine", self.url_open(url).text)
        text = json.dumps([[["subject"]]])
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/web/export/csv",
                data={"csrf_token": Request.csrf_token(self), "data": text},
            )
        self.assertNotEqual(answer.status_code, 200)


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


@tagged("post_install", "-at_install")
class TestForm(PortalCase):
    """What is posted to the form of a new complaint"""

    def setUp(self):
        super().setUp()
        self.log_in(self.client_user)

    def test_hidden_fields_are_ignored(self):
        _answer, complaint = self.new(
            user_id=self.manager.id,
            priority="3",
            tier_id=self.A.id,
            partner_id=self.rival.id,
            contact_id=self.rival_user.partner_id.id,
            stage_id=self.stages["closed"].id,
            company_id=self.other_company.id,
            team_id="1",
            source="phone",
            name="X1",
            kind="internal",
            genuine="malicious",
            solution="Pay me",
            compensation_amount="1000",
            outcome="satisfied",
            received_at="2020-01-01 00:00:00",
            state="closed",
            email="boss@example.com",
        )
        self.assertEqual(len(complaint), 1)
        self.assertFalse(complaint.user_id)
        self.assertEqual(complaint.priority, "0")
        self.assertFalse(complaint.tier_id)
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.client_user.partner_id)
        self.assertEqual(complaint.phase, "record")
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.team_id, self.team)
        self.assertEqual((complaint.source, complaint.kind), ("portal", "customer"))
        self.assertEqual(complaint.genuine, "unknown")
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.solution)
        self.assertNotEqual(complaint.name, "X1")
        self.assertGreater(complaint.received_at.year, 2020)

    def test_orders_of_others(self):
        theirs = self.order(self.rival, 100)
        draft = self.order(self.salon, 100, state="draft")
        missing = theirs.id + 1000
        texts = set()
        for id_ in (theirs.id, draft.id, missing, "x", "-1", "9" * 30):
            answer, complaint = self.new(order_id=str(id_))
            self.assertFalse(complaint, id_)
            self.assertEqual(answer.status_code, 422)
            self.assertIn("Choose one of your orders", answer.text)
            self.assertNotIn(theirs.name, answer.text)
            texts.add(answer.text.count("invalid-feedback d-block"))
        self.assertEqual(texts, {1}, "all refused alike")
        own = self.order(self.salon, 100)
        _answer, complaint = self.new(order_id=str(own.id))
        self.assertEqual(complaint.order_id, own)

    def test_script_in_texts(self):
        _answer, complaint = self.new(
            subject=EVIL, description=EVIL, wanted=EVIL, files=[(f"{EVIL}.txt", b"x")]
        )
        self.assertEqual(complaint.subject, EVIL, "as it was typed")
        self.assertNotIn("<script", complaint.description)
        self.assertNotIn("<img", complaint.description)
        for url in ("/my/complaints", f"/my/complaints/{complaint.id}"):
            text = self.url_open(url).text
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<img src=x", text)
        answer = self.post("/my/complaints/new", subject=EVIL, wanted=EVIL)
        self.assertEqual(answer.status_code, 422)
        self.assertNotIn("<script>alert", answer.text)

    def test_files_are_downloaded(self):
        _answer, complaint = self.new(
            files=[
                ("evil.svg", SVG),
                ("evil.html", HTML),
                ("evil.png", HTML),
                ("../../etc/pass\u202etxt.exe", b"x"),
                ('a";\r\nX-Evil: 1.txt', b"x"),
            ]
        )
        files = complaint._portal_files()
        self.assertEqual(len(files), 5)
        self.assertEqual(files[3].name, "passtxt.exe")
        for file in files:
            answer = self.url_open(f"/my/complaints/{complaint.id}/files/{file.id}")
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(
                answer.headers["Content-Disposition"].startswith("attachment"),
                file.name,
            )
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(
                answer.headers["Content-Security-Policy"], "default-src 'none'"
            )
            self.assertNotIn("X-Evil", answer.headers)
            self.assertNotIn("html", answer.headers["Content-Type"])
            self.assertNotIn("svg", answer.headers["Content-Type"])
        self.log_in(self.manager)
        for file in files[:2]:
            answer = self.url_open(f"/web/content/{file.id}")
            self.assertIn("text/plain", answer.headers["Content-Type"])
            self.assertEqual(
                answer.headers["Content-Security-Policy"], "default-src 'none'"
            )
        self.log_in(self.rival_user)
        for file in files:
            for url in (
                f"/my/complaints/{complaint.id}/files/{file.id}",
                f"/my/complaints/{self.theirs.id}/files/{file.id}",
                f"/web/content/{file.id}",
            ):
                self.assertEqual(self.url_open(url).status_code, 404, url)

    def test_too_many_and_too_large_files(self):
        answer, complaint = self.new(
            subject="Still here", files=[(f"{n}.txt", b"x") for n in range(11)]
        )
        self.assertFalse(complaint)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Attach at most 10 files", answer.text)
        self.assertIn("Still here", answer.text)
        with patch(
            "odoo.addons.customer_care.controllers.portal.MAX_FILE_SIZE", 1024**2
        ):
            answer, complaint = self.new(
                files=[("fine.txt", b"x"), ("large.bin", b"x" * (1024**2 + 1))]
            )
        self.assertFalse(complaint)
        self.assertIn("“large.bin” is larger than 1 MB", answer.text)
        self.assertFalse(
            self.env["ir.attachment"].search([("name", "in", ("fine.txt", "0.txt"))])
        )

    def test_missing_and_long_texts(self):
        for data, message in (
            ({"subject": " "}, "Say in a few words"),
            ({"description": ""}, "Describe what happened"),
            ({"subject": "x" * 201}, "below 200 characters"),
            ({"description": "x" * 20_001}, "attach a longer text"),
        ):
            answer, complaint = self.new(**data)
            self.assertFalse(complaint)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(message, answer.text)

    def test_a_hundred_in_a_minute(self):
        made = refused = 0
        for number in range(100):
            answer, complaint = self.new(subject=f"Number {number}")
            made += len(complaint)
            if not complaint:
                refused += 1
                self.assertEqual(answer.status_code, 429)
                self.assertIn("many complaints within a minute", answer.text)
                self.assertIn(f"Number {number}", answer.text, "nothing is lost")
        self.assertEqual((made, refused), (10, 90))
        self.log_in(self.partner_user)
        _answer, complaint = self.new()
        self.assertTrue(complaint, "a colleague may go on")


@tagged("post_install", "-at_install")
class TestPublicForm(PortalCase):
    URL = "/complaints/new"

    def setUp(self):
        super().setUp()
        self.company.care_public_form = True
        self.authenticate(None, None)

    def send(self, **data):
        return self.new(
            self.URL, **({"name": "Eve", "email": "eve@example.com"} | data)
        )

    def test_not_without_the_setting(self):
        for company in (self.other_company.id, self.other_company.id + 1000):
            url = f"{self.URL}/{company}"
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self.post(url, subject="x").status_code, 404)
        self.company.care_public_form = False
        self.assertEqual(self.url_open(self.URL).status_code, 404)
        answer, complaint = self.send()
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(complaint)

    def test_honeypot(self):
        answer, complaint = self.send(website_address="http://spam.example.com")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(complaint)
        self.assertFalse(
            self.env["res.partner"].search([("email", "=", "eve@example.com")])
        )

    def test_hidden_fields_are_ignored(self):
        order = self.order(self.rival, 100)
        _answer, complaint = self.send(
            partner_id=self.rival.id,
            order_id=order.id,
            company_id=self.other_company.id,
            user_id=self.manager.id,
            priority="3",
        )
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.partner_id.email, "eve@example.com")
        self.assertFalse(complaint.order_id or complaint.user_id)
        self.assertEqual(complaint.priority, "0")

    def test_known_addresses_tell_nothing(self):
        """Neither who is a customer, nor the complaint of who has this address"""
        texts = []
        for email in ("rival@example.com", "nobody@example.com"):
            answer, complaint = self.send(email=email)
            texts.append(answer.text.replace(complaint.name, "N"))
            self.assertNotIn("access_token", answer.text)
        self.assertEqual(*texts)

    def test_no_colleague_is_a_customer(self):
        self.manager.partner_id.email = "boss@example.com"
        _answer, complaint = self.send(email="boss@example.com")
        self.assertNotEqual(complaint.partner_id, self.manager.partner_id)

    def test_the_eleventh_within_a_minute(self):
        start = fields.Datetime.now()
        for _number in range(10):
            self.assertTrue(self.send()[1])
        people = self.env["res.partner"].search_count([])
        answer, complaint = self.send(email="another@example.com")
        self.assertFalse(complaint)
        self.assertEqual(answer.status_code, 429)
        self.assertIn("Wait a minute", answer.text)
        self.assertEqual(self.env["res.partner"].search_count([]), people)
        later = start + timedelta(seconds=75)
        with patch.object(fields.Datetime, "now", lambda *_args: later):
            self.assertTrue(self.send()[1], "a minute later there is room again")

    def test_bad_addresses(self):
        for email in ("", "eve", "a@example.com, b@example.com", "a@b@c"):
            answer, complaint = self.send(email=email)
            self.assertFalse(complaint, email)
            self.assertIn("Enter one e-mail address", answer.text)


@tagged("post_install", "-at_install")
class TestColleagues(PortalCase):
    """An employee without the app, and a rep with other customers"""

    def test_an_employee_without_the_app(self):
        self.log_in(self.employee)
        self.check_nothing((self.mine, self.theirs))
        answer = self.url_open("/my/complaints")
        self.assertNotIn("Mine", answer.text)
        self.assertEqual(
            self.url_open(f"/my/complaints/{self.mine.id}").status_code, 404
        )

    def test_a_rep_with_own_customers(self):
        rep = new_test_user(
            self.env,
            "care_other_rep",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.log_in(rep)
        self.check_nothing((self.mine, self.theirs))
        self.log_in(self.rep)
        self.assertEqual(self.rpc("care.complaint", "search", []), self.mine.ids)
        self.assertEqual(
            self.rpc("care.sla.status", "search", []), self.mine.sla_ids.ids
        )
        self.check_nothing((self.theirs,))

    def check_nothing(self, complaints):
        for complaint in complaints:
            self.assertTrue(complaint.sla_ids and complaint.event_ids)
            for records in (complaint, complaint.event_ids, complaint.sla_ids):
                error = self.refused(self.rpc, records._name, "read", records.ids)
                self.assertIn("AccessError", error)
                try:
                    with mute_logger("odoo.http"):
                        found = self.rpc(
                            records._name, "search", [("id", "in", records.ids)]
                        )
                except JsonRpcException:
                    continue
                self.assertFalse(found)
            self.refused(
                self.rpc, "care.complaint", "message_post", complaint.ids, body="x"
            )
            answer = self.make_jsonrpc_request(
                "/mail/thread/messages",
                {"thread_model": "care.complaint", "thread_id": complaint.id},
            )
            self.assertFalse(set(answer["messages"]) & set(complaint.message_ids.ids))
