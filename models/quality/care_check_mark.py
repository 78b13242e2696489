from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CareCheckMark(models.Model):
    """An inspector's answer to one item of a checklist, with the weight of the day on
    which the sample was drawn."""

    _name = "care.check.mark"
    _description = "Checklist Mark"
    _order = "sequence, id"
    _rec_name = "item_id"

    line_id = fields.Many2one(
        "care.spot.check.line", readonly=True, ondelete="cascade", index=True
    )
    second_id = fields.Many2one(
        "care.spot.check.second",
        "Second Inspection",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    item_id = fields.Many2one(
        "care.check.item",
        "Question",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    sequence = fields.Integer(readonly=True)
    weight = fields.Integer(readonly=True, required=True, aggregator=None)
    is_critical = fields.Boolean("Critical", readonly=True)
    standard_ids = fields.Many2many(related="item_id.standard_ids", related_sudo=False)
    value = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("na", "Does Not Apply")], "Mark"
    )
    remark = fields.Char()

    _owner_check = models.Constraint(
        "CHECK (line_id IS NOT NULL OR second_id IS NOT NULL)",
        "A mark is of the first or of the second inspection.",
    )
    _once_uniq = models.UniqueIndex(
        "(COALESCE(line_id, 0), COALESCE(second_id, 0), item_id)",
        "This question has been marked already.",
    )

    def write(self, vals):
        """Inspectors mark until the result is in."""
        if not self.env.su:
            if set(vals) - {"value", "remark"}:
                raise AccessError(
                    self.env._("Of a checklist, only marks and remarks can be entered.")
                )
            self.check_access("write")
            self._check_markable()
        return super().write(vals)

    def _check_markable(self):
        for mark in self:
            second = mark.second_id.sudo()
            if second and second.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %s can mark the second inspection.", second.user_id.name
                    )
                )
            if not second:
                mark.line_id._check_not_own()
            if (second or mark.line_id).result:
                raise UserError(
                    self.env._("The result is in, so the marks cannot be changed.")
                )

    def action_yes(self):
        self.write({"value": "yes"})

    def action_no(self):
        self.write({"value": "no"})

    def action_not_applicable(self):
        self.write({"value": "na"})
