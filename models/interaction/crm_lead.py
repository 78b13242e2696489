from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.care_reference import CareReferenceMixin
from ..core.res_groups import VISIT


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", CareReferenceMixin._name]

    care_tier_id = fields.Many2one(
        related="partner_id.commercial_partner_id.care_tier_id",
        string="Tier",
        groups="customer_care.group_user",
    )
    care_tier_color = fields.Integer(
        related="partner_id.commercial_partner_id.care_tier_color",
        string="Tier Color",
        groups="customer_care.group_user",
        aggregator=None,
    )
    care_potential = fields.Selection(
        related="partner_id.commercial_partner_id.care_potential",
        string="Potential",
        groups="customer_care.group_user",
    )
    care_interaction_ids = fields.One2many(
        "care.interaction",
        "lead_id",
        "Customer Contacts",
        groups=VISIT,
    )
    care_interaction_count = fields.Integer(
        "Number of Contacts",
        compute="_compute_care_interaction_count",
        groups=VISIT,
    )
    care_next_target_id = fields.Many2one(
        "care.plan.target",
        "Next Contact Due",
        compute="_compute_care_next_target_id",
        compute_sudo=False,
        groups=VISIT,
    )
    care_next_due = fields.Date(
        "Next Contact",
        compute="_compute_care_next_target_id",
        compute_sudo=False,
        groups=VISIT,
    )
    care_next_user_id = fields.Many2one(
        "res.users",
        "Contact Due by",
        compute="_compute_care_next_target_id",
        compute_sudo=False,
        groups=VISIT,
        help="Member of the account team who is responsible for the next contact.",
    )

    @api.depends("care_interaction_ids")
    def _compute_care_interaction_count(self):
        counts = dict(
            self.env["care.interaction"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.care_interaction_count = counts.get(lead._origin, 0)

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_care_next_target_id(self):
        """The next contact due at the lead's customer, among those the user can see."""
        first = {}
        for target in self.env["care.plan.target"].search_fetch(
            [
                ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                ("state", "=", "open"),
                ("date_start", "<=", fields.Date.context_today(self)),
            ],
            ["partner_id", "date_aim", "user_id"],
            order="date_aim, id",
        ):
            first.setdefault(target.partner_id, target)
        nothing = self.env["care.plan.target"]
        for lead in self:
            target = first.get(lead.partner_id.commercial_partner_id, nothing)
            lead.care_next_target_id = target
            lead.care_next_due = target.date_aim
            lead.care_next_user_id = target.user_id

    def action_open_care_interactions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.interaction_action"
        )
        return action | {
            "domain": [("lead_id", "=", self.id)],
            "context": self._care_interaction_defaults(),
        }

    def action_open_care_complaints(self):
        """Open the complaints of the lead's customer; new ones get its contact
        person."""
        self.ensure_one()
        return self.partner_id.action_open_care_complaints()

    def action_new_care_complaint(self):
        """Open a new complaint of the lead's contact person in the lead's company."""
        self.ensure_one()
        action = self.partner_id.action_new_care_complaint()
        company = self.company_id or self.env.company
        action["context"]["default_company_id"] = company.id
        return action

    def action_log_care_interaction(self):
        """Open a new report for the lead's customer."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._("Choose the customer of this opportunity first.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report"),
            "res_model": "care.interaction",
            "view_mode": "form",
            "views": [(self.env.ref("customer_care.interaction_view_form").id, "form")],
            "context": self._care_interaction_defaults(),
        }

    def _care_interaction_defaults(self):
        customer = self.partner_id.commercial_partner_id
        return {
            "default_lead_id": self.id,
            "default_partner_id": customer.id,
            "default_contact_id": self.partner_id.id
            if self.partner_id != customer
            else False,
        }
