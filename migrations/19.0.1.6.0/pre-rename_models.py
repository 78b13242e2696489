"""Rename models whose names said too little: their tables, columns, external ids and
whatever refers to a model by name, so that aliases, filters, messages and translations
stay with their records."""

from odoo.tools import SQL

RENAMED_MODELS = {
    "care.team": "care.complaint.team",
    "care.stage": "care.complaint.stage",
    "care.ticket": "care.survey.token",
    "care.month": "care.month.mixin",
}
RENAMED_RELATIONS = {
    "care_sla_policy_care_team_rel": "care_complaint_team_care_sla_policy_rel",
    "care_team_member_rel": "care_complaint_team_member_rel",
}
"""Many2many tables: Odoo derives the name of the first one from both models."""
MODEL_NAME_COLUMNS = (
    "model",
    "res_model",
    "parent_res_model",
    "resource",
    "relation",
    "model_id",
)
"""Columns of Odoo's own tables that hold the name of a model as text."""


def migrate(cr, version):
    for old, new in RENAMED_MODELS.items():
        rename_table(cr, old.replace(".", "_"), new.replace(".", "_"))
        rename_in_text_columns(cr, old, new)
        rename_external_ids(cr, old.replace(".", "_"), new.replace(".", "_"))
    for old, new in RENAMED_RELATIONS.items():
        rename_table(cr, old, new)
        for table, column in (
            ("ir_model_relation", "name"),
            ("ir_model_fields", "relation_table"),
        ):
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    new,
                    SQL.identifier(column),
                    old,
                )
            )
    rename_relation_column(
        cr,
        "care_complaint_team_care_sla_policy_rel",
        "care_team_id",
        "care_complaint_team_id",
    )
    rename_policy_details(cr)


def rename_table(cr, old, new):
    """Rename a table with its sequence, indexes and constraints; a model without a
    table, such as a mixin, has none of them."""
    cr.execute("SELECT to_regclass(%s), to_regclass(%s)", [old, new])
    present, taken = cr.fetchone()
    if not present or taken:
        return
    cr.execute(
        SQL("ALTER TABLE %s RENAME TO %s", SQL.identifier(old), SQL.identifier(new))
    )
    cr.execute(
        """
        SELECT conname FROM pg_constraint
         WHERE conrelid = %s::regclass AND starts_with(conname, %s)
        """,
        [new, f"{old}_"],
    )
    for (name,) in cr.fetchall():
        renamed = new + name.removeprefix(old)
        cr.execute(
            SQL(
                "ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                SQL.identifier(new),
                SQL.identifier(name),
                SQL.identifier(renamed[:63]),
            )
        )
        cr.execute(
            "UPDATE ir_model_constraint SET name = %s WHERE name = %s", [renamed, name]
        )
    cr.execute(
        """
        SELECT relname, relkind FROM pg_class
         WHERE relkind IN ('i', 'S') AND relnamespace = current_schema::regnamespace
           AND starts_with(relname, %s)
        """,
        [f"{old}_"],
    )
    for name, kind in cr.fetchall():
        renamed = new + name.removeprefix(old)
        cr.execute(
            SQL(
                "ALTER %s %s RENAME TO %s",
                SQL("SEQUENCE") if kind == "S" else SQL("INDEX"),
                SQL.identifier(name),
                SQL.identifier(renamed[:63]),
            )
        )
        cr.execute(
            "UPDATE ir_model_constraint SET name = %s WHERE name = %s", [renamed, name]
        )


def rename_policy_details(cr):
    """Names that Odoo shortens in its own way, as in a fresh database."""
    table = "care_complaint_team_care_sla_policy_rel"
    old, new = (
        f"{table}_care_team_id_fkey",
        "care_complaint_team_care_sla_policy_care_complaint_team_id_fkey",
    )
    cr.execute("SELECT FROM pg_constraint WHERE conname = %s", [old])
    if cr.rowcount:
        cr.execute(
            SQL(
                "ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                SQL.identifier(table),
                SQL.identifier(old),
                SQL.identifier(new),
            )
        )
        cr.execute(
            "UPDATE ir_model_constraint SET name = %s WHERE name = %s", [new, old]
        )
    cr.execute(
        SQL(
            "ALTER INDEX IF EXISTS %s RENAME TO %s",
            SQL.identifier(f"{table}_care_team_id_care_sla_policy__idx"[:63]),
            SQL.identifier(
                "care_complaint_team_care_sla__care_complaint_team_id_care_s_idx"
            ),
        )
    )


def rename_relation_column(cr, table, old, new):
    cr.execute(
        "SELECT FROM information_schema.columns"
        " WHERE table_name = %s AND column_name = %s",
        [table, old],
    )
    if cr.rowcount:
        cr.execute(
            SQL(
                "ALTER TABLE %s RENAME COLUMN %s TO %s",
                SQL.identifier(table),
                SQL.identifier(old),
                SQL.identifier(new),
            )
        )
    cr.execute(
        """
        UPDATE ir_model_fields
           SET column1 = CASE column1 WHEN %(old)s THEN %(new)s ELSE column1 END,
               column2 = CASE column2 WHEN %(old)s THEN %(new)s ELSE column2 END
         WHERE relation_table = %(table)s
        """,
        {"table": table, "old": old, "new": new},
    )


def rename_in_text_columns(cr, old, new):
    """In every table, also those of other modules."""
    cr.execute(
        """
        SELECT columns.table_name, columns.column_name
          FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE columns.table_schema = current_schema
           AND tables.table_type = 'BASE TABLE'
           AND columns.data_type = 'character varying'
           AND columns.column_name IN %s
        """,
        [MODEL_NAME_COLUMNS],
    )
    for table, column in cr.fetchall():
        cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE %s = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                new,
                SQL.identifier(column),
                old,
            )
        )


def rename_external_ids(cr, old, new):
    """Of the model, its fields, selections, constraints and parents. Records keep the
    external ids that they have, as other programs call them."""
    for prefix in ("model_", "field_", "selection__", "constraint_", "model_inherit__"):
        cr.execute(
            """
            UPDATE ir_model_data
               SET name = %(new)s || substr(name, length(%(old)s) + 1)
             WHERE name = %(old)s OR starts_with(name, %(old)s || '__')
                OR (%(index)s AND starts_with(name, %(old)s || '_')
                    AND model = 'ir.model.constraint')
            """,
            {
                "old": prefix + old,
                "new": prefix + new,
                "index": prefix == "constraint_",
            },
        )
    cr.execute(
        """
        UPDATE ir_model_data SET name = left(name, -length(%(old)s)) || %(new)s
         WHERE model = 'ir.model.inherit' AND right(name, length(%(old)s)) = %(old)s
        """,
        {"old": f"__{old}", "new": f"__{new}"},
    )
