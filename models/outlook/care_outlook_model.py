import json

from odoo import api, fields, models

from ...tools.logistic import Model


class CareOutlookModel(models.Model):
    """The model that the monthly job has trained on the past of a company. Nobody reads
    its numbers; the hit rate says what is used and why."""

    _name = "care.outlook.model"
    _description = "Trained Risk Model"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, help="Day of the training.")
    rule = fields.Char(
        required=True, readonly=True, help="Which rule is used from this day on."
    )
    data = fields.Json(readonly=True)

    _company_date_uniq = models.UniqueIndex("(company_id, date)")

    @api.model
    def _of(self, company, today):
        """What was trained last before or on a day; empty if nothing was"""
        return self.sudo().search(
            [("company_id", "=", company.id), ("date", "<=", today)],
            order="date desc",
            limit=1,
        )

    def _risk_model(self):
        """The logistic model, None where the simple rule is used"""
        if self.rule != "model" or not self.data:
            return None
        return Model.from_json(json.dumps(self.data))
