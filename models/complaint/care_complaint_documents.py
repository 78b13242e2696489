from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

INVOICE_GROUP = "account.group_account_invoice"
SALES_GROUP = "sales_team.group_sale_salesman"


class CareComplaint(models.Model):
    """Credit notes and replacements for the customer, as standard Odoo documents. Users
    without the rights of accounting or sales request them with an activity."""

    _inherit = "care.complaint"

    invoice_id = fields.Many2one(
        "account.move",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('commercial_partner_id', '=', partner_id)]",
        check_company=True,
        copy=False,
        index="btree_not_null",
    )
    credit_note_ids = fields.One2many(
        "account.move", "care_complaint_id", "Credit Notes", copy=False
    )
    replacement_ids = fields.One2many(
        "sale.order", "care_complaint_id", "Replacements", copy=False
    )
    credit_note_count = fields.Integer(compute="_compute_document_counts")
    replacement_count = fields.Integer(compute="_compute_document_counts")

    @api.depends("credit_note_ids", "replacement_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_document_counts(self):
        """Count only documents that the user can read."""
        for name, model in (
            ("credit_note_count", "account.move"),
            ("replacement_count", "sale.order"),
        ):
            counts = {}
            if self.ids and self.env[model].has_access("read"):
                counts = dict(
                    self.env[model]._read_group(
                        [("care_complaint_id", "in", self.ids)],
                        ["care_complaint_id"],
                        ["__count"],
                    )
                )
            for complaint in self:
                complaint[name] = counts.get(complaint._origin, 0)

    # ------------------------------------------------------------
    # Creation
    # ------------------------------------------------------------

    def action_create_credit_note(self):
        """Create a draft for the granted amount that is not credited yet."""
        self.ensure_one()
        self.check_access("write")
        if not self.compensation_granted:
            raise UserError(
                self.env._(
                    "No compensation has been granted. Enter the amount, and have it "
                    "approved if it is above your limit."
                )
            )
        self._lock_by_update()
        amount = self.compensation_granted - self._credited()
        if self.company_id.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(
                self.env._(
                    "The compensation is already fully credited. Open the credit notes "
                    "to see it."
                )
            )
        if not self.env["account.move"].has_access("create"):
            return self._ask_for_document(
                INVOICE_GROUP,
                lambda complaint: complaint.env._(
                    "Create a credit note of %s", complaint.currency_id.format(amount)
                ),
            )
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(self._credit_note_values(amount))
        )
        return self._open_document(move)

    def _credit_note_values(self, amount):
        """A single line without tax, so that the customer gets what was granted"""
        invoice = self.invoice_id.sudo()
        partner = invoice.partner_id or self.contact_id or self.partner_id
        text = self.with_context(lang=partner.lang or self.env.lang).env._(
            "Compensation for complaint %(number)s: %(subject)s",
            number=self.name,
            subject=self.subject,
        )
        return {
            "move_type": "out_refund",
            "partner_id": partner.id,
            "currency_id": self.company_id.currency_id.id,
            "reversed_entry_id": invoice.id,
            "invoice_origin": self.name,
            "ref": self.name,
            "care_complaint_id": self.id,
            "care_compensation": True,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": text,
                        "quantity": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _credited(self):
        """Amount of compensation credit notes, drafts included, in company currency.
        Credit notes for returned goods do not count."""
        moves = self.sudo().credit_note_ids.filtered(
            lambda move: move.care_compensation
            and move.move_type == "out_refund"
            and move.state != "cancel"
        )
        return sum(
            move.currency_id._convert(
                move.amount_total,
                self.company_id.currency_id,
                self.company_id,
                move.invoice_date or fields.Date.context_today(self),
            )
            for move in moves
        )

    def action_return_goods(self):
        """Open the standard reversal of the invoice, for returned goods."""
        self.ensure_one()
        self.check_access("write")
        if self.invoice_id.state != "posted":
            raise UserError(
                self.env._("Choose the invoice of the returned goods first.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        return action | {
            "context": {
                "active_model": "account.move",
                "active_ids": self.invoice_id.ids,
                "active_id": self.invoice_id.id,
                "default_care_complaint_id": self.id,
            },
        }

    def action_create_replacement(self):
        """Create a draft order at zero price: the product, else all products
        ordered."""
        self.ensure_one()
        self.check_access("write")
        self._lock_by_update()
        if not self.env["sale.order"].has_access("create"):
            return self._ask_for_document(
                SALES_GROUP, lambda complaint: complaint.env._("Replacement order")
            )
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(self._replacement_values())
        )
        return self._open_document(order)

    def _replacement_values(self):
        order = self.order_id.sudo()
        if self.product_id:
            goods = [(self.product_id, 1)]
        else:
            goods = [
                (line.product_id, line.product_uom_qty)
                for line in order.order_line
                if line.product_id and not line.is_downpayment
            ]
        note = self.env._("Replacement for complaint %s", self.name)
        partner = order.partner_id or self.contact_id or self.partner_id
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "care_complaint_id": self.id,
            "order_line": [
                Command.create({"display_type": "line_note", "name": note}),
                *(
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 0,
                            # Keep the price at zero when the quantity changes.
                            "technical_price_unit": product.lst_price or 1,
                        }
                    )
                    for product, quantity in goods
                ),
            ],
        }

    def _lock_by_update(self):
        """Lock the complaint by updating it. The second of two concurrent transactions
        fails, is retried by Odoo, and then sees the documents of the first."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE care_complaint SET write_date = write_date WHERE id = %s",
                self.id,
            )
        )

    # ------------------------------------------------------------
    # Requests and views
    # ------------------------------------------------------------

    def _ask_for_document(self, group, words):
        """Schedule one activity for a user who has the right.

        :param words: function of the complaint in the user's language
        :raise UserError: no user has it
        """
        people = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active
                and not user.share
                and self.company_id in user.company_ids
            )
        )
        if not people:
            raise UserError(
                self.env._(
                    "No user of %s can create this document. Ask your administrator to "
                    "grant the access right to a user.",
                    self.company_id.sudo().name,
                )
            )
        team = self.team_id.sudo()
        near = self.user_id | team.manager_id | team.member_ids
        person = ((near & people) or people.sorted("id"))[:1]
        complaint = self.sudo()
        known = complaint.activity_ids.filtered(
            lambda activity: activity.summary
            == words(complaint._care_in_language_of(activity.user_id))
        )
        if not known:
            complaint.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=person.id,
                summary=words(complaint._care_in_language_of(person)),
            )
        person = known[:1].user_id or person
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "An activity to create the document was assigned to %s.",
                    person.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open_document(self, document):
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def action_open_credit_notes(self):
        return self._open_documents(self.env._("Credit Notes"), self.credit_note_ids)

    def action_open_replacements(self):
        return self._open_documents(self.env._("Replacements"), self.replacement_ids)

    def _open_documents(self, title, documents):
        self.ensure_one()
        if len(documents) == 1:
            return self._open_document(documents)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": documents._name,
            "domain": [("care_complaint_id", "=", self.id)],
            "views": [(False, "list"), (False, "form")],
        }
