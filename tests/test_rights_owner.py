from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common_rights import RightsCase


@tagged("post_install", "-at_install")
class TestCustomersOfOthers(RightsCase):
    """Ways around the account team: each asks for it, and is in the protection log."""

    def merge(self, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set([partner.id for partner in partners])],
                "dst_partner_id": partners[0].id,
            }
        )
        return wizard.action_merge()

    def archive(self, partner):
        """With the wizard, as its button does"""
        wizard = self.env["care.partner.archive"].create(
            {"partner_ids": [Command.set(partner.ids)], "reason_id": self.reason.id}
        )
        return wizard.action_confirm()

    @users("care_rep", "care_employee")
    def test_merge(self):
        with self.assertError(AccessError, "account team"):
            self.merge(self.nobodys, self.theirs)
        with self.assertError(AccessError, "account team"):
            self.merge(self.theirs, self.nobodys)
        child = self.env["res.partner"].create({"name": "Rosa"})
        with self.assertError(AccessError, "account team"):
            self.merge(child, self.contact_of_theirs)
        self.assertTrue(self.theirs.exists())
        self.assertFalse(self.entries("merge"))

    @users("care_rep")
    def test_merge_of_own_is_logged(self):
        second = self.a_customer("Second")
        self.merge(self.mine, second)
        self.assertFalse(second.exists())
        self.assertLogged("merge", "Second", count=2)

    @users("care_all")
    def test_merge_by_who_sees_all(self):
        self.merge(self.theirs, self.mine)
        self.assertFalse(self.mine.exists())
        self.assertLogged("merge", "Mine", count=2)

    @users("care_rep")
    def test_merge_of_nobodys_is_no_matter(self):
        other = self.customer("Another one")
        self.merge(self.nobodys, other)
        self.assertFalse(other.exists())
        self.assertFalse(self.entries("merge"))

    @users("care_rep", "care_employee")
    def test_archive_by_write(self):
        why = {"care_archive_note": "Gone"} if self.env.user == self.rep else {}
        for partner in (self.theirs, self.contact_of_theirs):
            with self.assertError(UserError, "account team"):
                self.by(partner).write({"active": False, **why})
            self.assertTrue(partner.active)

    @users("care_rep")
    def test_archive_without_reason_by_another_word_for_no(self):
        for no in (False, 0, None):
            with self.assertError(UserError, "requires a reason"):
                self.by(self.mine).write({"active": no})

    @users("care_rep")
    def test_archive_by_button_and_wizard(self):
        with self.assertError(AccessError, "account team"):
            self.by(self.theirs).action_archive()
        with self.assertError(AccessError, "account team"):
            self.archive(self.theirs)
        self.assertTrue(self.theirs.active)
        self.archive(self.mine)
        self.assertFalse(self.mine.active)
        self.assertLogged("archive", "Mine")
        self.by(self.nobodys).action_archive()
        self.assertEqual(len(self.entries("archive")), 1)

    @users("care_rep", "care_employee")
    def test_move(self):
        for partner, vals in (
            (self.contact_of_theirs, {"parent_id": self.mine.id}),
            (self.contact_of_theirs, {"parent_id": False}),
            (self.contact_of_theirs, {"commercial_partner_id": self.mine.id}),
            (self.theirs, {"parent_id": self.mine.id}),
            (self.theirs, {"is_company": False}),
            (self.theirs, {"company_id": self.company.id}),
            (self.nobodys, {"child_ids": [Command.link(self.contact_of_theirs.id)]}),
            (self.theirs, {"child_ids": [Command.clear()]}),
        ):
            with self.assertError(AccessError, "account team"):
                self.by(partner).write(vals)
        self.env.invalidate_all()
        self.assertEqual(self.contact_of_theirs.commercial_partner_id, self.theirs)

    @users("care_rep")
    def test_move_of_own_is_logged(self):
        person = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.mine.id}
        )
        self.assertFalse(self.entries("move"), "a new contact is not moved")
        person.parent_id = self.mine
        self.assertFalse(self.entries("move"), "nothing has changed")
        person.parent_id = self.nobodys
        self.assertLogged("move", "Ada")

    @users("care_all")
    def test_move_by_who_sees_all(self):
        self.by(self.contact_of_theirs).parent_id = self.mine
        self.assertLogged("move", "Rosa")

    @users("care_rep", "care_employee")
    def test_delete(self):
        plain = self.customer("Plain", user_id=self.all.id)
        for partner in (plain, self.contact_of_theirs):
            with self.assertError(AccessError, "account team"):
                self.by(partner).unlink()
        own = self.customer("Own")
        self.by(own).unlink()
        self.assertFalse(own.exists() or self.entries("delete"))

    @users("care_all")
    def test_delete_is_logged(self):
        plain = self.customer("Plain", user_id=self.rep.id)
        self.by(plain).unlink()
        self.assertLogged("delete", "Plain")

    @users("care_portal")
    def test_system_goes_on(self):
        """Signup, checkout and the gateway write as superuser."""
        theirs = self.theirs.with_user(self.env.user).sudo()
        theirs.write({"active": False, "parent_id": self.mine.id})
        theirs.write({"active": True, "parent_id": False, "city": "Shanghai"})
        self.assertEqual(self.theirs.city, "Shanghai")
        self.assertFalse(self.entries("move") or self.entries("archive"))


