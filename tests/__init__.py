"""Tests, by the rooms of models/; what spans rooms stands here."""

from . import (
    test_access_rights,
    test_copy,
    test_features,
    test_import_templates,
    test_js,
    test_menus,
    test_merge,
    test_net_fields,
    test_net_methods,
    test_one_truth,
    test_reader_language,
    test_reimport,
    test_rights,
    test_rights_owner,
    test_rooms,
    test_rules_agree,
    test_superuser_fields,
    test_ui,
    test_users_gone,
)
from .card import (
    test_card_tools,
    test_card_ui,
    test_card_view,
    test_customer_card,
    test_introduction,
)
from .complaint import (
    test_case_steps,
    test_complaint_credit,
    test_complaint_hotline,
    test_complaint_leave,
    test_complaint_letter,
    test_complaint_merge,
    test_complaint_money,
    test_complaint_repeat,
    test_complaint_reply,
    test_complaint_short,
    test_complaint_sla,
    test_complaint_steps,
    test_complaint_take,
    test_complaint_ui,
    test_complaint_verify,
    test_complaint_view,
    test_complaint_viewers,
)
from .complaint_mail import (
    test_complaint_acknowledge,
    test_complaint_attack_mail,
    test_complaint_mail,
    test_complaint_mail_ui,
    test_complaint_news,
    test_complaint_smtp,
    test_mail_after_closing,
    test_mail_auth,
    test_mail_contents,
    test_mail_forged,
    test_mail_forwarded,
    test_mail_spam,
    test_mail_subject,
    test_mail_tools,
    test_silence,
    test_unanswered,
)
from .complaint_portal import (
    test_complaint_attack_chatter,
    test_complaint_attack_fields,
    test_complaint_attack_form,
    test_complaint_attack_pages,
    test_complaint_attack_public,
    test_complaint_attack_rpc,
    test_complaint_portal,
)
from .contact_plan import (
    test_absence,
    test_care_plan_target,
    test_due_dates,
    test_excuse,
    test_plan_access,
    test_plan_ui,
    test_windows,
)
from .core import (
    test_assign,
    test_digest,
    test_groups,
    test_job,
    test_public_days,
    test_working_hours,
)
from .handover import (
    test_handover,
    test_protection,
)
from .interaction import (
    test_activities,
    test_care_interaction,
    test_counting,
    test_counting_tools,
    test_crm_lead,
    test_last_contact,
    test_matching,
    test_meetings,
    test_not_met,
)
from .merit import (
    test_fund,
    test_merit_ledger,
    test_merit_month,
    test_merit_orders,
    test_merit_propose,
    test_merit_tools,
    test_merit_ui,
    test_merit_way,
    test_month_duty,
)
from .onboarding import test_onboarding
from .promise import (
    test_notice,
    test_overdue,
    test_promise,
    test_promise_access,
    test_promise_dispute,
    test_promise_sources,
    test_promise_ui,
)
from .quality import (
    test_checklist,
    test_service_standard,
)
from .report import (
    test_dashboard,
    test_evaluation,
    test_month_report,
    test_product_pareto,
    test_report_ui,
    test_reports,
    test_spot_check,
)
from .satisfaction import (
    test_estimates,
    test_report_satisfaction,
    test_response,
    test_results,
    test_sampling,
    test_satisfaction,
    test_satisfaction_anonymous,
    test_satisfaction_asking,
    test_satisfaction_complaint,
    test_satisfaction_guard,
    test_satisfaction_kept,
    test_satisfaction_meaning,
    test_satisfaction_tools,
    test_satisfaction_trust,
    test_satisfaction_ui,
    test_satisfaction_web,
)
from .sla import (
    test_escalation_digest,
    test_hours_change,
    test_sla_clock,
    test_sla_reason,
)
from .tier import (
    test_care_tier,
    test_cdnow,
    test_monthly_review,
    test_res_partner,
    test_review_pareto,
    test_tier_review,
    test_tier_review_apply,
    test_tier_review_invoice,
    test_tiers,
    test_value_potential,
)
