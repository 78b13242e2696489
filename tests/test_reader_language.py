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
