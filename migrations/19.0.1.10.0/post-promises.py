NEW_PROMISE = """
    INSERT INTO care_promise
           (name, partner_id, contact_id, user_id, department_id, supervisor_id,
            promised_at, date_due, company_id, currency_id, cost, company_cost,
            source, {link}, state, kept_at, is_earlier,
            create_uid, create_date, write_uid, write_date)
    SELECT s.promise, s.partner_id, s.contact_id, u.id, u.sale_team_id,
           NULLIF(t.user_id, u.id), {promised_at}, s.promise_date, s.company_id,
           c.currency_id, 0, 0, '{source}', s.id, {state}, {kept_at}, TRUE,
           s.create_uid, s.create_date, s.write_uid, s.write_date
      FROM {table} s
      JOIN res_company c ON c.id = s.company_id
      JOIN res_users u ON u.id = COALESCE(s.user_id, s.create_uid, 1)
 LEFT JOIN crm_team t ON t.id = u.sale_team_id
     WHERE s.promise_id IS NULL AND s.partner_id IS NOT NULL
       AND TRIM(s.promise) <> '' AND {found}
       AND NOT EXISTS (SELECT 1 FROM care_promise p WHERE p.{link} = s.id)
"""
LINKED = """
    UPDATE {table} s
       SET promise_id = p.id
      FROM (SELECT MIN(id) AS id, {link} FROM care_promise
             WHERE {link} IS NOT NULL AND is_earlier GROUP BY {link}) p
     WHERE p.{link} = s.id AND s.promise_id IS NULL
"""
SOURCES = [
    {
        "table": "care_interaction",
        "link": "interaction_id",
        "source": "interaction",
        "found": "s.promise_state IS NOT NULL",
        "promised_at": "COALESCE(s.date_start, s.create_date)",
        "state": "s.promise_state",
        "kept_at": "CASE s.promise_state WHEN 'kept' THEN s.write_date END",
    },
    {
        "table": "care_complaint",
        "link": "complaint_id",
        "source": "complaint",
        "found": "TRUE",
        "promised_at": "COALESCE(s.received_at, s.create_date)",
        "state": "CASE WHEN s.closed_at IS NULL THEN 'open' ELSE 'kept' END",
        "kept_at": "s.closed_at",
    },
]


def migrate(cr, version):
    """Promises of reports and complaints become promises of their own. Those of closed
    complaints were kept; of the others the nightly job breaks none."""
    for source in SOURCES:
        cr.execute(NEW_PROMISE.format(**source))
        cr.execute("ANALYZE care_promise")  # else the next one takes ten times as long
        cr.execute(LINKED.format(**source))
