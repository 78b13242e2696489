from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Buttons of the card: number, check, relationship."""

    _inherit = "res.partner"

    def _make_care_cards(self, user=None):
        """Give customers without a card their card number, date and author, with a
        constant number of queries.

        :param user: who made it, the present one if not told; an empty recordset if it
            was a job
        """
        customers = self.sudo().filtered(
            lambda partner: partner.id == partner.commercial_partner_id.id
            and not partner.care_card_number
        )
        if not customers:
            return
        user = self.env.user if user is None else user
        numbers = self._next_care_numbers(len(customers))
        self.flush_model(["care_card_number", "care_card_date", "care_card_user_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner customer
                   SET care_card_number = new.number,
                       care_card_date = COALESCE(care_card_date, %(today)s),
                       care_card_user_id = COALESCE(care_card_user_id, %(user)s)
                  FROM unnest(%(ids)s::int[], %(numbers)s::text[]) AS new(id, number)
                 WHERE customer.id = new.id AND customer.care_card_number IS NULL
                """,
                today=fields.Date.context_today(self),
                user=user.id or None,
                ids=sorted(customers.ids),
                numbers=numbers,
            )
        )
        customers.invalidate_recordset(
            ["care_card_number", "care_card_date", "care_card_user_id"], flush=False
        )

    @api.model
    def _next_care_numbers(self, count):
        """Next ``count`` numbers of the sequence that no customer has, archived ones
        included."""
        numbers = []
        while len(numbers) < count:
            drawn = self.env.ref("customer_care.sequence_card")._care_next(
                count - len(numbers)
            )
            taken = {
                partner.care_card_number
                for partner in self.sudo()
                .with_context(active_test=False)
                .search_fetch([("care_card_number", "in", drawn)], ["care_card_number"])
            }
            numbers += [number for number in drawn if number not in taken]
        return numbers

    def action_care_verify(self):
        """Record that the card has been checked with the customer today."""
        self.check_access("write")
        customers = self.commercial_partner_id
        customers.check_access("write")
        customers._check_care_own()
        customers._write_care(
            {
                "care_verified_date": fields.Date.context_today(self),
                "care_verified_user_id": self.env.uid,
            }
        )
        customers.sudo().activity_feedback(
            ["customer_care.mail_activity_type_verify"], user_id=None
        )
        return True

    def action_care_edit(self):
        """Open the card in a form of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Card"),
            "res_model": "res.partner",
            "res_id": self.commercial_partner_id.id,
            "views": [
                (self.env.ref("customer_care.res_partner_view_form_card").id, "form")
            ],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _log_care_relationship(self, before):
        """:param before: {contact: level that it had}"""
        rows = [
            {
                "partner_id": contact.id,
                "old_level": before.get(contact),
                "new_level": contact.care_relationship_level,
                "date": fields.Date.context_today(self),
                "user_id": self.env.uid,
            }
            for contact in self.sudo()
            if contact.care_relationship_level != before.get(contact, False)
        ]
        self.env["care.relationship.history"].sudo().create(rows)

    def action_open_care_relationship(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.relationship.history",
            "view_mode": "list",
            "domain": [("partner_id", "child_of", self.commercial_partner_id.id)],
            "name": self.env._("Relationship History"),
        }
