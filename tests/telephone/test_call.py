import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged, users
from odoo.tools import mute_logger

from ..common_complaint import ComplaintCase

CONTROLLER = "odoo.addons.customer_care.controllers.call"


@tagged("post_install", "-at_install")
class TestCall(HttpCase, ComplaintCase):
    """A telephone system with a key; the handler has extension 201."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["care.call.system"].create(
            {"name": "Asterisk", "company_id": cls.company.id}
        )
        cls.key = cls.system.action_new_key()["context"]["default_key"]
        cls.all.care_extension = "201"
        cls.rep.care_extension = "202"
        cls.salon.phone = "+86 571 8800 1234"
        cls.Call = cls.env["care.call"]

    def report(self, event, call="c1", key=None, **values):
        """Report an event over HTTP; returns (status, answer)."""
        response = self.url_open(
            "/care/call",
            data=json.dumps({"event": event, "call": call, **values}),
            headers={
                "Authorization": f"Bearer {self.key if key is None else key}",
                "Content-Type": "application/json",
            },
        )
        return response.status_code, response.json()

    def at(self, moment):
        return patch.object(
            fields.Datetime, "now", lambda *_: fields.Datetime.to_datetime(moment)
        )

    def take(self, moment, event, **values):
        with self.at(moment):
            return self.Call.sudo()._take_event(
                self.system, {"event": event, "call": "c1", **values}
            )

    def test_a_call_from_ringing_to_a_complaint(self):
        status, answer = self.report(
            "ringing", number="+8657188001234", extension="201"
        )
        self.assertEqual(
            (status, answer["state"], answer["user"]), (200, "ringing", True)
        )
        call = self.Call.browse(answer["call"])
        self.assertEqual(call.user_id, self.all)
        self.report("answered", extension="PJSIP/201-0000001a")
        Complaint = self.env["care.complaint"].with_user(self.all)
        rows = Complaint.care_hotline_find(call.number)
        self.assertEqual([row["id"] for row in rows], self.salon.ids)
        made = Complaint.care_hotline_record(
            {"partner_id": self.salon.id, "subject": "Late", "call_id": call.id}
        )
        self.report("ended")
        call.invalidate_recordset()
        self.assertEqual(call.state, "ended")
        self.assertEqual(call.complaint_id.id, made["id"])
        self.assertEqual(call.partner_id, self.salon)

    def test_form_encoded_reports(self):
        response = self.url_open(
            "/care/call",
            data={"event": "ringing", "call": "f1", "number": "123456"},
            headers={"Authorization": f"Bearer {self.key}"},
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(self.Call.search([("reference", "=", "f1")]).number, "123456")

    def test_wrong_reports_say_what_is_wrong(self):
        for values, word in (
            ({"event": "rings"}, "event"),
            ({"event": "ringing", "call": " "}, "call"),
        ):
            with self.subTest(values):
                status, answer = self.report(**values)
                self.assertEqual(status, 400)
                self.assertIn(word, answer["error"])
        response = self.url_open(
            "/care/call",
            data="[1",
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.Call.search([]))

    def test_wrong_keys_are_logged_and_limited(self):
        with self.assertLogs(CONTROLLER, "WARNING") as logged:
            answers = [self.report("ringing", key="wrong") for _n in range(11)]
            statuses = [status for status, _answer in answers]
        self.assertEqual(statuses, [401] * 10 + [429])
        self.assertEqual(len(logged.output), 10)
        self.assertNotIn("wrong", "".join(logged.output).replace("wrong key", ""))
        self.assertEqual(self.report("ringing")[0], 200, "the right key is let in")

    def test_a_new_key_voids_the_old_one(self):
        self.system.action_new_key()
        self.assertEqual(self.report("ringing")[0], 401)

    def test_an_archived_system_is_refused(self):
        self.system.active = False
        self.assertEqual(self.report("ringing")[0], 401)

    def test_pick_up_in_time(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201", number="123456")
        self.take("2026-03-02 08:00:15", "answered", extension="201")
        self.take("2026-03-02 08:03:15", "ended")
        call = self.Call.search([])
        self.assertEqual((call.pick_up_seconds, call.in_time), (15, 1))
        self.assertEqual(call.talk_minutes, 3)

    def test_all_extensions_are_told_once(self):
        told = []
        with patch.object(
            type(self.all), "_bus_send", lambda user, *_args, **_kw: told.append(user)
        ):
            self.take("2026-03-02 08:00:00", "ringing", extension="201")
            self.take("2026-03-02 08:00:00", "ringing", extension="201")
            self.take("2026-03-02 08:00:01", "ringing", extension="202")
            self.take("2026-03-02 08:00:02", "ringing", extension="202")
            self.assertEqual(told, [self.all, self.rep])
            self.manager.care_extension = "203"
            self.take("2026-03-02 08:00:03", "answered", extension="202")
            self.take("2026-03-02 08:00:04", "ringing", extension="203")
            self.assertEqual(told, [self.all, self.rep, self.rep], "answered already")

    def test_too_late_is_not_in_time(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201")
        self.take("2026-03-02 08:00:16", "answered", extension="201")
        self.assertEqual(self.Call.search([]).in_time, 0)

    def test_a_missed_call_is_called_back(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201", number="123456")
        self.take("2026-03-02 08:00:30", "ended")
        call = self.Call.search([]).with_user(self.all)
        self.assertEqual(call.state, "missed")
        call.action_called_back()
        self.assertEqual(call.called_back_id, self.all)

    def test_events_out_of_order_and_twice(self):
        """What ended does not ring again."""
        with patch.object(type(self.env["res.users"]), "_bus_send") as sent:
            self.take("2026-03-02 08:01:00", "ended", number="123456")
            self.take("2026-03-02 08:01:01", "ringing", extension="201")
            self.take("2026-03-02 08:01:02", "ended")
        call = self.Call.search([])
        self.assertEqual(call.state, "missed")
        self.assertEqual(str(call.ended_at), "2026-03-02 08:01:00", "the first counts")
        self.assertFalse(call.ringing_at)
        sent.assert_not_called()

    def test_of_several_extensions_the_one_that_answers(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201")
        self.take("2026-03-02 08:00:00", "ringing", extension="202")
        self.take("2026-03-02 08:00:05", "answered", extension="202")
        self.take("2026-03-02 08:00:06", "answered", extension="201")
        call = self.Call.search([])
        self.assertEqual(call.user_id, self.rep)
        self.assertEqual(call.rung_user_ids, self.all + self.rep)

    def test_unknown_extension_and_withheld_number(self):
        for number in ("anonymous", "", None, "Private"):
            answer = self.Call.sudo()._take_event(
                self.system,
                {
                    "event": "ringing",
                    "call": f"c {number}",
                    "number": number,
                    "extension": "999",
                },
            )
            call = self.Call.browse(answer["call"])
            self.assertFalse(answer["user"])
            self.assertFalse(call.number)
            self.assertFalse(call.user_id)

    def test_only_the_user_of_the_extension_is_told(self):
        with patch.object(
            type(self.env["res.users"]), "_bus_send", autospec=True
        ) as sent:
            self.take(
                "2026-03-02 08:00:00", "ringing", extension="201", number="123456"
            )
        [call] = sent.call_args_list
        self.assertEqual(call.args[0], self.all)
        self.assertEqual(call.args[2]["number"], "123456")

    def test_extensions_are_unique_in_a_company(self):
        with self.assertRaises(ValidationError):
            self.rep.care_extension = "201"

    def test_calls_that_never_end(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201")
        self.Call._end_silent_calls()
        self.assertEqual(self.Call.search([]).state, "missed")

    @users("care_rep")
    def test_calls_of_others_are_closed(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201", number="123456")
        call = self.Call.sudo().search([])
        mine = self.env["care.call"].browse(call.id)
        self.assertFalse(self.env["care.call"].search([]))
        for step in (
            mine.action_called_back,
            mine.announce_shown,
            mine.action_open_hotline,
            lambda: self.env["care.complaint"].care_hotline_record(
                {"partner_id": self.salon.id, "subject": "X", "call_id": call.id}
            ),
            lambda: self.env["care.call.system"].search([]),
        ):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                step()

    def test_the_key_is_nowhere(self):
        stored = self.system.sudo().key_hash
        self.assertNotIn(self.key, stored)
        with self.assertRaises(AccessError):
            self.system.with_user(self.manager).read(["key_hash"])

    def test_the_key_is_not_saved_when_the_page_is_left(self):
        Key = self.env["care.call.key"].with_user(self.manager)
        self.assertFalse(Key.browse().web_save({"key": "k"}, {"key": {}}))

    def test_averages_leave_out_what_was_not_measured(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201")
        self.take("2026-03-02 08:00:10", "answered", extension="201")
        self.take("2026-03-02 08:02:10", "ended")
        self.take("2026-03-02 09:00:00", "ringing", call="c2", extension="201")
        self.take("2026-03-02 09:00:30", "ended", call="c2")
        measures = ["pick_up_seconds:avg", "talk_minutes:avg", "in_time:avg"]
        [averages] = self.Call._read_group([], aggregates=measures)
        self.assertEqual(averages, (10, 2, 0.5))

    def test_the_hotline_opens_by_address(self):
        self.authenticate(self.all.login, self.all.login)
        response = self.url_open("/care/hotline?number=0571", allow_redirects=False)
        self.assertIn("care_hotline=0571", response.headers["Location"])

    def test_the_card_is_timed(self):
        self.take("2026-03-02 08:00:00", "ringing", extension="201", number="123456")
        call = self.Call.search([]).with_user(self.all)
        with self.at("2026-03-02 08:00:04"):
            call.announce_shown()
        with self.at("2026-03-02 08:00:40"):
            call.announce_shown()
        self.assertEqual(call.shown_seconds, 4)

    def test_what_is_open_of_the_caller(self):
        """Only what the agent can read; without the module for stock no deliveries."""
        row = (
            self.env["care.complaint"]
            .with_user(self.all)
            .care_hotline_customer(self.salon.id)
        )
        self.assertEqual(
            [kind["title"] for kind in row["open_documents"] if not kind["rows"]], []
        )

    def test_from_the_address_to_a_complaint(self):
        self.policy(hours=8)
        self.start_tour(
            "/care/hotline?number=057188001234",
            "customer_care_incoming_call",
            login="care_all",
        )
        complaint = self.env["care.complaint"].search(
            [("subject", "=", "Called about a leak")]
        )
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.source, "phone")
