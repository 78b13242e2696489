from odoo import api, models
from odoo.tools import SQL

PROPOSAL_SOURCES = ("customer", "order", "opportunity")
"""Where a person is looked for, in this order"""


class CareAccountMember(models.Model):
    """Who could look after customers, found in what Odoo knows of them."""

    _inherit = "care.account.member"

    @api.model
    def _sql_proposals(self, customers, company, sources=PROPOSAL_SOURCES):
        """Rows (partner_id, user_id, source): the salesperson on the customer, else of
        its latest confirmed order, else of its latest open opportunity; ``user_id`` is
        null where there is none. Only active internal users of the company count.

        :param SQL customers: rows (partner_id); commercial partners that are active
            stay
        :param sources: which of the three are asked
        """
        return SQL(
            """
            WITH person AS (
                SELECT users.id FROM res_users users
                  JOIN res_company_users_rel works
                    ON works.user_id = users.id AND works.cid = %(company)s
                 WHERE users.active AND NOT users.share
            )
            SELECT customer.id AS partner_id,
                   COALESCE(own.id, sold.id, met.id) AS user_id,
                   CASE WHEN own.id IS NOT NULL THEN 'customer'
                        WHEN sold.id IS NOT NULL THEN 'order'
                        WHEN met.id IS NOT NULL THEN 'opportunity' END AS source
              FROM (%(customers)s) AS wanted(partner_id)
              JOIN res_partner customer
                ON customer.id = wanted.partner_id AND customer.active
               AND customer.commercial_partner_id = customer.id
         LEFT JOIN person own ON own.id = customer.user_id AND %(by_customer)s
         LEFT JOIN LATERAL (
                    SELECT person.id FROM res_partner contact
                      JOIN sale_order o ON o.partner_id = contact.id
                       AND o.company_id = %(company)s AND o.state = 'sale'
                      JOIN person ON person.id = o.user_id
                     WHERE contact.commercial_partner_id = customer.id
                  ORDER BY o.date_order DESC, o.id DESC LIMIT 1
                   ) AS sold ON own.id IS NULL AND %(by_order)s
         LEFT JOIN LATERAL (
                    SELECT person.id FROM res_partner contact
                      JOIN crm_lead lead ON lead.partner_id = contact.id
                       AND lead.active AND lead.type = 'opportunity'
                       AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
                       AND COALESCE(lead.probability, 0) < 100
                      JOIN person ON person.id = lead.user_id
                     WHERE contact.commercial_partner_id = customer.id
                  ORDER BY lead.create_date DESC, lead.id DESC LIMIT 1
                   ) AS met ON own.id IS NULL AND sold.id IS NULL
                          AND %(by_opportunity)s
            """,
            company=company.id,
            customers=customers,
            **{f"by_{source}": source in sources for source in PROPOSAL_SOURCES},
        )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Account Teams"),
                "template": "/customer_care/static/xls/account_teams.xlsx",
            }
        ]
