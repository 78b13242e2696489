"""Complaints in the portal and by the public form: what customers may read and
send.

Owns: care.complaint.throttle.
May use: core to complaint_mail.
"""

from . import (
    care_complaint_form,
    care_complaint_portal,
    care_complaint_throttle,
    ir_http,
    mail_message,
    res_company,
    res_config_settings,
    res_partner,
)
