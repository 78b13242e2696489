from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestCallAttack(ComplaintCase):
    """By RPC, as the rep with own customers, as somebody of another company, and as a
    customer with portal access; the call rang at the handler's extension 201."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.foreigner, cls.foreign_boss = (
            cls.make_user(login, group)
            for login, group in (
                ("foreigner", "sales_team.group_sale_salesman_all_leads"),
                ("boss", "sales_team.group_sale_manager"),
            )
        )
        (cls.foreigner + cls.foreign_boss).write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )
        cls.client = cls.make_user("client", "base.group_portal")
        cls.client.partner_id.parent_id = cls.salon
        cls.system = cls.env["care.call.system"].create(
            {"name": "Asterisk", "company_id": cls.company.id}
        )
        cls.system.action_new_key()
        cls.all.care_extension = "201"
        Call = cls.env["care.call"].sudo()
        noted = Call._take_event(
            cls.system,
            {
                "event": "ringing",
                "call": "c1",
                "number": "+86 571 8800 9999",
                "extension": "201",
            },
        )
        cls.call = Call.browse(noted["call"])
        cls.strangers = cls.rep + cls.foreigner + cls.foreign_boss + cls.client

    def refused(self, step):
        with (
            self.assertRaises(UserError),
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.env.cr.savepoint(),
        ):
            step()
            self.env.flush_all()

    def test_calls_of_others(self):
        for user in self.strangers:
            call = self.call.with_user(user)
            record = self.env["care.complaint"].with_user(user)
            for name, step in {
                "read": lambda call=call: call.read(["number"]),
                "export": lambda call=call: call.export_data(["number"]),
                "called back": call.action_called_back,
                "open": call.action_open_hotline,
                "shown": call.announce_shown,
                "write": lambda call=call: call.write({"number": "1"}),
                "unlink": call.unlink,
                "copy": call.copy,
                "record": lambda record=record: record.care_hotline_record(
                    {
                        "partner_id": self.salon.id,
                        "subject": "X",
                        "call_id": self.call.id,
                    }
                ),
            }.items():
                with self.subTest(user=user.login, step=name):
                    self.refused(step)
        self.assertFalse(self.call.shown_at)
        self.assertFalse(self.call.complaint_id)
        self.assertFalse(self.call.called_back_at)

    def test_calls_of_others_are_not_counted(self):
        for user in self.rep + self.foreigner + self.foreign_boss:
            Call = (
                self.env["care.call"]
                .with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
            )
            with self.subTest(user=user.login):
                self.assertFalse(Call.search_count([]))
                self.assertFalse(Call.name_search("8800"))
                [group] = Call.formatted_read_group([], [], ["__count"])
                self.assertFalse(group["__count"])
                self.assertFalse(Call.search([("user_id", "=", self.all.id)]))
        self.refused(
            lambda: self.env["care.call"].with_user(self.client).search_count([])
        )

    def test_nobody_makes_or_changes_a_call(self):
        for user in self.all + self.manager + self.strangers:
            with self.subTest(user=user.login):
                self.refused(
                    lambda user=user: (
                        self.env["care.call"]
                        .with_user(user)
                        .create(
                            {
                                "system_id": self.system.id,
                                "company_id": self.company.id,
                                "reference": "forged",
                                "state": "missed",
                            }
                        )
                    )
                )
                self.refused(
                    lambda user=user: self.call.with_user(user).write({"in_time": 1})
                )

    def test_keys_cannot_be_read_guessed_or_grouped(self):
        """Not even by an administrator: a hash that can be searched is read letter by
        letter."""
        first = self.system.sudo().key_hash[:3]
        for user in self.manager + self.all + self.strangers:
            systems = self.env["care.call.system"].with_user(user)
            system = self.system.with_user(user)
            for name, step in {
                "read": lambda system=system: system.read(["key_hash"]),
                "web read": lambda system=system: system.web_read({"key_hash": {}}),
                "search": lambda systems=systems, first=first: systems.search_count(
                    [("key_hash", "=like", f"{first}%")]
                ),
                "group": lambda systems=systems: systems.formatted_read_group(
                    [], ["key_hash"], ["__count"]
                ),
                "export": lambda system=system: system.export_data(["key_hash"]),
                "order": lambda systems=systems: systems.search([], order="key_hash"),
                "write": lambda system=system: system.write({"key_hash": "x"}),
                "by call": lambda user=user, first=first: (
                    self.env["care.call"]
                    .with_user(user)
                    .search_count([("system_id.key_hash", "=like", f"{first}%")])
                ),
            }.items():
                with self.subTest(user=user.login, step=name):
                    self.refused(step)
        copied = self.system.with_user(self.manager).copy()
        self.assertFalse(copied.has_key)

    def test_systems_belong_to_the_administrators_of_their_company(self):
        for user in self.strangers + self.all:
            system = self.system.with_user(user)
            with self.subTest(user=user.login):
                self.refused(lambda system=system: system.read(["name"]))
                self.refused(system.action_new_key)
                self.refused(lambda system=system: system.write({"active": False}))
        self.assertTrue(self.system.active)

    def test_extensions_are_set_by_administrators_of_users(self):
        for user in self.all + self.rep + self.client:
            with self.subTest(user=user.login):
                self.refused(
                    lambda user=user: user.with_user(user).write(
                        {"care_extension": "666"}
                    )
                )
        self.refused(lambda: self.all.with_user(self.client).read(["care_extension"]))
        self.assertEqual(self.all.care_extension, "201")
