"""What every room builds on: account teams and roles, regions, company settings,
features, orders, the base of reports, the digest, what all jobs do.

Owns: care.account.member, care.named.tree, care.role, care.region, care.job,
care.working.day.
May use: no other room.
"""

from . import (
    base,
    care_account_member,
    care_account_member_proposal,
    care_analysis,
    care_claim,
    care_customer_view,
    care_job,
    care_named,
    care_named_tree,
    care_reference,
    care_region,
    care_role,
    care_working_day,
    digest_digest,
    frequency_words,
    ir_attachment,
    ir_default,
    ir_rule,
    ir_sequence,
    res_company,
    res_config_settings,
    res_groups,
    res_partner,
    res_users,
    resource_calendar,
    sale_order,
)
