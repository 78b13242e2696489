from odoo import fields, models


class CareComplaintKind(models.Model):
    """Values of ``care.complaint.kind`` as records, to select several in a policy."""

    _name = "care.complaint.kind"
    _description = "Kind of Complaint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10, aggregator=None)

    _code_uniq = models.UniqueIndex("(code)")
