from datetime import timedelta

from odoo import api, fields, models

BRIEF_VIEWS_KEPT = timedelta(days=400)
"""Opened briefs are deleted after this; the reports keep whether one was opened."""


class CareBriefView(models.Model):
    """Who opened the brief of which customer, and when. Only the app writes rows."""

    _name = "care.brief.view"
    _description = "Brief Opened"
    _order = "opened_at desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    opened_at = fields.Datetime("Opened", required=True, readonly=True)

    _visit_idx = models.Index("(partner_id, user_id, opened_at DESC)")
    _old_idx = models.Index("(opened_at)")

    @api.autovacuum
    def _gc_old_views(self):
        limit = 10_000
        old = self.sudo().search(
            [("opened_at", "<", fields.Datetime.now() - BRIEF_VIEWS_KEPT)], limit=limit
        )
        old.unlink()
        return len(old), len(old) == limit
