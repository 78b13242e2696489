from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CareSpotCheckSecond(models.Model):
    """A second inspection of a drawn record by somebody who does not see the first
    marks until their own are done. It measures how alike two people inspect; the first
    result stands."""

    _name = "care.spot.check.second"
    _inherit = ["care.checklist.mixin"]
    _description = "Second Inspection"
    _order = "check_id desc, id"

    line_id = fields.Many2one(
        "care.spot.check.line",
        "First Inspection",
        required=True,
        readonly=True,
        ondelete="cascade",
        groups=fields.NO_ACCESS,
    )
    check_id = fields.Many2one(
        related="line_id.check_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(related="line_id.kind", store=True, precompute=True)
    name = fields.Char("What", related="line_id.name", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users",
        "Second Inspector",
        readonly=True,
        ondelete="set null",
        index=True,
    )
    mark_ids = fields.One2many("care.check.mark", "second_id")
    result = fields.Selection([("right", "Right"), ("wrong", "Wrong")], readonly=True)
    done_at = fields.Datetime("Inspected", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")
    first_result = fields.Selection(
        [("right", "Right"), ("wrong", "Wrong")], compute="_compute_first_result"
    )

    _line_uniq = models.UniqueIndex(
        "(line_id)", "The record has a second inspection already."
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for second in self:
            second.is_mine = second.user_id == self.env.user

    @api.depends("result", "line_id.result")
    @api.depends_context("uid")
    def _compute_first_result(self):
        for second in self:
            second.first_result = second.result and second.sudo().line_id.result

    def write(self, vals):
        """The marks are lines of their own; everything else comes from the buttons."""
        if not self.env.su and set(vals) - {"mark_ids"}:
            raise AccessError(
                self.env._("Mark the questions, then take the result from them.")
            )
        return super().write(vals)

    def _ask_inspector(self):
        """Tell the second inspector what to inspect."""
        for user, seconds in self.grouped("user_id").items():
            told = seconds._care_in_language_of(user)
            user._care_send_digest(
                told.env._("To inspect a second time: %s", len(told)),
                told,
                {second: second.name for second in told},
                "customer_care.spot_check_second_action",
            )

    def action_finish(self):
        """Take the result from the checklist, and show the first marks.

        :raise AccessError: not the second inspector
        """
        self.check_access("read")
        for second in self:
            if second.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %s can finish this inspection.", second.user_id.name
                    )
                )
            if second.result:
                raise UserError(self.env._("This inspection is done already."))
            second._check_all_marked()
            second.sudo().write(
                {
                    "result": second._result_by_checklist(),
                    "done_at": fields.Datetime.now(),
                }
            )
            second.sudo().line_id.hidden_from_id = False
        return True

    def action_open(self):
        """The record that is inspected"""
        self.ensure_one()
        self.check_access("read")
        return self.sudo().line_id.action_open()

    def _pairs(self):
        """[(first mark, second mark)] of records that both have finished"""
        pairs = []
        for second in self:
            if not second.result or not second.line_id.result:
                continue
            first = {mark.item_id: mark.value for mark in second.line_id.mark_ids}
            pairs += [
                (first[mark.item_id], mark.value)
                for mark in second.mark_ids
                if mark.value and first.get(mark.item_id)
            ]
        return pairs
