import re

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache
from odoo.tools.sql import column_exists, table_exists

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.search_text import Concepts

CONCEPTS_CHANGED = "customer_care.concepts_changed"
"""System parameter: texts that were indexed before are indexed again."""


SEPARATORS = re.compile(r"[,;\n，；、]+")


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

    default_words = fields.Text(
        readonly=True,
        copy=False,
        help="The words that come with the app, as they were last updated.",
    )

    def _auto_init(self):
        """Before version 19.0.1.13.0 the words that came with the app were not kept
        apart. Those that nobody has edited get the new ones; edited ones stay."""
        cr = self.env.cr
        upgrade = table_exists(cr, self._table) and not column_exists(
            cr, self._table, "default_words"
        )
        result = super()._auto_init()
        if upgrade:
            cr.execute(
                SQL(
                    """
                    WITH untouched AS (
                        UPDATE care_search_concept
                           SET default_words = words
                         WHERE write_uid = %s
                     RETURNING id)
                    UPDATE ir_model_data data
                       SET noupdate = FALSE
                      FROM untouched
                     WHERE data.model = %s
                       AND data.module = 'customer_care'
                       AND data.res_id = untouched.id
                    """,
                    SUPERUSER_ID,
                    self._name,
                )
            )
        return result

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            vals | {"words": vals.get("words") or vals.get("default_words")}
            for vals in map(self._without_defaults_of_others, vals_list)
        ]
        concepts = super().create(vals_list)
        concepts._forget_concepts()
        return concepts

    def write(self, vals):
        vals = self._without_defaults_of_others(vals)
        if vals.get("default_words"):
            for concept in self:
                concept._take_defaults(vals["default_words"])
        result = super().write(vals)
        if {"words", "active"} & vals.keys():
            self._forget_concepts()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_concepts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_defaults(self):
        if any(concept.default_words for concept in self):
            raise UserError(
                self.env._(
                    "An update would bring the words that come with the app back. "
                    "Archive them instead."
                )
            )

    def _without_defaults_of_others(self, vals):
        """Only the app's own data set the words that come with it."""
        if self.env.su:
            return vals
        return {key: value for key, value in vals.items() if key != "default_words"}

    def _take_defaults(self, words):
        """Bring words that are new in the app. What the administrator has added stays,
        and what the administrator has taken out stays out."""
        before, after = _phrases(self.default_words), _phrases(words)
        own = _phrases(self.words)
        left = {word for word in own if word not in before or word in after}
        new = [word for word in after if word not in before and word not in own]
        words = ", ".join([*(word for word in own if word in left), *new])
        if words != self.words:
            self.words = words

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
            {concept.id: _phrases(concept.words) for concept in self.sudo().search([])}
        )


def _phrases(words):
    """{phrase: None}, in their order"""
    return dict.fromkeys(
        phrase.strip() for phrase in SEPARATORS.split(words or "") if phrase.strip()
    )
