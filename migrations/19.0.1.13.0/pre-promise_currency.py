from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Promises so far were in the currency of their company. Else Odoo would convert
    them one by one."""
    if not table_exists(cr, "care_promise"):
        return
    cr.execute(
        """
        ALTER TABLE care_promise
            ADD COLUMN IF NOT EXISTS currency_id integer,
            ADD COLUMN IF NOT EXISTS company_cost numeric
        """
    )
    cr.execute(
        """
        UPDATE care_promise promise
           SET currency_id = company.currency_id, company_cost = promise.cost
          FROM res_company company
         WHERE company.id = promise.company_id AND promise.currency_id IS NULL
        """
    )
