from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from .care_spot_check import SPOT_CHECK_KINDS, SPOT_CHECK_LINKS

INSPECTION_FIELDS = {"result", "remark"}
"""What an inspector enters; the rest was drawn."""


class CareSpotCheckLine(models.Model):
    """One record of a sample and what its inspection found. It stays when the record
    goes, with its name and the person."""

    _name = "care.spot.check.line"
    _description = "Spot Check Record"
    _order = "check_id desc, kind desc, id"

    check_id = fields.Many2one(
        "care.spot.check", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="check_id.company_id", store=True, precompute=True, index=True
    )
    month = fields.Date(related="check_id.month", store=True, precompute=True)
    kind = fields.Selection(SPOT_CHECK_KINDS, required=True, readonly=True)
    name = fields.Char("What", required=True, readonly=True)
    interaction_id = fields.Many2one(
        "care.interaction",
        "Report",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    complaint_id = fields.Many2one(
        "care.complaint", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The person whose work is inspected.",
    )
    department_id = fields.Many2one(
        "crm.team",
        related="user_id.sale_team_id",
        string="Department",
        store=True,
        precompute=True,
        help="The person's sales team.",
    )
    result = fields.Selection([("right", "Right"), ("wrong", "Wrong")])
    remark = fields.Char(help="What is wrong. The person inspected can read it.")
    checked_by_id = fields.Many2one("res.users", "Inspected by", readonly=True)
    checked_at = fields.Datetime("Inspected", readonly=True)
    right_share = fields.Float(
        "Correct (%)",
        compute="_compute_right_share",
        aggregator="avg",
        digits=(16, 1),
        help="Records found correct ÷ records inspected.",
    )

    @api.depends("result")
    def _compute_right_share(self):
        for line in self:
            line.right_share = 100 if line.result == "right" else 0

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "right_share":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "CASE %s WHEN 'right' THEN 100.0 WHEN 'wrong' THEN 0.0 END",
            SQL.identifier(alias, "result"),
        )

    @api.constrains("result", "remark")
    def _check_remark(self):
        for line in self:
            if line.result == "wrong" and not (line.remark or "").strip():
                raise ValidationError(
                    self.env._("%s: enter in the remark what is wrong.", line.name)
                )

    def write(self, vals):
        if not self.env.su:
            if set(vals) - INSPECTION_FIELDS:
                raise AccessError(
                    self.env._(
                        "Records of a sample are drawn at random. You can only "
                        "enter the result and the remark."
                    )
                )
            if "result" in vals:
                self._check_not_own()
                vals = vals | {
                    "checked_by_id": self.env.uid if vals["result"] else False,
                    "checked_at": vals["result"] and fields.Datetime.now(),
                }
        return super().write(vals)

    def _check_not_own(self):
        if any(line.user_id == self.env.user for line in self):
            raise AccessError(self.env._("Somebody else must inspect your own work."))

    def action_right(self):
        self.write({"result": "right"})

    def action_open(self):
        """The record that is inspected

        :return: an action, or nothing when the record has gone
        """
        self.ensure_one()
        record = self[SPOT_CHECK_LINKS[self.kind]]
        return record and {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
