from odoo import fields, models


class CareInteractionPurpose(models.Model):
    """What a contact was for; a report may name several."""

    _name = "care.interaction.purpose"
    _description = "Purpose of a Contact"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    color = fields.Integer(aggregator=None)
