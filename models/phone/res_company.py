from odoo import fields, models

MAP_APPS = [
    ("google", "Google Maps"),
    ("amap", "Amap (Gaode)"),
    ("apple", "Apple Maps"),
    ("geo", "The phone's own map"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    care_map_app = fields.Selection(
        MAP_APPS,
        "Directions in",
        default="google",
        required=True,
        help="App that shows the directions for the day on the phone.",
        prefetch="care",
    )
