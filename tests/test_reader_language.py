"""What the app says, in the language of who reads it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from ..models.complaint_mail.care_complaint_answer import AFTER_CLOSING, ANSWER
from .common import TierCase
from .common_plan import TODAY
from .common_satisfaction import SatisfactionCase

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
        self.assertEqual(row.reason, "Set manually")
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

    def test_name_of_a_review(self):
        review = self.review(compute=False)
        self.assertEqual(review.name, "2026-11 · Monthly amount")
        read = self.read_by(self.reader, review)
        for name in ("name", "display_name"):
            self.assertWorded(review, name)
            self.assertIn("2026-11", read[name])
        method = read.name.split()[-1]
        ours = [("id", "=", review.id)]
        self.assertEqual(read.search([*ours, ("name", "ilike", method)]), read)
        self.assertEqual(review.search([*ours, ("name", "=", review.name)]), review)
        self.assertFalse(review.search([*ours, ("name", "not ilike", "2026-11")]))
        review.method = "share"
        self.assertIn("2026-11", read.name)
        self.assertNotIn(method, read.name)

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


@tagged("post_install", "-at_install")
class TestWrittenToTheReader(SatisfactionCase, MailCase):
    """What an English user or a job writes to a Chinese colleague is Chinese. The
    colleague looks after everything: manager, team leader, handler, salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["customer_care"], ["zh_CN"])
        cls.reader = cls.make_user(
            "reader",
            "sales_team.group_sale_manager,account.group_account_invoice",
            lang="zh_CN",
        )
        cls.company.care_review_user_id = cls.reader
        cls.team.write({"manager_id": cls.reader.id, "member_ids": [Command.clear()]})
        cls.salon.user_id = cls.reader

    def activities(self, record):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "in", record.ids),
                ("user_id", "=", self.reader.id),
            ]
        )

    def assertWritten(self, record, *notes):
        """Activities of the record have Chinese summaries, and Chinese notes if asked.

        :return: the activities
        """
        found = self.activities(record)
        self.assertTrue(found)
        for activity in found:
            for name in ("summary", *notes):
                self.assertRegex(activity[name] or "", CHINESE)
        return found

    def notifications(self, since):
        return self.env["mail.message"].search(
            [
                ("id", ">", since.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.reader.partner_id.ids),
            ]
        )

    def assertTold(self, since):
        """Notifications to the reader are Chinese"""
        found = self.notifications(since)
        self.assertTrue(found)
        for message in found:
            self.assertRegex(message.body, CHINESE)

    def test_hours_are_those_of_the_policies(self):
        Indicator = self.env["care.indicator"]

        def definition():
            return Indicator._definitions(self.company)["reply_success"][2]

        self.assertNotRegex(definition(), r"\d")
        policy = self.policy(target="reply", hours=6)
        self.assertIn("6 hours", definition())
        self.policy(target="reply", hours=2.5)
        self.policy(target="resolve", hours=40)
        self.assertIn("2.5 to 6 hours", definition())
        policy.hours = 7
        self.assertIn("2.5 to 7 hours", definition())

    def last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1)

    def test_monthly_review(self):
        self.order(self.salon, 12_000, "2026-10-05")
        review = self.env["care.tier.review"]._review_month(self.company)
        self.assertWritten(review, "note")

    def test_documents(self):
        self.env.ref("account.group_account_invoice").sudo().all_user_ids.filtered(
            lambda user: user != self.reader and self.company in user.company_ids
        ).company_ids -= self.company
        plain = self.make_user("plain", "customer_care.group_user")
        complaint = self.complain(user_id=plain.id)
        complaint.with_user(plain).compensation_amount = 80
        for _time in range(2):
            complaint.with_user(plain).action_create_credit_note()
        asked = self.assertWritten(complaint)
        self.assertEqual(len(asked), 1, "once, in whatever language")

    def test_compensation(self):
        complaint = self.complain(user_id=self.rep.id)
        complaint.with_user(self.all).compensation_amount = 4000
        self.assertWritten(complaint)
        since = self.last_message()
        asked = self.complain(user_id=self.reader.id)
        asked.with_user(self.all).compensation_amount = 4000
        asked.with_user(self.manager)._decide_compensation("refused", "-")
        self.assertTold(since)

    def test_mail_to_a_merged_complaint(self):
        kept = self.complain(user_id=self.reader.id)
        merged = self.complain(user_id=self.rep.id)
        merged.sudo().write({"merged_into_id": kept.id})
        since = self.last_message()
        merged.message_post(body="-", message_type="comment")
        words = merged._care_in_language_of(self.reader).env._(
            "New message on %(merged)s, which was merged into %(kept)s",
            merged=merged.name,
            kept=kept.name,
        )
        self.assertEqual(self.notifications(since).subject, words)

    def test_answer_of_the_customer(self):
        for kind in (ANSWER, AFTER_CLOSING):
            complaint = self.complain(user_id=self.reader.id)
            complaint._tell_of_answer(kind)
            self.assertWritten(complaint)

    def test_dissatisfied_customer(self):
        complaint = self.complain(user_id=self.reader.id)
        complaint.outcome = "unsatisfied"
        complaint.with_context(lang="en_US")._care_react()
        self.assertWritten(complaint, "note")

    def test_follow_ups(self):
        for kind in ("low", "happy"):
            follow_up = self.env["care.follow.up"].create(
                {
                    "kind": kind,
                    "partner_id": self.salon.id,
                    "company_id": self.company.id,
                    "user_id": self.reader.id,
                }
            )
            follow_up._open_activity()
            self.assertWritten(follow_up)

    def test_complaint_of_a_low_score(self):
        self.company.care_low_action = "complaint"
        shop = self.customers(1, tier=self.A, user_id=self.reader.id)
        campaign = self.started(shop, quarantine_days=0)
        self.fill(self.answer_of(campaign, shop), 4)
        follow_up = self.env["care.follow.up"].search([("partner_id", "=", shop.id)])
        self.assertRegex(follow_up.complaint_id.subject, CHINESE)

    def test_missed_contacts(self):
        self.salon.care_tier_id = self.A
        self.generate()
        targets = self.targets(self.salon)
        self.Target.search([("state", "=", "missed")]).missed_told_on = TODAY
        targets.write({"state": "missed", "date_end": TODAY - timedelta(days=8)})
        targets.user_id = self.all
        since = self.last_message()
        self.Target._notify_missed()
        self.assertTold(since)

    def test_escalation(self):
        self.policy(escalation_ids=[Command.create({"action": "manager"})])
        with freeze_time("2026-11-09 00:00:00"):
            complaint = self.complain(user_id=self.rep.id)
            self.env.flush_all()
        with freeze_time("2026-11-10 06:00:00"), self.mock_mail_gateway():
            self.env["care.sla.status"]._escalate()
        self.assertWritten(complaint)

    def test_reminders_to_verify(self):
        self.A.write({"verify_days": 90, "verify_reminder": True})
        self.salon.care_tier_id = self.A
        self.env["res.partner"]._remind_to_verify(self.company)
        self.assertWritten(self.salon)

    def test_refused_export(self):
        log = self.env["care.protection.log"].with_user(self.rep)
        log._log("refused", 2, "English", "-")._notify_manager()
        self.assertWritten(self.rep.partner_id)