@tagged("post_install", "-at_install")
class TestAuthor(RightsCase):
    """A report stays in the name of who made the contact."""

    def report(self, partner=None, **values):
        return self.env["care.interaction"].create(
            {
                "partner_id": (partner or self.mine).id,
                "date_start": "2026-11-09 08:00:00",
                "state": "done",
                **values,
            }
        )

    @users("care_rep")
    def test_report_in_the_name_of_a_colleague(self):
        report = self.report()
        planned = self.report(state="planned")
        for contact, vals in (
            (report, {"user_id": self.all.id}),
            (report, {"user_id": False}),
            (report, {"user_id": self.all.id, "state": "planned"}),
            (planned, {"user_id": self.all.id, "state": "done"}),
            (planned, {"user_id": self.all.id}),
            (planned, {"user_id": self.rep.id, "partner_id": self.theirs.id}),
        ):
            if vals["user_id"] == self.rep.id:
                contact.write(vals)
                continue
            with self.assertRaises(AccessError):
                contact.write(vals)
        self.assertFalse(self.entries("author"))

    @users("care_rep")
    def test_planned_contact_goes_to_a_colleague_of_the_team(self):
        self.env["care.account.member"].sudo().create(
            {
                "partner_id": self.mine.id,
                "role_id": self.consultant.id,
                "user_id": self.other_rep.id,
            }
        )
        planned = self.report(state="planned")
        planned.user_id = self.other_rep
        self.assertLogged("author", self.other_rep.name)

    @users("care_all")
    def test_who_sees_all_is_logged(self):
        report = self.report(user_id=self.rep.id)
        self.assertLogged("author", self.rep.name)
        report.user_id = self.other_rep
        entry = self.entries("author")[0]
        self.assertIn(f"{self.rep.name} → {self.other_rep.name}", entry.details)
        self.report()
        self.assertEqual(len(self.entries("author")), 2, "one's own is no news")


@tagged("post_install", "-at_install")
class TestTeamOfCompanies(RightsCase):
    """Who looks after a shared customer is seen in one's own companies only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.a_customer("Shared")
        cls.other = cls.env["care.account.member"].create(
            {
                "partner_id": cls.shared.id,
                "role_id": cls.consultant.id,
                "user_id": cls.stranger.id,
            }
        )
        cls.own = cls.shared.care_member_ids - cls.other
        cls.foreign = cls.customer(
            "Foreign", user_id=cls.rep.id, company_id=cls.company.id
        )
        cls.env.invalidate_all()

    @users("care_stranger")
    def test_each_company_sees_its_own(self):
        Member = self.by(self.env["care.account.member"])
        self.assertEqual(Member.search([]), self.by(self.other))
        self.assertEqual(self.by(self.shared).care_member_ids, self.by(self.other))
        with self.assertRaises(AccessError):
            self.by(self.own).read(["user_id"])
        self.assertEqual(
            Member.search([("user_id.name", "=", self.rep.name)]), Member.browse()
        )

    @users("care_stranger")
    def test_rows_of_others_stay(self):
        rows = self.by(self.own | self.foreign.care_member_ids)
        with self.assertRaises(AccessError):
            rows.write({"user_id": self.env.uid})
        with self.assertRaises(AccessError):
            rows.unlink()

    @users("care_stranger")
    def test_no_row_is_given_away(self):
        mine = self.by(self.other)
        with self.assertRaises(AccessError):
            mine.write({"user_id": self.rep.id})
        with self.assertRaises(AccessError):
            mine.write({"partner_id": self.foreign.id})
        with self.assertRaises(AccessError):
            mine.create(
                {
                    "partner_id": self.foreign.id,
                    "role_id": self.consultant.id,
                    "user_id": self.env.uid,
                }
            )

    @users("care_stranger")
    def test_salesperson_of_another_company(self):
        shared = self.by(self.shared)
        for name in ("user_id", "care_manager_id"):
            shared.sudo()[name] = self.rep
            with self.assertError(UserError, "another company"):
                shared[name] = self.env.user
        with self.assertError(UserError, "another company"):
            shared.user_id = False
        shared.sudo().user_id = False
        shared.user_id = self.env.user
        self.assertEqual(shared.user_id, self.env.user)

    @users("care_stranger")
    def test_customer_of_another_company_only(self):
        with self.assertError(AccessError, "belongs to another company"):
            self.by(self.mine).write({"active": False, "care_archive_note": "Gone"})

    @users("care_stranger")
    def test_form_is_saved_and_read_again(self):
        """Hidden rows are not left in the cache, where reading them would fail."""
        saved = self.by(self.shared).web_save(
            {"user_id": self.rep.id, "care_kind": "company", "company_id": False},
            {"care_member_ids": {"fields": {"user_id": {}}}},
        )
        self.assertEqual(
            [row["id"] for row in saved[0]["care_member_ids"]], self.other.ids
        )

    @users("care_all")
    def test_one_person_per_role(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.by(self.own).create(
                {
                    "partner_id": self.shared.id,
                    "role_id": self.consultant.id,
                    "user_id": self.env.uid,
                }
            )

    @users("care_stranger")
    def test_relationships(self):
        person = self.env["res.partner"].sudo()
        person = person.create(
            {
                "name": "Ada",
                "parent_id": self.foreign.id,
                "company_id": self.company.id,
                "care_relationship_level": "friend",
            }
        )
        for model, name in (
            ("care.relationship.history", "partner_id"),
            ("care.relationship.report", "contact_id"),
        ):
            domain = [(name, "=", person.id)]
            self.assertTrue(self.env[model].sudo().search(domain), model)
            self.assertFalse(self.by(self.env[model]).search(domain), model)
