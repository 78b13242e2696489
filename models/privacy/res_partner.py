from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..card.res_partner import PREFETCH, USER


class ResPartner(models.Model):
    """Data of a person: export and erase, for administrators of the app."""

    _inherit = "res.partner"

    care_erased_at = fields.Datetime(
        "Erased on", readonly=True, copy=False, groups=USER, prefetch=PREFETCH
    )

    @api.model_create_multi
    def create(self, vals_list):
        self = self._care_without_defaults({"care_erased_at"})  # noqa: PLW0642
        if not self._care_is_unlocked():
            vals_list = [
                {key: value for key, value in vals.items() if key != "care_erased_at"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if "care_erased_at" in vals and not self._care_is_unlocked():
            vals = self._care_drop_unchanged({"care_erased_at"}, vals)
            if "care_erased_at" in vals:
                raise AccessError(
                    self.env._("Only Erase Personal Data marks a contact as erased.")
                )
        return super().write(vals)

    def action_care_export_person(self):
        """What is kept about this contact, as a ZIP.

        :raise AccessError: not an administrator of the app, or not one's contact
        """
        self.env["care.personal.data"]._check(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_care/person/{self.id}/data.zip",
            "target": "download",
        }

    def action_care_erase_person(self):
        """Ask before erasing.

        :raise AccessError: not an administrator of the app, or not one's contact
        :raise UserError: it cannot be erased now, with what to do
        """
        self.env["care.personal.data"]._check_erase(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": "care.person.erase",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
