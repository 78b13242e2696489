from odoo import fields, models


class CareOutlookModel(models.Model):
    """The model of a company that the monthly job has trained. Nobody reads its
    numbers; the hit rate page says what is used and why."""

    _name = "care.outlook.model"
    _description = "Trained Risk Model"
    _order = "date desc, id desc"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Date(required=True, readonly=True)
    data = fields.Json(readonly=True)
    used = fields.Boolean(readonly=True)
