from odoo.tests import tagged

from ..common import TierCase

SUMMED = {
    "amount",
    "amount_total",
    "balance",
    "briefed",
    "by_stand_in",
    "calls",
    "company_cost",
    "compensation",
    "compensation_amount",
    "compensation_granted",
    "cost",
    "cost_of_keeping",
    "cost_of_loss",
    "count",
    "counted",
    "done",
    "duration",
    "excused",
    "goal",
    "missed",
    "monthly_amount",
    "next_amount",
    "owed",
    "promise_cost",
    "revenue_share",
    "risk_amount",
    "share",
    "still_open",
    "visits",
    "year_amount",
}
"""Fields besides ``…_count`` of which a total means something"""


@tagged("post_install", "-at_install")
class TestGroups(TierCase):
    """What groups of lists, pivots and charts show"""

    def test_levels_are_sorted_by_meaning(self):
        customers = self.env["res.partner"]
        for potential in ("low", "high", "medium"):
            customers |= self.customer(potential.title(), care_potential=potential)
        customers.care_tier_id = self.A
        domain = [("id", "in", customers.ids)]
        groups = customers.formatted_read_group(domain, ["care_potential"])
        self.assertEqual(
            [group["care_potential"] for group in groups], ["high", "medium", "low"]
        )
        groups = customers._read_group(
            domain, ["care_potential"], order="care_potential desc"
        )
        self.assertEqual([level for (level,) in groups], ["low", "medium", "high"])
        [_total, groups] = customers.formatted_read_grouping_sets(
            domain, [[], ["care_potential", "care_tier_id"]], ["__count"]
        )
        self.assertEqual(
            [group["care_potential"] for group in groups], ["high", "medium", "low"]
        )
        groups = self.env["care.customer.report"].formatted_read_group(
            [("partner_id", "in", customers.ids)], ["potential"]
        )
        self.assertEqual(
            [group["potential"] for group in groups], ["high", "medium", "low"]
        )

    def test_levels_are_sorted_below_another_level(self):
        for number, (potential, tier) in enumerate(
            [("low", self.B), ("high", self.B), ("medium", self.A), ("high", self.A)]
        ):
            self.customer(
                f"Group {number}", care_potential=potential
            ).care_tier_id = tier
        groups = self.env["res.partner"].formatted_read_group(
            [("name", "=like", "Group %")], ["care_tier_id", "care_potential"]
        )
        self.assertEqual(
            [(group["care_tier_id"][0], group["care_potential"]) for group in groups],
            [
                (self.A.id, "high"),
                (self.A.id, "medium"),
                (self.B.id, "high"),
                (self.B.id, "low"),
            ],
        )

    def test_only_amounts_and_counts_are_summed(self):
        """A total of weights, thresholds, hours allowed or sequences means nothing."""
        summed = set()
        for name, model in self.env.items():
            if model._abstract or model._transient or name == "res.company":
                continue
            summed |= {
                f"{name}.{field.name}"
                for field in model._fields.values()
                if field._module == "customer_care"
                and field.type in ("integer", "float", "monetary")
                and field.aggregator == "sum"
                and not field.name.endswith("_count")
                and field.name not in SUMMED
                and (field.store or field.related)
            }
        self.assertFalse(summed)
