from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.image import image_data_uri

from .care_campaign import OPEN_STATES

PRINTABLE_STATES = ("pending", "to_call", "sent", "failed", "bounced")


class CareInvitation(models.Model):
    """Cards with the customer's own link as a QR code, e.g. for a delivery. Whoever
    holds the card can answer: only administrators of the app print them, and each
    print is noted."""

    _inherit = "care.invitation"

    printed_at = fields.Datetime("Card Printed on", readonly=True, copy=False)
    printer_id = fields.Many2one(
        "res.users", "Card Printed by", readonly=True, copy=False, ondelete="set null"
    )

    def action_print_cards(self):
        """Print a card for each of these customers.

        :raise AccessError: not an administrator of the app
        :raise UserError: anonymous, not running, or nobody left to ask
        """
        self._check_print()
        return self.env.ref("customer_care.report_invitation_card").report_action(self)

    def _check_print(self):
        self.check_access("read")
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._("Only administrators of Customer Care can print cards.")
            )
        if any(row.campaign_id.anonymous for row in self.sudo()):
            raise UserError(
                self.env._(
                    "In an anonymous campaign no card can carry a customer's own link. "
                    "Print the card of a feedback point."
                )
            )
        if any(
            row.campaign_id and row.campaign_id.state not in OPEN_STATES
            for row in self.sudo()
        ):
            raise UserError(
                self.env._("Start the campaign before you print cards for customers.")
            )

    def _printable(self):
        """Those of these invitations that can still be answered, checked as mails
        are"""
        refusals = self.sudo()._refusals()
        rows = self.sudo().filtered(
            lambda row: row.partner_id
            and row.state in PRINTABLE_STATES
            and refusals[row.id][0] in (None, "no_address", "no_phone")
        )
        if not rows:
            raise UserError(
                self.env._(
                    "None of these customers can be asked now: they have answered, "
                    "opted out, are archived or have an open complaint."
                )
            )
        return rows

    def _cards(self):
        """What the cards show, noting who printed them"""
        self._check_print()
        rows = self._printable()
        rows.filtered(lambda row: not row.user_input_id)._make_answers()
        rows.write({"printed_at": fields.Datetime.now(), "printer_id": self.env.uid})
        return [row._card() for row in rows]

    def _card(self):
        person = self.contact_id or self.partner_id
        survey = self._survey().with_context(lang=person.lang or self.env.lang)
        url = self.get_base_url() + self.user_input_id.sudo().get_start_url()
        return {
            "company": self.company_id,
            "text": survey.question_ids[:1].title,
            "url": False,
            "qr": image_data_uri(self.env["ir.actions.report"]._care_qr(url)),
            "name": person.display_name,
            "lang": person.lang or self.env.lang,
        }
