from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.care_job import single
from ..core.order_amount import sql_order_amount


class CareReferral(models.Model):
    """Who recommended us to whom, whether we said thank you, and what came of it. Who
    recommends need not be a customer."""

    _name = "care.referral"
    _description = "Referral"
    _inherit = ["mail.thread", "mail.activity.mixin", "care.reference.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    referrer_id = fields.Many2one(
        "res.partner", "Recommended by", ondelete="cascade", index="btree_not_null"
    )
    referrer_name = fields.Char(
        "Person", help="Somebody who is neither a customer nor a contact."
    )
    referrer_phone = fields.Char("Phone of the Person")
    referred_id = fields.Many2one(
        "res.partner", "New Customer", ondelete="cascade", index="btree_not_null"
    )
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        "Says Thank You",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency")
    note = fields.Text()
    thanked_date = fields.Date("Thanked on", readonly=True, copy=False)
    thanked_how = fields.Char("How", copy=False, help="A call, a card, a gift.")
    first_order_date = fields.Date("Customer since", readonly=True, copy=False)
    year_amount = fields.Monetary(
        "Purchases of the First 12 Months", readonly=True, copy=False
    )
    result = fields.Selection(
        [("waiting", "No Order Yet"), ("customer", "Became a Customer")],
        required=True,
        readonly=True,
        default="waiting",
        copy=False,
    )

    @api.depends("referrer_id", "referrer_name", "referred_id", "lead_id")
    def _compute_name(self):
        for row in self:
            row.name = " → ".join(
                (
                    row.referrer_id.display_name or row.referrer_name or "?",
                    row.referred_id.display_name or row.lead_id.display_name or "?",
                )
            )

    @api.depends("company_id")
    def _compute_currency(self):
        for row in self:
            row.currency_id = row.company_id.currency_id

    @api.constrains("referrer_id", "referrer_name", "referred_id", "lead_id")
    def _check_people(self):
        for row in self.sudo():
            if not (row.referrer_id or (row.referrer_name or "").strip()):
                raise ValidationError(self.env._("Enter who recommended us."))
            referred = row.referred_id or row.lead_id.partner_id
            if not (row.referred_id or row.lead_id):
                raise ValidationError(self.env._("Enter the new customer or lead."))
            if (
                row.referrer_id
                and row.referrer_id.commercial_partner_id
                == referred.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._("Nobody can recommend us to themselves.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            if row.user_id and not row.thanked_date:
                row.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=row.user_id.id,
                    summary=self.env._(
                        "Say thank you to %s",
                        row.referrer_id.display_name or row.referrer_name,
                    ),
                )
        rows._fill_source({})
        return rows

    def write(self, vals):
        if not vals.keys() & {"referrer_id", "referred_id", "lead_id"}:
            return super().write(vals)
        before = {row.id: row.referrer_id.id for row in self.sudo()}
        result = super().write(vals)
        self._fill_source(before)
        return result

    def unlink(self):
        self.check_access("unlink")
        for row in self.sudo():
            customer = row._customer()
            if row.referrer_id and customer.care_source_partner_id == row.referrer_id:
                customer.care_source_partner_id = False
        return super(CareReferral, self.exists()).unlink()

    def _customer(self):
        """The new customer, if there is one yet"""
        return (self.referred_id or self.lead_id.partner_id).commercial_partner_id

    @api.model
    def _of_customer(self, customer):
        """Referrals of which a customer came"""
        return self.search(
            Domain("referred_id.commercial_partner_id", "=", customer.id)
            | Domain("lead_id.partner_id.commercial_partner_id", "=", customer.id)
        )

    def _fill_source(self, before):
        """Enter who recommended us as "Referred by" of the customer, where nobody else
        is, for those who may write on its card.

        :param before: {id of referral: id of the referrer until now}
        """
        for row in self:
            referrer, customer = row.sudo().referrer_id, row.sudo()._customer()
            known = customer.care_source_partner_id
            if (
                referrer
                and customer
                and known != referrer
                and (not known or known.id == before.get(row.id))
                and self._may_fill(customer.sudo(False))
            ):
                customer.care_source_partner_id = referrer

    @api.model
    def _may_fill(self, customer):
        try:
            customer.check_access("write")
            customer._check_care_own()
        except AccessError:
            return False
        return True

    def action_thanked(self):
        """Somebody has said thank you today."""
        self.check_access("write")
        for row in self.filtered(lambda row: not row.thanked_date):
            row.thanked_date = fields.Date.context_today(row)
            people = self.env.user | row.user_id
            row.activity_ids.filtered_domain(
                [("user_id", "in", people.ids)]
            ).action_feedback(row.thanked_how or "")

    @api.model
    @single
    def _cron_results(self):
        if self.env["res.groups"]._has_care_feature("outlook"):
            companies = self.env["care.outlook"]._outlook_companies()
            self._note_sources(companies)
            self._count_results(companies)

    @api.model
    def _note_sources(self, companies):
        """A referral for each customer that says "Referred by" and has none, as when
        the feature is switched on"""
        self.env.flush_all()
        for company in companies:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO care_referral
                           (referrer_id, referred_id, date, company_id, result,
                            create_uid, create_date, write_uid, write_date)
                    SELECT source.id, p.id, p.create_date::date, %(company)s,
                           'waiting', %(uid)s, NOW(), %(uid)s, NOW()
                      FROM res_partner p
                      JOIN res_partner source ON source.id = p.care_source_partner_id
                     WHERE p.active AND p.commercial_partner_id = p.id
                       AND source.commercial_partner_id <> p.id
                       AND COALESCE(p.company_id, %(first)s) = %(company)s
                       AND NOT EXISTS (
                           SELECT 1 FROM care_referral r
                        LEFT JOIN crm_lead lead ON lead.id = r.lead_id
                             JOIN res_partner q
                               ON q.id = COALESCE(r.referred_id, lead.partner_id)
                            WHERE q.commercial_partner_id = p.id)
                    """,
                    company=company.id,
                    first=companies[0].id,
                    uid=self.env.uid,
                )
            )
        self.invalidate_model(flush=False)

    @api.model
    def _count_results(self, companies):
        """First order since the referral and the purchases of a year from it, one
        statement for all referrals of a company"""
        self.env.flush_all()
        for company in companies:
            self.env.cr.execute(
                SQL(
                    """
                    WITH ordered AS (
                        SELECT r.id, o.date_order::date AS day, %(amount)s AS amount,
                               MIN(o.date_order::date) OVER (PARTITION BY r.id)
                                   AS first
                          FROM care_referral r
                     LEFT JOIN crm_lead lead ON lead.id = r.lead_id
                          JOIN res_partner p
                            ON p.id = COALESCE(r.referred_id, lead.partner_id)
                          JOIN res_partner q
                            ON q.commercial_partner_id = p.commercial_partner_id
                          JOIN sale_order o ON o.partner_id = q.id
                         WHERE r.company_id = %(company)s
                           AND o.company_id = %(company)s AND o.state = 'sale'
                           AND o.date_order::date >= r.date
                    ), counted AS (
                        SELECT id, first, SUM(amount) AS amount FROM ordered
                         WHERE day < first + %(year)s::interval GROUP BY id, first
                    )
                    UPDATE care_referral r
                       SET first_order_date = counted.first,
                           year_amount = counted.amount,
                           result = CASE WHEN counted.id IS NULL THEN 'waiting'
                                         ELSE 'customer' END
                      FROM care_referral own
                 LEFT JOIN counted ON counted.id = own.id
                     WHERE own.id = r.id AND r.company_id = %(company)s
                       AND (r.first_order_date, r.year_amount) IS DISTINCT FROM
                           (counted.first, counted.amount)
                    """,
                    amount=sql_order_amount(company),
                    company=company.id,
                    year="1 year",
                )
            )
        self.invalidate_model(flush=False)
