from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestServiceStandard(MeritCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard = (
            cls.env["care.service.standard"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Phone",
                    "department_id": cls.north.id,
                    "company_id": cls.company.id,
                    "text": "<p>Pick up in 15 seconds</p>",
                }
            )
        )

    def by(self, user, record=None):
        return (record or self.standard).with_user(user)

    def test_members_confirm_each_version(self):
        item = self.env["care.check.item"].create(
            {
                "name": "Picked up",
                "standard_ids": [Command.set(self.standard.ids)],
            }
        )
        self.assertFalse(self.standard.missing_user_ids, "nobody is asked yet")
        self.standard.action_publish()
        self.assertEqual(self.standard.missing_user_ids, self.rep | self.boss)
        self.assertEqual(self.standard.activity_ids.user_id, self.rep | self.boss)
        self.by(self.rep).action_confirm()
        self.by(self.rep).action_confirm()
        self.env.invalidate_all()
        confirmation = self.standard.confirmation_ids
        self.assertEqual(confirmation.user_id, self.rep)
        self.assertTrue(confirmation.confirmed_at)
        self.assertEqual(self.standard.missing_user_ids, self.boss)
        self.assertEqual(self.standard.activity_ids.user_id, self.boss)
        action = self.standard.action_new_version()
        newer = self.standard.browse(action["res_id"])
        newer.text = "<p>Pick up in 10 seconds</p>"
        self.assertEqual((newer.version, self.standard.state), (2, "valid"))
        newer.action_publish()
        self.assertEqual((newer.state, self.standard.state), ("valid", "replaced"))
        self.assertEqual(newer.missing_user_ids, self.rep | self.boss)
        self.assertFalse(self.standard.activity_ids)
        self.assertEqual(item.standard_ids, newer)
        self.assertEqual(self.standard.confirmation_ids.user_id, self.rep, "it stays")
        with self.assertError(UserError, "Confirm the newest version"):
            self.by(self.boss).action_confirm()

    def test_members_come_and_leave(self):
        self.standard.action_publish()
        self.by(self.rep).action_confirm()
        self.env["crm.team.member"].create(
            {"crm_team_id": self.north.id, "user_id": self.all.id}
        )
        self.env.invalidate_all()
        self.assertEqual(self.standard.missing_user_ids, self.boss | self.all)
        self.boss.active = False
        self.env.invalidate_all()
        self.assertEqual(self.standard.missing_user_ids, self.all)

    def test_who_reads_and_who_confirms(self):
        Standard = self.env["care.service.standard"].with_user(self.rep)
        self.assertFalse(Standard.search([("id", "=", self.standard.id)]), "a draft")
        self.standard.action_publish()
        self.assertTrue(Standard.search([("id", "=", self.standard.id)]))
        with self.assertRaises(AccessError):
            self.by(self.other).action_confirm()
        with self.assertError(AccessError, "Only members of North"):
            self.by(self.manager).action_confirm()
        for user in (self.rep, self.boss):
            for name in ("action_publish", "action_new_version"):
                with self.assertRaises(AccessError):
                    getattr(self.by(user), name)()
        self.by(self.rep).action_confirm()
        Confirmation = self.env["care.standard.confirmation"]
        domain = [("standard_id", "=", self.standard.id)]
        for user, count in ((self.rep, 1), (self.boss, 1), (self.other, 0)):
            self.assertEqual(
                len(Confirmation.with_user(user).search(domain)), count, user.name
            )
        with self.assertRaises(AccessError):
            Confirmation.with_user(self.boss).create(
                {"standard_id": self.standard.id, "user_id": self.rep.id}
            )
        self.manager.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertFalse(
            Standard.with_user(self.manager)
            .with_context(allowed_company_ids=self.other_company.ids)
            .search([("id", "=", self.standard.id)])
        )

    def test_a_confirmed_text_is_not_changed(self):
        self.standard.action_publish()
        with self.assertError(UserError, "Create a new version"):
            self.standard.text = "<p>Other</p>"
        with self.assertError(UserError, "Only drafts"):
            self.standard.unlink()
        self.standard.write({"state": "draft", "version": 9})
        self.assertEqual((self.standard.state, self.standard.version), ("valid", 1))
        forged = self.standard.with_context(default_state="valid").create(
            {"name": "Forged", "text": "x", "state": "valid", "version": 3}
        )
        self.assertEqual((forged.state, forged.version), ("draft", 1))
