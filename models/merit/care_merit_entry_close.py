from odoo import api, fields, models


class CareMeritEntry(models.Model):
    """Closing a month of the ledger."""

    _inherit = "care.merit.entry"

    @api.model
    def _close_month(self, month):
        """Close a month of the companies that are selected.

        :return: the closed months
        """
        first = fields.Date.to_date(month).replace(day=1)
        Month = self.env["care.merit.month"].sudo()
        companies = self.env.companies
        months = Month.search(
            [("company_id", "in", companies.ids), ("month", "=", first)]
        )
        months |= Month.create(
            [
                {"company_id": company.id, "month": first}
                for company in companies - months.company_id
            ]
        )
        months.with_user(self.env.user).sudo()._close()
        return months
