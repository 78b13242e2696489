"""Rewards and penalties: rules, an append-only ledger, the month and its statements.

Owns: care.merit.*, care.fund*, care.month.duty*.
May use: core, tier, contact_plan, interaction, complaint, satisfaction, promise.
"""

from . import (
    care_fund,
    care_fund_move,
    care_fund_vote,
    care_merit_entry,
    care_merit_entry_close,
    care_merit_entry_complaints,
    care_merit_entry_orders,
    care_merit_entry_praise,
    care_merit_entry_propose,
    care_merit_entry_reverse,
    care_merit_entry_targets,
    care_merit_entry_way,
    care_merit_entry_work,
    care_merit_month,
    care_merit_rule,
    care_merit_rule_leader,
    care_merit_statement,
    care_month_duty,
    care_month_duty_plan,
    care_overdue,
    res_company,
    res_config_settings,
    res_users,
)
