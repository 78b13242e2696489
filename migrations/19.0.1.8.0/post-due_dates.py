"""Supervisors are told once a week, by date; what was missed last is to be made good;
open contacts fall due on working days, spread evenly."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        """
        UPDATE care_plan_target SET missed_told_on = date_end
         WHERE missed_notified AND missed_told_on IS NULL
        """
    )
    cr.execute("ALTER TABLE care_plan_target DROP COLUMN missed_notified")
    env = api.Environment(cr, SUPERUSER_ID, {})
    if kind := env.ref(
        "customer_care.mail_activity_type_missed", raise_if_not_found=False
    ):
        env["mail.activity"].search([("activity_type_id", "=", kind.id)]).unlink()
        kind.unlink()
    Target = env["care.plan.target"]
    Target._update_make_good(SQL("target.state = 'missed'"))
    for company in Target._companies_with_tiers():
        cr.execute(
            "SELECT id FROM care_plan_target WHERE state = 'open' AND company_id = %s",
            [company.id],
        )
        targets = [target for (target,) in cr.fetchall()]
        Target._place_moved(targets, company, company._care_today())
