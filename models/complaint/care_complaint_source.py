from odoo import api, fields, models

from ..core.res_groups import COMPLAINT


class CareComplaintSource(models.AbstractModel):
    """Documents of customers that complaints are about: they count their complaints and
    open the form of a new one with default values. A document may also compensate a
    complaint."""

    _name = "care.complaint.source"
    _description = "Source Document of Complaints"

    care_complaint_id = fields.Many2one(
        "care.complaint",
        "Complaint",
        copy=False,
        check_company=True,
        index="btree_not_null",
        groups=COMPLAINT,
    )
    care_complaint_count = fields.Integer(
        "Complaints",
        compute="_compute_care_complaint_count",
        groups=COMPLAINT,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_care_complaint_count(self):
        """Count complaints that the user can read, in one query."""
        counts = dict(
            self.env["care.complaint"]._read_group(
                [(self._care_complaint_field(), "in", self.ids)],
                [self._care_complaint_field()],
                ["__count"],
            )
        )
        for document in self:
            document.care_complaint_count = counts.get(document._origin, 0)

    @api.model
    def _care_complaint_field(self):
        """Field of a complaint that holds such a document"""
        raise NotImplementedError

    def _care_complaint_values(self):
        """Default values of a new complaint"""
        customer = self.partner_id.commercial_partner_id
        contact = self.partner_id if self.partner_id != customer else customer.browse()
        return {
            "partner_id": customer.id,
            "contact_id": contact.id,
            "company_id": self.company_id.id,
        }

    def action_open_care_complaints(self):
        """Open its complaints, or the form of a new one if there are none."""
        self.ensure_one()
        values = self._care_complaint_values()
        context = {f"default_{name}": value for name, value in values.items()}
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaints"),
            "res_model": "care.complaint",
            "context": context,
        }
        if not self.care_complaint_count:
            return action | {"views": [(False, "form")]}
        return action | {
            "domain": [(self._care_complaint_field(), "=", self.id)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    @api.model
    def _care_only_product(self, lines):
        """The product, if all lines have the same one"""
        return lines.product_id if len(lines.product_id) == 1 else lines.product_id[:0]
