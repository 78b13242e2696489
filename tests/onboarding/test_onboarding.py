from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged, users

from ...models.onboarding.care_onboarding import STEPS
from ...models.tier.care_tier import SCALE_INCOMPLETE
from ..common import TierCase
from ..common_complaint import ComplaintCase

AMOUNTS = (12_000, 5_000, 5_000, 900, 300, 60, 0)
"""A month of each of seven customers"""


@tagged("post_install", "-at_install")
class TestOnboarding(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shops = [
            cls.customer(f"Shop {number}", user_id=False)
            for number in range(len(AMOUNTS))
        ]
        for shop, amount in zip(cls.shops, AMOUNTS, strict=True):
            for day in ("2026-08-10", "2026-09-10", "2026-10-10"):
                cls.order(shop, amount, day, user_id=cls.rep.id)
        cls.start = cls.env["care.onboarding"].with_user(cls.manager)
        cls.start = cls.start.with_company(cls.company)

    def step(self, values, name):
        return next(step for step in values["steps"] if step["name"] == name)

    def scale(self, *amounts):
        tiers = self.env["care.tier"]._for_company(self.company)
        return {
            tier.id: {"amount": amount, "share": tier.max_cumulative_share}
            for tier, amount in zip(tiers, (*amounts, 0), strict=True)
        }

    def test_the_way_from_sales_to_contacts_due(self):
        values = self.start.get_values()
        self.assertEqual([step["name"] for step in values["steps"]], list(STEPS))
        self.assertFalse(values["complete"] or values["dismissed"])
        tiers = self.step(self.start.read_sales(), "tiers")
        self.assertEqual(tiers["sales"]["customers"], len(AMOUNTS))
        self.assertEqual(tiers["sales"]["total"], 3 * sum(AMOUNTS))
        self.assertFalse(self.shops[0].care_tier_id, "nothing is changed by reading")
        self.start.use_tiers("amount", self.scale(10_000, 5_000, 100))
        values = self.start.apply_review()
        self.assertEqual(self.step(values, "review")["moves"]["new"], len(AMOUNTS))
        self.assertEqual(
            [shop.care_tier_id.code for shop in self.shops], list("ABBCCDD")
        )
        team = self.step(values, "team")
        self.assertEqual((team["proposed"], team["nobody"]), (len(AMOUNTS), 0))
        self.assertEqual(team["people"][0]["order"], len(AMOUNTS))
        self.start.use_team()
        self.assertEqual({shop.user_id for shop in self.shops}, {self.rep})
        self.assertTrue(
            all(shop.care_member_ids.user_id == self.rep for shop in self.shops)
        )
        plan = self.step(self.start.use_preset("pair"), "plan")
        self.assertGreater(plan["due"], 0)
        targets = self.targets(self.shops[0])
        self.assertEqual(targets.filtered("user_id").user_id, self.rep)
        values = self.start.test_complaint()
        self.assertTrue(self.step(values, "complaint")["test"]["timer"])
        self.assertTrue(values["complete"])

    def test_simulation_agrees_with_the_review(self):
        """Each method, on and beside the thresholds, with a segment that doubles."""
        self.shops[2].care_segment_id = self.env["care.segment"].create(
            {"name": "High-end", "threshold_factor": 2}
        )
        self.start.read_sales()
        for method in ("amount", "share", "lower", "higher"):
            for amounts in ((12_000, 5_000, 900), (12_000.01, 2_500, 60), (9, 8, 7)):
                scale = self.scale(*amounts)
                found = self.start.simulate(method, scale)
                self.start.use_tiers(method, scale)
                review = self.env["care.onboarding"].search([]).review_id
                computed = {
                    tier.id: (count, amount)
                    for tier, count, amount in self.env[
                        "care.tier.review.line"
                    ]._read_group(
                        [("review_id", "=", review.id)],
                        ["computed_tier_id"],
                        ["__count", "monthly_amount:sum"],
                    )
                }
                for row in found:
                    self.assertEqual(
                        (row["count"], row["amount"]),
                        computed.get(row["id"], (0, 0)),
                        (method, amounts),
                    )

    def test_proposal_is_never_everybody_in_the_last_tier(self):
        tiers = self.step(self.start.read_sales(), "tiers")
        proposal = tiers["sales"]["proposal"]
        self.assertEqual(sorted(proposal, reverse=True), proposal)
        rows = self.start.simulate("amount", self.scale(*proposal))
        self.assertTrue(rows[0]["count"], "somebody is an A")
        self.assertLess(max(row["count"] for row in rows), len(AMOUNTS) - 1, rows)

    def test_no_sales_at_all(self):
        self.env["sale.order"].search(
            [("company_id", "=", self.company.id)]
        )._action_cancel()
        tiers = self.step(self.start.read_sales(), "tiers")
        self.assertEqual(tiers["sales"]["months"], 12, "the longest window is tried")
        self.assertEqual((tiers["sales"]["proposal"], tiers["sales"]["total"]), ([], 0))
        self.start.use_tiers("amount", self.scale(3, 2, 1))

    def test_scale_may_turn_over_but_must_fall(self):
        self.start.read_sales()
        self.start.use_tiers("amount", self.scale(900_000, 800_000, 700_000))
        self.start.use_tiers("amount", self.scale(3, 2, 1))
        self.assertEqual(self.tiers.sorted().mapped("min_monthly_amount"), [3, 2, 1, 0])
        with self.assertError(ValidationError, "lower monthly amount"):
            self.start.use_tiers("amount", self.scale(3, 4, 1))

    def test_nonsense(self):
        self.start.read_sales()
        tier = self.tiers[0].id
        for values in (
            {tier: {"amount": -1}},
            {tier: {"amount": "x"}},
            {tier: {"amount": float("nan")}},
            {tier: {"share": 101}},
            {tier: 5},
        ):
            with self.assertError(UserError, "enter an amount"):
                self.start.simulate("amount", values)
        with self.assertError(UserError, "classified"):
            self.start.use_tiers("x", self.scale(3, 2, 1))
        for months in (0, 121, "3", 2.5):
            with self.assertError(UserError, "window"):
                self.start.read_sales(months)
        with self.assertError(UserError, "where amounts"):
            self.start.read_sales(3, "x")
        with self.assertError(UserError, "does not exist"):
            self.start.skip_step("company_id")
        with self.assertError(UserError, "who sees"):
            self.start.use_preset("x")

    def test_review_before_the_sales_were_read(self):
        with self.assertError(UserError, "Read your sales first"):
            self.start.apply_review()
        self.assertEqual(self.start.simulate("amount", self.scale(3, 2, 1)), [])

    def test_leaves_and_returns_a_week_later(self):
        self.start.read_sales()
        self.start.use_tiers("amount", self.scale(10_000, 5_000, 100))
        self.start.skip_step("review")
        review = self.env["care.onboarding"].search([]).review_id
        review.action_apply()
        values = self.start.get_values()
        self.assertEqual(
            [step["state"] for step in values["steps"][:3]], ["done", "skipped", False]
        )
        self.assertTrue(self.step(values, "review")["applied"], "applied elsewhere")
        self.start.dismiss()
        self.assertTrue(self.start.get_values()["dismissed"])

    def test_people_found_in_turn(self):
        """The customer's own salesperson, else the last order's, else that of an open
        opportunity; archived people and those of other companies are not proposed."""
        self.start.read_sales()
        self.start.use_tiers("amount", self.scale(10_000, 5_000, 100))
        self.start.apply_review()
        own, archived, lead, nobody = self.shops[:4]
        own.user_id = self.all
        own.care_member_ids.unlink()
        own._write({"user_id": self.all.id})
        gone = self.make_user("gone", "sales_team.group_sale_salesman")
        for shop in (archived, lead, nobody):
            shop.sale_order_ids._write({"user_id": gone.id})
        gone.active = False
        self.env["crm.lead"].create(
            {
                "name": "More",
                "type": "opportunity",
                "partner_id": lead.id,
                "user_id": self.manager.id,
                "company_id": self.company.id,
            }
        )
        self.env.flush_all()
        team = self.step(self.start.get_values(), "team")
        people = {person["id"]: person for person in team["people"]}
        self.assertEqual(people[self.all.id]["customer"], 1)
        self.assertEqual(people[self.manager.id]["opportunity"], 1)
        self.assertEqual(people[self.rep.id]["order"], 3)
        self.assertEqual(team["nobody"], 2)
        self.start.use_team()
        self.assertEqual(
            [own.user_id, archived.user_id, lead.user_id],
            [self.all, self.env["res.users"], self.manager],
        )

    def test_one_person_for_all_roles(self):
        self.start.read_sales()
        self.start.use_tiers("amount", self.scale(10_000, 5_000, 100))
        self.start.apply_review()
        self.start.use_team()
        self.A.plan_id = self.env.ref("customer_care.care_plan_a")
        values = self.start.use_preset("pair")
        self.assertGreater(self.step(values, "plan")["nobody"], 0)
        values = self.start.use_salespeople()
        self.assertEqual(self.step(values, "plan")["nobody"], 0)
        self.assertEqual(self.shops[0].care_manager_id, self.rep)

    def test_presets(self):
        Role = self.env["care.role"].with_context(active_test=False)
        shipped = Role.browse(
            self.env["ir.model.data"]
            .search([("module", "=", "customer_care"), ("model", "=", "care.role")])
            .mapped("res_id")
        )
        own = self.env["care.role"].create({"name": "Driver"})
        for preset, count in (("franchise", 7), ("pair", 2), ("key", 2)):
            self.start.use_preset(preset)
            self.assertEqual(len(shipped.filtered("active")), count)
        self.assertTrue(own.active, "roles of the company are left alone")
        rules = self.env["care.plan.rule"].search(
            [("plan_id", "=", self.env.ref("customer_care.care_plan_d").id)]
        )
        self.assertFalse(rules, "small customers have no plan")

    def test_fresh_installation_has_two_roles(self):
        """Nobody gets the roles of one trade unasked."""
        data = self.env.ref("customer_care.care_role_brand_manager")
        self.assertFalse(data.active)

    def test_the_test_complaint_reaches_nobody(self):
        before = self.env["mail.mail"].search_count([])
        values = self.start.test_complaint()
        complaint = self.env["care.complaint"].browse(
            self.step(values, "complaint")["test"]["id"]
        )
        self.assertEqual(complaint.partner_id, self.company.partner_id)
        self.assertFalse(complaint.acknowledge)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        again = self.start.test_complaint()
        self.assertEqual(
            self.step(again, "complaint")["test"]["id"], complaint.id, "only one"
        )
        self.start.remove_test_complaint()
        self.assertFalse(complaint.exists())
        self.start.remove_test_complaint()

    def test_features_that_are_off_have_no_step(self):
        self.env["res.groups"]._switch_care_features(visit=False, complaint=False)
        names = [step["name"] for step in self.start.get_values()["steps"]]
        self.assertEqual(names, ["tiers", "review", "team"])

    def test_each_company_has_its_own_setup(self):
        self.start.skip_step("tiers")
        self.manager.company_ids |= self.other_company
        other = self.start.with_context(
            allowed_company_ids=self.other_company.ids
        ).get_values()
        self.assertFalse(other["steps"][0]["state"])

    @users("care_all")
    def test_who_is_no_administrator(self):
        Start = self.env["care.onboarding"]
        for call in (
            Start.get_values,
            Start.read_sales,
            Start.apply_review,
            Start.use_team,
            Start.use_salespeople,
            Start.test_complaint,
            Start.dismiss,
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            Start.simulate("amount", {})

    def test_team_of_many_customers_in_few_queries(self):
        self.start.read_sales()
        self.start.use_tiers("amount", self.scale(10_000, 5_000, 100))
        self.start.apply_review()
        row = self.start._open_row()
        row._team_values()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            row._team_values()

    def test_empty_lists_lead_to_the_setup(self):
        Target = self.env["care.plan.target"].with_company(self.company)
        link = "/odoo/customer-care"
        self.assertIn(link, Target.with_user(self.manager).get_empty_list_help("Empty"))
        self.assertNotIn(link, Target.with_user(self.rep).get_empty_list_help("Empty"))
        Partner = self.env["res.partner"].with_user(self.manager)
        self.assertNotIn(link, Partner.get_empty_list_help("") or "")
        ours = Partner.with_context(care_help=True)
        self.assertIn(link, ours.get_empty_list_help(""))
        for step in STEPS:
            self.start.skip_step(step)
        self.assertNotIn(
            link, Target.with_user(self.manager).get_empty_list_help("Empty")
        )


@tagged("post_install", "-at_install")
class TestOverview(ComplaintCase):
    def entries(self, user):
        Overview = self.env["care.overview"].with_user(user)
        return Overview.with_company(self.company)

    def test_each_figure_opens_what_it_counts(self):
        self.policy("resolve", 1)
        late = self.complain(received_at="2026-11-02 00:00:00")
        self.complain(user_id=self.all.id)
        closed = self.complain(received_at="2026-11-02 00:00:00")
        closed.sudo().write({"closed_at": "2026-11-09 00:00:00"})
        self.assertEqual(closed.sla_state, "missed")
        overview = self.entries(self.manager)
        counts = {row["name"]: row["count"] for row in overview.get_values()}
        self.assertEqual((counts["late"], counts["handler"]), (1, 1))
        for name, count in counts.items():
            action = overview.open_entry(name)
            found = self.env[action["res_model"]].with_user(self.manager)
            found = found.with_company(self.company).search(action["domain"])
            self.assertEqual(len(found), count, name)
            if name == "late":
                self.assertEqual(found, late)
        self.assertFalse(overview.open_entry("res.users"))

    def test_only_what_one_may_see(self):
        names = {row["name"] for row in self.entries(self.rep).get_values()}
        self.assertNotIn("reviews", names)
        with self.assertRaises(AccessError):
            self.entries(self.employee).get_values()

    def test_features_that_are_off_are_not_counted(self):
        self.env["res.groups"]._switch_care_features(complaint=False)
        names = {row["name"] for row in self.entries(self.manager).get_values()}
        self.assertFalse(names & {"late", "handler", "mails"})


@tagged("post_install", "-at_install")
class TestOnboardingUi(HttpCase, TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.list_price = 1
        month = fields.Datetime.now() + relativedelta(months=-1, day=10)
        for number, amount in enumerate((12_000, 4_000, 900, 300, 200, 60, 50, 40)):
            shop = cls.customer(f"Shop {number}", user_id=False)
            cls.order(shop, amount * 3, month, user_id=cls.rep.id)
        # The amounts that the app brings: nearly all would be in the last tier
        for tier, amount in zip(
            cls.tiers.sorted(), (90_000, 80_000, 70_000, 0), strict=True
        ):
            tier.with_context(care_scale=SCALE_INCOMPLETE).min_monthly_amount = amount
        cls.A.verify_days = 90
        cls.env["care.complaint.team"].create(
            {"name": "Hotline", "company_id": cls.company.id}
        )
        cls.A.plan_id = cls.env.ref("customer_care.care_plan_a")

    def check(self, user):
        self.start_tour(
            "/odoo/customer-care", "customer_care_onboarding", login=user.login
        )
        customers = self.env["res.partner"].search([("name", "=like", "Shop %")])
        self.assertEqual(customers.user_id, self.rep)
        self.assertTrue(all(customers.mapped("care_tier_id")))
        targets = self.env["care.plan.target"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn(self.rep, targets.user_id)
        self.assertFalse(
            self.env["care.complaint"].search([("company_id", "=", self.company.id)])
        )

    def test_from_installing_to_useful(self):
        self.check(self.manager)

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["customer_care"], ["zh_CN"])
        self.manager.lang = "zh_CN"
        self.check(self.manager)
