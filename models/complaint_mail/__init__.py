"""Complaints by e-mail: gateway, replies, acknowledgement, mails set aside.

Owns: care.incoming.mail.
May use: core to complaint.
"""

from . import (
    care_complaint_acknowledge,
    care_complaint_answer,
    care_complaint_contents,
    care_complaint_forward,
    care_complaint_gateway,
    care_complaint_mail,
    care_complaint_news,
    care_complaint_silence,
    care_complaint_spam,
    care_complaint_team,
    care_complaint_team_silence,
    care_complaint_unanswered,
    care_incoming_mail,
    care_macro,
    mail_alias,
    mail_message,
    mail_thread,
    res_company,
    res_config_settings,
)
