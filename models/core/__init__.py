"""What all rooms build on: account teams and roles, regions, settings of a
company, the base of reports, the digest. Uses no other room."""

from . import (
    base,
    care_account_member,
    care_analysis,
    care_region,
    care_role,
    digest_digest,
    frequency_words,
    ir_sequence,
    res_company,
    res_config_settings,
    res_users,
)
