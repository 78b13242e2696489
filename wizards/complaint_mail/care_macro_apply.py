from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

NAMED = 5
"""So many of the complaints that were refused are named."""


class CareMacroApply(models.TransientModel):
    """Steps for the complaints chosen, from a macro or entered here."""

    _name = "care.macro.apply"
    _description = "Change Complaints"
    _inherit = ["care.macro.steps", "care.reference.mixin"]

    complaint_ids = fields.Many2many(
        "care.complaint", "care_macro_apply_complaint_rel", required=True
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")
    available_ids = fields.Many2many(
        "care.macro", compute="_compute_available_ids", string="Available Macros"
    )
    macro_id = fields.Many2one("care.macro", domain="[('id', 'in', available_ids)]")
    reply = fields.Html(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    assign = fields.Selection(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    user_id = fields.Many2one(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    stage_id = fields.Many2one(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    category_id = fields.Many2one(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    priority = fields.Selection(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    tag_ids = fields.Many2many(
        "care.complaint.tag",
        "care_macro_apply_tag_rel",
        compute="_compute_steps",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    activity_type_id = fields.Many2one(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    activity_summary = fields.Char(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    activity_days = fields.Integer(
        compute="_compute_steps", compute_sudo=False, store=True, readonly=False
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.constrains("macro_id", "complaint_ids")
    def _check_macro(self):
        for wizard in self:
            if wizard.macro_id - wizard.available_ids:
                raise UserError(
                    self.env._("This macro has been removed. Reload the page.")
                )

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for wizard in self:
            wizard.complaint_count = len(wizard.complaint_ids)

    @api.depends("complaint_ids")
    def _compute_available_ids(self):
        for wizard in self:
            wizard.available_ids = self.env["care.macro"]._of(wizard.complaint_ids)

    @api.depends("macro_id")
    def _compute_steps(self):
        """The steps of the macro; a reply to one customer in its language, filled in,
        so that what is sent is what was read."""
        steps = self.env["care.macro.steps"]._fields.keys() & {
            "assign",
            "user_id",
            "stage_id",
            "category_id",
            "priority",
            "tag_ids",
            "activity_type_id",
            "activity_summary",
            "activity_days",
        }
        for wizard in self:
            macro = wizard.macro_id
            for name in steps:
                wizard[name] = macro[name]
            wizard.activity_days = macro.activity_days if macro else 1
            wizard.reply = wizard._reply_to_edit()

    def _reply_to_edit(self):
        macro, complaints = self.macro_id, self.complaint_ids
        if not complaints or is_html_empty(macro.reply):
            return False
        if len(complaints) > 1:
            return macro.reply
        try:
            return macro._reply_body(complaints._origin)
        except UserError:
            return macro.with_context(lang=complaints._letter_lang()).reply

    @api.depends("reply", "complaint_ids")
    def _compute_preview(self):
        """How the first customer reads it; what is missing there is told on sending."""
        for wizard in self:
            complaint = wizard.complaint_ids[:1]._origin
            try:
                wizard.preview = (
                    complaint and wizard._has_reply() and wizard._reply_body(complaint)
                )
            except UserError as error:
                wizard.preview = str(error)

    def action_apply(self):
        """Carry out the steps. What could not be done is told by complaint; all else
        is done."""
        self.ensure_one()
        complaints = self.complaint_ids
        if not self._does_something():
            raise UserError(self.env._("Choose what is to be changed, or a reply."))
        refused = self._apply_to(complaints)
        if len(refused) == len(complaints):
            raise UserError(self._words_of(refused))
        if not refused:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._(
                    "%(done)s changed, %(refused)s not",
                    done=len(complaints) - len(refused),
                    refused=len(refused),
                ),
                "message": self._words_of(refused),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _does_something(self):
        return self._has_reply() or any(
            self[name]
            for name in (
                "assign",
                "stage_id",
                "category_id",
                "priority",
                "tag_ids",
                "activity_type_id",
            )
        )

    def _words_of(self, refused):
        """One line for each complaint, the first five"""
        if len(refused) == 1 and len(self.complaint_ids) == 1:
            return next(iter(refused.values()))
        lines = [f"{complaint.name}: {why}" for complaint, why in refused.items()]
        if len(lines) > NAMED:
            lines[NAMED:] = [self.env._("… and %s more", len(lines) - NAMED)]
        return "\n".join(lines)
