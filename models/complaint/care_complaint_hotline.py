from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache, plaintext2html
from odoo.tools.misc import clean_context

from ...tools.phone import PUNCTUATION, significant
from .care_complaint import NO_TIER_SEQUENCE

CALLER_SEARCH_LIMIT = 8
"""Number of possible callers shown while the agent types"""
CALLER_CANDIDATES = 200
"""Number of those among whom the best tiers are shown"""
CALLER_ORDER_LIMIT = 5
MIN_SEARCH_LENGTH = 2
"""Shorter texts are not searched."""
CALL_FIELDS = (
    "subject",
    "description",
    "category_id",
    "order_id",
    "product_id",
    "solution",
)
"""Fields of a complaint that the hotline sets, besides the caller"""


class CareComplaint(models.Model):
    """The hotline: from the ringing phone to a recorded complaint, or to one that is
    solved already (domain, section 4: solved at first contact)."""

    _inherit = "care.complaint"

    @api.model
    @api.readonly
    def care_hotline_find(self, text):
        """Find possible callers by part of a phone number in any notation, a name, a
        card number or an e-mail address.

        :return: at most eight rows for the list under the field: the owner of the card,
            then the best tier first, among the first 200 found
        """
        self.check_access("create")
        Partner = self.env["res.partner"]
        text = (text or "").strip()
        if len(text) < MIN_SEARCH_LENGTH:
            return []
        number = significant(text, self._calling_codes())
        if number:
            found = self._hotline_by_number(number)
            card = Partner.search([("care_card_number", "=", text)], limit=1)
        else:
            found = Partner.search(
                Domain("complete_name", "ilike", text) | Domain("email", "ilike", text),
                limit=CALLER_CANDIDATES,
            )
            card = Partner.search([("care_card_number", "=ilike", text)], limit=1)
        best = found.sorted(
            lambda partner: partner.care_tier_id.sequence
            if partner.care_tier_id
            else NO_TIER_SEQUENCE
        )
        return [
            partner._care_hotline_row()
            for partner in (card | best)[:CALLER_SEARCH_LIMIT]
        ]

    @api.model
    def _hotline_by_number(self, number):
        """The calling code of our own country is often typed without + or 00."""
        Partner = self.env["res.partner"]
        found = Partner.search(_has_number(number), limit=CALLER_CANDIDATES)
        code = str(self.env.company.country_id.phone_code or "")
        rest = code and number.startswith(code) and number.removeprefix(code)
        if found or not rest or not (rest := significant(rest)):
            return found
        return Partner.search(_has_number(rest), limit=CALLER_CANDIDATES)

    @api.model
    @ormcache()
    def _calling_codes(self):
        """Calling codes of all countries, as strings of digits"""
        countries = self.env["res.country"].sudo().search([("phone_code", "!=", 0)])
        return frozenset(str(code) for code in countries.mapped("phone_code"))

    @api.model
    @api.readonly
    def care_hotline_customer(self, partner_id):
        """Card of the caller's customer, and the latest orders, one of which the
        complaint may be about."""
        self.check_access("create")
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner.check_access("read")
        if not partner:
            raise UserError(self.env._("This customer has been deleted. Search again."))
        customer = partner.commercial_partner_id
        row = partner._care_hotline_row()
        return row | {
            "card": customer.care_card,
            "alarm_label": dict(
                customer._fields["care_alarm"]._description_selection(self.env)
            ).get(row["alarm"], False),
            "orders": self._hotline_orders(customer),
        }

    @api.model
    def _hotline_orders(self, customer):
        """Latest orders that the agent can read"""
        Order = self.env["sale.order"]
        if not Order.has_access("read"):
            return []
        orders = Order.search_fetch(
            [
                ("partner_id", "child_of", customer.id),
                ("state", "=", "sale"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["name", "date_order", "amount_total", "currency_id"],
            order="date_order DESC, id DESC",
            limit=CALLER_ORDER_LIMIT,
        )
        return [
            {
                "id": order.id,
                "name": order.name,
                "date": fields.Datetime.to_string(order.date_order),
                "amount": order.currency_id.format(order.amount_total),
            }
            for order in orders
        ]

    @api.model
    def care_hotline_record(self, values, solved=False):
        """Record what a caller says.

        :param values: ``partner_id`` of the customer or the contact person, or for an
            unknown caller ``name`` and what was typed as ``caller``; ``subject`` and
            other fields of a complaint, ``description`` as plain text
        :param solved: the customer has the solution already
        :return: {"id", "name", "subject"} of the complaint, and "open": whether
            the agent can read it, as the team may assign it to another user.
        """
        self.check_access("create")
        if not (values.get("subject") or "").strip():
            raise UserError(
                self.env._("Enter a subject that says what the complaint is about.")
            )
        taken = {name: values[name] for name in CALL_FIELDS if values.get(name)}
        if words := taken.get("description"):
            taken["description"] = plaintext2html(words)
        partner = self.env["res.partner"].browse(values.get("partner_id") or [])
        partner = partner or self._hotline_caller(values)
        partner.check_access("read")
        self._check_care_references([taken])
        if solved:
            taken["user_id"] = self.env.uid
        context = {**clean_context(self.env.context), "care_hotline": True}
        plain = self.sudo().with_context(context)  # pylint: disable=context-overridden
        complaint = plain.create(
            [{**taken, "partner_id": partner.id, "source": "phone"}]
        )
        mine = complaint.sudo(False)
        if solved:
            mine.action_solve_at_first_contact()
        return {
            "id": complaint.id,
            "name": complaint.name,
            "subject": complaint.subject,
            "open": mine.has_access("read"),
        }

    @api.model
    def _hotline_caller(self, values):
        """Create a contact for an unknown caller."""
        name = (values.get("name") or "").strip()
        caller = (values.get("caller") or "").strip()
        if not name:
            raise UserError(self.env._("Choose the caller or enter a name."))
        return self.env["res.partner"].create(
            {
                "name": name,
                "phone": caller if significant(caller) else False,
                "email": caller if "@" in caller else False,
            }
        )

    def action_solve_at_first_contact(self):
        """The customer got the solution during the call: record reply, solution and
        closing now, in this order in the ledger."""
        self.check_access("write")
        closed = self.env["care.complaint.stage"]._first("closed")
        now = fields.Datetime.now()
        for complaint in self.filtered(lambda c: not c.closed_at):
            lang = complaint.partner_id.lang or self.env.lang
            told = self.with_context(lang=lang).env._("Solved on the phone.")
            complaint.write(
                {"first_contact": True, "solution": complaint.solution or told}
            )
            if not complaint.replied_at:
                complaint._append([(complaint, "replied", now)])
            complaint.stage_id = closed


def _has_number(number):
    """Domain of partners whose phone contains these digits; uses Odoo's own index"""

    def to_sql(model, alias, query):
        return SQL(
            "regexp_replace(%s::text, %s, '', 'g') LIKE %s",
            SQL.identifier(alias, "phone"),
            PUNCTUATION,
            f"%{number}%",
        )

    return Domain("phone", "!=", False) & Domain.custom(to_sql=to_sql)
