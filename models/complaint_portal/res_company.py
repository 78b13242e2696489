from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_public_form = fields.Boolean(
        "Complaints from Visitors",
        help="Visitors without an account can send complaints on a public page.",
        prefetch="care",
    )
    care_public_form_url = fields.Char(compute="_compute_care_public_form_url")

    @api.depends("care_public_form")
    def _compute_care_public_form_url(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for company in self:
            company.care_public_form_url = f"{base}/complaints/new/{company.id}"
