"""Writing the rows of a batch of customers, in one statement."""

from odoo.tools import SQL


def write_rows(model, company, columns, key, rows):
    """Insert rows or update those that differ; tier and salesperson are those of the
    customer. Rows that stay as they are, most of them, are not even locked.

    :param columns: {name: PostgreSQL type}, ``partner_id`` among them
    :param key: names of the unique columns beside the company
    :param rows: [values of the columns]
    """
    if not rows:
        return
    cr, table = model.env.cr, SQL.identifier(model._table)
    customers = [row[[*columns].index("partner_id")] for row in rows]
    names = [*columns, "tier_id", "tier_sequence", "user_id"]
    changing = [name for name in names if name not in key]
    cr.execute(
        SQL(
            """
            INSERT INTO %(table)s AS present (
                company_id, create_uid, create_date, write_uid, write_date, %(names)s
            )
            SELECT %(company)s, %(uid)s, %(now)s, %(uid)s, %(now)s, found.*
              FROM (SELECT %(values)s, status.tier_id,
                           COALESCE(tier.sequence, 1000000),
                           COALESCE(partner.user_id, partner.care_manager_id)
                      FROM unnest(%(arrays)s) AS new(%(columns)s)
                      JOIN res_partner partner
                        ON partner.id = new.partner_id
                       AND partner.id BETWEEN %(first)s AND %(last)s
                 LEFT JOIN care_partner_tier status
                        ON status.partner_id = new.partner_id
                       AND status.partner_id BETWEEN %(first)s AND %(last)s
                       AND status.company_id = %(company)s
                 LEFT JOIN care_tier tier ON tier.id = status.tier_id
                   ) AS found(%(names)s)
         LEFT JOIN %(table)s AS present
                ON (%(present_key)s) = (%(found_key)s)
               AND present.company_id = %(company)s
               AND present.partner_id BETWEEN %(first)s AND %(last)s
             WHERE present.id IS NULL OR (%(present)s) IS DISTINCT FROM (%(found)s)
                ON CONFLICT (%(key)s, company_id) DO UPDATE
                   SET (write_uid, write_date, %(changing)s)
                     = (EXCLUDED.write_uid, EXCLUDED.write_date, %(excluded)s)
            """,
            table=table,
            company=company.id,
            first=min(customers),
            last=max(customers),
            uid=model.env.uid,
            now=cr.now(),
            names=_columns(names),
            values=_columns(columns, "new"),
            arrays=SQL(", ").join(
                SQL("%s::%s[]", _array(values, kind), SQL(kind))
                for values, kind in zip(
                    zip(*rows, strict=True), columns.values(), strict=True
                )
            ),
            columns=_columns(columns),
            key=_columns(key),
            present_key=_columns(key, "present"),
            found_key=_columns(key, "found"),
            changing=_columns(changing),
            excluded=_columns(changing, "excluded"),
            present=_columns(changing, "present"),
            found=_columns(changing, "found"),
        )
    )


def _columns(names, table=None):
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )


def _array(values, kind="int"):
    """One literal, which PostgreSQL reads several times as fast as an expression for
    each value"""
    if kind in ("text", "jsonb"):
        elements = ",".join(map(_quoted, values))
    else:
        elements = ",".join(map(str, values)).replace("None", "NULL")
    return f"{{{elements}}}"


def _quoted(text):
    if text is None:
        return "NULL"
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def delete_other_rows(model, company, key, keys, first, last):
    """Delete rows of customers in a range of ids that the batch has not written.

    :param keys: [values of the key columns] of rows that stay
    :param first: customers after this id
    :param last: up to this one; None: all that follow
    """
    arrays = zip(*keys, strict=True) if keys else [()] * len(key)
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
            arrays=SQL(", ").join(
                SQL("%s::int[]", _array(values)) for values in arrays
            ),
            present=SQL(", ").join(SQL.identifier("present", name) for name in key),
        )
    )
