from odoo import api, models
from odoo.fields import Domain

OPEN_LIMIT = 5
"""So many deliveries, invoices and returns are shown, the latest"""


class CareComplaint(models.Model):
    """The hotline of a telephone call: what is open of the caller, and the complaint
    belongs to the call."""

    _inherit = "care.complaint"

    @api.model
    @api.readonly
    def care_hotline_customer(self, partner_id):
        row = super().care_hotline_customer(partner_id)
        customer = self.env["res.partner"].browse(partner_id).commercial_partner_id
        return row | {"open_documents": self._hotline_documents(customer)}

    @api.model
    def _hotline_documents(self, customer):
        """Open deliveries, invoices and returns, as far as the user can read them.

        :return: [{"title", "rows": [{"id", "model", "name", "date", "state"}]}], those
            without rows left out
        """
        ours = Domain("partner_id", "child_of", customer.id) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        open_moves = Domain("state", "not in", ("draft", "done", "cancel"))
        kinds = [
            (
                self.env._("Deliveries"),
                "stock.picking",
                open_moves & Domain("picking_type_code", "=", "outgoing"),
                "scheduled_date",
                "state",
            ),
            (
                self.env._("Unpaid Invoices"),
                "account.move",
                Domain("move_type", "=", "out_invoice")
                & Domain("state", "=", "posted")
                & Domain("payment_state", "in", ("not_paid", "partial")),
                "invoice_date_due",
                "payment_state",
            ),
            (
                self.env._("Returns"),
                "stock.picking",
                open_moves & Domain("picking_type_code", "=", "incoming"),
                "scheduled_date",
                "state",
            ),
        ]
        return [
            {"title": title, "rows": rows}
            for title, model, domain, day, state in kinds
            if (rows := self._hotline_rows(model, ours & domain, day, state))
        ]

    @api.model
    def _hotline_rows(self, model, domain, day, state):
        if model not in self.env or not self.env[model].has_access("read"):
            return []
        records = self.env[model].search_fetch(
            domain, ["name", day, state], order=f"{day} DESC, id DESC", limit=OPEN_LIMIT
        )
        words = dict(records._fields[state]._description_selection(self.env))
        return [
            {
                "id": record.id,
                "model": model,
                "name": record.name,
                "date": record._fields[day].to_string(record[day])
                if record[day]
                else False,
                "state": words.get(record[state]),
            }
            for record in records
        ]

    @api.model
    def care_hotline_record(self, values, solved=False):
        call = self.env["care.call"].browse(values.get("call_id") or []).exists()
        call._check_visible()
        made = super().care_hotline_record(values, solved=solved)
        if call:
            complaint = self.sudo().browse(made["id"])
            call.sudo().write(
                {
                    "complaint_id": complaint.id,
                    "partner_id": complaint.contact_id.id or complaint.partner_id.id,
                }
            )
        return made
