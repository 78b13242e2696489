from odoo.fields import Command
from odoo.tests import tagged

from .common_records import RecordsCase, own_models

FOLDED = {
    "care.account.member",
    "care.loyalty",
    "care.outlook",
    "care.outlook.category",
    "care.partner.tier",
    "care.plan.exception",
    "care.plan.target",
    "care.tier.review.line",
}
"""Unique for a customer: what a merged one had may go into the survivor's row."""


@tagged("post_install", "-at_install")
class TestMergePartners(RecordsCase):
    """Rows of every table with a customer, also of tables of tomorrow, follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.group_ids += cls.env.ref("base.group_partner_manager")
        cls.manager.group_ids += cls.env.ref("base.group_partner_manager")
        cls.customers = cls.env["res.partner"]
        for name in ("Alpha", "Beta", "Gamma"):
            cls.customers += cls.customer(name, user_id=cls.rep.id)

    def columns(self, types=("many2one", "many2many")):
        """(model, field) of all columns and relations of this app to a contact"""
        for model in own_models(self.env):
            for field in self.env[model]._fields.values():
                if (
                    field.type in types
                    and field.comodel_name == "res.partner"
                    and field.store
                    and not field.related
                ):
                    yield model, field

    def rows_of(self, customers):
        """One row for each column and customer.

        :return: [(record, field)]
        """
        rows = []
        for model, field in self.columns():
            for customer in customers:
                values = {field.name: customer.id}
                if field.type == "many2many":
                    values = {field.name: [Command.link(customer.id)]}
                if field.name == "contact_id":
                    values["partner_id"] = customer.id
                if model == "care.family.member":
                    customer.is_company = False
                if model == "care.account.member":
                    rows.append((customer.care_member_ids[:1], field))
                    continue
                if model == "care.partner.tier":
                    customer.with_user(self.manager).care_tier_id = self.B
                    self.env.flush_all()
                    rows.append(
                        (
                            self.env[model].search([("partner_id", "=", customer.id)]),
                            field,
                        )
                    )
                    continue
                rows.append((self.make(model, **values), field))
        self.env.flush_all()
        return rows

    def merge(self, survivor, others, user):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard.create({})._merge((survivor | others).ids, survivor)
        self.env.flush_all()
        self.env.invalidate_all()

    def check_followed(self, rows, survivor):
        for row, field in rows:
            record = row
            if row._name in FOLDED and not row.exists():
                record = row.search([(field.name, "=", survivor.id)])
            self.assertTrue(record.exists(), f"{record._name} is lost")
            self.assertIn(survivor, record[field.name], field)

    def test_a_into_b(self):
        for user in (self.rep, self.manager, self.env.user):
            with self.subTest(user=user.login), self.env.cr.savepoint() as savepoint:
                rows = self.rows_of(self.customers[:2])
                survivor, other = self.customers[:2]
                self.merge(survivor, other, user)
                self.check_followed(rows, survivor)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_b_into_a(self):
        rows = self.rows_of(self.customers[:2])
        other, survivor = self.customers[:2]
        self.merge(survivor, other, self.rep)
        self.check_followed(rows, survivor)

    def test_three(self):
        rows = self.rows_of(self.customers)
        self.merge(self.customers[1], self.customers - self.customers[1], self.manager)
        self.check_followed(rows, self.customers[1])

    def test_same_window_and_review(self):
        """Rows that clash are made one; the survivor's stays."""
        rows = []
        target = self.make("care.plan.target", partner_id=self.customers[0].id)
        line = self.make(
            "care.tier.review.line", partner_id=self.customers[0].id, monthly_amount=5
        )
        for customer in self.customers[1:]:
            rows.append(
                self.make(
                    "care.plan.target",
                    partner_id=customer.id,
                    rule_id=target.rule_id.id,
                    date_start=target.date_start,
                    state="excused",
                    excuse_reason=f"Fair of {customer.name}",
                )
            )
            rows[-1].message_post(body=f"Talk with {customer.name}")
            self.make(
                "care.tier.review.line",
                partner_id=customer.id,
                review_id=line.review_id.id,
                monthly_amount=10,
            )
        self.merge(self.customers[0], self.customers[1:], self.manager)
        kept = target.search([("partner_id", "=", self.customers[0].id)])
        self.assertEqual(kept, target)
        self.assertEqual(kept.state, "excused")
        self.assertEqual(kept.excuse_reason, "Fair of Beta")
        talks = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("Talk with Beta", talks)
        self.assertIn("Talk with Gamma", talks)
        self.assertEqual(line.monthly_amount, 25)

    def test_what_is_not_kept_is_in_the_chatter(self):
        role = self.make("care.role", name="Advisor")
        for customer, user in zip(
            self.customers, (self.rep, self.all, self.rep), strict=True
        ):
            self.make(
                "care.account.member",
                partner_id=customer.id,
                role_id=role.id,
                user_id=user.id,
            )
            self.make(
                "care.plan.exception",
                partner_id=customer.id,
                role_id=role.id,
                reason=f"Wish of {customer.name}",
            )
        survivor = self.customers[0]
        self.merge(survivor, self.customers[1:], self.manager)
        [member] = survivor.care_member_ids.filtered(lambda row: row.role_id == role)
        self.assertEqual(member.user_id, self.rep)
        self.assertEqual(survivor.care_exception_ids.reason, "Wish of Alpha")
        notes = " ".join(survivor.message_ids.mapped("body"))
        for words in (
            f"Beta: Advisor, {self.all.name}",
            "Wish of Beta",
            "Wish of Gamma",
        ):
            self.assertIn(words, notes)
        self.assertNotIn(f"Gamma: Advisor, {self.rep.name}", notes)

    def test_handed_over(self):
        """A handover that is taken back finds the survivor and its places."""
        other, survivor = self.customers[:2]
        places = other.care_member_ids, survivor.care_member_ids
        lines = [
            self.make("care.handover.line", res_model=record._name, res_id=record.id)
            for record in (other, places[0])
        ]
        self.merge(survivor, other, self.rep)
        self.assertEqual(lines[0].res_id, survivor.id)
        self.assertEqual(lines[1].res_id, places[1].id)

    def test_a_customer_into_a_contact(self):
        """A person who was a customer is found again as a contact of a company: what
        was the person's is then the company's, about that person."""
        company, other = self.customers[:2]
        other.is_company = False
        person = self.customer("Ann", is_company=False, parent_id=company.id)
        rows = [row for row in self.rows_of(other) if row[1].name == "partner_id"]
        rows = [row for row in rows if row[0]._name != "care.relationship.history"]
        self.merge(person, other, self.manager)
        self.check_followed(rows, company)
        for record, _field in rows:
            if record.exists() and "contact_id" in record._fields:
                self.assertEqual(record.contact_id, person, record)

    def test_a_contact_into_a_customer_without_company(self):
        company, survivor = self.customers[:2]
        survivor.is_company = False
        person = self.customer("Ann", is_company=False, parent_id=company.id)
        complaint = self.make("care.complaint", partner_id=survivor.id)
        theirs = self.make(
            "care.complaint", partner_id=company.id, contact_id=person.id
        )
        self.merge(survivor, person, self.manager)
        self.assertEqual(survivor.commercial_partner_id, company)
        self.assertEqual((complaint | theirs).partner_id, company)
        self.assertEqual((complaint | theirs).contact_id, survivor)

    def test_a_customer_into_a_contact_of_another_customer(self):
        """Both have what is unique for a customer."""
        company, other = self.customers[:2]
        other.is_company = False
        person = self.customer("Ann", is_company=False, parent_id=company.id)
        models = ("care.outlook", "care.loyalty", "care.risk.case")
        rows = {
            model: [
                self.make(model, partner_id=customer.id)
                for customer in (company, other)
            ]
            for model in models
        }
        self.merge(person, other, self.manager)
        for model, (kept, double) in rows.items():
            with self.subTest(model=model):
                self.assertEqual(kept.exists().partner_id, company)
                still = double.exists()
                self.assertFalse(still and still.active if "active" in still else still)

    def test_calls_of_an_invitation(self):
        """Of those still to call one stays, and remembers who was called before."""
        other, survivor = self.customers[:2]
        campaign = self.make("care.campaign")
        for customer, calls in ((survivor, 0), (other, 2)):
            self.make(
                "care.invitation",
                campaign_id=campaign.id,
                partner_id=customer.id,
                channel="phone",
                state="to_call",
                calls=calls,
            )
        self.merge(survivor, other, self.manager)
        [kept] = self.env["care.invitation"].search([("campaign_id", "=", campaign.id)])
        self.assertEqual((kept.partner_id, kept.calls), (survivor, 2))


