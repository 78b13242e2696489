def migrate(cr, version):
    """Settings have moved to the views of their rooms. Until each view is loaded again
    it is empty, as old and new ones do not fit together."""
    cr.execute(
        """
        UPDATE ir_ui_view SET arch_db = '{"en_US": "<data/>"}'
         WHERE inherit_id IS NOT NULL AND mode = 'extension'
           AND model = 'res.config.settings'
           AND id IN (SELECT res_id FROM ir_model_data
                       WHERE module = 'customer_care' AND model = 'ir.ui.view')
        """
    )
