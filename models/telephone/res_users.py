from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    _inherit = "res.users"

    care_extension = fields.Char(
        "Telephone Extension",
        copy=False,
        index="btree_not_null",
        groups="customer_care.group_user",
        help="Number at which the telephone system reaches the user. Calls to it open "
        "the hotline.",
    )

    @api.constrains("care_extension", "active", "company_ids")
    def _check_care_extension(self):
        for user in self.filtered(lambda row: row.active and row.care_extension):
            other = self.sudo().search(
                [
                    ("care_extension", "=", user.care_extension),
                    ("company_ids", "in", user.company_ids.ids),
                    ("id", "!=", user.id),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "Extension %(extension)s belongs to %(user)s. Enter another.",
                        extension=user.care_extension,
                        user=other.name,
                    )
                )
