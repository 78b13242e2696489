from odoo import fields, models


class CareOutlookCheck(models.Model):
    """What was predicted for a quarter against what happened in it."""

    _name = "care.outlook.check"
    _description = "Hit Rate"
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Date("Predicted on", required=True, readonly=True)

    def _compute_name(self):
        for check in self:
            check.name = str(check.date)
