import json
import re

LINK = 't-att-href="object.get_base_url() + object.get_portal_url()"'
ONLINE = {"zh": "在线查看您的投诉"}


def migrate(cr, version):
    """The closing letter, which an upgrade does not touch, asks only customers who are
    not asked by survey or colleague."""
    cr.execute(
        """
        SELECT template.id, template.body_html
          FROM mail_template template
          JOIN ir_model_data data ON data.res_id = template.id
           AND data.model = 'mail.template' AND data.module = 'customer_care'
           AND data.name = 'mail_template_closing_letter'
        """
    )
    for id_, bodies in cr.fetchall():
        changed = {lang: _asks(lang, body) for lang, body in (bodies or {}).items()}
        cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            (json.dumps(changed), id_),
        )


def _asks(lang, body):
    online = ONLINE.get(lang[:2], "See your complaint online")
    return re.sub(
        rf"<a {re.escape(LINK)}>([^<]*)</a>",
        lambda found: (
            f'<a t-if="object._letter_asks()" {LINK}>{found[1]}</a>\n'
            f'        <a t-else="" {LINK}>{online}</a>'
        ),
        body or "",
    )
