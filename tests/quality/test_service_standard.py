from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

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
        for user in (self.rep, self.rival):
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

    def test_the_leader_writes_for_the_own_department(self):
        Standard = self.env["care.service.standard"].with_user(self.boss)
        values = {"name": "Visits", "text": "<p>Be on time</p>"}
        draft = Standard.create({**values, **Standard.default_get(["department_id"])})
        self.assertEqual(draft.department_id, self.north)
        self.assertTrue(draft.may_write)
        with self.assertError(AccessError, "own department"):
            Standard.create({**values, "department_id": False})
        for other in (self.south.id, False):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                draft.department_id = other
        draft.text = "<p>Be early</p>"
        draft.action_publish()
        self.assertFalse(self.by(self.rep, draft).may_write)
        self.by(self.rep, draft).action_confirm()
        newer = draft.browse(draft.action_new_version()["res_id"])
        newer.action_publish()
        self.assertEqual((newer.version, draft.state), (2, "replaced"))
        self.assertEqual(newer.missing_user_ids, self.rep | self.boss)
        for user in (self.rep, self.rival):
            with self.assertRaises(UserError):
                self.by(user, newer).write({"name": "Forged"})
            with self.assertRaises(AccessError):
                self.by(user, newer).action_new_version()
            with self.assertRaises(AccessError):
                self.env["care.service.standard"].with_user(user).create(
                    {**values, "department_id": self.north.id}
                )

    def test_who_may_write_sees_the_buttons(self):
        Standard = self.env["care.service.standard"]
        for user, count in ((self.rep, 0), (self.boss, 1), (self.manager, 1)):
            arch = Standard.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual(arch.count("action_publish"), count, user.name)

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


@tagged("post_install", "-at_install")
class TestServiceStandardUi(HttpCase, MeritCase):
    def test_from_the_first_version_to_the_second(self):
        self.env["res.groups"]._switch_care_features(quality=True)
        self.tour("publish", "care_boss")
        first = self.env["care.service.standard"].search([("name", "=", "Visits")])
        self.assertEqual(first.department_id, self.north)
        self.assertEqual(first.activity_ids.user_id, self.rep | self.boss)
        self.tour("confirm", "care_rep")
        self.assertEqual(first.confirmation_ids.user_id, self.rep)
        self.tour("version", "care_boss")
        second = self.env["care.service.standard"].search([("version", "=", 2)])
        self.assertEqual(second.previous_id, first)
        self.assertEqual(second.missing_user_ids, self.rep | self.boss)

    def tour(self, name, login):
        self.start_tour(
            "/odoo/action-customer_care.service_standard_action",
            f"customer_care_standard_{name}",
            login=login,
        )
