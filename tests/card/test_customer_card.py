from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...models.card import res_partner_completeness
from ..common_card import CardCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestCustomerCard(CardCase):
    def card(self, partner, user=None):
        return partner.with_user(user or self.env.user).care_card

    @contextmanager
    def refused(self, error):
        """The database refuses it."""
        with (
            self.assertRaises(error),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            yield

    @contextmanager
    def job(self):
        """Run the nightly job for the customers of this test alone."""
        Job, name = self.env["care.job"], res_partner_completeness.CARD_JOB
        Job._set_place(name, 0)
        known = self.env["res.partner"].with_context(active_test=False).search([])
        yield
        first = min(
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("id", "not in", known.ids)])
            .ids
        )
        Job._set_place(name, first - 1)

    # Whole chain ---------------------------------------------------

    def test_a_button_is_seen_by_the_score(self):
        """The button's write runs every override, those loaded later too."""
        self.env["care.card.item"].create(
            {
                "name": "Verified",
                "weight": 20,
                "domain": "[('care_verified_date', '!=', False)]",
            }
        )
        salon = self.customer("Salon", user_id=self.rep.id, phone="1")
        self.assertEqual(salon.care_completeness, 25)
        salon.with_user(self.rep).action_care_verify()
        self.assertEqual(salon.care_completeness, 75)

    # Number ---------------------------------------------------------

    @users("care_rep")
    def test_who_fills_a_card_makes_it(self):
        salon = self.env["res.partner"].create({"name": "Plain", "is_company": True})
        self.assertFalse(salon.care_card_number)
        salon.care_kind = "company"
        self.assertRegex(salon.care_card_number, r"^K\d{6}$")
        self.assertEqual(salon.care_card_user_id, self.rep)
        self.assertEqual(salon.care_card_date, date(2026, 11, 10))
        number = salon.care_card_number
        salon.care_kind = "family"
        self.assertEqual(salon.care_card_number, number, "once")

    def test_number_is_unified(self):
        one, two = self.env["res.partner"].create(
            [{"name": name, "care_kind": "company"} for name in ("One", "Two")]
        )
        self.assertNotEqual(one.care_card_number, two.care_card_number)
        self.assertFalse(one.copy().care_card_number, "a copy is another customer")
        with self.refused(UniqueViolation):
            two.care_card_number = one.care_card_number
            self.env.flush_all()

    def test_generated_number_avoids_a_typed_one(self):
        sequence = self.env.ref("customer_care.sequence_card")
        following = sequence.get_next_char(sequence.number_next_actual)
        self.customer("Typed", care_card_number=following)
        made = self.customer("Next", care_kind="company")
        self.assertTrue(made.care_card_number)
        self.assertNotEqual(made.care_card_number, following)

    def test_contacts_have_no_number(self):
        salon = self.customer()
        ann = self.contact_person(salon, care_decision_role="buyer")
        self.assertFalse(ann.care_card_number)
        self.assertTrue(salon.care_card_number, "their customer has")

    def test_many_cards_are_few_queries(self):
        def make(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}"} for number in range(count)]
            )
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            partners._make_care_cards()
            return self.env.cr.sql_log_count - start

        make(2)
        self.assertLessEqual(make(100), make(3) + 1)

    # Protection of fields -------------------------------------------

    @users("care_rep", "care_all")
    def test_number_and_checks_are_not_typed(self):
        salon = self.a_customer(user=self.env.user).with_user(self.env.user)
        for values in (
            {"care_card_number": "K1"},
            {"care_verified_date": "2026-11-09"},
            {"care_completeness": 100},
            {"care_manager_introduced_id": self.rep.id},
        ):
            with self.assertRaises(AccessError, msg=values):
                salon.write(values)
            with self.assertRaises(AccessError, msg=values):
                self.env["res.partner"].create({"name": "New", **values})
        salon.write({"care_card_number": salon.care_card_number})
        sneaked = (
            self.env["res.partner"]
            .with_context(default_care_card_number="K0", default_care_completeness=100)
            .create({"name": "Sneaked"})
        )
        self.assertNotEqual(sneaked.care_card_number, "K0")
        self.assertLess(sneaked.care_completeness, 100)

    @users("care_rep")
    def test_import_cannot_type_a_number(self):
        result = self.env["res.partner"].load(
            ["name", "care_card_number"], [["Imported", "K000000"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("administrators of Customer Care", str(result["messages"]))

    @users("care_manager")
    def test_administrator_types_a_number(self):
        salon = self.customer().with_user(self.env.user)
        salon.care_card_number = "OLD-17"
        salon.care_kind = "company"
        self.assertEqual(salon.care_card_number, "OLD-17")

    @users("care_rep")
    def test_reps_fill_the_cards_of_their_customers(self):
        theirs = self.a_customer("Theirs", user=self.all).with_user(self.env.user)
        with self.assertError(AccessError, "care_all"):
            theirs.care_preferences = "Mine now"
        with self.assertRaises(AccessError):
            theirs.action_care_verify()
        with self.assertRaises(AccessError):
            self.env["res.partner"].create(
                {
                    "name": "Spy",
                    "parent_id": theirs.id,
                    "care_decision_role": "buyer",
                }
            )
        self.env["care.account.member"].sudo().create(
            {
                "partner_id": theirs.id,
                "role_id": self.consultant.id,
                "user_id": self.env.uid,
            }
        )
        theirs.care_preferences = "Shared customers are everybody's in the team"
        nobodys = self.customer("Nobody's").with_user(self.env.user)
        nobodys.care_preferences = "Free"

    # Verified -------------------------------------------------------

    @users("care_rep")
    def test_verify(self):
        self.A.sudo().verify_days = 90
        salon = self.a_customer().with_user(self.env.user)
        stale = [("care_card_stale", "=", True), ("id", "=", salon.id)]
        Partner = self.env["res.partner"]
        self.assertTrue(salon.care_card_stale and Partner.search(stale))
        salon.action_care_verify()
        self.assertEqual(salon.care_verified_date, date(2026, 11, 10))
        self.assertEqual(salon.care_verified_user_id, self.rep)
        self.assertFalse(salon.care_card_stale or Partner.search(stale))
        for day, expected in (("2026-08-12", False), ("2026-08-11", True)):
            salon.sudo().care_verified_date = day
            self.assertEqual(salon.care_card_stale, expected, day)
            self.assertEqual(bool(Partner.search(stale)), expected, day)
            inverse = [("care_card_stale", "=", False), ("id", "=", salon.id)]
            self.assertEqual(not Partner.search(inverse), expected, day)

    def test_reminders(self):
        """One activity per card, a few per person, the best tier first; verifying
        settles it."""
        (self.A | self.B).write({"verify_days": 90, "verify_reminder": True})
        self.C.verify_days = 90
        most = res_partner_completeness.MAX_REMINDERS
        later = [self.a_customer(f"B{n}", tier=self.B) for n in range(most)]
        first = [self.a_customer(f"A{n}") for n in range(2)]
        self.a_customer("C", tier=self.C, user=self.all)
        managed = self.a_customer("Managed")
        managed.care_manager_id = self.all
        kind = self.env.ref("customer_care.mail_activity_type_verify")
        domain = [
            ("activity_type_id", "=", kind.id),
            ("user_id", "in", (self.rep | self.all).ids),
        ]
        Activity = self.env["mail.activity"]
        for _run in range(2):
            self.env["res.partner"]._remind_to_verify()
            mine = Activity.search([*domain, ("user_id", "=", self.rep.id)])
            self.assertEqual(len(mine), most)
            self.assertTrue({row.id for row in first} <= set(mine.mapped("res_id")))
        theirs = Activity.search([*domain, ("user_id", "=", self.all.id)])
        self.assertEqual(theirs.res_id, managed.id)
        first[0].with_user(self.rep).action_care_verify()
        self.assertEqual(len(Activity.search(domain)), most)
        self.assertTrue(later)

    def test_negative_days(self):
        with self.assertError(ValidationError, "0 for never"):
            self.A.verify_days = -1

    # Relationship, birthday, region ---------------------------------

    @users("care_rep")
    def test_relationship_has_a_history(self):
        salon = self.a_customer()
        ann = self.contact_person(salon).with_user(self.env.user)
        ann.care_relationship_level = "passer_by"
        ann.care_relationship_level = "passer_by"
        ann.care_relationship_level = "friend"
        ann.invalidate_recordset()
        rows = ann.care_relationship_history_ids
        self.assertEqual(
            rows.mapped(lambda row: (row.old_level, row.new_level)),
            [("passer_by", "friend"), (False, "passer_by")],
        )
        self.assertEqual(rows.user_id, self.rep)
        with self.assertRaises(AccessError):
            rows[0].write({"new_level": "confidant"})
        with self.assertRaises(AccessError):
            rows.unlink()
        theirs = self.contact_person(
            self.a_customer("Theirs", user=self.all), care_relationship_level="friend"
        )
        self.assertFalse(
            self.env["care.relationship.history"].search(
                [("partner_id", "=", theirs.id)]
            )
        )

    def test_pyramid(self):
        salon = self.a_customer()
        for level in ("passer_by", "acquaintance", "friend"):
            self.contact_person(salon, level, care_relationship_level=level)
        self.contact_person(
            self.a_customer("Theirs", user=self.all), care_relationship_level="friend"
        )
        mine = (
            self.env["care.relationship.pyramid"]
            .with_user(self.rep)
            .create({})
            .pyramids
        )
        self.assertEqual([row["name"] for row in mine], [self.rep.name])
        self.assertEqual([step["people"] for step in mine[0]["steps"]], [3, 2, 1, 0])
        everybody = (
            self.env["care.relationship.pyramid"]
            .with_user(self.all)
            .create({})
            .pyramids
        )
        self.assertLessEqual(
            {self.rep.name, self.all.name}, {row["name"] for row in everybody}
        )

    def test_birthday_in_the_future(self):
        ann = self.contact_person(self.customer())
        with self.assertError(ValidationError, "future"):
            ann.care_birthday = "2026-11-11"
        ann.care_birthday = "2026-11-10"

    def test_circular_regions(self):
        with self.assertError(ValidationError, "its own parent"):
            self.north.parent_id = self.harbour
        with self.assertRaises(ValidationError):
            self.north.parent_id = self.north

    def test_region_finds_the_parts(self):
        salon = self.customer(care_region_id=self.harbour.id)
        Partner = self.env["res.partner"]
        self.assertIn(salon, Partner.search([("care_region_id", "child_of", "North")]))
        self.assertEqual(self.north.customer_count, 1)
        self.assertEqual(self.south.customer_count, 0)
        self.assertEqual(self.harbour.complete_name, "North / Harbour")
        self.north.name = "Far North"
        self.assertEqual(self.harbour.complete_name, "Far North / Harbour")
        with self.refused(ForeignKeyViolation):
            self.harbour.unlink()
        self.assertTrue(self.harbour.exists(), "customers keep their region")

    def test_source(self):
        salon = self.customer()
        ann = self.contact_person(salon)
        for source in (salon, ann):
            with self.assertError(ValidationError, "itself"):
                salon.care_source_partner_id = source
        friend = self.customer("Friend")
        salon.care_source_partner_id = friend
        self.assertEqual(self.card(friend)["names"]["referrals"], 1)

    def test_initial_groups(self):
        names = ("玉亭阁", "Yarrow", "élan", "42 Steps")
        partners = self.env["res.partner"].create([{"name": name} for name in names])
        self.assertEqual(partners.mapped("care_initial"), ["Y", "Y", "E", "#"])
        groups = self.env["res.partner"].formatted_read_group(
            [("id", "in", partners.ids)], ["care_initial"], ["__count"]
        )
        self.assertEqual(
            {row["care_initial"]: row["__count"] for row in groups},
            {"#": 1, "E": 1, "Y": 2},
        )
        partners[0].name = "Amber"
        self.assertEqual(partners[0].care_initial, "A")

    # Completeness ---------------------------------------------------

    def test_a_better_tier_asks_for_more(self):
        salon = self.customer(phone="1")
        self.assertEqual(salon.care_completeness, 50)
        for tier, score, missing in (
            (self.C, 50, "Region"),
            (self.B, 25, "Region, Needs"),
            (self.A, 13, "Region, Needs, Decision maker"),
        ):
            salon.care_tier_id = tier
            self.assertEqual(salon.care_completeness, score, "12.5 is rounded half up")
            self.assertEqual(salon.care_missing, missing)

    def test_score_follows_every_change(self):
        salon = self.a_customer()
        self.assertEqual(salon.care_completeness, 0)
        salon.phone = "1"
        self.assertEqual(salon.care_completeness, 13)
        salon.care_need_ids = self.need
        salon.care_region_id = self.south
        self.assertEqual(salon.care_completeness, 50)
        ann = self.contact_person(salon, care_decision_role="decision_maker")
        self.assertEqual(salon.care_completeness, 100)
        self.assertFalse(salon.care_missing)
        ann.care_decision_role = "buyer"
        self.assertEqual(salon.care_completeness, 50)
        ann.care_decision_role = "decision_maker"
        self.assertEqual(salon.care_completeness, 100)
        ann.unlink()
        self.assertEqual(salon.care_completeness, 50)
        other = self.contact_person(
            self.customer("Other"), care_decision_role="decision_maker"
        )
        other.parent_id = salon
        self.assertEqual(salon.care_completeness, 100)

    def test_score_is_no_query_per_customer(self):
        def score(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{n}", "is_company": True} for n in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            partners.phone = "1"
            self.env.flush_all()
            partners.mapped("care_missing")
            return self.env.cr.sql_log_count - start

        score(2)
        self.assertLessEqual(score(80), score(3) + 2)

    def test_wrong_condition(self):
        for domain in (
            "[('nonsense', '=', 1)]",
            "[('phone', '!=', ",
            "__import__('os')",
            "uid",
            "[]",
            "{}",
        ):
            with self.assertRaises(ValidationError, msg=domain):
                self.phone.domain = domain
        with self.refused(CheckViolation):
            self.phone.weight = 0
            self.env.flush_all()

    @users("care_manager")
    def test_condition_asks_for_nothing_secret(self):
        """The score would tell the administrator of the app what is in the field."""
        with self.assertRaises(AccessError):
            self.phone.with_user(
                self.env.user
            ).domain = "[('signup_type', '=', 'signup')]"

    def test_last_item_stays(self):
        active = self.env["care.card.item"].search([])
        with self.assertError(UserError, "At least one"):
            active.unlink()

    def test_changed_items_are_rated_by_the_job(self):
        with self.job():
            salon = self.customer(phone="1")
        self.assertEqual(salon.care_completeness, 50)
        trigger = self.env.ref("customer_care.ir_cron_card")
        self.env["ir.cron.trigger"].search([("cron_id", "=", trigger.id)]).unlink()
        self.phone.weight = 30
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", trigger.id)])
        )
        salon._refresh_care_cards()
        self.assertEqual(salon.care_completeness, 75)

    def test_one_card_does_not_stop_the_job(self):
        with self.job():
            bad, good = self.customer("Bad"), self.customer("Good")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET care_initial = NULL WHERE id IN %s",
            [(bad.id, good.id)],
        )
        self.env.invalidate_all()
        Partner = self.env.registry["res.partner"]
        refresh = Partner._refresh_care_cards

        def fail(partners):
            refresh(partners)
            if bad in partners:
                raise ValueError("broken")

        with (
            self.enter_registry_test_mode(),
            patch.object(Partner, "_refresh_care_cards", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.env.ref("customer_care.ir_cron_card").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(log.records), 1)
        self.assertIn(str(bad), log.output[0])
        self.assertEqual((bad.care_initial, good.care_initial), (False, "G"))
        place = self.env["care.job"]._place(res_partner_completeness.CARD_JOB)
        self.assertEqual(place, 0, "the pass is over")

    def test_the_place_of_the_job_clears_no_cache(self):
        """A system parameter would make all workers load everything again."""
        self.env["care.job"]._set_place("cards", 1)
        before = dict(self.registry.cache_sequences)
        self.env.registry.cache_invalidated.clear()
        self.env["care.job"]._set_place("cards", 2)
        self.env.flush_all()
        self.assertFalse(self.env.registry.cache_invalidated)
        self.assertEqual(dict(self.registry.cache_sequences), before)

    def test_job(self):
        """It fills what an installation leaves empty, numbers customers that a review
        gave a tier, goes on where it was killed, and writes nothing twice."""
        with self.job():
            rated = self.a_customer("Rated", phone="1")
            plain = self.customer("Plain")
            person = self.contact_person(rated)
        everybody = rated | plain | person
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET care_initial = NULL, care_completeness = NULL,"
            " care_card_number = NULL, care_card_user_id = NULL WHERE id IN %s",
            [tuple(everybody.ids)],
        )
        self.env.invalidate_all()
        self.assertFalse(rated.care_initial)
        Partner = self.env["res.partner"]
        with (
            self.enter_registry_test_mode(),
            patch.object(res_partner_completeness, "CARD_BATCH", 2),
        ):
            cron = self.env.ref("customer_care.ir_cron_card")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(everybody.mapped("care_initial"), ["R", "P", "A"])
        self.assertEqual(rated.care_completeness, 13)
        self.assertTrue(rated.care_card_number)
        self.assertFalse(rated.care_card_user_id, "nobody typed it")
        self.assertFalse(plain.care_card_number or person.care_card_number)
        place = self.env["care.job"]._place(res_partner_completeness.CARD_JOB)
        self.assertEqual(place, 0, "the pass is over")
        before = rated.care_card_number
        self.env.cr.execute(
            "SELECT id, xmin FROM res_partner WHERE id IN %s", [tuple(everybody.ids)]
        )
        rows = self.env.cr.fetchall()
        Partner.browse(everybody.ids)._refresh_care_cards()
        self.env.cr.execute(
            "SELECT id, xmin FROM res_partner WHERE id IN %s", [tuple(everybody.ids)]
        )
        self.assertEqual(sorted(self.env.cr.fetchall()), sorted(rows))
        self.assertEqual(rated.care_card_number, before)

    # Purchases and payment ------------------------------------------

    def test_purchase_state(self):
        salon = self.customer()
        self.assertFalse(salon.care_purchase_state)
        quotation = self.order(salon, 100, "2026-11-01", state="draft")
        self.assertFalse(salon.care_purchase_state)
        quotation.action_confirm()
        self.assertEqual(salon.care_purchase_state, "new")
        self.assertEqual(salon.care_last_order_date, date(2026, 11, 10))
        quotation._action_cancel()
        self.assertEqual(salon.care_purchase_state, "none")
        self.order(salon, 100, "2025-01-01")
        self.refresh(salon)
        self.assertEqual(salon.care_purchase_state, "lost")
        self.order(salon, 100, "2026-11-01")
        ann = self.contact_person(salon)
        self.order(ann, 100, "2026-07-20")
        self.refresh(salon)
        self.assertEqual(salon.care_purchase_state, "steady")
        self.assertEqual(ann.care_purchase_state, "steady", "as its company")
        found = self.env["res.partner"].search(
            [("care_purchase_state", "=", "steady"), ("id", "=", salon.id)]
        )
        self.assertEqual(found, salon)
        groups = self.env["res.partner"].formatted_read_group(
            [("id", "=", salon.id)], ["care_purchase_state"], ["__count"]
        )
        self.assertEqual(groups[0]["care_purchase_state"], "steady")
        other = self.env(context={"allowed_company_ids": self.other_company.ids})[
            "res.partner"
        ]
        self.assertFalse(other.browse(salon.id).care_purchase_state)

    def refresh(self, partner):
        self.env["care.partner.tier"]._refresh_purchases(partner, self.company)

    def test_day_of_the_company(self):
        """23:30 UTC on the 9th is the 10th in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        salon = self.customer()
        self.order(salon, 100, "2026-11-08 23:30:00")
        self.refresh(salon)
        self.assertEqual(salon.care_last_order_date, date(2026, 11, 9))

    # Merge ----------------------------------------------------------

    def merge(self, survivor, *others):
        self.env.ref("base.group_partner_manager").user_ids |= self.manager
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)
        partners = survivor.union(*others)
        wizard.create({})._merge(partners.ids, survivor)
        self.env.invalidate_all()

    def test_merge(self):
        """Number, needs, people and history follow to the survivor."""
        old = self.a_customer(
            "Old",
            care_need_ids=self.need.ids,
            care_preferences="Tea",
            care_kind="family",
        )
        ann = self.contact_person(
            old, care_decision_role="decision_maker", care_relationship_level="friend"
        )
        number = old.care_card_number
        self.order(old, 100, "2026-11-01")
        survivor = self.customer("Survivor", phone="1")
        old.care_source_partner_id = survivor
        self.merge(survivor, old)
        self.assertFalse(old.exists())
        self.assertEqual(survivor.care_card_number, number)
        self.assertEqual(survivor.care_need_ids, self.need)
        self.assertEqual(survivor.care_preferences, "Tea")
        self.assertFalse(survivor.care_source_partner_id, "not referred by itself")
        self.assertEqual(ann.parent_id, survivor)
        self.assertEqual(ann.care_relationship_history_ids.new_level, "friend")
        self.assertEqual(survivor.care_tier_id, self.A)
        self.assertEqual(survivor.care_purchase_state, "new")
        self.assertEqual(survivor.care_completeness, 88)

    def test_merge_keeps_the_survivors_number(self):
        one, two = (self.customer(name, care_kind="company") for name in ("One", "Two"))
        number = one.care_card_number
        self.merge(one, two)
        self.assertEqual(one.care_card_number, number)

    def test_merge_of_contacts(self):
        salon = self.a_customer()
        ann = self.contact_person(salon, care_relationship_level="friend")
        twin = self.contact_person(salon, "Ann again", care_decision_role="buyer")
        twin.care_relationship_level = "acquaintance"
        self.merge(ann, twin)
        self.assertEqual(ann.care_relationship_level, "friend")
        self.assertEqual(ann.care_decision_role, "buyer")
        self.assertEqual(len(ann.care_relationship_history_ids), 2)
