def migrate(cr, version):
    """Promises of reports and complaints become promises of their own."""