@tagged("post_install", "-at_install")
class TestMergeOpportunities(RecordsCase):
    def test_rows_and_card_go_on(self):
        salon = self.customer("Salon", user_id=self.rep.id)
        needs = self.make("care.need") | self.make("care.need")
        kept, merged = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "partner_id": salon.id,
                    "user_id": self.rep.id,
                    "probability": 90 - number,
                    "care_need_ids": needs[number].ids,
                    "care_ownership": ownership,
                }
                for number, ownership in enumerate((False, "private"))
            ]
        )
        rows = []
        for model in own_models(self.env):
            for field in self.env[model]._fields.values():
                if (
                    field.type == "many2one"
                    and field.comodel_name == "crm.lead"
                    and field.store
                ):
                    for user in (self.rep, self.all):
                        values = {"partner_id": salon.id, "user_id": user.id}
                        values = {
                            k: v
                            for k, v in values.items()
                            if k in self.env[model]._fields
                        }
                        rows.append(
                            (
                                self.make(model, **values, **{field.name: merged.id}),
                                field.name,
                            )
                        )
        self.assertTrue(rows)
        line = self.make("care.handover.line", res_model="crm.lead", res_id=merged.id)
        self.env.flush_all()
        survivor = (kept | merged).with_user(self.rep).merge_opportunity().sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(survivor, kept)
        for row, name in rows:
            self.assertEqual(row[name], kept)
        self.assertEqual(line.res_id, kept.id)
        self.assertEqual(kept.care_need_ids, needs)
        self.assertEqual(kept.care_ownership, "private")
