"""Fields that are computed as superuser, and why none of them tells a secret.

Odoo computes related fields and stored computed fields as superuser, unless told
otherwise (``related_sudo=False``, ``compute_sudo=False``). Whoever chooses a record
in a form would read through them what its rules refuse. script/lint refuses a field
that is not here; :class:`TestSuperuserFields` compares the list with the registry.

A model without a field stands for all of its fields.
"""

SUPERUSER_FIELDS = {
    "From the record's own columns, or rows that belong to it alone": """
        care.complaint.email_normalized
        care.complaint.sla_state
        care.complaint.sla_timer
        care.promise.company_cost
        care.interaction.date
        care.interaction.date_end
        care.interaction.duration
        care.interaction.uncounted_code
        care.interaction.brief_opened
        care.interaction.is_late
        care.interaction.next_channel
        care.invitation.tier_sequence
        care.plan.target.counted
        care.checklist.mixin.has_failed_critical
        care.checklist.mixin.is_scored
        care.checklist.mixin.score
        care.spot.check.line.has_failed_critical
        care.spot.check.line.is_scored
        care.spot.check.line.score
        care.spot.check.second.has_failed_critical
        care.spot.check.second.is_scored
        care.spot.check.second.score
        care.spot.check.state
        care.tier.review.months
        care.tier.review.source
        care.tier.review.method
        care.tier.review.line_count
        care.tier.review.new_count
        care.tier.review.upgrade_count
        care.tier.review.downgrade_count
        care.tier.review.held_count
        care.tier.review.locked_count
        care.tier.review.excluded_count
        res.partner.care_completeness
        res.partner.care_initial
    """,
    "Of the promise of a record, which only the app links to it": """
        care.complaint.promise
        care.complaint.promise_cost
        care.complaint.promise_date
        care.interaction.promise
        care.interaction.promise_cost
        care.interaction.promise_date
        care.interaction.promise_state
    """,
    "Copied from the record that it is a part of, whose readers are the same": """
        care.sla.status.company_id
        care.complaint.team.alias_defaults
        care.complaint.team.alias_name
        care.fund.move.company_id
        care.fund.move.currency_id
        care.fund.move.department_id
        care.spot.check.line.company_id
        care.spot.check.second.check_id
        care.spot.check.second.company_id
        care.spot.check.second.kind
        care.spot.check.second.name
        care.spot.check.line.month
        care.tier.review.line.company_id
        care.tier.review.line.currency_id
        care.tier.review.line.review_state
    """,
    "Stages, tiers, their colors, currencies and companies are no secret inside": """
        care.complaint.company_id
        care.complaint.currency_id
        care.complaint.promise_currency_id
        care.interaction.promise_currency_id
        care.notice.currency_id
        care.promise.company_currency_id
        care.promise.currency_id
        care.complaint.phase
        care.complaint.care_tier_id
        care.complaint.care_tier_color
        care.customer.report.tier_color
        care.follow.up.care_tier_id
        care.interaction.care_tier_id
        care.interaction.care_tier_color
        care.outlook.currency_id
        care.outlook.month.currency_id
        care.partner.tier.currency_id
        care.plan.target.tier_color
        care.relationship.report.care_tier_id
        care.risk.case.care_tier_color
        care.risk.case.care_tier_id
        care.risk.case.currency_id
        care.tier.history.old_tier_color
        care.tier.history.new_tier_color
        care.tier.report.old_tier_color
        care.tier.report.new_tier_color
        care.tier.review.currency_id
        care.tier.review.line.current_tier_color
        care.tier.review.line.proposed_tier_color
        crm.lead.care_tier_id
        crm.lead.care_tier_color
    """,
    "An alarm is said to all users of the app; the complaint itself is not": """
        care.interaction.care_alarm
        care.plan.target.care_alarm
        crm.lead.care_alarm
    """,
    "On the customer, every user of the app reads the same": """
        care.interaction.check_in_distance
        care.interaction.contact_id
        care.interaction.has_distance
        care.interaction.is_far_away
        care.plan.target.city
        care.plan.target.map_url
        care.plan.target.phone
        care.tier.review.line.salesperson_id
        crm.lead.care_potential
    """,
    "Who works with whom, and reaches them how, is no secret inside": """
        care.account.member.user_phone
        care.interaction.holder_code
        care.interaction.role_id
        care.interaction.stand_in_for_id
        care.month.report.user_ids
        care.spot.check.line.department_id
    """,
    "The customer reads it without a right to what it comes from, which is why": """
        care.complaint.portal_answer_until
        care.complaint.portal_solution
        care.complaint.portal_status
    """,
    "That a customer was asked and has answered; not what": """
        care.complaint.survey_state
    """,
    "Only who may change settings opens them": """
        res.config.settings
    """,
}
