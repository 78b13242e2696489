"""Complaints in the portal and the public form: what customers may read and send.
Owns care.complaint.throttle. Uses complaint_mail and the rooms above."""

from . import (
    care_complaint_portal,
    care_complaint_throttle,
    mail_message,
    res_company,
    res_config_settings,
    res_partner,
)
