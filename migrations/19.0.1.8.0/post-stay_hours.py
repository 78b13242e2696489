from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """On-site stays had the hours from their first to their last minute, nights and
    planned ones included; now the working hours of the days stayed."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    contacts = env["care.interaction"].search([("channel", "=", "onsite")])
    env.add_to_compute(contacts._fields["duration"], contacts)
    env.flush_all()
