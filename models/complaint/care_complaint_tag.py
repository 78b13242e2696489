from random import randint

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareComplaintTag(models.Model):
    _name = "care.complaint.tag"
    _description = "Complaint Tag"
    _inherit = ["care.named"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda _self: randint(1, 11), aggregator=None)

    @api.constrains("name")
    def _check_name(self):
        for tag in self:
            if self.search_count([("name", "=ilike", tag.name), ("id", "!=", tag.id)]):
                raise ValidationError(
                    self.env._("There is a tag %s already.", tag.name)
                )


class CareComplaint(models.Model):
    _inherit = "care.complaint"

    tag_ids = fields.Many2many("care.complaint.tag", string="Tags")
