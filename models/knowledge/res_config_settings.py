from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_propose_from = fields.Float(
        related="company_id.care_propose_from", readonly=False
    )
    care_propose_mail = fields.Boolean(
        related="company_id.care_propose_mail", readonly=False
    )
    care_propose_words = fields.Text(compute="_compute_care_propose_words")

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_care_propose_words(self):
        for settings in self:
            hits = settings.company_id.sudo().care_propose_hits or {}
            words = [
                (self.env._("Category"), hits.get("category")),
                (self.env._("Team"), hits.get("team")),
            ]
            settings.care_propose_words = "\n".join(
                self.env._(
                    "%(field)s: proposed for %(proposed)s of %(tested)s complaints of "
                    "the last 90 days that were left out of the history; "
                    "%(right)s proposals were right.",
                    field=field,
                    **hit,
                )
                for field, hit in words
                if hit and hit["tested"]
            ) or self.env._(
                "Not measured yet: a job looks at complaints of the last 90 days every "
                "night."
            )
