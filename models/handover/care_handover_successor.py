from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareHandoverSuccessor(models.Model):
    """Who takes over, and where."""

    _name = "care.handover.successor"
    _description = "Successor in a Handover"
    _rec_name = "user_id"

    handover_id = fields.Many2one(
        "care.handover", required=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    region_ids = fields.Many2many("care.region", string="Regions")

    _user_uniq = models.UniqueIndex(
        "(handover_id, user_id)", "Each successor can be listed only once."
    )

    @api.constrains("region_ids")
    def _check_regions(self):
        for handover in self.handover_id:
            rows = handover.successor_ids
            taken = Counter(region for row in rows for region in row.region_ids)
            double = [region for region, count in taken.items() if count > 1]
            if double:
                raise ValidationError(
                    self.env._(
                        "%s has two successors. Keep only one of them.",
                        double[0].display_name,
                    )
                )

    def copy(self, default=None):
        self._care_check_copy(default, {"handover_id", "user_id"})
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.handover_id._outdate_preview()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.handover_id._outdate_preview()
        return result

    def unlink(self):
        handovers = self.handover_id
        result = super().unlink()
        handovers.exists()._outdate_preview()
        return result
