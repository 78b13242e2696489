from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Odoo keeps the domain of a user's rules. Those of own customers change with
        the day on which an absence begins or ends."""
        yield from super()._compute_domain_context_values()
        if not self.env.su:
            yield self.env.user._care_acting_ids()
