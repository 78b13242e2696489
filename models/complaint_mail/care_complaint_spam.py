from odoo import api, fields, models


class CareComplaint(models.Model):
    """The sender of spam is blocked for the team as long as the complaint is marked."""

    _inherit = "care.complaint"

    spam_blocks = fields.Boolean(compute="_compute_spam_blocks")

    _spam_idx = models.Index("(email_normalized, team_id) WHERE spam")

    @api.depends("spam", "email_normalized")
    def _compute_spam_blocks(self):
        for complaint in self:
            complaint.spam_blocks = complaint.spam and bool(complaint.email_normalized)

    @api.model
    def _is_blocked(self, email, team):
        """Has the team marked a mail of this address as spam? Colleagues are never
        blocked: their address may be forged."""
        marked = self.sudo().search_count(
            [
                ("spam", "=", True),
                ("email_normalized", "=", email),
                ("team_id", "=", team.id),
            ],
            limit=1,
        )
        return bool(marked) and not self._is_inside(email, team.company_id)
