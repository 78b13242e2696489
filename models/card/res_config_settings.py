from odoo import fields, models

from ...tools.initials import has_pinyin


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_pinyin_missing = fields.Boolean(compute="_compute_care_pinyin_missing")

    def _compute_care_pinyin_missing(self):
        self.care_pinyin_missing = not has_pinyin()
