from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Count the customers in an export of any model: the columns of an order may
        be those of its customer. See ``res.partner._care_watch_export``."""
        cache = self.env.cr.cache
        if "care_exported" in cache:
            return super().export_data(fields_to_export)
        exported = cache["care_exported"] = set()
        try:
            result = super().export_data(fields_to_export)
        finally:
            del cache["care_exported"]
        self.env["res.partner"]._care_watch_export(
            exported, f"{self._description}: {', '.join(fields_to_export)}"
        )
        return result
