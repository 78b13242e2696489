from odoo import api, models
from odoo.tools import SQL

BELONGINGS = {
    "contact_id": "commercial_partner_id",
    "order_id": "partner_id.commercial_partner_id",
    "invoice_id": "partner_id.commercial_partner_id",
}
"""What a complaint has of its customer: {field: path to the customer}"""


class CareComplaint(models.Model):
    """Another customer than before: the sender is found out, a mistake is corrected, or
    a person gets a company."""

    _inherit = "care.complaint"

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        self._prepare_customers([vals := dict(vals)])
        former = {
            complaint: complaint.partner_id
            for complaint in self.sudo()
            if complaint.partner_id.id != (vals["partner_id"] or False)
        }
        result = super().write(vals)
        if former:
            changed = self.sudo().filtered(lambda row: row in former)
            changed._on_customer_changed(former, vals.keys())
        return result

    def _on_customer_changed(self, former, given):
        """What belongs to the former customers goes; tier and policies follow the new
        ones. Superuser: the change may take the complaint out of the user's sight.

        :param former: {complaint: its customer before, may be empty}
        :param given: names of the fields that were written along
        """
        self._clear_repeat()
        for complaint in self:
            complaint._leave_customer(former[complaint], given)
        self._follow_tiers("priority" in given)

    def _leave_customer(self, former, given):
        values = {
            name: False
            for name, path in BELONGINGS.items()
            if name not in given
            and self[name]
            and self[name].mapped(path) != self.partner_id
        }
        strangers = self.message_partner_ids.filtered(
            lambda partner: (
                partner.partner_share and partner.commercial_partner_id == former
            )
        )
        if former and former.commercial_partner_id != self.partner_id:
            values["access_token"] = False  # was in mails to the former customer
        if values:
            self.write(values)
        self.message_unsubscribe(strangers.ids)

    def _follow_tiers(self, keep_priority=False):
        """Take over the tier that the customer has now, and its priority unless another
        was entered."""
        places = self.env["care.tier"]._places()
        vals_list = [
            {"company_id": row.company_id.id, "partner_id": row.partner_id.id}
            for row in self
        ]
        self._prepare_tiers(vals_list)
        for complaint, vals in zip(self, vals_list, strict=True):
            tier = complaint.tier_id
            _sequence, rank = places.get(tier.id, (None, None))
            entered = complaint.priority or "0"
            if keep_priority or entered != self._priority_of(tier, rank):
                vals["priority"] = complaint.priority
            complaint.write(
                {name: vals[name] for name in ("tier_id", "tier_sequence", "priority")}
            )

    @api.model
    def _raise_to_company(self, person):
        """A person got a company: the complaints are the company's, about the person.
        Those that are over keep the tier that they had."""
        company = person.commercial_partner_id
        complaints = self.sudo().search([("partner_id", "=", person.id)])
        running = complaints.filtered(lambda complaint: not complaint.closed_at)
        for contact, alike in running.grouped("contact_id").items():
            alike.write(
                {"partner_id": company.id, "contact_id": (contact or person).id}
            )
        over = complaints - running
        over.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE care_complaint SET partner_id = %s,"
                " contact_id = COALESCE(contact_id, %s) WHERE id = ANY(%s)",
                company.id,
                person.id,
                over.ids,
            )
        )
        over.invalidate_recordset(["partner_id", "contact_id"], flush=False)
