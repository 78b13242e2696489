from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    care_lead_count = fields.Integer(
        "Did Not Buy",
        compute="_compute_care_counts",
        groups="customer_care.group_user",
        help="Leads and opportunities with this reason, including lost ones.",
    )
    care_customer_count = fields.Integer(
        "Left",
        compute="_compute_care_counts",
        groups="customer_care.group_user",
        help="Customers archived for this reason.",
    )

    def _compute_care_counts(self):
        everything = {"active_test": False}
        leads = dict(
            self.env["crm.lead"]
            .with_context(**everything)
            ._read_group(
                [("care_reason_ids", "in", self.ids)], ["care_reason_ids"], ["__count"]
            )
        )
        customers = dict(
            self.env["res.partner"]
            .with_context(**everything)
            ._read_group(
                [("care_archive_reason_id", "in", self.ids), ("active", "=", False)],
                ["care_archive_reason_id"],
                ["__count"],
            )
        )
        for reason in self:
            reason.care_lead_count = leads.get(reason, 0)
            reason.care_customer_count = customers.get(reason, 0)

    def action_care_leads(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "crm.lead",
            "view_mode": "list,form",
            "domain": [("care_reason_ids", "in", self.ids)],
            "context": {"active_test": False, "create": False},
        }

    def action_care_customers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [
                ("care_archive_reason_id", "in", self.ids),
                ("active", "=", False),
            ],
            "context": {"active_test": False, "create": False},
        }
