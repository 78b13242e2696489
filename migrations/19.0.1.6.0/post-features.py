from odoo import SUPERUSER_ID, api

FEATURES = ("visit", "complaint", "satisfaction", "protection", "month_report")


def migrate(cr, version):
    """Nobody loses what was there before features could be switched off."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.groups"]._switch_care_features(**dict.fromkeys(FEATURES, True))
