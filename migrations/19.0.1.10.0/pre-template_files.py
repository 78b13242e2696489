MOVED = {
    "customer_care/data/care_satisfaction_data.xml": (
        "customer_care/data/satisfaction/care_satisfaction_data.xml"
    ),
    "customer_care/data/care_complaint_mail_data.xml": (
        "customer_care/data/complaint_mail/care_complaint_mail_data.xml"
    ),
}


def migrate(cr, version):
    """Files of mail templates have moved: Reset Template looks for them where they
    were when the template was made."""
    for before, now in MOVED.items():
        cr.execute(
            "UPDATE mail_template SET template_fs = %s WHERE template_fs = %s",
            [now, before],
        )
