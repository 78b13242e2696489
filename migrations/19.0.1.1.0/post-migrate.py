from odoo import SUPERUSER_ID, api

from odoo.addons.customer_care.hooks import fill_account_teams


def migrate(cr, version):
    """Contact plans: give the default tiers the default plans, salespeople their role,
    and our rules of own customers the account team."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for code in "abcd":
        tier = env.ref(f"customer_care.care_tier_{code}", raise_if_not_found=False)
        plan = env.ref(f"customer_care.care_plan_{code}", raise_if_not_found=False)
        if tier and plan and not tier.plan_id:
            tier.plan_id = plan
    for name in ("care_tier_history_rule_own", "care_partner_tier_rule_own"):
        rule = env.ref(f"customer_care.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == "[('partner_id.user_id', '=', user.id)]":
            rule.domain_force = "[('partner_id.care_member_ids.user_id', '=', user.id)]"
    fill_account_teams(env)
