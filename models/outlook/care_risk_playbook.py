from odoo import fields, models

from .care_risk_case import CLOSED_STATES, RISK_CAUSES, RISK_STATES

OPEN_STATES = [state for state in RISK_STATES if state[0] not in CLOSED_STATES]


class CareRiskPlaybook(models.Model):
    """What to do in a stage or about a cause; its steps become activities of a case."""

    _name = "care.risk.playbook"
    _description = "Risk Playbook"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    state = fields.Selection(
        OPEN_STATES,
        "Stage",
        help="The steps are planned when a case gets to this stage. Empty: at any "
        "stage.",
    )
    cause = fields.Selection(
        RISK_CAUSES,
        help="The steps are planned when this is the cause. Empty: whatever the cause.",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave empty for all companies."
    )
    step_ids = fields.One2many(
        "care.risk.playbook.step", "playbook_id", "Steps", copy=True
    )

    def _fits(self, case):
        return (
            (not self.state or self.state == case.state)
            and (not self.cause or self.cause == case.cause)
            and (not self.company_id or self.company_id == case.company_id)
        )
