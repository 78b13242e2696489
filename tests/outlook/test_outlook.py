from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.outlook import care_outlook_refresh
from ...models.outlook.outlook_rows import _array
from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlook(OutlookCase):
    def values(self, *names):
        """{customer: values} of all rows"""
        self.env.invalidate_all()
        return {
            row.partner_id: [row[name] for name in names]
            for row in self.Outlook.search([("company_id", "=", self.company.id)])
        }

    # Rows --------------------------------------------------------------

    def test_values_reach_the_database_as_they_are(self):
        texts = ['say "so"', "back\\slash\\", "{a, b}", "", "NULL", " 'x'\n", None]
        for values, kind in (
            (texts, "text"),
            ([1.5, -1e-12, 1e300, None], "float8"),
            ([True, False, None], "bool"),
            ([self.today, None], "date"),
            ([], "int"),
        ):
            self.env.cr.execute(f"SELECT %s::{kind}[]", [_array(values, kind)])
            self.assertEqual(self.env.cr.fetchone()[0], values)

    def test_regular_customer(self):
        self.refresh()
        row = self.row(self.mine)
        self.assertEqual(row.order_count, 8)
        self.assertEqual(row.interval_median, 20)
        self.assertEqual(row.silence_days, 18)
        self.assertAlmostEqual(row.silence_ratio, 0.9)
        self.assertEqual(row.next_order_date, self.today + timedelta(days=2))
        self.assertLessEqual(row.next_order_from, row.next_order_date)
        self.assertGreaterEqual(row.next_order_to, row.next_order_date)
        self.assertAlmostEqual(row.next_amount, 100)
        self.assertEqual(row.user_id, self.rep)

    def test_silent_customer_is_at_higher_risk(self):
        self.refresh()
        mine, theirs = self.row(self.mine), self.row(self.theirs)
        self.assertGreater(theirs.risk, mine.risk)
        for row in mine | theirs:
            self.assertTrue(0 <= row.risk <= 100)
        self.assertIn("30", theirs.reason)
        self.assertIn("100", theirs.reason)

    def test_reasons_are_worded_in_the_language_of_the_reader(self):
        self.refresh()
        row = self.row(self.theirs)
        self.env["res.lang"]._activate_lang("zh_CN")
        english = row.with_context(lang="en_US").reason
        self.assertTrue(english)
        self.assertTrue(all(isinstance(reason, dict) for reason in row.reasons))

    def test_as_of_a_past_day_nothing_later_is_known(self):
        past = self.today - timedelta(days=60)
        late = self.customer("Late")
        self.orders(late, (30, 10))
        names = ("order_count", "last_order_date", "risk", "next_order_date", "reasons")
        self.refresh(past)
        before = self.values(*names)
        self.assertNotIn(late, before)
        self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", ">=", str(past)),
            ]
        ).state = "cancel"
        self.env["care.complaint.team"].create(
            {"name": "Team", "company_id": self.company.id}
        )
        self.refresh(past)
        self.assertEqual(self.values(*names), before)
        self.assertEqual(before[self.mine][0], 5)

    def test_orders_of_the_day_count_tomorrow(self):
        self.orders(self.mine, (0,))
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 8)
        self.refresh(self.today + timedelta(days=1))
        self.assertEqual(self.row(self.mine).order_count, 9)

    # Bad input ---------------------------------------------------------

    def test_customers_without_a_rhythm(self):
        nobody, once, one_day, future, returns, yearly = (
            self.customer(name) for name in ("N", "O", "D", "F", "R", "Y")
        )
        self.orders(once, (40,))
        self.orders(one_day, (40, 40, 40))
        self.orders(future, (-30,))
        self.orders(returns, (60, 40))
        self.orders(returns, (39,), amount=-500)
        self.orders(yearly, (120, 485, 850, 1215))
        self.refresh()
        self.assertFalse(self.row(nobody))
        self.assertFalse(self.row(future))
        for partner in (once, one_day):
            row = self.row(partner)
            self.assertEqual(row.order_count, 1)
            self.assertIn("one order", row.reason)
        row = self.row(returns)
        self.assertEqual(row.order_count, 2)
        self.assertGreaterEqual(row.next_amount, 0)
        row = self.row(yearly)
        self.assertEqual(row.interval_median, 365)
        self.assertLess(row.silence_ratio, 0.5)
        self.assertNotEqual(row.risk_band, "high")
        self.assertGreater(row.next_order_date, self.today)

    def test_deleted_orders(self):
        self.refresh()
        orders = self.env["sale.order"].search([("partner_id", "=", self.mine.id)])
        gone = orders[:3]
        gone._action_cancel()
        gone.unlink()
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 5)
        rest = orders - gone
        rest._action_cancel()
        rest.unlink()
        self.refresh()
        self.assertFalse(self.row(self.mine))
        self.assertFalse(self.reorder(self.mine))

    def test_forty_percent_of_the_orders_are_deleted(self):
        buyers = self.env["res.partner"]
        for number in range(10):
            buyer = self.customer(f"B{number}")
            self.orders(buyer, range(5 + number, 250, 24))
            buyers |= buyer
        self.Outlook._train(companies=self.company)
        self.refresh()
        orders = self.env["sale.order"].search([("partner_id", "in", buyers.ids)])
        gone = orders.filtered(lambda order: order.id % 5 < 2)
        self.assertGreater(len(gone), 0.35 * len(orders))
        gone._action_cancel()
        gone.unlink()
        self.Outlook._train(companies=self.company)
        self.refresh()
        left = (orders - gone).grouped("partner_id")
        self.assertEqual(
            {buyer: self.row(buyer).order_count for buyer in buyers},
            {buyer: len(left.get(buyer, ())) for buyer in buyers},
        )
        for row in self.Outlook.search([("partner_id", "in", buyers.ids)]):
            self.assertTrue(0 <= row.risk <= 100)
            self.assertGreater(row.last_order_date, self.today - timedelta(days=250))

    def test_order_in_the_future_is_not_known_yet(self):
        self.refresh()
        before = self.values("order_count", "last_order_date", "risk", "reasons")
        self.orders(self.mine, (-30, -400), amount=9999)
        self.refresh()
        after = self.values("order_count", "last_order_date", "risk", "reasons")
        self.assertEqual(after, before)

    def test_returns_bigger_than_sales(self):
        self.orders(self.mine, (2,), amount=-5000)
        self.refresh()
        row = self.row(self.mine)
        self.assertIn("Returned more than it bought", row.reason)
        self.assertTrue(0 <= row.risk <= 100)
        self.assertEqual(row.order_count, 8, "a return is no order")
        self.assertEqual(row.last_order_date, self.today - timedelta(days=18))
        self.assertAlmostEqual(row.next_amount, 100)
        self.assertGreaterEqual(row.year_amount, 0)

    def test_change_of_currency_is_no_fall(self):
        """Dear ones before, cheap ones now: the amounts are of the same worth."""
        foreign = self.env["res.currency"].create(
            {"name": "FRN", "symbol": "F", "rounding": 0.01}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "F", "currency_id": foreign.id, "company_id": self.company.id}
        )
        buyer = self.customer("Abroad")
        before = self.orders(
            buyer, (100, 120, 140, 160), 1000, pricelist_id=pricelist.id
        )
        self.orders(buyer, (10, 30, 50, 70), 100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 10 WHERE id = ANY(%s)", [before.ids]
        )
        self.refresh()
        row = self.row(buyer)
        self.assertAlmostEqual(row.next_amount, 100)
        self.assertAlmostEqual(row.year_amount, 800)
        self.assertNotIn("less than", row.reason or "")

    def test_customer_that_is_split(self):
        """A shop leaves its company: both are customers with orders of their own."""
        shop = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.mine.id, "is_company": False}
        )
        self.orders(shop, (8, 28))
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 10)
        shop.write({"parent_id": False, "is_company": True})
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 8)
        self.assertEqual(self.row(shop).order_count, 2)

    def test_without_a_model_the_own_interval_measures_the_silence(self):
        weekly, few = self.customer("Weekly"), self.customer("Few")
        self.orders(weekly, range(21, 150, 7))
        self.orders(few, (21, 28))
        self.refresh()
        self.assertEqual(self.row(weekly).risk_rule, "simple")
        self.assertEqual(self.row(weekly).risk_band, "high")
        self.assertEqual(self.row(few).risk_band, "low")

    def test_contacts_order_for_their_company(self):
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.mine.id}
        )
        self.orders(buyer, (8,))
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 9)
        self.assertFalse(self.row(buyer))

    def test_merged_customers(self):
        twin = self.customer("Twin", user_id=self.rep.id)
        self.orders(twin, (8,))
        self.refresh()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.mine | twin).ids, self.mine
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(len(self.row(self.mine)), 1)
        self.refresh()
        self.assertEqual(self.row(self.mine).order_count, 9)

    def test_amounts_in_the_currency_of_the_company(self):
        foreign = self.env["res.currency"].create(
            {"name": "FRN", "symbol": "F", "rounding": 0.01}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "F", "currency_id": foreign.id, "company_id": self.company.id}
        )
        buyer = self.customer("Abroad")
        orders = self.orders(buyer, (10, 30, 50, 70), pricelist_id=pricelist.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 4 WHERE id = ANY(%s)", [orders.ids]
        )
        self.refresh()
        self.assertAlmostEqual(self.row(buyer).next_amount, 25)

    # Companies and rights ------------------------------------------------

    def test_each_company_has_its_own_rows(self):
        self.orders(self.mine, (50, 40), company_id=self.other_company.id)
        self.Outlook._refresh(companies=self.company | self.other_company)
        env = self.env(
            context=dict(
                self.env.context,
                allowed_company_ids=(self.company | self.other_company).ids,
            )
        )
        counts = {
            row.company_id: row.order_count
            for row in env["care.outlook"].search([("partner_id", "=", self.mine.id)])
        }
        self.assertEqual(counts, {self.company: 8, self.other_company: 2})
        seen = self.Outlook.with_user(self.manager).search([])
        self.assertEqual(seen.company_id, self.company)

    def test_own_customers_only(self):
        self.refresh()
        for user, seen in (
            (self.rep, self.mine),
            (self.all, self.mine | self.theirs),
        ):
            for model in (self.Outlook, self.Reorder):
                rows = model.with_user(user).search([])
                self.assertEqual(rows.partner_id, seen)
        row = self.row(self.theirs).with_user(self.rep)
        with self.assertRaises(AccessError):
            row.read(["risk"])
        with self.assertRaises(AccessError):
            self.reorder(self.theirs).with_user(self.rep).action_make_quotation()
        with self.assertRaises(AccessError):
            self.Outlook.with_user(self.manager).create(
                {"partner_id": self.mine.id, "company_id": self.company.id}
            )

    def test_fields_of_customers_follow_the_reader(self):
        self.refresh()
        for user, seen in ((self.rep, False), (self.all, True)):
            theirs = self.theirs.with_user(user)
            self.assertEqual(bool(theirs.care_risk_band), seen)
            self.assertEqual(bool(theirs.care_outlook_reason), seen)
            found = theirs.search(
                [
                    ("care_risk", ">", 0),
                    ("id", "in", (self.mine | self.theirs).ids),
                ]
            )
            self.assertEqual(self.theirs in found, seen)
            groups = theirs.formatted_read_group(
                [("id", "in", self.theirs.ids)], ["care_risk_band"], ["__count"]
            )
            self.assertEqual(bool(groups[0]["care_risk_band"]), seen)

    # The job -------------------------------------------------------------

    def test_batches_give_the_same_rows(self):
        names = ("order_count", "risk", "next_order_date", "next_amount", "reasons")
        self.refresh()
        whole = self.values(*names)
        self.Outlook.search([]).sudo().unlink()
        with patch.object(care_outlook_refresh, "OUTLOOK_BATCH", 1):
            self.refresh()
        self.assertEqual(self.values(*names), whole)

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_outlook").method_direct_trigger()
        self.env.invalidate_all()

    def test_killed_in_the_middle_it_goes_on(self):
        refresh = type(self.Outlook)._refresh_batch
        places = []

        def killed(outlook, company, place, *args):
            if company == self.company:
                places.append(place)
                if len(places) == 3:
                    raise KeyboardInterrupt
            return refresh(outlook, company, place, *args)

        customers = self.env["res.partner"].search_count(
            [("commercial_partner_id.active", "=", True), ("parent_id", "=", False)]
        )
        with (
            patch.object(care_outlook_refresh, "OUTLOOK_BATCH", customers // 4),
            patch.object(type(self.Outlook), "_refresh_batch", killed),
        ):
            with suppress(KeyboardInterrupt):  # assertRaises would roll back
                self.run_job()
            self.assertEqual(len(places), 3)
            self.run_job()
        self.assertEqual(places[2], places[3])
        self.assertEqual(len(places), len(set(places)) + 1)
        self.assertEqual(self.row(self.mine).order_count, 8)
        self.assertEqual(self.env["care.job"]._place("outlook customer"), 0)
        self.assertEqual(self.env["care.job"]._place("outlook company"), 0)

    def cases(self):
        self.env.invalidate_all()
        return self.env["care.risk.case"].search([("company_id", "=", self.company.id)])

    def test_night_opens_cases_once(self):
        self.company.care_risk_threshold = 50
        before = self.cases()
        self.run_job()
        case = self.cases() - before
        self.assertEqual(case.partner_id, self.theirs)
        self.assertEqual(case.opened_by, "job")
        row = self.row(self.theirs)
        self.assertAlmostEqual(case.risk, row.risk, 1)
        self.assertEqual(case.reasons, row.reasons)
        self.run_job()
        self.assertEqual(self.cases() - before, case)

    def test_past_day_opens_no_case(self):
        self.company.care_risk_threshold = 50
        before = self.cases()
        self.refresh(self.today - timedelta(days=1))
        self.assertGreater(self.row(self.theirs).risk, 50)
        self.assertEqual(self.cases(), before)
        self.refresh(self.today)
        self.assertEqual((self.cases() - before).partner_id, self.theirs)

    def test_case_that_cannot_be_opened_leaves_the_rows(self):
        def fail(*_args):
            raise ValueError("broken")

        with (
            patch.object(type(self.env["care.risk.case"]), "_open_for_risk", fail),
            self.assertLogs("odoo.addons.customer_care", "WARNING"),
        ):
            self.run_job()
        self.assertEqual(self.row(self.mine).order_count, 8)

    def test_number_of_queries_does_not_depend_on_customers(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - before

        self.orders(self.customer("Few"), (10, 30))
        queries()
        few = queries()
        for number in range(10):
            self.orders(self.customer(f"C{number}"), (10, 30, 50))
        queries()
        self.assertEqual(queries(), few)

    def test_feature_off_nothing_is_done(self):
        self.env["res.groups"]._switch_care_features(outlook=False)
        self.refresh()
        self.Outlook._train(companies=self.company)
        self.assertFalse(self.row(self.mine))

    # Reorders ------------------------------------------------------------

    def test_reorder_is_due_by_own_interval(self):
        self.refresh()
        reorder = self.reorder(self.mine)
        self.assertEqual(reorder.interval_source, "own")
        self.assertEqual(reorder.due_date, self.today + timedelta(days=2))
        self.assertIn(reorder, self.Reorder.search(self.Reorder._due(self.today)))
        later = self.customer("Later")
        self.orders(later, (5, 65, 125, 185))
        self.refresh()
        self.assertNotIn(
            self.reorder(later), self.Reorder.search(self.Reorder._due(self.today))
        )

    def test_below_three_intervals_similar_customers_decide(self):
        for number in range(3):
            self.orders(self.customer(f"C{number}"), range(5, 100, 20))
        new = self.customer("New")
        self.orders(new, (19,))
        self.refresh()
        reorder = self.reorder(new)
        self.assertEqual(reorder.interval_source, "segment")
        self.assertEqual(reorder.interval_median, 20)
        self.assertEqual(reorder.due_date, self.today + timedelta(days=1))
        lonely = self.customer("Lonely")
        self.orders(lonely, (19,), product=self.mask_product)
        self.refresh()
        self.assertFalse(self.reorder(lonely, self.mask).due_date)

    def test_counted_stock_decides(self):
        self.env["care.stock.count"].with_user(self.rep).create(
            {
                "partner_id": self.mine.id,
                "category_id": self.serum.id,
                "date": self.today - timedelta(days=1),
                "quantity": 3,
            }
        )
        self.refresh()
        reorder = self.reorder(self.mine)
        self.assertEqual(reorder.interval_source, "stock")
        self.assertEqual(reorder.due_date, self.today + timedelta(days=59))

    def test_quotation_with_usual_goods(self):
        other = self.goods("Night Serum", self.serum)
        self.orders(self.mine, (17, 16, 15), quantity=6, product=other)
        self.refresh()
        reorder = self.reorder(self.mine).with_user(self.rep)
        action = reorder.action_make_quotation()
        order = self.env["sale.order"].with_user(self.rep).browse(action["res_id"])
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.partner_id, self.mine)
        self.assertEqual(order.create_uid, self.rep)
        self.assertEqual(
            {line.product_id: line.product_uom_qty for line in order.order_line},
            {other: 6},
        )
        again = reorder.action_make_quotation()
        self.assertEqual(again["res_id"], order.id)
        self.assertIn(other.name, reorder.goods)

    def test_taken_off_when_ordered_and_back_when_cancelled(self):
        self.refresh()
        reorder = self.reorder(self.mine)
        due = self.Reorder._due(self.today)
        order = self.env["sale.order"].browse(
            reorder.with_user(self.rep).action_make_quotation()["res_id"]
        )
        self.assertIn(reorder, self.Reorder.search(due))
        order.with_user(self.rep).action_confirm()
        self.assertNotIn(reorder, self.Reorder.search(due))
        order._action_cancel()
        self.assertIn(reorder, self.Reorder.search(due))
        order.action_draft()
        order.action_confirm()
        self.refresh(self.today + timedelta(days=1))
        self.assertEqual(reorder.due_date, reorder.last_order_date + timedelta(days=20))
        self.assertFalse(reorder.ordered_on)

    def test_best_tier_first(self):
        self.mine.care_tier_id, self.theirs.care_tier_id = self.C, self.A
        self.orders(self.theirs, range(25, 116, 30), product=self.mask_product)
        self.refresh()
        rows = self.Reorder.search(self.Reorder._due(self.today))
        self.assertEqual(
            rows.mapped("partner_id.name"), ["Theirs", "Mine"], rows.mapped("due_date")
        )

    def test_reason_to_call(self):
        self.refresh()
        reasons = self.mine.with_user(self.rep)._care_reasons_to_call()
        self.assertIn("Serum", reasons[self.mine])
        self.orders(self.mine, (0,))
        self.assertNotIn(
            self.mine, self.mine.with_user(self.rep)._care_reasons_to_call()
        )

    def test_brief_and_card(self):
        self.refresh()
        mine = self.mine.with_user(self.rep)
        self.assertIn("Serum", mine.care_brief)
        self.assertEqual(mine.care_card["outlook"]["band"], mine.care_risk_band)
        self.assertFalse(self.theirs.with_user(self.rep).care_card["outlook"])


@tagged("post_install", "-at_install")
class TestOutlookModel(OutlookCase):
    """A company whose customers order every week or stop for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(120)]
        )
        for number, partner in enumerate(cls.crowd):
            # Every third one orders rarely, and long silence is usual with it.
            step = 60 if number % 3 == 0 else 10
            end = (30, 100, 190, 280)[number % 4] if number % 3 else 5 + number % 50
            cls.orders(partner, range(end, 360, step))

    def check(self):
        return self.env["care.outlook.check"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def test_hit_rate(self):
        self.Outlook._train(companies=self.company)
        check = self.check()
        self.assertEqual(check.date, self.today - timedelta(days=91))
        self.assertGreater(check.customer_count, 100)
        self.assertTrue(0.5 < check.auc <= 1)
        self.assertTrue(0 <= check.brier < 0.25)
        self.assertGreater(check.top_share, 30)
        self.assertEqual(
            sum(count for count, *_shares in check.calibration), check.customer_count
        )
        self.assertIn("%", check.summary)
        self.assertTrue(check.calibration_html)
        self.Outlook._train(companies=self.company)
        self.assertEqual(
            self.env["care.outlook.check"].search_count(
                [("company_id", "=", self.company.id)]
            ),
            1,
        )

    def test_trained_model_is_used(self):
        self.Outlook._train(companies=self.company)
        self.refresh()
        rule = self.check().rule_used
        rows = self.Outlook.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(rows.mapped("risk_rule")), {rule})

    def test_nobody_reads_the_numbers_of_the_model(self):
        self.Outlook._train(companies=self.company)
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                self.env["care.outlook.model"].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.env["care.outlook.check"].with_user(self.rep).search([])

    def test_company_younger_than_a_quarter_uses_the_simple_rule(self):
        self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", "<", str(self.today - timedelta(days=80))),
            ]
        ).state = "cancel"
        self.Outlook._train(companies=self.company)
        self.assertFalse(self.check())
        self.refresh()
        rows = self.Outlook.search([("company_id", "=", self.company.id)])
        self.assertTrue(rows)
        self.assertEqual(set(rows.mapped("risk_rule")), {"simple"})

    def test_training_reads_nothing_later(self):
        past = self.today - timedelta(days=50)
        self.Outlook._train(past, companies=self.company)
        names = ["auc", "brier", "customer_count", "silent_count", "calibration"]
        [before] = self.check().read(names)
        self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", ">=", str(past)),
            ]
        ).state = "cancel"
        self.Outlook._train(past, companies=self.company)
        self.env.invalidate_all()
        [after] = self.check().read(names)
        self.assertEqual(after | {"id": 0}, before | {"id": 0})
