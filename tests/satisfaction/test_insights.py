"""Results that go beyond the mean: sales, persons of an account, topics, waves."""

from datetime import timedelta

import numpy

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common_satisfaction import SatisfactionCase


class InsightCase(SatisfactionCase):
    def sell(self, partner, amount, days=30, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "state": "sale",
                "date_order": fields.Datetime.now() - timedelta(days=days),
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "price_unit": amount})
                ],
                **values,
            }
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Kit", "taxes_id": [(5,)], "invoice_policy": "order"}
        )

    def contact(self, shop, name, role=False, email=True):
        return self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": shop.id,
                "care_decision_role": role,
                "email": email and f"{name.lower()}@{shop.id}.example.com",
            }
        )

    def answers_of(self, campaign, shop):
        return {
            row.contact_id.name: row.user_input_id.sudo()
            for row in campaign.invitation_ids
            if row.partner_id == shop
        }


@tagged("post_install", "-at_install")
class TestSales(InsightCase):
    def test_by_sales(self):
        """Two unhappy customers buy nine tenths."""
        shops = self.customers(6, tier=self.A)
        sales = (4000, 5000, 300, 700, 0, 0)
        for shop, amount in zip(shops, sales, strict=True):
            if amount:
                self.sell(shop, amount)
        self.sell(shops[4], 9999, days=400)
        self.sell(shops[4], 9999, state="draft")
        campaign = self.started(shops)
        given = ((4, 1), (3, 3), (0, 10), (1, 9), (0, 10), (2, 7))
        for shop, (mark, nps) in zip(shops, given, strict=True):
            self.fill(self.answer_of(campaign, shop), mark, 4, 5 - mark, nps)
        results = campaign._results()
        plain, by_sales = results["weightings"]
        self.assertEqual((plain["key"], by_sales["key"]), ("answer", "sales"))
        values = numpy.array([0, 25, 100, 75, 100, 50])
        self.assertAlmostEqual(plain["score"]["value"], values.mean())
        self.assertAlmostEqual(
            by_sales["score"]["value"], numpy.average(values, weights=sales)
        )
        classes = [-100, -100, 100, 100, 100, 0]
        self.assertAlmostEqual(
            by_sales["nps"]["value"], numpy.average(classes, weights=sales)
        )
        perceived = numpy.average([1, 2, 5, 4, 5, 3], weights=sales)
        self.assertAlmostEqual(by_sales["ratio"]["value"], perceived / 4, delta=0.001)
        kish = sum(sales) ** 2 / sum(amount**2 for amount in sales)
        self.assertLessEqual(by_sales["score"]["effective"], kish + 1e-6)
        self.assertGreater(by_sales["score"]["effective"], 1)
        self.assertEqual(by_sales["score"]["count"], 4)
        self.assertEqual(by_sales["without"], 2)
        levels = {row["key"]: row["percent"] for row in by_sales["levels"]}
        self.assertAlmostEqual(levels["very_low"], 40)
        self.assertAlmostEqual(levels["low"], 50)
        self.assertAlmostEqual(sum(levels.values()), 100)
        self.assertEqual(results["levels"], plain["levels"])

    def test_strata_count_by_their_size(self):
        """Of the small tier all were asked, of the large one a tenth: a customer of it
        stands for ten."""
        small = self.customers(5, "Small", self.A)
        large = self.customers(50, "Large", self.D)
        for shop in small | large:
            self.sell(shop, 100)
        campaign = self.started(
            small | large, sample_mode="count", sample_size=10, stratum_minimum=5
        )
        for row in campaign.invitation_ids:
            mark = 0 if row.tier_id == self.A else 4
            self.fill(row.user_input_id.sudo(), mark, 4, 4, 9)
        results = campaign._results()
        self.assertEqual(
            [row["key"] for row in results["weightings"]], ["tier", "answer", "sales"]
        )
        tier, plain, sales = (row["score"]["value"] for row in results["weightings"])
        self.assertAlmostEqual(plain, 50)
        self.assertAlmostEqual(tier, 100 * 5 / 55)
        self.assertAlmostEqual(sales, 100 * 5 / 55)

    def test_at_risk(self):
        shops = self.customers(5, tier=self.A)
        other = self.customers(1, "Other", self.D)
        silent = self.customers(1, "Silent", self.A)
        for shop, amount in zip(
            shops | other | silent, (500, 300, 200, 100, 0, 50, 850), strict=True
        ):
            if amount:
                self.sell(shop, amount)
        campaign = self.started(shops | other | silent)
        given = ((3, 9), (0, 3), (1, 8), (0, 10), (4, 10))
        for shop, (mark, nps) in zip(shops, given, strict=True):
            self.fill(self.answer_of(campaign, shop), mark, 4, 4, nps)
        self.fill(self.answer_of(campaign, other), 4, 4, 4, 0)
        sales = campaign._results()["sales"]
        self.assertEqual(sales["customers"], 4)
        self.assertEqual(sales["amount"], 500 + 300 + 0 + 50)
        self.assertEqual(sales["answered"], 500 + 300 + 200 + 100 + 50)
        self.assertEqual(sales["audience"], 2000)
        self.assertEqual(sales["currency"], self.company.currency_id.id)
        self.assertEqual(
            {
                row["id"]: (row["customers"], row["amount"], row["audience"])
                for row in sales["rows"]
            },
            {self.A.id: (3, 800, 1950), self.D.id: (1, 50, 50)},
        )
        at_risk = shops[0] | shops[1] | shops[4] | other
        Partner = self.env["res.partner"]
        for tier, expected in (
            (None, at_risk),
            (self.A.id, at_risk - other),
            (self.D.id, other),
            (0, Partner),
        ):
            action = campaign.with_user(self.all).action_view_at_risk(tier)
            self.assertEqual(Partner.search(action["domain"]), expected, tier)
        Answer = self.env["care.answer"].with_user(self.all)
        mine = [("campaign_id", "=", campaign.id), ("at_risk", "=", True)]
        self.assertEqual(Answer.search(mine).partner_id, at_risk)
        found = Answer.search(mine)
        self.assertEqual(
            {row.partner_id: row.year_sales for row in found},
            {shops[0]: 500, shops[1]: 300, shops[4]: 0, other: 50},
        )
        self.company.care_low_score = 10
        self.env.flush_all()
        self.assertEqual(campaign._results()["sales"]["customers"], 3, "25 is not low")

    def test_sales_of_a_page_take_one_query(self):
        shops = self.customers(8, tier=self.A)
        campaign = self.started(shops)
        for shop in shops:
            self.sell(shop, 10)
            self.fill(self.answer_of(campaign, shop), 1, 4, 4, 9)
        self.env.flush_all()
        counts = []
        for size in (2, 8):
            self.env.invalidate_all()
            answers = self.env["care.answer"].search(
                [("campaign_id", "=", campaign.id)], limit=size
            )
            answers.mapped("partner_id.name")
            before = self.cr.sql_log_count
            self.assertEqual(set(answers.mapped("year_sales")), {10})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_queries_of_results_do_not_grow(self):
        counts = []
        for size in (3, 12):
            shops = self.customers(size, f"Grow{size}x", self.A)
            for shop in shops:
                self.contact(shop, f"Ann{shop.id}", "buyer")
                self.sell(shop, 10)
            campaign = self.started(shops, account_persons="all")
            for row in campaign.invitation_ids:
                self.fill(row.user_input_id.sudo(), 1, 4, 4, 9, "Late, too expensive")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            campaign._results()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_invoices_where_the_company_counts_them(self):
        self.company.care_review_source = "invoice"
        shops = self.customers(2, tier=self.A)
        self.sell(shops[0], 700)
        campaign = self.started(shops)
        self.fill(self.answer_of(campaign, shops[0]), 4, 4, 4, 0)
        self.assertEqual(campaign._results()["sales"]["amount"], 0)
        self.company.care_review_source = "sale"
        self.assertEqual(campaign._results()["sales"]["amount"], 700)

    def test_who_sees_them(self):
        shops = self.customers(2, tier=self.A, user_id=self.rep.id)
        campaign = self.started(shops)
        self.sell(shops[0], 700)
        self.fill(self.answer_of(campaign, shops[0]), 4, 4, 4, 0)
        for user in (self.rep, self.surveyor):
            with self.assertRaises(AccessError):
                campaign.with_user(user).action_view_at_risk()
            with self.assertRaises(AccessError):
                campaign.with_user(user).action_view_topic(0)
            with self.assertRaises(AccessError):
                campaign.with_user(user).read(["results"])
        mine = self.env["care.answer"].with_user(self.rep).search([])
        self.assertEqual(mine.partner_id, shops[0])
        self.assertEqual(mine.year_sales, 700)
        stranger = new_test_user(
            self.env,
            "care_stranger",
            groups="customer_care.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertFalse(self.env["care.answer"].with_user(stranger).search([]))
        self.assertEqual(
            shops.with_user(stranger)._care_year_sales(self.company),
            {},
            "sales of customers of others",
        )

    def test_anonymous(self):
        shops = self.customers(9, tier=self.A)
        for shop in shops:
            self.sell(shop, 100)
        campaign = self.started(shops, anonymous=True)
        for row in campaign.invitation_ids:
            token = self.env["care.survey.token"]._find(row._survey_token())
            self.fill(token._hand_in("en_US"), 4, 4, 4, 0, "Late again, price too high")
        self.publish()
        results = campaign._results()
        self.assertEqual(results["answers"], 9)
        self.assertFalse(results["sales"])
        self.assertFalse(results["accounts"])
        self.assertEqual([row["key"] for row in results["weightings"]], ["answer"])
        for topic in results["topics"]:
            self.assertIsNone(topic["score"])
            self.assertIsNone(topic["negative"])
            self.assertEqual({row["customer"] for row in topic["comments"]}, {False})
        for method in ("action_view_at_risk", "action_view_topic"):
            args = [0] if method == "action_view_topic" else []
            with self.assertRaises(UserError):
                getattr(campaign, method)(*args)


@tagged("post_install", "-at_install")
class TestAccounts(InsightCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customers(1, "Firm", cls.A)

    def people(self):
        shop = self.shop
        return {
            "boss": self.contact(shop, "Boss", "decision_maker"),
            "buyer": self.contact(shop, "Buyer", "buyer"),
            "second": self.contact(shop, "Second", "buyer"),
            "user": self.contact(shop, "User", "user"),
            "plain": self.contact(shop, "Plain"),
            "mute": self.contact(shop, "Mute", "finance", email=False),
        }

    def asked(self, mode, **values):
        campaign = self.campaign(self.shop, account_persons=mode, **values)
        campaign.action_sample()
        return campaign

    def test_whom_to_ask(self):
        people = self.people()
        for mode, expected in (
            ("main", {"Boss"}),
            ("role", {"Boss", "Buyer", "User"}),
            ("all", {"Boss", "Buyer", "Second", "User", "Plain", "Firm 0"}),
        ):
            campaign = self.asked(mode)
            rows = campaign.invitation_ids
            self.assertEqual(set(rows.contact_id.mapped("name")), expected, mode)
            self.assertEqual(rows.partner_id, self.shop)
            self.assertEqual(rows.tier_id, self.A)
            self.assertEqual(len(rows.filtered("further")), len(expected) - 1)
            self.assertEqual(campaign.audience_count, 1)
        people["user"].care_survey_opt_out = True
        people["buyer"].email = people["boss"].email
        rows = self.asked("role").invitation_ids
        self.assertEqual(set(rows.contact_id.mapped("name")), {"Boss", "Second"})

    def test_phone(self):
        people = self.people()
        people["boss"].phone = "1"
        people["user"].phone = "2"
        rows = self.asked("all", channel="phone").invitation_ids
        self.assertEqual(rows.contact_id, people["boss"] | people["user"])
        self.assertEqual(set(rows.mapped("channel")), {"phone"})

    def test_sent_to_all_at_once_and_checked_again(self):
        people = self.people()
        campaign = self.asked("all")
        people["plain"].care_survey_opt_out = True
        other = self.campaign(self.shop, quarantine_days=0)
        other.action_sample()
        campaign.action_send()
        self.run_job()
        states = {row.contact_id.name: row.state for row in campaign.invitation_ids}
        self.assertEqual(states.pop("Plain"), "skipped")
        self.assertEqual(set(states.values()), {"sent"})
        self.assertEqual(len(campaign.invitation_ids.user_input_id.sudo()), len(states))

    def test_further_persons_in_quarantine(self):
        self.people()
        campaign = self.asked("role")
        other = self.started(self.shop, quarantine_days=0)
        self.assertEqual(other.invitation_ids.state, "sent")
        campaign.action_send()
        self.run_job()
        self.assertEqual(set(campaign.invitation_ids.mapped("state")), {"skipped"})
        self.assertEqual(
            set(campaign.invitation_ids.mapped("skip_reason")), {"quarantine"}
        )

    def test_not_anonymous(self):
        with self.assertRaises(ValidationError):
            self.campaign(self.shop, anonymous=True, account_persons="all")
        campaign = self.started(self.shop)
        with self.assertRaises(UserError):
            campaign.account_persons = "all"

    def test_one_account_counts_once(self):
        """Nine of ten persons of one firm are unhappy; nine other firms are happy."""
        self.people()
        others = self.customers(9, "Other", self.A)
        campaign = self.started(self.shop | others, account_persons="all")
        firm = self.answers_of(campaign, self.shop)
        self.assertEqual(len(firm), 6)
        marks = {"Boss": (4, 0), "Buyer": (4, 0), "User": (0, 10)}
        for name, (mark, nps) in marks.items():
            self.fill(firm[name], mark, 4, 5 - mark, nps, "Late")
        for shop in others:
            self.fill(self.answer_of(campaign, shop), 0, 4, 5, 10)
        results = campaign._results()
        self.assertEqual(results["answers"], 12)
        score, nps = results["score"], results["nps"]
        self.assertEqual((score["count"], nps["count"]), (10, 10))
        self.assertAlmostEqual(score["value"], (900 + 100 / 3) / 10)
        self.assertAlmostEqual(nps["value"], (900 - 100 / 3) / 10)
        self.assertEqual((nps["promoters"], nps["detractors"]), (10, 2))
        levels = {row["key"]: row["count"] for row in results["levels"]}
        self.assertEqual(levels["very_high"], 9)
        self.assertEqual(levels["low"], 1)
        [service] = results["dimensions"]
        self.assertEqual(service["count"], 10)
        self.assertAlmostEqual(service["satisfaction"], (900 + 100 / 3) / 10)
        accounts = results["accounts"]
        self.assertEqual(
            [accounts[name] for name in ("persons", "accounts", "several")],
            [12, 10, 1],
        )
        self.assertEqual(accounts["split_count"], 1)
        [split] = accounts["split"]
        self.assertEqual((split["id"], split["spread"]), (self.shop.id, 100))
        self.assertEqual(
            [(row["name"], row["role"], row["score"]) for row in split["persons"]],
            [
                ("User", "End User", 100),
                ("Boss", "Decision Maker", 0),
                ("Buyer", "Buyer", 0),
            ],
        )
        answer = self.env["care.answer"].browse(firm["Boss"].id)
        self.assertEqual(answer.decision_role, "decision_maker")
        self.assertEqual(self.shop.care_satisfaction, 33.3)
        self.assertEqual(self.shop.care_nps, "0")
        sales = results["sales"]
        self.assertEqual(sales["customers"], 1, "33 of 100 is low")

    def test_interval_is_that_of_accounts(self):
        """Persons of an account agree, so asking more of them says nothing more."""
        shops = self.customers(6, "Pair", self.A)
        for shop in shops:
            self.contact(shop, f"Ann{shop.id}", "buyer")
        widths = []
        for mode in ("main", "all"):
            campaign = self.started(shops, account_persons=mode, quarantine_days=0)
            for row in campaign.invitation_ids:
                mark = 0 if row.partner_id in shops[:3] else 2
                self.fill(row.user_input_id.sudo(), mark, 4, 4, 9)
            campaign.sudo().strata = False
            campaign.sudo().audience_count = 0
            score = campaign._results()["score"]
            widths.append((score["value"], score["low"], score["high"]))
        self.assertEqual(widths[0], widths[1])


@tagged("post_install", "-at_install")
class TestTopicsOfComments(InsightCase):
    def setUp(self):
        super().setUp()
        self.env["care.comment.topic"].search([]).active = False
        self.price, self.delivery = self.env["care.comment.topic"].create(
            [
                {"name": "Price", "keywords": "price*, 贵", "sequence": 1},
                {"name": "Delivery", "keywords": "deliver*, late, 送货", "sequence": 2},
            ]
        )

    def test_by_topic(self):
        shops = self.customers(5, tier=self.A)
        campaign = self.started(shops)
        words = (
            (4, 0, "Late, and the prices!"),
            (0, 10, "送货很快"),
            (2, 8, "太贵"),
            (1, 9, "Thank you"),
            (1, 9, ""),
        )
        for shop, (mark, nps, said) in zip(shops, words, strict=True):
            self.fill(self.answer_of(campaign, shop), mark, 4, 4, nps, said)
        topics = campaign._results()["topics"]
        self.assertEqual(
            [
                (row["name"], row["count"], row["score"], row["negative"])
                for row in topics
            ],
            [
                ("Price", 2, 25, 50),
                ("Delivery", 2, 50, 50),
                ("Other", 1, 75, 0),
            ],
        )
        self.assertEqual(
            {row["words"] for row in topics[0]["comments"]},
            {"Late, and the prices!", "太贵"},
        )
        for topic, expected in (
            (self.price, shops[0] | shops[2]),
            (self.delivery, shops[0] | shops[1]),
            (None, shops[3]),
        ):
            action = campaign.with_user(self.all).action_view_topic(
                topic.id if topic else 0
            )
            found = self.env["care.answer"].search(action["domain"])
            self.assertEqual(found.partner_id, expected)
        self.delivery.keywords = "nothing"
        self.price.dimension = False
        self.assertEqual(
            {row["name"]: row["count"] for row in campaign._results()["topics"]},
            {"Price": 2, "Other": 2},
        )

    def test_subject_of_the_question(self):
        self.words.care_dimension = "price"
        self.price.dimension = "price"
        shop = self.customers(1, tier=self.A)
        campaign = self.started(shop)
        self.fill(self.answer_of(campaign, shop), 1, 4, 4, 9, "Fine")
        [topic] = campaign._results()["topics"]
        self.assertEqual(topic["name"], "Price")

    def test_few_comments_of_anonymous_topics_are_not_told(self):
        shops = self.customers(12, tier=self.A)
        campaign = self.started(shops, anonymous=True)
        said = ["Late"] * 5 + ["price"] * 4 + [""] * 3
        for row, words in zip(campaign.invitation_ids, said, strict=True):
            token = self.env["care.survey.token"]._find(row._survey_token())
            self.fill(token._hand_in("en_US"), 1, 4, 4, 9, words)
        self.assertFalse(campaign._results()["topics"])
        self.publish()
        topics = campaign._results()["topics"]
        found = [(row["name"], row["count"]) for row in topics]
        self.assertEqual(found, [("Delivery", 5)])

    def test_ready_topics_in_both_languages(self):
        topics = self.env["care.comment.topic"].with_context(active_test=False)
        ready = topics.search([("id", "not in", (self.price | self.delivery).ids)])
        self.assertGreaterEqual(len(ready), 8)
        (self.price | self.delivery).active = False
        ready.active = True
        for said in (
            "The price is too high",
            "价格太贵",
            "Deliveries came late",
            "送货慢",
            "Nobody told us",
            "没有通知我们",
            "The training was great",
            "培训很好",
            "质量不好",
            "poor quality",
            "服务态度差",
            "发票错了",
            "the invoice was wrong",
        ):
            found = topics._match_all([(1, said, False)])
            self.assertNotIn(None, found, said)


@tagged("post_install", "-at_install")
class TestWaves(InsightCase):
    def wave(self, shop, marks, day, **values):
        campaign = self.started(shop, quarantine_days=0, **values)
        rows = campaign.invitation_ids.sorted("id")
        for row, mark in zip(rows, marks, strict=True):
            answer = self.fill(row.user_input_id.sudo(), mark, 4, 4, 9)
            answer._care_write({"end_datetime": f"{day} 12:00:00"})
        return campaign

    def test_history_and_fell(self):
        up, down, same, once = self.customers(4, tier=self.A)
        for shop, marks in ((up, (3, 1)), (down, (0, 2)), (same, (1, 1)), (once, (1,))):
            for mark, day in zip(marks, ("2026-03-01", "2026-08-01"), strict=False):
                self.wave(shop, [mark], day)
        self.env.flush_all()
        self.env.invalidate_all()
        mine = [("id", "in", (up | down | same | once).ids)]
        for trend, expected in (("down", down), ("up", up), ("same", same)):
            found = self.env["res.partner"].search(
                [*mine, ("care_satisfaction_trend", "=", trend)]
            )
            self.assertEqual(found, expected)
            self.assertEqual(expected.care_satisfaction_trend, trend)
        card = down._care_card_values()
        self.assertEqual(
            [(wave["score"], wave["low"]) for wave in card["satisfaction_waves"]],
            [(100, None), (50, None)],
        )
        self.assertEqual(
            card["satisfaction_change"], {"value": -50, "significant": False}
        )
        self.assertEqual(card["satisfaction_trend"], "down")
        unset = self.env["res.partner"].search(
            [*mine, ("care_satisfaction_trend", "=", False)]
        )
        self.assertEqual(unset, once)
        self.assertFalse(once._care_card_values()["satisfaction_change"])

    def test_persons_of_a_campaign_are_one_wave(self):
        """Else the buyer would be compared with the user."""
        shop = self.customers(1, tier=self.A)
        for number in range(7):
            self.contact(shop, f"Person{number}")
        self.wave(shop, [0] * 8, "2026-03-01", account_persons="all")
        self.wave(shop, [4] * 7 + [2], "2026-08-01", account_persons="all")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(shop.care_satisfaction, 6.3)
        self.assertEqual(shop.care_satisfaction_trend, "down")
        card = shop._care_card_values()
        before, now = card["satisfaction_waves"]
        self.assertEqual((before["score"], len(before["persons"])), (100, 8))
        self.assertEqual(now["score"], 6.25)
        self.assertLess(now["low"], 6.25)
        self.assertGreater(now["high"], 6.25)
        self.assertTrue(now["disagree"])
        self.assertEqual(
            card["satisfaction_change"], {"value": -93.75, "significant": True}
        )
        self.assertEqual(
            self.env["res.partner"].search(
                [("id", "=", shop.id), ("care_satisfaction_trend", "=", "down")]
            ),
            shop,
        )

    def test_own_customers_only(self):
        shop = self.customers(1, tier=self.A)
        for mark, day in ((0, "2026-03-01"), (4, "2026-08-01")):
            self.wave(shop, [mark], day)
        self.env.flush_all()
        domain = [("id", "=", shop.id), ("care_satisfaction_trend", "=", "down")]
        Partner = self.env["res.partner"]
        self.assertEqual(Partner.with_user(self.all).search(domain), shop)
        self.assertFalse(Partner.with_user(self.rep).search(domain))
        card = shop.with_user(self.rep)._care_card_values()
        self.assertFalse(card["satisfaction_waves"])
        shop.user_id = self.rep
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(Partner.with_user(self.rep).search(domain), shop)
