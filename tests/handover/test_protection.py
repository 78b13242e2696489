from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common_card import CardCase

LOGGER = "odoo.addons.customer_care.models.handover.res_partner"


@tagged("post_install", "-at_install")
class TestProtection(CardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_export_limit = 3
        cls.env.ref("base.group_allow_export").user_ids |= (
            cls.rep | cls.all | cls.manager
        )
        cls.salons = cls.env["res.partner"].create(
            [{"name": f"Salon {n}", "email": f"{n}@example.com"} for n in range(5)]
        )
        cls.Log = cls.env["care.protection.log"]

    def log(self, kind, user=None):
        return self.Log.search(
            [("kind", "=", kind), ("user_id", "=", (user or self.env.user).id)]
        )

    def export(self, records, names=("name", "email")):
        return records.with_user(self.env.user).export_data(list(names))["datas"]

    def refuse(self, function, *args):
        """The message of a refusal. Unlike assertRaises it rolls nothing back: what has
        been logged is logged by another cursor, which in a test shares its connection.
        """
        with self.enter_registry_test_mode(), mute_logger(LOGGER):
            try:
                function(*args)
            except UserError as error:
                return str(error)
            raise AssertionError("not refused")

    # Export ---------------------------------------------------------

    @users("care_rep")
    def test_export_is_logged_and_limited(self):
        self.assertEqual(len(self.export(self.salons[:2])), 2)
        entry = self.log("export").sudo()
        self.assertEqual(entry.count, 2)
        self.assertIn("email", entry.details)
        said = self.refuse(self.export, self.salons[2:4])
        self.assertIn("3 customers in 24 hours", said)
        refused = self.log("refused").sudo()
        self.assertEqual(refused.count, 2)
        self.assertIn(self.env.user.name, refused.summary)
        told = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [("user_id", "=", self.manager.id), ("summary", "=", refused.summary)]
            )
        )
        self.assertEqual(len(told), 1, "the administrator has been told")
        self.assertEqual(len(self.export(self.salons[2:3])), 1, "one is left")
        with self.assertRaises(AccessError):
            entry.with_user(self.env.user).read(["summary"])

    @users("care_rep")
    def test_customers_in_an_export_of_something_else(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Deal", "partner_id": salon.id, "user_id": self.env.uid}
                for salon in self.salons
            ]
        )
        self.refuse(self.export, leads, ("name", "partner_id/email"))
        self.assertEqual(len(self.export(leads, ("name", "expected_revenue"))), 5)

    @users("care_rep")
    def test_client_cannot_switch_the_count_off(self):
        records = self.salons.with_context(care_exported=[], care_quiet=True)
        self.refuse(self.export, records)

    @users("care_rep")
    def test_business_cards_count(self):
        salons = self.salons.with_user(self.env.user)
        self.refuse(lambda: [salon._get_vcard_file() for salon in salons])
        self.assertEqual(len(self.log("export")), 3)

    @users("care_manager")
    def test_administrators_are_logged_only(self):
        self.assertEqual(len(self.export(self.salons)), 5)
        self.assertEqual(self.log("export").count, 5)

    @users("care_rep")
    def test_limit_is_of_a_day(self):
        self.export(self.salons[:3])
        self.log("export").sudo().date = "2026-11-09 08:00:00"
        self.assertEqual(len(self.export(self.salons[:3])), 3)

    def test_zero_refuses_everything(self):
        self.company.care_export_limit = 0
        self.refuse(self.salons[0].with_user(self.rep).export_data, ["name"])
        with self.assertRaises(UserError):
            self.company.care_export_limit = -1

    @users("care_manager")
    def test_log_is_nobodys_to_change(self):
        self.export(self.salons[:1])
        entry = self.log("export").with_user(self.env.user)
        for call in (
            lambda: entry.write({"count": 0}),
            entry.unlink,
            lambda: entry.create({"kind": "export", "count": 1}),
        ):
            with self.assertRaises(AccessError):
                call()

    # Archive and delete ---------------------------------------------

    @users("care_rep")
    def test_archive_asks_why(self):
        salon = self.a_customer().with_user(self.env.user)
        action = salon.action_archive()
        self.assertEqual(action["res_model"], "care.partner.archive")
        self.assertTrue(salon.active)
        with self.assertError(UserError, "requires a reason"):
            salon.active = False
        self.env["care.complaint"].create(
            {"subject": "Open", "partner_id": salon.id, "user_id": self.env.uid}
        )
        reason = self.env.ref("customer_care.lost_reason_quality")
        wizard = (
            self.env["care.partner.archive"]
            .with_context(**action["context"])
            .create({"reason_id": reason.id, "note": "Broken jars"})
        )
        self.assertEqual(wizard.open_complaints, 1)
        wizard.action_confirm()
        self.assertFalse(salon.active)
        self.assertEqual(salon.care_archive_reason_id, reason)
        self.assertEqual(salon.care_archive_note, "Broken jars")
        self.assertEqual(
            self.env["care.complaint"].search_count([("partner_id", "=", salon.id)]),
            1,
            "open complaints stay and are listed",
        )
        self.assertEqual(reason.care_customer_count, 1)
        self.assertFalse(self.targets(salon, state="open"))
        salon.action_unarchive()
        self.assertFalse(salon.care_archive_reason_id or salon.care_archive_note)

    @users("care_rep")
    def test_archive_without_history_asks_nothing(self):
        plain = self.customer("Plain").with_user(self.env.user)
        self.assertFalse(plain.action_archive())
        self.assertFalse(plain.active)

    def test_employees_do_not_archive_customers(self):
        self.env.ref("base.group_partner_manager").user_ids |= self.employee
        salon = self.a_customer().with_user(self.employee)
        with self.assertError(UserError, "account team"):
            salon.action_archive()
        plain = self.customer("Plain").with_user(self.employee)
        plain.action_archive()
        plain.action_unarchive()
        self.assertTrue(plain.active)

    @users("care_all")
    def test_delete_is_the_administrators(self):
        creators = self.env.ref("base.group_partner_manager").sudo()
        creators.user_ids |= self.all | self.manager
        salon = self.a_customer(user=self.all)
        with self.assertError(UserError, "Archive it"):
            salon.with_user(self.env.user).unlink()
        salon.with_user(self.manager).unlink()
        self.assertFalse(salon.exists())

    # Owners ---------------------------------------------------------

    @users("care_rep")
    def test_nobody_takes_over_a_customer(self):
        theirs = self.a_customer("Theirs", user=self.all).with_user(self.env.user)
        with self.assertError(UserError, "hand it over"):
            theirs.user_id = self.env.user
        mine = self.a_customer("Mine").with_user(self.env.user)
        mine.user_id = self.all
        nobodys = self.customer("Nobody's").with_user(self.env.user)
        nobodys.user_id = self.env.user
        self.assertEqual(nobodys.user_id, self.env.user)

    def test_employees_take_over_nothing(self):
        self.env.ref("base.group_partner_manager").user_ids |= self.employee
        with self.assertRaises(UserError):
            self.a_customer().with_user(self.employee).user_id = self.employee

    @users("care_all")
    def test_every_change_of_owner_is_in_the_log(self):
        salons = self.env["res.partner"].browse(
            [self.a_customer(f"S{n}").id for n in range(4)]
        )
        self.assertFalse(self.log("owner"), "a first owner is no change")
        salons.with_context(care_quiet=True, care_team_of_new_customer=True).write(
            {"user_id": self.other_rep.id}
        )
        entry = self.log("owner").sudo()
        self.assertEqual((len(entry), entry.count), (1, 4))
        self.assertIn(f"{self.rep.name} → {self.other_rep.name} (4)", entry.details)
        salons.care_member_ids.unlink()
        self.assertEqual(self.log("owner")[0].sudo().count, 4)

    def test_missing_manager_is_no_error(self):
        """Refusing works when there is nobody to tell."""
        with patch.object(
            type(self.env["res.company"]),
            "_care_manager",
            return_value=self.env["res.users"],
        ):
            self.refuse(self.salons.with_user(self.rep).export_data, ["name"])
        self.assertTrue(self.log("refused", self.rep))
