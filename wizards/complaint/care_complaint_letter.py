from odoo import api, fields, models

COMPUTED = (
    *("recipient", "email", "address", "language", "language_missing"),
    *("compensation", "admits_fault"),
)


class CareComplaintLetter(models.TransientModel):
    """The closing letter before it goes: its text can be edited."""

    _name = "care.complaint.letter"
    _inherit = ["care.reference.mixin"]
    _description = "Closing Letter of a Complaint"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    subject = fields.Char(required=True)
    body = fields.Html("Text", required=True)
    recipient = fields.Char(compute="_compute_recipient")
    email = fields.Char("E-mail", compute="_compute_recipient")
    address = fields.Text("Postal Address", compute="_compute_recipient")
    language = fields.Char(compute="_compute_recipient")
    language_missing = fields.Boolean(compute="_compute_recipient")
    """Is the customer's language not installed?"""
    compensation = fields.Char(compute="_compute_recipient")
    admits_fault = fields.Boolean(compute="_compute_recipient")

    @api.depends("complaint_id")
    def _compute_recipient(self):
        names = dict(self.env["res.lang"].get_installed())
        for wizard in self:
            complaint = wizard.complaint_id
            if not complaint:
                wizard.update(dict.fromkeys(COMPUTED, False))
                continue
            lang = complaint._letter_lang()
            person = complaint._letter_to()
            reader = person or complaint.contact_id or complaint.partner_id
            wizard.update(
                {
                    "recipient": reader.display_name,
                    "email": person.email,
                    "address": complaint._letter_address(),
                    "language": names.get(lang, lang),
                    "language_missing": bool(reader.lang) and reader.lang not in names,
                    "compensation": complaint._letter_compensation(),
                    "admits_fault": complaint._letter_admits_fault(),
                }
            )

    def action_send(self):
        self.ensure_one()
        self.complaint_id._send_letter(self.subject, self.body)
        return {"type": "ir.actions.act_window_close"}

    def action_print(self):
        self.ensure_one()
        letter = self.complaint_id._print_letter(self.subject, self.body)
        return self.complaint_id._open_letter(letter)
