from odoo import api, fields, models


def readable_customers(records):
    """Each record with its customer, or with none where the user cannot read it. An
    intersection alone would fetch each customer by itself."""
    readable = records.partner_id._filtered_access("read")
    for record in records:
        yield record, (record.partner_id & readable).with_prefetch(readable.ids)


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
        for record, customer in readable_customers(self):
            record.care_brief = customer.care_brief
