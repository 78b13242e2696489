from odoo import SUPERUSER_ID, api

VERIFY = {"a": (90, True), "b": (180, True), "c": (365, False)}


def migrate(cr, version):
    """Customer cards: give the default tiers the days after which a card is checked
    again, and let the job fill cards in the background."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for code, (days, reminder) in VERIFY.items():
        tier = env.ref(f"customer_care.care_tier_{code}", raise_if_not_found=False)
        if tier and not tier.verify_days:
            tier.write({"verify_days": days, "verify_reminder": reminder})
    env["res.partner"]._schedule_care_refresh()
