from odoo import api, fields, models


class CareKnowledgeUse(models.Model):
    """An answer that was used by a handler, or solved the problem of a customer before
    it became a complaint."""

    _name = "care.knowledge.use"
    _description = "Use of Knowledge"
    _order = "id desc"
    _log_access = False

    knowledge_id = fields.Many2one(
        "care.knowledge", required=True, readonly=True, ondelete="cascade", index=True
    )
    category_id = fields.Many2one(
        "care.complaint.category",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    kind = fields.Selection(
        [("used", "Used by a Handler"), ("solved", "Solved Without a Complaint")],
        required=True,
        readonly=True,
    )
    at = fields.Datetime("Date", required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    @api.depends("knowledge_id")
    def _compute_display_name(self):
        for use in self:
            use.display_name = use.knowledge_id.display_name
