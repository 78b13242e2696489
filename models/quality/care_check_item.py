from odoo import api, fields, models


class CareCheckItem(models.Model):
    """A question that inspectors answer about a report or a complaint. Yes is good."""

    _name = "care.check.item"
    _inherit = ["care.named", "care.reference.mixin"]
    _description = "Checklist Item"
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("step", "Step with the Customer"),
            ("mistake", "Wrong Way Avoided"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    for_report = fields.Boolean("Reports", default=True)
    for_complaint = fields.Boolean("Complaints", default=True)
    weight = fields.Integer(
        default=1, required=True, aggregator=None, help="Its part of the score."
    )
    is_critical = fields.Boolean(
        "Critical", help="When the answer is no, the whole record is wrong."
    )
    standard_ids = fields.Many2many(
        "care.service.standard",
        "care_check_item_standard_rel",
        "item_id",
        "standard_id",
        "Service Standards",
        domain="[('state', '!=', 'replaced')]",
        help="The rules that it checks.",
    )
    company_id = fields.Many2one("res.company", help="Leave empty for all companies.")

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "The weight must be 1 or more."
    )

    @api.model
    def _of_kind(self, kind, company):
        """Items of the records of a spot check of this kind

        :param kind: report, complaint or card; cards have no checklist
        """
        name = {"report": "for_report", "complaint": "for_complaint"}.get(kind)
        if not name:
            return self.browse()
        return self.search(
            [(name, "=", True), ("company_id", "in", (company.id, False))]
        )

    def _mark_values(self, **owner):
        """:return: values of open marks, with the weights as they are now"""
        return [
            {
                "item_id": item.id,
                "weight": item.weight,
                "is_critical": item.is_critical,
                "sequence": item.sequence,
                **owner,
            }
            for item in self
        ]
