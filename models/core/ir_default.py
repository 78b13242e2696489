from odoo import api, models


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        """Every user may have a default of their own for any field of any model, also
        while the app writes for them as superuser. It counts only for what they could
        enter themselves."""
        defaults = super()._get_model_defaults(model_name, condition)
        model = self.env[model_name]
        return {
            name: value
            for name, value in defaults.items()
            if not model._care_is_closed(name)
        }
