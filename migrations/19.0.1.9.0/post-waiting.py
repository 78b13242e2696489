def migrate(cr, version):
    """Complaints that wait for the customer: the time for reminders begins now."""
    cr.execute(
        """
        UPDATE care_complaint c
           SET waiting_since = now() AT TIME ZONE 'UTC'
          FROM care_complaint_stage s
         WHERE s.id = c.stage_id AND s.pauses_sla AND c.waiting_since IS NULL
        """
    )
