from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Leaders write the standards of their department, members read them only: the rule
    of members, which is not updated, was for both."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref("customer_care.care_service_standard_rule_own", False)
    if rule:
        rule.write({"perm_write": False, "perm_create": False, "perm_unlink": False})
