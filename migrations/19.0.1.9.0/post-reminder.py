from odoo import SUPERUSER_ID, api

OLD_WORDS = "Your answer would help us. We will not send another reminder."


def migrate(cr, version):
    """The text of the first reminder does not deny a second one, unless somebody has
    changed it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "customer_care.mail_template_survey_reminder", raise_if_not_found=False
    )
    if (
        template
        and template.write_uid.id == SUPERUSER_ID
        and OLD_WORDS in " ".join((template.body_html or "").split())
        and "_is_last_reminder" not in template.body_html
    ):
        template.reset_template()
