from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Counted stock is corrected by who counted it; the account team reads it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref("customer_care.care_stock_count_rule_own", raise_if_not_found=False)
    if rule and rule.perm_write:
        rule.write(
            {
                "name": "Counted stock: read that of own customers",
                "domain_force": "['|', ('user_id', 'in', user._care_acting_ids()), "
                "('partner_id.care_member_ids.user_id', 'in', "
                "user._care_acting_ids())]",
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
