"""Complaints by e-mail: gateway, replies, acknowledgement, mails set aside.
Owns care.incoming.mail. Uses complaint and the rooms above."""

from . import (
    care_complaint_acknowledge,
    care_complaint_gateway,
    care_complaint_mail,
    care_incoming_mail,
    care_team_mail,
    mail_alias,
    mail_thread,
    res_company,
    res_config_settings,
)
