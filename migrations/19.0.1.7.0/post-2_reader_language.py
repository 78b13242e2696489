from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Reasons, names and paths are worded when read; reasons that were written before
    stay as they are."""
    for table in ("care_tier_history", "care_tier_review_line"):
        if not column_exists(cr, table, "reason"):
            continue
        cr.execute(
            SQL(
                """
                UPDATE %(table)s
                   SET reason_data = jsonb_build_array(
                        jsonb_build_object('code', 'text', 'text', reason))
                 WHERE reason <> '' AND reason_data IS NULL
                """,
                table=SQL.identifier(table),
            )
        )
        cr.execute(SQL("ALTER TABLE %s DROP COLUMN reason", SQL.identifier(table)))
    for table, column in (
        ("care_region", "complete_name"),
        ("care_complaint_category", "complete_name"),
        ("care_tier_review", "name"),
    ):
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP COLUMN IF EXISTS %s",
                SQL.identifier(table),
                SQL.identifier(column),
            )
        )
