from odoo import models

UNLOCKED = object()
"""Value of a key in the context that no caller over RPC can send"""


class Base(models.AbstractModel):
    _inherit = "base"

    def _care_unlock(self):
        """The same records as superuser, for which ``write`` may change protected
        fields. For values that our own code made, after its checks; all overrides of
        ``write`` run."""
        return self.sudo().with_context(care_unlocked=UNLOCKED)

    def _care_is_unlocked(self):
        return self.env.context.get("care_unlocked") is UNLOCKED

    def _care_without_defaults(self, names):
        """Defaults in the context are the caller's, and no way to set these fields."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in names
        }
        return self.with_context(context)  # pylint: disable=context-overridden

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
