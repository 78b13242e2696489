from lxml import etree

from odoo.tests import tagged, users

from ..common_card import CardCase


@tagged("post_install", "-at_install")
class TestCardView(CardCase):
    """The Care tab: what it says, to whom, and what it costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer(
            phone="1", care_region_id=cls.harbour.id, care_need_ids=cls.need.ids
        )
        cls.ann = cls.contact_person(
            cls.salon, care_decision_role="buyer", care_relationship_level="friend"
        )
        cls.bob = cls.contact_person(
            cls.salon, "Bob", care_decision_role="decision_maker"
        )
        cls.order(cls.salon, 1200, "2026-11-02")
        cls.order(cls.ann, 300, "2026-11-03")
        cls.order(cls.salon, 500, "2025-12-01")
        cls.order(cls.salon, 999, "2025-11-30")
        cls.generate()

    @classmethod
    def generate(cls):
        cls.env["care.plan.target"]._generate("2026-11-10")

    def card(self, user):
        return self.salon.with_user(user).with_context(lang=None).care_card

    def report(self, **values):
        return self.salon.env["care.interaction"].create(
            {
                "partner_id": self.salon.id,
                "user_id": self.rep.id,
                "date_start": "2026-11-09 08:00:00",
                "state": "done",
                "summary": "All well",
                **values,
            }
        )

    def test_answers_who_is_this(self):
        self.report(promise="A sample", promise_date="2026-11-12", satisfaction="4")
        complaint = self.env["care.complaint"].create(
            {"subject": "Late", "partner_id": self.salon.id, "user_id": self.rep.id}
        )
        closed = self.env["care.complaint"].create(
            {"subject": "Old", "partner_id": self.salon.id}
        )
        closed.action_close()
        card = self.card(self.rep)
        self.assertTrue(card["visible"])
        self.assertEqual(card["tier"], "A · Tier A")
        self.assertEqual(card["tier_reason"], "Set manually")
        self.assertEqual(card["score"], 100)
        self.assertEqual(
            [(row["month"], row["amount"]) for row in card["trend"] if row["amount"]],
            [("2025-12-01", 500), ("2026-11-01", 1500)],
            "twelve months, contacts included, the month before is out",
        )
        self.assertEqual(len(card["trend"]), 12)
        self.assertEqual([row["name"] for row in card["contacts"]], ["Bob", "Ann"])
        self.assertEqual([row["user"] for row in card["team"]], [self.rep.name])
        self.assertEqual(
            {row["channel"]: row["pace"] for row in card["due"]},
            {"visit": "ahead", "phone": "on_pace", "onsite": "on_pace"},
            "one of two visits has been made",
        )
        days = [row["date_aim"] for row in card["due"]]
        self.assertEqual(days, sorted(days))
        self.assertTrue(all("2026-11-10" <= day <= "2026-11-30" for day in days))
        self.assertEqual([row["summary"] for row in card["reports"]], ["All well"])
        self.assertEqual([row["promise"] for row in card["promises"]], ["A sample"])
        self.assertEqual([row["satisfaction"] for row in card["faces"]], ["4"])
        self.assertEqual([row["id"] for row in card["complaints"]], [complaint.id])
        facts = {row["name"]: row["value"] for row in card["facts"]}
        self.assertEqual(facts["care_region_id"], "North / Harbour")
        self.assertEqual(facts["care_need_ids"], "Something rare")
        self.assertEqual([row["code"] for row in card["timeline"]], ["A"])
        self.assertEqual(card["number"], self.salon.care_card_number)

    def test_contact_shows_its_customer(self):
        self.assertEqual(self.ann.with_user(self.rep).care_card["id"], self.salon.id)

    @users("care_other_rep")
    def test_others_see_no_reports_and_amounts(self):
        self.report(promise="Hush-hush")
        self.env["care.complaint"].sudo().create(
            {"subject": "Late", "partner_id": self.salon.id, "user_id": self.rep.id}
        )
        card = self.card(self.env.user)
        self.assertFalse(card["visible"] or card["tier_reason"])
        for part in ("reports", "promises", "complaints", "due", "faces", "timeline"):
            self.assertFalse(card[part], part)
        self.assertFalse([row for row in card["trend"] if row["amount"]])
        self.assertNotIn("Hush-hush", str(card))
        self.assertEqual(card["names"]["user_id"], self.rep.name, "whom to ask")

    @users("care_other_rep")
    def test_shared_customers_are_seen_by_the_team(self):
        self.report()
        self.env["care.account.member"].sudo().create(
            {
                "partner_id": self.salon.id,
                "role_id": self.consultant.id,
                "user_id": self.env.uid,
            }
        )
        card = self.card(self.env.user)
        self.assertTrue(card["visible"] and card["reports"])
        self.assertEqual(len(card["team"]), 2)

    def test_empty_customer(self):
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        card = nobody.care_card
        self.assertEqual(card["missing"], ["Phone", "Region"])
        self.assertFalse(card["tier"] or card["team"] or card["reports"])
        self.assertFalse(self.env["res.partner"].new({"name": "New"}).care_card)

    def test_other_company_sees_its_own(self):
        card = (
            self.salon.with_company(self.other_company)
            .with_context(allowed_company_ids=self.other_company.ids)
            .care_card
        )
        self.assertFalse(card["tier"] or card["due"])
        self.assertFalse([row for row in card["trend"] if row["amount"]])

    @users("care_rep")
    def test_form_costs_six_queries_more(self):
        """Design: the form opens with 6 more queries at most than without the app."""
        for number in range(5):
            self.contact_person(self.salon, f"More {number}")
            self.report()
        self.env["res.groups"]._switch_care_features(outlook=False)
        with_app, without_app = self.form_queries()
        self.assertLessEqual(with_app - without_app, 6)
        self.env["res.groups"]._switch_care_features(outlook=True)
        with_outlook, without_app = self.form_queries()
        self.assertLessEqual(with_outlook - without_app, 9)

    def form_queries(self):
        spec = self.form_specification()
        bare = {
            name: (
                {
                    key: (
                        {
                            sub: value
                            for sub, value in fields.items()
                            if not sub.startswith("care_")
                        }
                        if key == "fields"
                        else fields
                    )
                    for key, fields in part.items()
                }
            )
            for name, part in spec.items()
            if not name.startswith("care_")
        }
        self.assertLess(len(bare), len(spec) - 4)
        return [self.count(specification) for specification in (spec, bare)]

    @users("care_rep")
    def test_tab_costs_few_queries(self):
        """Whatever it shows: the rows of the other models come with one statement."""
        self.report(promise="A sample", promise_date="2026-11-12", satisfaction="4")
        self.env["res.groups"]._switch_care_features(outlook=False)
        self.assertLessEqual(self.count({"care_card": {}}), 10)
        self.env["res.groups"]._switch_care_features(outlook=True)
        few = self.count({"care_card": {}})
        self.assertLessEqual(few, 12)
        for number in range(5):
            self.contact_person(self.salon, f"Person {number}")
            self.report(promise=f"Sample {number}", promise_date="2026-11-12")
        self.assertEqual(self.count({"care_card": {}}), few)

    def count(self, specification):
        partner = self.env["res.partner"].browse(self.salon.id)
        partner.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        partner.web_read(specification)
        return self.env.cr.sql_log_count - start

    def form_specification(self):
        """Fields of the form as the web client asks for them."""
        Partner = self.env["res.partner"]
        arch = etree.fromstring(
            Partner.get_views([(False, "form")])["views"]["form"]["arch"]
        )

        def specify(model, node):
            spec = {}
            for field in (
                node.xpath(".//field[not(ancestor::field)]")
                if (node.tag != "field")
                else node.xpath("./*//field")
            ):
                name = field.get("name")
                kind = model._fields[name].type
                if kind in ("one2many", "many2many"):
                    comodel = self.env[model._fields[name].comodel_name]
                    spec[name] = (
                        {"fields": specify(comodel, field)}
                        if len(field)
                        else {"fields": {"display_name": {}}}
                    )
                elif kind == "many2one":
                    spec[name] = {"fields": {"display_name": {}}}
                else:
                    spec[name] = {}
            return spec

        return specify(Partner, arch)
