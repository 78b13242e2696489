import json
from datetime import datetime

from odoo.http import Request
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_portal import PortalCase


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
            "care.complaint.stage",
            "care.complaint.team",
            "care.tier",
            "care.complaint.form",
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
