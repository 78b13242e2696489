from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CareComplaintCategory(models.Model):
    """Subject of complaints, as a tree."""

    _name = "care.complaint.category"
    _description = "Complaint Category"
    _inherit = ["care.named.tree"]
    _parent_store = True

    parent_id = fields.Many2one(
        "care.complaint.category", "Parent Category", ondelete="restrict", index=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("care.complaint.category", "parent_id", "Subcategories")

    short_file = fields.Boolean(
        help="Minor complaints: answer and solution are enough, and one person may "
        "close them. Counts for subcategories too.",
    )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A category cannot be its own parent. Choose another one.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Closed complaints count too: reports group by category."""
        complaint = (
            self.env["care.complaint"]
            .sudo()
            .with_context(active_test=False)
            .search([("category_id", "in", self.ids)], limit=1)
        )
        if complaint:
            raise UserError(
                self.env._(
                    "“%s” has complaints, so it cannot be deleted. Archive it, or move "
                    "its complaints first.",
                    complaint.category_id.display_name,
                )
            )

    def _is_short(self):
        """Does the category or one above it have short files?"""
        return any(self.sudo().browse(self._ancestors()).mapped("short_file"))

    @api.model
    def _minor(self):
        """The first category of minor complaints"""
        return self.search([("short_file", "=", True)], limit=1)

    def _ancestors(self):
        """Ids of the category and its ancestors"""
        return {int(part) for part in (self.parent_path or "").split("/") if part}
