from odoo import api, fields, models


class CarePartnerMerged(models.Model):
    """Contacts that were merged into others: a phone that has been offline still knows
    them by their old numbers."""

    _name = "care.partner.merged"
    _description = "Merged Contact"
    _log_access = False

    old_id = fields.Integer("Old Number", required=True, index=True, aggregator=None)
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )

    @api.model
    def _survivor(self, partner_id):
        """The contact with this number or, if it was merged, the one it was merged
        into: its row has followed all merges since. Empty if it was deleted."""
        partner = self.env["res.partner"].browse(partner_id).exists()
        if partner:
            return partner
        row = self.sudo().search([("old_id", "=", partner_id)], order="id desc")[:1]
        return self.env["res.partner"].browse(row.partner_id.id)
