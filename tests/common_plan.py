from datetime import date, datetime

from freezegun import freeze_time

from .common import TierCase

TODAY = date(2026, 11, 10)
"""A Tuesday; more than half of November remains."""


class PlanCase(TierCase):
    """One plan for A, another for B, on top of the company of :class:`TierCase`.

    | role          | A                       | B             |
    | ------------- | ----------------------- | ------------- |
    | rep           | visit 2/month, call 1   | visit 1/month |
    | consultant    | stay 1 per 1-2 months   |               |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-10 09:00:00"))
        Role = cls.env["care.role"]
        cls.rep_role = Role.search([("kind", "=", "salesperson")])
        cls.consultant = cls.env.ref("customer_care.care_role_beauty_consultant")
        cls.consultant.active = True
        cls.plan_a, cls.plan_b = cls.env["care.plan"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Plan A", "Plan B")
            ]
        )
        cls.A.plan_id, cls.B.plan_id = cls.plan_a, cls.plan_b
        cls.visits = cls.rule(cls.plan_a, times=2)
        cls.calls = cls.rule(cls.plan_a, "phone", accept_higher_channel=True)
        cls.stays = cls.rule(
            cls.plan_a, "onsite", role=cls.consultant, every=2, aim_every=1
        )
        cls.b_visits = cls.rule(cls.plan_b)
        cls.Target = cls.env["care.plan.target"]

    @classmethod
    def rule(cls, plan, channel="visit", role=None, **values):
        return cls.env["care.plan.rule"].create(
            {
                "plan_id": plan.id,
                "role_id": (role or cls.rep_role).id,
                "channel": channel,
                "date_from": "2024-01-01",
                **values,
            }
        )

    @classmethod
    def a_customer(cls, name="Salon", tier=None, user=None, **values):
        partner = cls.customer(name, user_id=(user or cls.rep).id, **values)
        partner.care_tier_id = tier or cls.A
        return partner

    def contact(self, partner, day=TODAY, channel="visit", user=None, **values):
        """A contact made on a day of the November that the tests live in."""
        if isinstance(day, int):
            day = date(2026, 11, day)
        return self.env["care.interaction"].create(
            {
                "partner_id": partner.id,
                "user_id": (user or self.rep).id,
                "channel": channel,
                "date_start": datetime(day.year, day.month, day.day, 8),
                "state": "done",
                "summary": "Sells well",
                **values,
            }
        )

    def generate(self, today=TODAY):
        return self.Target._generate(today)

    def targets(self, partner=None, rule=None, state=None):
        domain = [("company_id", "=", self.company.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        if rule:
            domain.append(("rule_id", "=", rule.id))
        if state:
            domain.append(("state", "=", state))
        return self.Target.search(domain, order="date_start, id")

    def current(self, partner, rule):
        """The target of the window that the tests live in."""
        return self.targets(partner, rule).filtered(
            lambda target: target.date_start <= TODAY <= target.date_end
        )
