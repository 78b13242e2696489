def migrate(cr, version):
    """Invitations that were not delivered have not been asked; those still in the queue
    follow their mail."""
    if not version:
        return
    cr.execute(
        """
        UPDATE care_invitation SET sent_at = NULL
         WHERE state IN ('failed', 'bounced')
        """
    )
    cr.execute(
        """
        UPDATE care_invitation SET mail_id = mail.id
          FROM mail_mail mail
          JOIN mail_message message ON message.id = mail.mail_message_id
         WHERE message.model = 'care.invitation'
           AND message.res_id = care_invitation.id
           AND mail.state IN ('outgoing', 'exception', 'cancel')
           AND care_invitation.state IN ('sent', 'failed')
           AND care_invitation.reminded_at IS NULL
        """
    )
