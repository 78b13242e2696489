from odoo.fields import Command

from .common_complaint import ComplaintCase

CREATORS = "base.group_partner_manager"


class RightsCase(ComplaintCase):
    """Who may do what to customers of others.

    | customer | account team     |
    | -------- | ---------------- |
    | mine     | rep              |
    | theirs   | all              |
    | nobody's |                  |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.a_customer("Mine")
        cls.theirs = cls.a_customer("Theirs", user=cls.all)
        cls.nobodys = cls.customer("Nobody's")
        cls.contact_of_theirs = cls.env["res.partner"].create(
            {"name": "Rosa", "parent_id": cls.theirs.id, "type": "contact"}
        )
        cls.portal = cls.make_user("portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.mine
        cls.other_rep = cls.make_user("other_rep", "sales_team.group_sale_salesman")
        cls.stranger = cls.make_user(
            "stranger", "sales_team.group_sale_salesman_all_leads"
        )
        cls.stranger.write(
            {
                "company_ids": [Command.set(cls.other_company.ids)],
                "company_id": cls.other_company.id,
            }
        )
        creators = cls.env.ref(CREATORS)
        creators.user_ids |= cls.rep | cls.all | cls.employee | cls.stranger
        cls.reason = cls.env.ref("customer_care.lost_reason_quality")

    def by(self, record):
        """The record as the user of the test sees it, in the user's own companies"""
        return record.with_user(self.env.user).with_context(
            allowed_company_ids=self.env.user.company_ids.ids
        )

    def entries(self, kind):
        domain = [("kind", "=", kind), ("user_id", "=", self.env.uid)]
        return self.env["care.protection.log"].sudo().search(domain)

    def assertLogged(self, kind, words, count=1):
        entry = self.entries(kind)
        self.assertEqual((len(entry), entry.count), (1, count))
        self.assertIn(words, entry.details)
