from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CareSpotCheckLine(models.Model):
    """A checklist gives the result of a record."""

    _name = "care.spot.check.line"
    _inherit = ["care.spot.check.line", "care.checklist.mixin"]

    second_ids = fields.One2many(
        "care.spot.check.second", "line_id", groups=fields.NO_ACCESS
    )
    hidden_from_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Second inspector, until the second inspection is done.",
    )
    before_id = fields.Many2one(
        "care.spot.check.line",
        "Last Finding",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What was wrong when the work of this person was last inspected.",
    )
    change = fields.Selection(
        [("better", "Better"), ("again", "Wrong Again"), ("open", "Look Again")],
        "Since Last Time",
        compute="_compute_change",
    )

    @api.depends("before_id", "result")
    def _compute_change(self):
        words = {"right": "better", "wrong": "again", False: "open"}
        for line in self:
            line.change = line.before_id and words[line.result]

    @api.constrains("result")
    def _check_critical(self):
        for line in self:
            if line.result == "right" and line.has_failed_critical:
                raise ValidationError(
                    self.env._(
                        "%s fails a critical item of the checklist, so it is wrong.",
                        line.name,
                    )
                )

    def write(self, vals):
        """A result that was inspected twice stands."""
        if not self.env.su and "result" in vals:
            for line in self:
                changes = line.result and line.result != vals["result"]
                if changes and line.sudo().second_ids:
                    raise UserError(
                        self.env._(
                            "%s is inspected twice, so its result cannot be changed.",
                            line.name,
                        )
                    )
        return super().write(vals)

    def action_finish(self):
        """Take the result from the checklist; all questions must be marked.

        :return: the dialog to follow up a finding
        """
        self.ensure_one()
        self.check_access("write")
        self._check_all_marked()
        result = self._result_by_checklist()
        values = {"result": result}
        if result == "wrong" and not self.remark:
            values["remark"] = self._words_of_failed()
        self.write(values)
        return self.action_follow_up() if result == "wrong" else True

    def action_wrong(self):
        """Ask what is wrong, and what follows"""
        self.ensure_one()
        return self.action_follow_up()

    def action_inspect(self):
        """The record with its checklist"""
        self.ensure_one()
        view = self.env.ref("customer_care.care_spot_check_line_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
        }
