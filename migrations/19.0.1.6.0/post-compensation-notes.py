def migrate(cr, version):
    """Credit notes that the button of a complaint made carry its number as origin; the
    others that are linked credit goods that came back."""
    cr.execute(
        """
        UPDATE account_move AS note
           SET care_compensation = TRUE
          FROM care_complaint AS complaint
         WHERE complaint.id = note.care_complaint_id
           AND note.move_type = 'out_refund'
           AND note.invoice_origin = complaint.name
        """
    )
