"""Writing the rows of a batch of customers, in one statement."""

from odoo.tools import SQL


def write_rows(model, company, columns, key, rows):
    """Insert rows or update those that differ; tier and salesperson are those of the
    customer.

    :param columns: {name: PostgreSQL type}, ``partner_id`` among them
    :param key: names of the unique columns beside the company
    :param rows: [values of the columns]
    """
    if not rows:
        return
    cr, table = model.env.cr, SQL.identifier(model._table)
    names = [*columns, "tier_id", "tier_sequence", "user_id"]
    changing = [name for name in names if name not in key]
    listed = SQL(", ").join(map(SQL.identifier, names))
    cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (
                company_id, create_uid, create_date, write_uid, write_date, %(names)s
            )
            SELECT %(company)s, %(uid)s, %(now)s, %(uid)s, %(now)s, %(values)s,
                   status.tier_id, COALESCE(tier.sequence, 1000000),
                   COALESCE(partner.user_id, partner.care_manager_id)
              FROM unnest(%(arrays)s) AS new(%(columns)s)
              JOIN res_partner partner ON partner.id = new.partner_id
         LEFT JOIN care_partner_tier status
                ON status.partner_id = new.partner_id
               AND status.company_id = %(company)s
         LEFT JOIN care_tier tier ON tier.id = status.tier_id
            ON CONFLICT (%(key)s, company_id) DO UPDATE
                   SET (write_uid, write_date, %(changing)s)
                     = (EXCLUDED.write_uid, EXCLUDED.write_date, %(excluded)s)
                 WHERE (%(present)s) IS DISTINCT FROM (%(excluded)s)
            """,
            table=table,
            company=company.id,
            uid=model.env.uid,
            now=cr.now(),
            names=listed,
            values=SQL(", ").join(SQL.identifier("new", name) for name in columns),
            arrays=SQL(", ").join(
                SQL("%s::%s[]", [row[place] for row in rows], SQL(kind))
                for place, kind in enumerate(columns.values())
            ),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            key=SQL(", ").join(map(SQL.identifier, key)),
            changing=SQL(", ").join(map(SQL.identifier, changing)),
            excluded=SQL(", ").join(
                SQL.identifier("excluded", name) for name in changing
            ),
            present=SQL(", ").join(
                SQL.identifier(model._table, name) for name in changing
            ),
        )
    )


def delete_other_rows(model, company, key, keys, first, last):
    """Delete rows of customers in a range of ids that the batch has not written.

    :param keys: [values of the key columns] of rows that stay
    :param first: customers after this id
    :param last: up to this one; None: all that follow
    """
    arrays = [list(column) for column in zip(*keys, strict=True)] or [[] for _ in key]
    model.env.cr.execute(
        SQL(
            """
            DELETE FROM %(table)s AS present
             WHERE company_id = %(company)s AND partner_id > %(first)s %(until)s
               AND (%(present)s) NOT IN (SELECT * FROM unnest(%(arrays)s))
            """,
            table=SQL.identifier(model._table),
            company=company.id,
            first=first,
            until=SQL() if last is None else SQL("AND partner_id <= %s", last),
            arrays=SQL(", ").join(SQL("%s::int[]", array) for array in arrays),
            present=SQL(", ").join(SQL.identifier("present", name) for name in key),
        )
    )
