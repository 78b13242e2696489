from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.care_reference import CareReferenceMixin

ACTIONS = [
    ("handler", "Tell the handler"),
    ("manager", "Tell the manager of the team"),
    ("user", "Tell a person"),
    ("reassign", "Give it to a person"),
]
LONGEST_HOURS = 1000


class CareSlaEscalation(models.Model):
    """Who is told, or takes over, some hours before or after a deadline."""

    _name = "care.sla.escalation"
    _inherit = [CareReferenceMixin._name]
    _description = "Escalation Level"
    _order = "policy_id, hours, id"
    _rec_name = "action"

    policy_id = fields.Many2one(
        "care.sla.policy", required=True, ondelete="cascade", index=True
    )
    hours = fields.Float(
        "Hours after the Deadline",
        help="Working hours; negative before the deadline.",
    )
    action = fields.Selection(ACTIONS, default="handler", required=True)
    user_id = fields.Many2one("res.users", "Person", domain="[('share', '=', False)]")

    _hours_limit = models.Constraint(
        f"CHECK (hours BETWEEN -{LONGEST_HOURS} AND {LONGEST_HOURS})",
        f"An escalation is at most {LONGEST_HOURS} hours before or after the deadline.",
    )

    @api.constrains("action", "user_id")
    def _check_user(self):
        for level in self:
            if level.action in ("user", "reassign") and not level.user_id:
                raise ValidationError(
                    self.env._("Say who is told, or who gets the complaint.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        self.env["care.sla.policy"]._forget_all()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.env["care.sla.policy"]._forget_all()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["care.sla.policy"]._forget_all()
        return result


class CareSlaAlert(models.Model):
    """That a level of escalation has been done: once per clock and level, also with two
    workers or after a kill."""

    _name = "care.sla.alert"
    _description = "Escalation Done"
    _order = "id desc"
    _rec_name = "escalation_id"

    status_id = fields.Many2one(
        "care.sla.status", required=True, ondelete="cascade", index=True, readonly=True
    )
    escalation_id = fields.Many2one(
        "care.sla.escalation", required=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one("res.users", "Told", readonly=True)
    mail_pending = fields.Boolean(
        readonly=True, help="The digest of the pass has not been sent yet."
    )

    _mail_pending_idx = models.Index("(user_id) WHERE mail_pending")
    _once = models.Constraint(
        "UNIQUE (status_id, escalation_id)", "Each level is done once."
    )
