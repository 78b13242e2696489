def migrate(cr, version):
    """The place of the job that refreshes cards is kept in a table of ours."""
    cr.execute(
        "DELETE FROM ir_config_parameter"
        " WHERE key = 'customer_care.cards_refreshed_up_to'"
    )
