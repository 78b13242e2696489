from odoo import fields, models


class CareRootCause(models.Model):
    """Classes of causes, by which complaints are counted."""

    _name = "care.root.cause"
    _description = "Root Cause"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    description = fields.Char(
        translate=True, help="What belongs to this class, with examples."
    )
    fault = fields.Selection(
        [
            ("ours", "Ours"),
            ("carrier", "A Carrier's or Supplier's"),
            ("customer", "The Customer's"),
            ("unknown", "Not Known"),
        ],
        "Whose Fault",
        default="unknown",
        required=True,
        help="The closing letter admits the fault only if it is ours.",
    )
