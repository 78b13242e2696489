"""Campaigns, invitations, answers and follow-ups, on Odoo's surveys.

Owns: care.campaign, care.invitation, care.answer*, care.follow.up,
care.survey.token.
May use: core to complaint_portal.
"""

from . import (
    care_answer,
    care_answer_analysis,
    care_campaign,
    care_campaign_buttons,
    care_campaign_dimensions,
    care_campaign_publish,
    care_campaign_response,
    care_campaign_results,
    care_campaign_review,
    care_campaign_sample,
    care_campaign_send,
    care_complaint_survey,
    care_follow_up,
    care_invitation,
    care_invitation_delivery,
    care_invitation_refusal,
    care_satisfaction_report,
    care_survey_token,
    crm_lead,
    mail_activity,
    mail_mail,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_address,
    survey_question,
    survey_question_answer,
    survey_ready,
    survey_survey,
    survey_user_input,
    survey_user_input_anonymous,
    survey_user_input_aside,
    survey_user_input_follow_up,
    survey_user_input_line,
    survey_user_input_review,
)
