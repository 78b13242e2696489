def migrate(cr, version):
    """Kinds of a policy were their codes with commas between."""
    cr.execute(
        """
        INSERT INTO care_complaint_kind_care_sla_policy_rel
                    (care_sla_policy_id, care_complaint_kind_id)
        SELECT policy.id, kind.id
          FROM care_sla_policy policy
          JOIN care_complaint_kind kind
            ON kind.code = ANY (string_to_array(replace(policy.kinds, ' ', ''), ','))
            ON CONFLICT DO NOTHING;
        ALTER TABLE care_sla_policy DROP COLUMN kinds
        """
    )
