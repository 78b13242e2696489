from odoo.tools import SQL


def migrate(cr, version):
    """Indexes that each move of a complaint wrote and no query needed: that on the
    moment of closing now leaves open complaints out."""
    for column in ("company_id", "closed_at"):
        cr.execute(
            SQL(
                "DROP INDEX IF EXISTS %s",
                SQL.identifier(f"care_complaint__{column}_index"),
            )
        )
