from odoo import api, fields, models


class CareCustomerViewMixin(models.AbstractModel):
    """What is shown of the customer beside a record, with the reader's own rights.

    A related field would be read as superuser: whoever chose a colleague's customer in
    a new report would read all about it.
    """

    _name = "care.customer.view.mixin"
    _description = "Customer beside a Record"

    care_brief = fields.Html("Brief", compute="_compute_care_brief", sanitize=False)

    @api.depends("partner_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_care_brief(self):
        """Empty for a customer whom the reader cannot read"""
        visible = self.partner_id._filtered_access("read")
        for record in self:
            record.care_brief = (record.partner_id & visible).care_brief
