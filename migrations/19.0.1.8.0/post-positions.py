from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Distance of the check-ins made before"""
    env = api.Environment(cr, SUPERUSER_ID, {})
    contacts = env["care.interaction"].search([("checked_in_at", "!=", False)])
    for name in ("check_in_distance", "has_distance", "is_far_away"):
        env.add_to_compute(contacts._fields[name], contacts)
    env.flush_all()
