def migrate(cr, version):
    """Of earlier escalations everybody has been told one by one."""
    cr.execute("UPDATE care_sla_alert SET in_digest = TRUE WHERE in_digest IS NULL")
