from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.care_reference import CareReferenceMixin

ACTIONS = [
    ("handler", "Notify the handler"),
    ("manager", "Notify the team manager"),
    ("user", "Notify a user"),
    ("reassign", "Reassign to a user"),
]
MAX_ESCALATION_HOURS = 1000


class CareSlaEscalation(models.Model):
    """Notification or reassignment some working hours before or after a deadline."""

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
        aggregator=None,
    )
    action = fields.Selection(ACTIONS, default="handler", required=True)
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]")

    _hours_limit = models.Constraint(
        f"CHECK (hours BETWEEN -{MAX_ESCALATION_HOURS} AND {MAX_ESCALATION_HOURS})",
        f"An escalation can be at most {MAX_ESCALATION_HOURS} hours before or "
        "after the deadline.",
    )

    @api.constrains("action", "user_id")
    def _check_user(self):
        for level in self:
            if level.action in ("user", "reassign") and not level.user_id:
                raise ValidationError(
                    self.env._(
                        "Select the user to notify or to assign the complaint to."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Running clocks wake for a new level when they are recomputed."""
        levels = super().create(vals_list)
        levels.policy_id._new_version()
        return levels

    def write(self, vals):
        moved = self.filtered(
            lambda level: level._care_differs("hours", vals.get("hours", level.hours))
        )
        result = super().write(vals)
        moved.policy_id._new_version()
        self.env["care.sla.policy"]._clear_policy_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["care.sla.policy"]._clear_policy_cache()
        return result


class CareSlaAlert(models.Model):
    """Record of an escalation level that has run. The constraint keeps it to one per
    clock and level, also with two workers or after a crash."""

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
    user_id = fields.Many2one("res.users", "Notified", readonly=True)
    mail_pending = fields.Boolean(
        readonly=True, help="Not yet included in a summary mail"
    )

    _mail_pending_idx = models.Index("(user_id) WHERE mail_pending")
    _once = models.Constraint(
        "UNIQUE (status_id, escalation_id)", "An escalation level runs once per clock."
    )
