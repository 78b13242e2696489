from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareSegment(models.Model):
    _name = "care.segment"
    _description = "Customer Segment"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    threshold_factor = fields.Float(
        digits=(16, 2),
        default=1.0,
        required=True,
        help="Multiplies the amounts at which tiers start. With 2, customers of the "
        "segment must buy twice as much for the same tier.",
        aggregator=None,
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")

    @api.constrains("threshold_factor")
    def _check_threshold_factor(self):
        if any(segment.threshold_factor <= 0 for segment in self):
            raise ValidationError(
                self.env._("The threshold factor must be greater than 0.")
            )
