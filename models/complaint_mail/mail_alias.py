from odoo import models


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def _care_complaint_aliases(self, addresses):
        """Aliases of complaint teams among these addresses"""
        local = [address.partition("@")[0] for address in addresses]
        return self.search(
            [
                ("alias_model_id.model", "=", "care.complaint"),
                "|",
                ("alias_full_name", "in", list(addresses)),
                "&",
                ("alias_name", "in", local),
                ("alias_incoming_local", "=", True),
            ]
        )
