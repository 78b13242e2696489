"""What the app says, in the language of who reads it."""

from odoo.tests import tagged

from .common import TierCase

CHINESE = r"[\u4e00-\u9fff]"
ENGLISH_WORD = r"[A-Za-z]{2,}"


@tagged("post_install", "-at_install")
class TestReaderLanguage(TierCase):
    """An English administrator works, a Chinese colleague reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["customer_care"], ["zh_CN"])
        cls.reader = cls.make_user(
            "reader", "sales_team.group_sale_manager", lang="zh_CN"
        )
        cls.salon, cls.spa = cls.customer("1"), cls.customer("2")
        cls.company.write({"care_downgrade_after": 2})

    def read_by(self, user, records):
        return records.with_user(user).with_context(lang=user.lang)

    def assertChinese(self, text):
        self.assertRegex(text, CHINESE)
        self.assertNotRegex(text, ENGLISH_WORD)

    def assertWorded(self, records, name):
        """English for the administrator, Chinese for the reader"""
        for record in records:
            self.assertNotRegex(record[name], CHINESE)
            self.assertRegex(record[name], ENGLISH_WORD)
            self.assertChinese(self.read_by(self.reader, record)[name])

    # ------------------------------------------------------------
    # Reasons of tiers
    # ------------------------------------------------------------

    def test_reasons_of_a_review(self):
        kinds = set()
        self.order(self.salon, 40_000, "2026-08-10")
        self.order(self.salon, 9_000, "2026-09-10")
        self.order(self.spa, 900, "2026-08-10")
        self.spa.write(
            {"care_tier_locked_until": "2026-10-01", "care_tier_lock_reason": "-"}
        )
        for day, method in (
            ("2026-09-01", "lower"),
            ("2026-10-01", "higher"),
            ("2026-11-01", "share"),
            ("2026-12-01", "amount"),
        ):
            review = self.review(day, months=1, method=method)
            self.assertWorded(review.line_ids, "reason")
            kinds.update(
                part["code"] for line in review.line_ids for part in line.reason_data
            )
            review.action_apply()
            self.assertWorded(self.salon, "care_tier_reason")
        self.assertLessEqual(
            {"locked", "amount", "best_share", "nothing", "new", "held", "fallen"},
            kinds,
        )
        rows = self.salon.care_tier_history_ids
        self.assertTrue(rows)
        self.assertWorded(rows, "reason")
        reports = self.env["care.tier.report"].browse(rows.ids)
        self.assertWorded(reports, "reason")
        self.assertEqual(reports.mapped("reason"), rows.mapped("reason"))

    def test_reasons_by_hand(self):
        self.salon.care_tier_id = self.D
        row = self.salon.care_tier_history_ids
        self.assertEqual(row.reason, "Set by hand")
        self.assertWorded(row, "reason")
        self.assertWorded(self.salon, "care_tier_reason")
        card = self.read_by(self.reader, self.salon).care_card
        self.assertChinese(card["tier_reason"])
        self.order(self.salon, 3_000)
        review = self.review()
        review.action_apply()
        review.action_undo()
        undone = self.salon.care_tier_history_ids.sorted("id")[-1]
        self.assertEqual(undone.reason, f"Review “{review.name}” undone")
        self.assertWorded(undone, "reason")
        self.spa.care_tier_id = self.B
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.salon | self.spa).ids, self.spa)
        self.assertWorded(self.spa.care_tier_history_ids, "reason")

    def test_typed_reason_stays(self):
        self.env["care.tier.change"].create(
            {
                "partner_ids": self.salon.ids,
                "tier_id": self.A.id,
                "reason": "100 % sure",
            }
        ).action_confirm()
        row = self.salon.care_tier_history_ids
        self.assertEqual(self.read_by(self.reader, row).reason, "100 % sure")

    def test_reasons_are_exported_in_the_readers_language(self):
        self.salon.care_tier_id = self.A
        self.reader.group_ids += self.env.ref("base.group_allow_export")
        row = self.read_by(self.reader, self.salon.care_tier_history_ids)
        [[text]] = row.export_data(["reason"])["datas"]
        self.assertChinese(text)

    # ------------------------------------------------------------
    # Paths
    # ------------------------------------------------------------

    def tree(self, model):
        """A root, its two parts and a part of the second; their order by name differs
        between the languages."""
        made = self.env[model]
        for english, chinese, parent in (
            ("Root", "根", None),
            ("Early", "甲", 0),
            ("Late", "乙", 0),
            ("Leaf", "叶", 2),
        ):
            record = self.env[model].create(
                {
                    "name": english,
                    "parent_id": False if parent is None else made[parent].id,
                }
            )
            record.with_context(lang="zh_CN").name = chinese
            made += record
        return made

    def test_paths(self):
        for model in ("care.region", "care.complaint.category"):
            with self.subTest(model):
                self.check_paths(self.tree(model))

    def check_paths(self, made):
        root, early, late, leaf = made
        read = self.read_by(self.reader, made)
        for name in ("complete_name", "display_name"):
            self.assertEqual(leaf[name], "Root / Late / Leaf")
            self.assertEqual(read[3][name], "根 / 乙 / 叶")
        root.with_context(lang="zh_CN").name = "干"
        self.assertEqual(read[3].display_name, "干 / 乙 / 叶")
        ours = [("id", "in", made.ids)]
        self.assertEqual(made.search(ours), root + early + late + leaf)
        self.assertEqual(
            [record.id for record in read.search(ours)],
            (root + late + leaf + early).ids,
        )
        self.assertEqual(
            made.search(ours, order="complete_name desc"), leaf + late + early + root
        )
        self.assertEqual(made.sorted(), root + early + late + leaf)
        self.assertEqual(read.name_search("乙 / 叶"), [(leaf.id, "干 / 乙 / 叶")])
        self.assertEqual(made.name_search("late / leaf")[0][0], leaf.id)
        self.assertEqual(read.search([("complete_name", "=", "干 / 乙")]).id, late.id)
        self.assertEqual(
            made.search([*ours, ("complete_name", "not ilike", "late")]), root + early
        )

    def test_customers_are_sorted_and_grouped_by_path(self):
        root, early, late, _leaf = self.tree("care.region")
        self.salon.care_region_id, self.spa.care_region_id = early, late
        third = self.customer("3")
        ours = [("id", "in", (self.salon | self.spa | third).ids)]
        Partner = self.env["res.partner"]
        self.assertEqual(
            Partner.search(ours, order="care_region_id"), self.salon + self.spa + third
        )
        read = self.read_by(self.reader, Partner)
        self.assertEqual(
            read.search(ours, order="care_region_id").ids,
            (self.spa + self.salon + third).ids,
        )
        groups = read.formatted_read_group(ours, ["care_region_id"], ["__count"])
        self.assertEqual(
            [group["care_region_id"] for group in groups],
            [(late.id, "根 / 乙"), (early.id, "根 / 甲"), False],
        )
        self.assertEqual(
            Partner._read_group(ours, ["care_region_id"], order="care_region_id desc"),
            [(root.browse(),), (late,), (early,)],
        )
        card = self.read_by(self.reader, self.spa).care_card
        self.assertEqual(card["names"]["care_region_id"], "根 / 乙")
