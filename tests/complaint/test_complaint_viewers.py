import json
from unittest.mock import MagicMock, patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.bus.tests.common import WebsocketCase

from ...models.complaint.care_complaint_viewers import VIEWERS
from ..common_complaint import ComplaintCase


class ViewersCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.make_user("stranger", "sales_team.group_sale_salesman")
        cls.client_user = new_test_user(
            cls.env, "care_client", "base.group_portal", company_id=cls.company.id
        )
        cls.client_user.partner_id.parent_id = cls.salon
        cls.complaint = cls.complain()
        cls.channel = f"care_complaint_viewers-{cls.complaint.id}"

    def announced(self):
        """What was told to the viewers of the complaint, and to nobody else"""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([("message", "like", "customer_care.viewer")])
        for row in rows:
            self.assertEqual(
                json.loads(row.channel)[1:],
                ["care.complaint", self.complaint.id, VIEWERS],
            )
        return [json.loads(row.message)["payload"] for row in rows]


@tagged("post_install", "-at_install")
class TestViewers(ViewersCase):
    def test_announced(self):
        newest = self.complaint.with_user(self.all).announce_viewer(
            "viewing", "t", True
        )
        self.assertEqual(newest, self.complaint.message_ids[:1].id)
        self.complaint.with_user(self.rep).announce_viewer("nonsense", "x" * 900)
        first, second = self.announced()
        self.assertEqual(first["name"], self.all.name)
        self.assertEqual((first["state"], first["asks"]), ("viewing", True))
        self.assertEqual(second["user_id"], self.rep.id)
        self.assertEqual((second["state"], len(second["tab"])), ("viewing", 40))

    def test_refused(self):
        """Not even a customer who may read the complaint"""
        for user in (self.stranger, self.employee, self.client_user):
            with self.assertRaises(AccessError):
                self.complaint.with_user(user).announce_viewer("viewing", "t")
            with self.assertRaises(AccessError):
                self.complaint.with_user(user).news_since(0)
        self.assertTrue(self.complaint.with_user(self.client_user).has_access("read"))
        self.assertFalse(self.announced())

    def channels(self, user, *asked):
        request = MagicMock()
        request.session.uid = user.id
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=request):
            built = (
                self.env["ir.websocket"]
                .with_user(user)
                ._build_bus_channel_list(list(asked))
            )
        names = [channel for channel in built if isinstance(channel, str)]
        self.assertFalse([name for name in names if "viewers" in name])
        return [
            channel[0].id
            for channel in built
            if isinstance(channel, tuple) and channel[1] == VIEWERS
        ]

    def test_channels(self):
        other = self.complain(
            partner_id=self.customer("Other").id, team_id=False, user_id=self.all.id
        )
        both = (self.channel, f"care_complaint_viewers-{other.id}")
        for user, seen in (
            (self.all, self.complaint | other),
            (self.rep, self.complaint),
            (self.stranger, self.complaint.browse()),
            (self.employee, self.complaint.browse()),
            (self.client_user, self.complaint.browse()),
        ):
            self.assertEqual(set(self.channels(user, *both)), set(seen.ids), user.login)

    def test_malformed_channels(self):
        self.assertFalse(
            self.channels(
                self.all,
                "care_complaint_viewers",
                "care_complaint_viewers-",
                f"{self.channel}-1",
                f"{self.channel}\n",
                "care_complaint_viewers-99999999999999",
                "care_complaint_viewers--1",
            )
        )


@tagged("post_install", "-at_install")
class TestViewersSocket(WebsocketCase, ViewersCase):
    """Browsers of three users, connected to the server"""

    def listen(self, user):
        self.session = None  # else logging in ends the session of the user before
        session = self.authenticate(user.login, user.login)
        socket = self.websocket_connect(cookie=f"session_id={session.sid}")
        self.subscribe(socket, [self.channel], self.env["bus.bus"]._bus_last_id())
        return socket

    def test_told_to_whom_may_read(self):
        mine, theirs = self.listen(self.all), self.listen(self.stranger)
        client = self.listen(self.client_user)
        self.complaint.with_user(self.manager).announce_viewer("writing", "t")
        people = self.stranger.partner_id, self.client_user.partner_id
        for partner in people:
            self.env["bus.bus"]._sendone(partner, "customer_care.last", {})
        self.trigger_notification_dispatching([(self.complaint, VIEWERS), *people])
        [told] = json.loads(mine.recv())
        self.assertEqual(told["message"]["type"], "customer_care.viewer")
        self.assertEqual(told["message"]["payload"]["user_id"], self.manager.id)
        self.assertEqual(told["message"]["payload"]["state"], "writing")
        for socket in (theirs, client):
            [told] = json.loads(socket.recv())
            self.assertEqual(told["message"]["type"], "customer_care.last")
