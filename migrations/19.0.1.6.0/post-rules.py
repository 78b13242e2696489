def migrate(cr, version):
    """From now on an upgrade keeps the rules that an administrator has edited."""
    cr.execute(
        """
        UPDATE ir_model_data SET noupdate = TRUE
         WHERE module = 'customer_care' AND model = 'ir.rule'
        """
    )
