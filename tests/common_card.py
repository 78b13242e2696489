from .common_plan import PlanCase


class CardCase(PlanCase):
    """A scale of items of its own, so that tests do not depend on the default data.

    | item          | weight | tiers |
    | ------------- | ------ | ----- |
    | Phone         | 10     | all   |
    | Region        | 10     | all   |
    | Needs         | 20     | A, B  |
    | Decision maker| 40     | A     |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Item = cls.env["care.card.item"]
        Item.search([]).active = False
        cls.phone, cls.region_item, cls.needs, cls.decider = Item.create(
            [
                {
                    "name": name,
                    "weight": weight,
                    "domain": domain,
                    "sequence": place,
                    "tier_ids": [(6, 0, tiers.ids)],
                }
                for place, (name, weight, domain, tiers) in enumerate(
                    (
                        ("Phone", 10, "[('phone', '!=', False)]", cls.tiers[:0]),
                        (
                            "Region",
                            10,
                            "[('care_region_id', '!=', False)]",
                            cls.tiers[:0],
                        ),
                        (
                            "Needs",
                            20,
                            "[('care_need_ids', '!=', False)]",
                            cls.A | cls.B,
                        ),
                        (
                            "Decision maker",
                            40,
                            "[('child_ids.care_decision_role', '=', 'decision_maker')]",
                            cls.A,
                        ),
                    )
                )
            ]
        )
        Region = cls.env["care.region"]
        cls.north = Region.create({"name": "North"})
        cls.harbour = Region.create({"name": "Harbour", "parent_id": cls.north.id})
        cls.south = Region.create({"name": "South"})
        cls.need = cls.env["care.need"].create({"name": "Something rare"})
        cls.other_rep = cls.make_user("other_rep", "sales_team.group_sale_salesman")

    @classmethod
    def contact_person(cls, customer, name="Ann", **values):
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": customer.id, **values}
        )
