from markupsafe import Markup

from odoo import api, fields, models

from ...models.privacy.care_personal_data_erase import ANONYMIZED, DELETED, KEPT
from ...models.privacy.care_removal import ERASURE_REASONS


class CarePersonErase(models.TransientModel):
    """Show what erasing a person does, ask why, and do it."""

    _name = "care.person.erase"
    _description = "Erase Personal Data"

    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, ondelete="cascade"
    )
    reason = fields.Selection(ERASURE_REASONS, required=True)
    request_date = fields.Date(
        "Requested on", required=True, default=fields.Date.context_today
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("partner_id")
    def _compute_preview(self):
        Data = self.env["care.personal.data"]
        words = Data._words()
        titles = {
            self.env._("Deleted"): DELETED,
            self.env._("Kept without the person: values, dates and counts"): ANONYMIZED,
            self.env._("Kept, as the law asks for it, or managed by CRM"): KEPT,
        }
        for wizard in self:
            partner = wizard.partner_id
            if not partner:
                wizard.preview = False
                continue
            Data._check(partner)
            counts = Data._count(Data._parts(partner.sudo()))
            wizard.preview = Markup().join(
                Markup("<h4>%s</h4><ul>%s</ul>")
                % (
                    title,
                    Markup().join(
                        Markup("<li>%s: %s</li>") % (words[part], counts.get(part, 0))
                        for part in parts
                        if counts.get(part)
                    )
                    or Markup("<li>%s</li>") % self.env._("Nothing"),
                )
                for title, parts in titles.items()
            ) + Markup("<p>%s</p>") % self._contact_words(counts)

    def _contact_words(self, counts):
        if counts.get("orders") or counts.get("invoices"):
            return self.env._(
                "The contact is archived. Name, address and tax number are kept for "
                "its orders and invoices; everything else is removed."
            )
        return self.env._(
            "The contact is archived under the name “Erased Contact”, without "
            "address, phone and e-mail."
        )

    def action_erase(self):
        """:raise AccessError, UserError: see ``care.personal.data._check_erase``"""
        self.ensure_one()
        self.env["care.personal.data"]._erase(
            self.partner_id, self.reason, self.request_date
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "name": self.env._("Contacts"),
            "views": [(False, "kanban"), (False, "list"), (False, "form")],
            "target": "main",
        }
