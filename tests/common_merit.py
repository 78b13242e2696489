from odoo.tools import SQL

from .common_complaint import ComplaintCase

MONTH = "2026-10-01"


class MeritCase(ComplaintCase):
    """Two departments of Care Test Ltd; the tests live on 10 November 2026.

    manager  care manager of the company, administrator
    North    led by boss: rep
    South    led by rival: other
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._switch_care_features(merit=True, promise=True)
        cls.company.care_review_user_id = cls.manager
        cls.boss = cls.make_user("boss", "sales_team.group_sale_salesman_all_leads")
        cls.rival = cls.make_user("rival", "sales_team.group_sale_salesman")
        cls.other = cls.make_user("other", "sales_team.group_sale_salesman")
        cls.north, cls.south = cls.env["crm.team"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "user_id": leader.id,
                    "member_ids": [(6, 0, member.ids)],
                }
                for name, leader, member in (
                    ("North", cls.boss, cls.rep),
                    ("South", cls.rival, cls.other),
                )
            ]
        )
        cls.Entry = cls.env["care.merit.entry"]
        cls.Rule = cls.env["care.merit.rule"]
        cls.shop = cls.a_customer("Shop")

    @classmethod
    def target(
        cls, user=None, state="missed", channel="visit", day="2026-10-20", **more
    ):
        """A window that has ended, without the machinery that makes them"""
        rule = {"visit": cls.visits, "phone": cls.calls, "onsite": cls.stays}
        values = {
            "partner_id": cls.customer().id,
            "rule_id": rule.get(channel, cls.visits).id,
            "role_id": cls.rep_role.id,
            "user_id": (user or cls.rep).id,
            "company_id": cls.company.id,
            "channel": channel,
            "date_start": "2026-10-01",
            "date_end": day,
            "goal": 1,
            "state": state,
            **more,
        }
        return cls.env["care.plan.target"].create(values)

    def propose(self, month=MONTH):
        return self.Entry._propose(month)

    def entries(self, source=None, **values):
        domain = [("company_id", "=", self.company.id)]
        if source is not None:
            domain += [("res_model", "=", source._name), ("res_id", "in", source.ids)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.Entry.search(domain, order="id")

    def rows(self, source=None, **values):
        """[(person, amount)] of the entries of a source"""
        return [
            (entry.user_id, entry.amount) for entry in self.entries(source, **values)
        ]

    def total(self, source=None):
        return sum(self.entries(source).mapped("amount"))

    def heard(self, entries):
        """Bring entries to the state in which they can be confirmed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE care_merit_entry SET state = 'heard' WHERE id = ANY(%s)",
                entries.ids,
            )
        )
        entries.invalidate_recordset()
        return entries
