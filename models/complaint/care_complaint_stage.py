from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PHASES = [
    ("record", "Record"),
    ("investigate", "Investigate"),
    ("solve", "Find a Solution"),
    ("execute", "Execute"),
    ("verify", "Verify"),
    ("settle", "Settle Responsibility"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
"""Steps of a complaint (domain, section 4)."""
RESOLVED_PHASES = ("verify", "settle", "closed")
"""The customer has the solution (design, core 3, rule 6)."""
CLOSED_PHASES = ("closed", "cancelled")


class CareComplaintStage(models.Model):
    """A step on the way of a complaint."""

    _name = "care.complaint.stage"
    _description = "Complaint Stage"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    phase = fields.Selection(
        PHASES,
        default="investigate",
        required=True,
        help="Tells the clocks what the stage means: from Verify on the complaint is "
        "resolved; Cancelled does not count as a solution.",
    )
    pauses_sla = fields.Boolean(
        "Pauses Clocks",
        help="While a complaint is in this stage, waiting for the customer, the clocks "
        "of policies that allow it are paused.",
    )
    fold = fields.Boolean("Folded in Kanban")
    aside = fields.Boolean(compute="_compute_aside")
    """Not on the path shown on a complaint: folded, and not its end"""

    @api.depends("fold", "phase")
    def _compute_aside(self):
        for stage in self:
            stage.aside = stage.fold and stage.phase != "closed"

    @api.constrains("phase", "pauses_sla")
    def _check_pause(self):
        for stage in self:
            if stage.pauses_sla and stage.phase in (*RESOLVED_PHASES, "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%s: a stage cannot pause clocks from Verify on.", stage.name
                    )
                )

    def write(self, vals):
        """Changing the phase of a stage in use would rewrite history."""
        if {"phase", "pauses_sla"} & set(vals):
            self._check_unused(vals)
        if "phase" in vals or vals.get("active") is False:
            self._check_somewhere_to_go()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        self._check_somewhere_to_go()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Closed complaints count too: reports group by stage."""
        complaint = (
            self.env["care.complaint"]
            .sudo()
            .with_context(active_test=False)
            .search([("stage_id", "in", self.ids)], limit=1)
        )
        if complaint:
            raise UserError(
                self.env._(
                    "“%s” has complaints, so it cannot be deleted. Archive it, or move "
                    "its complaints first.",
                    complaint.stage_id.display_name,
                )
            )

    def _check_somewhere_to_go(self):
        """At least one stage must remain for recording and one for closing."""
        left = self.search([("id", "not in", self.ids)]).mapped("phase")
        labels = dict(self._fields["phase"]._description_selection(self.env))
        for phase in ("record", "closed"):
            if phase in self.mapped("phase") and phase not in left:
                raise ValidationError(
                    self.env._(
                        "At least one stage of the phase “%s” is required.",
                        labels[phase],
                    )
                )

    def _check_unused(self, vals):
        changing = self.filtered(
            lambda stage: any(
                name in vals and stage[name] != vals[name]
                for name in ("phase", "pauses_sla")
            )
        )
        if changing and self.env["care.complaint"].sudo().search_count(
            [("stage_id", "in", changing.ids)], limit=1
        ):
            raise ValidationError(
                self.env._(
                    "The phase cannot be changed while complaints are in this stage, "
                    "because their clocks follow it. Create a new stage and move them."
                )
            )

    @api.model
    def _first(self, *phases):
        """The first stage of the first of these phases that has one"""
        for phase in phases:
            if stage := self.search_fetch(
                [("phase", "=", phase)], ["name", "phase", "pauses_sla"], limit=1
            ):
                return stage
        return self.browse()
