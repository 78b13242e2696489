from odoo import models


class ResPartner(models.Model):
    """Positions that become known tell how far away check-ins were."""

    _inherit = "res.partner"

    def write(self, vals):
        located = {"partner_latitude", "partner_longitude"} & {
            name for name, value in vals.items() if value
        }
        unknown = located and self.filtered(
            lambda partner: not (partner.partner_latitude or partner.partner_longitude)
        )
        result = super().write(vals)
        if unknown:
            self.env["care.interaction"]._locate_check_ins(unknown)
        return result
