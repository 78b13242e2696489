from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CareMacro(models.Model):
    """One button for what handlers do again and again."""

    _name = "care.macro"
    _description = "Macro"
    _inherit = ["care.macro.steps", "care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    reply = fields.Html(translate=True)
    activity_days = fields.Integer(default=1, aggregator=None)
    edit_reply = fields.Boolean(
        "Edit Before Sending",
        default=True,
        help="The text is shown and can be changed before it is sent.",
    )
    team_ids = fields.Many2many(
        "care.complaint.team", string="Teams", help="Empty: for all teams."
    )
    company_id = fields.Many2one("res.company")

    @api.constrains("company_id", "team_ids")
    def _check_teams(self):
        for macro in self:
            if macro.company_id and macro.team_ids.company_id - macro.company_id:
                raise UserError(
                    self.env._("The teams of a macro must be of its company.")
                )

    @api.model
    def _of(self, complaints):
        """Macros for all of these complaints"""
        return self.search(
            Domain("company_id", "in", [False, *complaints.company_id.ids])
        ).filtered(
            lambda macro: not macro.team_ids or complaints.team_id <= macro.team_ids
        )


class CareComplaint(models.Model):
    _inherit = "care.complaint"

    @api.readonly
    def read_macros(self):
        """[{"id", "name"}] of the macros for these complaints, for their menu"""
        self.check_access("read")
        if not self.env["care.macro"].has_access("read"):
            return []
        return [
            {"id": macro.id, "name": macro.name}
            for macro in self.env["care.macro"]._of(self)
        ]

    def apply_macro(self, macro_id):
        """Carry out a macro, or show its reply first.

        :return: an action, or nothing
        :raise UserError: it could not be carried out: says why
        """
        macro = self.env["care.macro"].browse(macro_id).exists()
        macro.check_access("read")
        if not macro or macro not in self.env["care.macro"]._of(self):
            raise UserError(self.env._("This macro has been removed. Reload the page."))
        if len(self) > 1 or (macro.edit_reply and macro._has_reply()):
            return self._macro_dialog(macro)
        if refused := macro._apply_to(self):
            raise UserError("\n".join(refused.values()))
        return None

    def action_change_many(self):
        """Change or answer the chosen complaints at once."""
        self.check_access("write")
        return self._macro_dialog(self.env["care.macro"])

    def _macro_dialog(self, macro):
        return {
            "type": "ir.actions.act_window",
            "name": macro.name or self.env._("Change Complaints"),
            "res_model": "care.macro.apply",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_complaint_ids": [fields.Command.set(self.ids)],
                "default_macro_id": macro.id,
            },
        }
