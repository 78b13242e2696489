from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

NO_SUGGESTION = ("kind", "!=", "suggestion")
"""As in the month-end report"""


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_care_contacts = fields.Boolean("Customer Contacts Made")
    kpi_care_contacts_value = fields.Integer(compute="_compute_kpi_care_contacts_value")
    kpi_care_complaints = fields.Boolean("Complaints Received")
    kpi_care_complaints_value = fields.Integer(
        compute="_compute_kpi_care_complaints_value"
    )
    kpi_care_answered = fields.Boolean("Complaints Answered in Time (%)")
    kpi_care_answered_value = fields.Float(compute="_compute_kpi_care_answered_value")
    kpi_care_moved_down = fields.Boolean("Customers Moved Down a Tier")
    kpi_care_moved_down_value = fields.Integer(
        compute="_compute_kpi_care_moved_down_value"
    )

    def _check_care_kpi(self, group="customer_care.group_user"):
        """:raise AccessError: the reader does not use the app, or this feature of it;
        Odoo leaves the figure out"""
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Do not have access, skip this data for user's digest email")
            )

    def _compute_kpi_care_contacts_value(self):
        self._check_care_kpi("customer_care.group_care_visit")
        self._calculate_company_based_kpi(
            "care.interaction",
            "kpi_care_contacts_value",
            date_field="date_start",
            additional_domain=[("state", "=", "done")],
        )

    def _compute_kpi_care_complaints_value(self):
        self._check_care_kpi("customer_care.group_care_complaint")
        self._calculate_company_based_kpi(
            "care.complaint.report",
            "kpi_care_complaints_value",
            date_field="date",
            additional_domain=[NO_SUGGESTION],
        )

    def _compute_kpi_care_answered_value(self):
        """Of the complaints received in the time, as in the report of complaints"""
        self._check_care_kpi("customer_care.group_care_complaint")
        start, end, companies = self._get_kpi_compute_parameters()
        shares = dict(
            self.env["care.complaint.report"]._read_group(
                Domain([NO_SUGGESTION])
                & Domain("company_id", "in", companies.ids)
                & Domain("date", ">=", start)
                & Domain("date", "<", end),
                ["company_id"],
                ["reply_success:avg"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_care_answered_value = shares.get(company) or 0

    def _compute_kpi_care_moved_down_value(self):
        self._check_care_kpi()
        self._calculate_company_based_kpi(
            "care.tier.report",
            "kpi_care_moved_down_value",
            date_field="date",
            additional_domain=[("direction", "=", "down")],
        )

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("customer_care.menu_root").id
        return super()._compute_kpis_actions(company, user) | {
            f"kpi_care_{name}": f"customer_care.{action}?menu_id={menu}"
            for name, action in (
                ("contacts", "interaction_action"),
                ("complaints", "complaint_action"),
                ("answered", "complaint_report_action"),
                ("moved_down", "tier_report_action"),
            )
        }
