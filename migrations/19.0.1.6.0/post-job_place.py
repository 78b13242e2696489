def migrate(cr, version):
    """The job of cards keeps its place in a table of its own; it may begin anew."""
    cr.execute(
        "DELETE FROM ir_config_parameter"
        " WHERE key = 'customer_care.cards_refreshed_up_to'"
    )
