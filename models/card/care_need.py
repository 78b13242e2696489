from odoo import fields, models


class CareNeed(models.Model):
    """What a customer needs from us."""

    _name = "care.need"
    _description = "Customer Need"
    _inherit = ["care.named"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(aggregator=None)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "A need with this name already exists.")
