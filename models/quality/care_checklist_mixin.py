from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import checklist


class CareChecklistMixin(models.AbstractModel):
    """A checklist and its score. Models define ``mark_ids`` and ``result``."""

    _name = "care.checklist.mixin"
    _description = "Checklist"

    mark_ids = fields.One2many("care.check.mark", "line_id", "Checklist")
    score = fields.Float(
        compute="_compute_score",
        store=True,
        digits=(5, 1),
        aggregator="avg",
        help="Share of the weight marked yes, from 0 to 100.",
    )
    is_scored = fields.Boolean("Has a Score", compute="_compute_score", store=True)
    has_failed_critical = fields.Boolean(
        "Critical Item Failed", compute="_compute_score", store=True
    )
    open_marks = fields.Integer("Not Marked Yet", compute="_compute_open_marks")
    has_checklist = fields.Boolean(compute="_compute_open_marks")

    @api.depends("mark_ids.value", "mark_ids.weight", "mark_ids.is_critical")
    def _compute_score(self):
        for record in self:
            marks = [
                (mark.value, mark.weight, mark.is_critical) for mark in record.mark_ids
            ]
            score = checklist.score(marks)
            record.score = score or 0
            record.is_scored = score is not None
            record.has_failed_critical = checklist.has_failed_critical(marks)

    @api.depends("mark_ids.value")
    def _compute_open_marks(self):
        for record in self:
            record.has_checklist = bool(record.mark_ids)
            record.open_marks = len(record.mark_ids.filtered(lambda m: not m.value))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Records that have no score do not count in means."""
        if field_expr != "score":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "CASE WHEN %s THEN %s END",
            SQL.identifier(alias, "is_scored"),
            SQL.identifier(alias, "score"),
        )

    def _check_all_marked(self):
        for record in self:
            if record.open_marks:
                raise UserError(
                    self.env._(
                        "%(record)s: mark all questions first. Not marked yet: "
                        "%(count)s.",
                        record=record.name,
                        count=record.open_marks,
                    )
                )

    def _result_by_checklist(self):
        """:return: right or wrong"""
        self.ensure_one()
        low = self.is_scored and self.score < self.company_id.sudo().care_check_pass
        return "wrong" if self.has_failed_critical or low else "right"

    def _words_of_failed(self):
        """The questions answered with no, and the remarks on them"""
        return "; ".join(
            ": ".join(filter(None, (mark.item_id.name, mark.remark)))
            for mark in self.mark_ids.filtered(lambda mark: mark.value == "no")
        )
