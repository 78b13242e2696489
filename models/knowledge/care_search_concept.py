import re

from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.search_text import Concepts

CONCEPTS_CHANGED = "customer_care.concepts_changed"
"""System parameter: texts that were indexed before are indexed again."""


class CareSearchConcept(models.Model):
    """Words with the same meaning, in all languages, so that a search for one finds
    the others."""

    _name = "care.search.concept"
    _description = "Words with the Same Meaning"
    _inherit = ["care.named"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    words = fields.Text(
        required=True,
        help="Words and phrases of all languages, separated by commas: late, delayed, "
        "not arrived, 晚到",
    )

    @api.model_create_multi
    def create(self, vals_list):
        concepts = super().create(vals_list)
        concepts._forget_concepts()
        return concepts

    def write(self, vals):
        result = super().write(vals)
        if {"words", "active"} & vals.keys():
            self._forget_concepts()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_concepts()
        return result

    def _forget_concepts(self):
        if not self or self.env.context.get(MODULE_UNINSTALL_FLAG):
            return
        self.env.registry.clear_cache()
        self.env["ir.config_parameter"].sudo().set_param(
            CONCEPTS_CHANGED, fields.Datetime.to_string(fields.Datetime.now())
        )

    @api.model
    @ormcache()
    def _concepts(self):
        return Concepts(
            {
                concept.id: re.split(r"[,;\n，；、]+", concept.words)
                for concept in self.sudo().search([])
            }
        )
