from odoo import SUPERUSER_ID, api

OURS = ("material", "packing", "order", "information", "people", "system")
OTHERS = {"transport": "carrier", "customer": "customer"}
OLD_WORDS = "the fault was ours, and we apologize"


def migrate(cr, version):
    """Classes of causes say whose fault they are, and the text of the closing letter
    follows, unless somebody has changed it."""
    faults = {**dict.fromkeys(OURS, "ours"), **OTHERS}
    for name, fault in faults.items():
        cr.execute(
            """
            UPDATE care_root_cause SET fault = %s
              FROM ir_model_data data
             WHERE data.module = 'customer_care' AND data.model = 'care.root.cause'
               AND data.name = %s AND data.res_id = care_root_cause.id
               AND fault = 'unknown'
            """,
            [fault, f"care_root_cause_{name}"],
        )
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "customer_care.mail_template_closing_letter", raise_if_not_found=False
    )
    if (
        template
        and template.write_uid.id == SUPERUSER_ID
        and OLD_WORDS in " ".join((template.body_html or "").split())
        and "_letter_admits_fault" not in template.body_html
    ):
        template.reset_template()
