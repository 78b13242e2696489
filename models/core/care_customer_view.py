from odoo import api, fields, models


class CareCustomerViewMixin(models.AbstractModel):
    """The customer's brief beside a record, read with the user's own rights.

    A related field is read as superuser: by choosing a colleague's customer in a new
    report, a user could read its brief.
    """

    _name = "care.customer.view.mixin"
    _description = "Customer Panel Mixin"

    care_brief = fields.Html("Brief", compute="_compute_care_brief", sanitize=False)

    @api.depends("partner_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_care_brief(self):
        """Leave the brief empty when the user cannot read the customer."""
        visible = self.partner_id._filtered_access("read")
        for record in self:
            record.care_brief = (record.partner_id & visible).care_brief
