from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Solutions that already wait for their check: keep their full file, and tell who
    must check them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    waiting = env["care.complaint"].search([("stage_id.phase", "=", "verify")])
    waiting = waiting.filtered(lambda complaint: not complaint._is_short())
    waiting.with_context(tracking_disable=True).full_file = True
    waiting._plan_checks()
