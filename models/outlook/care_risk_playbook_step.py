from odoo import fields, models


class CareRiskPlaybookStep(models.Model):
    _name = "care.risk.playbook.step"
    _description = "Step of a Risk Playbook"
    _inherit = ["care.reference.mixin"]
    _order = "sequence, id"

    playbook_id = fields.Many2one(
        "care.risk.playbook", required=True, ondelete="cascade", index=True
    )
    name = fields.Char("What to Do", required=True, translate=True)
    note = fields.Text("How", translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    days = fields.Integer(
        "After (days)", default=1, aggregator=None, help="Days until it is to be done."
    )
    by_supervisor = fields.Boolean(
        help="The supervisor does it, otherwise the account manager."
    )

    _days_positive = models.Constraint(
        "CHECK (days >= 0)", "Days cannot be negative. Enter 0 or more."
    )
