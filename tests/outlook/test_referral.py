from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestReferral(OutlookCase):
    def setUp(self):
        super().setUp()
        self.Referral = self.env["care.referral"]

    def refer(self, **values):
        return self.Referral.with_user(self.rep).create(
            {"referrer_id": self.mine.id} | values
        )

    def test_thanked(self):
        friend = self.customer("Friend", user_id=self.rep.id)
        row = self.refer(referred_id=friend.id)
        self.assertEqual(row.activity_ids.user_id, self.rep)
        self.assertIn("Mine", row.activity_ids.summary)
        row.thanked_how = "Flowers"
        row.action_thanked()
        self.assertTrue(row.thanked_date)
        self.assertFalse(row.activity_ids)
        self.assertEqual(self.mine.with_user(self.rep).care_referral_count, 1)
        domain = self.mine.with_user(self.rep).action_open_care_referrals()["domain"]
        self.assertEqual(self.Referral.search(domain), row)

    def test_person_who_is_no_customer(self):
        lead = self.env["crm.lead"].create({"name": "New", "user_id": self.rep.id})
        row = self.refer(
            referrer_id=False, referrer_name="A Neighbour", lead_id=lead.id
        )
        self.assertIn("A Neighbour", row.display_name)
        with self.assertRaises(ValidationError):
            self.refer(referrer_id=False, referrer_name=" ", lead_id=lead.id)
        with self.assertRaises(ValidationError):
            self.refer(lead_id=False)

    def test_nobody_refers_to_themselves(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.mine.id}
        )
        with self.assertRaises(ValidationError):
            self.refer(referred_id=self.mine.id)
        with self.assertRaises(ValidationError):
            self.refer(referrer_id=contact.id, referred_id=self.mine.id)

    def test_first_year_is_counted(self):
        friend = self.customer("Friend", user_id=self.rep.id)
        self.orders(friend, [900], amount=1)
        self.orders(friend, (700, 500), amount=100)
        self.orders(friend, [200], amount=50)
        lost = self.customer("No Buyer", user_id=self.rep.id)
        date = self.today.replace(year=self.today.year - 2)
        row = self.refer(referred_id=friend.id, date=date)
        other = self.refer(referred_id=lost.id)
        self.Referral._count_results(self.company)
        self.assertEqual((row.result, row.year_amount), ("customer", 200))
        self.assertEqual((other.result, other.year_amount), ("waiting", 0))
        self.env["sale.order"].search([("partner_id", "=", friend.id)]).write(
            {"state": "cancel"}
        )
        self.Referral._count_results(self.company)
        self.assertEqual(row.result, "waiting")

    def test_own(self):
        row = self.Referral.create(
            {
                "referrer_id": self.theirs.id,
                "referred_id": self.customer("X", user_id=self.all.id).id,
                "user_id": self.all.id,
            }
        )
        with self.assertRaises(AccessError):
            row.with_user(self.rep).action_thanked()
        with self.assertRaises(AccessError):
            row.with_user(self.rep).read(["note"])

    def test_merged(self):
        friend = self.customer("Friend")
        row = self.Referral.create(
            {"referrer_id": self.mine.id, "referred_id": friend.id}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.mine | friend).ids, self.mine)
        self.assertFalse(row.exists(), "one cannot recommend oneself")

    def test_referred_by_is_a_referral(self):
        friend = self.customer("Friend", user_id=self.rep.id)
        friend.with_user(self.rep).care_source_partner_id = self.mine
        row = self.Referral.search([("referred_id", "=", friend.id)])
        self.assertEqual(row.referrer_id, self.mine)
        self.assertEqual(row.activity_ids.user_id, self.rep, "says thank you")
        other = self.customer("Other", user_id=self.rep.id)
        friend.with_user(self.rep).care_source_partner_id = other
        self.assertEqual(row.referrer_id, other, "corrected")
        row.referrer_id = self.mine
        self.assertEqual(friend.care_source_partner_id, self.mine)
        row.action_thanked()
        friend.care_source_partner_id = other
        self.assertEqual(row.referrer_id, self.mine, "thanked already")
        rows = self.Referral.search([("referred_id", "=", friend.id)])
        self.assertEqual(rows.referrer_id, self.mine | other)
        friend.care_source_partner_id = False
        self.assertEqual(rows.exists(), row)

    def test_referral_is_referred_by(self):
        friend = self.customer("Friend", user_id=self.rep.id)
        row = self.refer(referred_id=friend.id)
        self.assertEqual(friend.care_source_partner_id, self.mine)
        self.assertEqual(self.Referral.search([("referred_id", "=", friend.id)]), row)
        second = self.refer(referrer_id=self.theirs.id, referred_id=friend.id)
        self.assertEqual(friend.care_source_partner_id, self.mine, "the first")
        (row | second).sudo().unlink()
        self.assertFalse(friend.care_source_partner_id)
        foreign = self.customer("Foreign", user_id=self.all.id)
        self.refer(referred_id=foreign.id)
        self.assertFalse(foreign.care_source_partner_id, "not the rep's customer")

    def test_older_customers(self):
        self.env["res.groups"]._switch_care_features(outlook=False)
        friend = self.customer("Friend", care_source_partner_id=self.mine.id)
        domain = [("referred_id", "=", friend.id)]
        self.assertFalse(self.Referral.search(domain))
        self.env["res.groups"]._switch_care_features(outlook=True)
        self.Referral._note_sources(self.company)
        self.Referral._note_sources(self.company)
        [row] = self.Referral.search(domain)
        self.assertEqual(row.referrer_id, self.mine)
        self.assertFalse(row.activity_ids)
