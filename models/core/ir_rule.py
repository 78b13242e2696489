from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """What somebody is entering in a wizard of the app is nobody else's."""
        domain = super()._compute_domain(model_name, mode)
        if (
            model_name.startswith("care.")
            and self.env[model_name]._transient
            and not self.env.su
        ):
            domain = Domain(domain or Domain.TRUE) & Domain(
                "create_uid", "=", self.env.uid
            )
        return domain
