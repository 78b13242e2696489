from odoo import SUPERUSER_ID, api

TEMPLATES = (
    "mail_template_survey_invitation",
    "mail_template_survey_reminder",
    "mail_template_complaint_survey",
)


def migrate(cr, version):
    """Mails show the first question, unless somebody has changed their text."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in TEMPLATES:
        template = env.ref(f"customer_care.{name}", raise_if_not_found=False)
        if (
            template
            and template.write_uid.id == SUPERUSER_ID
            and "_first_question_html" not in (template.body_html or "")
        ):
            template.reset_template()
