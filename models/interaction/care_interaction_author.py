from odoo import models
from odoo.exceptions import AccessError

from ..core.res_partner import ALL, NAMED


class CareInteraction(models.Model):
    """Protect the author of a report: users cannot file reports in the name of a
    colleague."""

    _inherit = "care.interaction"

    def _check_author(self, vals):
        """Users may assign planned contacts to colleagues in the customer's account
        team. Only users with access to all customers may change the author of a report.

        :return: {contact: previous person} for contacts that are reassigned
        """
        if "user_id" not in vals or self.env.su:
            return {}
        person = self.env["res.users"].browse(vals["user_id"] or [])
        given = self.filtered(lambda contact: contact.user_id != person)
        if not self.env.user.has_group(ALL):
            given._check_may_give(person, vals)
        return {contact: contact.user_id for contact in given}

    def _check_may_give(self, person, vals):
        partners = self.partner_id.browse(vals.get("partner_id") or [])
        teams = (self.partner_id | partners)._care_teams()
        for contact in self:
            team = teams.get((partners or contact.partner_id).sudo())
            if "done" in (contact.state, vals.get("state")):
                raise AccessError(
                    self.env._(
                        "Only users with access to all customers can change the "
                        "author of a report. Ask your manager."
                    )
                )
            if team and person - team:
                raise AccessError(
                    self.env._(
                        "%(person)s is not in the account team of %(customer)s. Ask "
                        "your manager to add %(person)s first.",
                        person=person.sudo().name,
                        customer=contact.partner_id.display_name,
                    )
                )

    def _log_author(self, before):
        """:param before: {contact: previous person, empty for new contacts}"""
        if not before or self.env.su:
            return
        none = self.env._("nobody")
        lines = [
            f"{contact.display_name} (#{contact.id}): {old.sudo().name or none} → "
            f"{contact.user_id.sudo().name or none}"
            for contact, old in list(before.items())[:NAMED]
        ]
        customers = self.browse(contact.id for contact in before).partner_id
        self.env["care.protection.log"]._log(
            "author",
            len(customers),
            self.env._(
                "%(user)s changed the author of %(count)s contacts",
                user=self.env.user.name,
                count=len(before),
            ),
            "\n".join([*lines, *(["…"] if len(before) > NAMED else [])]),
        )
