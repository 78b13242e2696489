from odoo import api, fields, models

from .res_company import RETENTION_KINDS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_retention_words = fields.Text(compute="_compute_care_retention_words")

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_care_retention_words(self):
        names = dict(
            self.env["care.removal"]._fields["kind"]._description_selection(self.env)
        )
        for settings in self:
            months = settings.company_id._care_keep_months()
            settings.care_retention_words = "\n".join(
                self.env._(
                    "%(what)s: %(months)s months",
                    what=names[kind],
                    months=months[kind],
                )
                for kind, _name in RETENTION_KINDS
                if months[kind]
            ) or self.env._("Everything is kept.")
