from odoo.tools import SQL


def migrate(cr, version):
    """What a visitor typed no longer stands in the subject of the acknowledgement, in
    any language; the rest of a subject that somebody has changed stays."""
    cr.execute(
        SQL(
            """
            UPDATE mail_template template
               SET subject = (
                       SELECT jsonb_object_agg(lang, regexp_replace(
                                  text, %s, '', 'g'))
                         FROM jsonb_each_text(template.subject) each(lang, text))
              FROM ir_model_data data
             WHERE data.module = 'customer_care'
               AND data.name = 'mail_template_acknowledgement'
               AND data.model = 'mail.template'
               AND data.res_id = template.id
               AND template.subject::text ~ 'object\\.subject'
            """,
            r"\s*[:：,-]?\s*\{\{\s*object\.subject\s*\}\}",
        )
    )
