from odoo import fields, models


class ResPartner(models.Model):
    """When colleagues change addresses: who changes one just before a survey is sent
    would get the link of the customer."""

    _inherit = "res.partner"

    def write(self, vals):
        replaced = self._care_replaced_address(vals)
        result = super().write(vals)
        if replaced:
            super(ResPartner, replaced.sudo()).write(
                {"care_email_changed_at": fields.Datetime.now()}
            )
        return result

    def _care_replaced_address(self, vals):
        """Those whose address a colleague replaces by another one"""
        user = self.env.user
        if "email" not in vals or not user._is_internal():
            return self.browse()
        address = (vals["email"] or "").strip().lower()
        return self.sudo().filtered(
            lambda partner: partner.email
            and partner.email.strip().lower() != address
            and partner != user.partner_id
        )
