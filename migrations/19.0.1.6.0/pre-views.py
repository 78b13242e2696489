def migrate(cr, version):
    """Views that put something beside a button that has moved into them: empty until
    they are loaded again, else the view they extend could not be loaded."""
    cr.execute(
        """
        UPDATE ir_ui_view SET arch_db = '{"en_US": "<data/>"}'
         WHERE id IN (
            SELECT res_id FROM ir_model_data
             WHERE module = 'customer_care' AND model = 'ir.ui.view'
               AND name IN ('res_partner_view_form_complaint',
                            'crm_lead_view_form_complaint'))
        """
    )
