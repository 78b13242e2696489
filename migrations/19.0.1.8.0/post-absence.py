TEAM = "care_member_ids.user_id', '=', user.id)"
MINE = "('user_id', '=', user.id)"
ACTING = "'in', user._care_acting_ids())"


def migrate(cr, version):
    """Rules of own customers, which an upgrade does not touch, let stand-ins in."""
    cr.execute(
        """
        UPDATE ir_rule
           SET domain_force = replace(
                CASE WHEN data.name IN ('care_interaction_rule_own',
                                        'care_plan_target_rule_own',
                                        'care_complaint_report_rule_own')
                     THEN replace(domain_force, %(mine)s, %(mine_acting)s)
                     ELSE domain_force END,
                %(team)s, %(team_acting)s)
          FROM ir_model_data data
         WHERE data.model = 'ir.rule' AND data.module = 'customer_care'
           AND data.res_id = ir_rule.id
           AND (strpos(domain_force, %(team)s) > 0
                OR strpos(domain_force, %(mine)s) > 0)
        """,
        {
            "mine": MINE,
            "mine_acting": f"('user_id', {ACTING}",
            "team": TEAM,
            "team_acting": f"care_member_ids.user_id', {ACTING}",
        },
    )
