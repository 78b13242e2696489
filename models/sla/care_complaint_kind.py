from odoo import fields, models


class CareComplaintKind(models.Model):
    """What ``care.complaint.kind`` may be, as records that policies choose from."""

    _name = "care.complaint.kind"
    _description = "Kind of Complaint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex("(code)")
