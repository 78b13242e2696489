def migrate(cr, version):
    """Invitations follow their mails in the queue; those that were not delivered have
    not been asked."""
    if not version:
        return
    cr.execute(
        """
        UPDATE care_invitation
           SET mail_id = mail.id,
               state = CASE WHEN mail.state = 'outgoing' THEN care_invitation.state
                            ELSE 'failed' END
          FROM mail_mail mail
          JOIN mail_message message ON message.id = mail.mail_message_id
         WHERE message.model = 'care.invitation'
           AND message.res_id = care_invitation.id
           AND mail.state IN ('outgoing', 'exception', 'cancel')
           AND care_invitation.state IN ('sent', 'failed')
           AND care_invitation.reminded_at IS NULL
        """
    )
    cr.execute(
        """
        UPDATE care_invitation SET sent_at = NULL
         WHERE state IN ('failed', 'bounced')
        """
    )
