from odoo import api, fields, models
from odoo.tools import SQL


class CareAnalysis(models.AbstractModel):
    """What all report models have: whose customer it is, where, and which company.

    Reports are SQL queries over the records as they are, so each figure opens what it
    counts, and they can be read from a replica. They write nothing, not even a
    temporary table.
    """

    _name = "care.analysis"
    _description = "Report of Customer Care"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one(
        "crm.team",
        readonly=True,
        help="The sales team of the person.",
    )
    region_id = fields.Many2one("care.region", readonly=True)

    @api.model
    def _sql_rates(self):
        """Rows (company, rate) that turn amounts of the companies that are selected
        into the currency of the current one, at today's rate. A currency without a
        rate counts 1 : 1, as everywhere in Odoo."""
        target = self.env.company
        today = fields.Date.context_today(self)
        return SQL(
            "(VALUES %s) AS rates(company_id, rate)",
            SQL(", ").join(
                SQL(
                    "(%s, %s::numeric)",
                    company.id,
                    self.env["res.currency"]._get_conversion_rate(
                        company.currency_id, target.currency_id, target, today
                    ),
                )
                for company in self.env.companies.sudo()
            ),
        )

    @api.model
    def _sql_today(self):
        return SQL("%s::date", fields.Date.context_today(self))

    def _open(self, record):
        """The form of a record behind a row; the customer's is Odoo's usual one."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
