from odoo import models
from odoo.exceptions import AccessError

from ..core.res_partner import GROUP_ALL_CUSTOMERS, LOG_NAMES_LIMIT
from .care_interaction import REPORTED


class CareInteraction(models.Model):
    """In whose name is a report? It says what somebody has heard and seen, so nobody
    writes one in the name of a colleague."""

    _inherit = "care.interaction"

    def _check_author(self, vals):
        """What is planned may be given to a colleague of the customer's account team;
        only who sees all customers changes the author of a report.

        :return: {contact: person before} of those that change hands
        """
        if "user_id" not in vals or self.env.su:
            return {}
        person = self.env["res.users"].browse(vals["user_id"] or [])
        given = self.filtered(lambda contact: contact.user_id != person)
        if not self.env.user.has_group(GROUP_ALL_CUSTOMERS):
            given._check_may_give(person, vals)
        return {contact: contact.user_id for contact in given}

    def _check_may_give(self, person, vals):
        partners = self.partner_id.browse(vals.get("partner_id") or [])
        teams = (self.partner_id | partners)._care_teams()
        for contact in self:
            team = teams.get((partners or contact.partner_id).sudo())
            if {contact.state, vals.get("state")} & set(REPORTED):
                raise AccessError(
                    self.env._(
                        "You cannot change the person who made a contact. Ask your "
                        "manager."
                    )
                )
            acting = self.env["res.users"].browse(person._care_acting_ids(contact.date))
            if team and person and not acting & team:
                raise AccessError(
                    self.env._(
                        "%(person)s is not in the account team of %(customer)s. Ask "
                        "your manager to add %(person)s first.",
                        person=person.sudo().name,
                        customer=contact.partner_id.display_name,
                    )
                )

    def _log_author(self, before):
        """:param before: {contact: person before, none of a new one}"""
        if not before or self.env.su:
            return
        none = self.env._("nobody")
        lines = [
            f"{contact.display_name} (#{contact.id}): {old.sudo().name or none} → "
            f"{contact.user_id.sudo().name or none}"
            for contact, old in list(before.items())[:LOG_NAMES_LIMIT]
        ]
        customers = self.browse(contact.id for contact in before).partner_id
        self.env["care.protection.log"]._log(
            "author",
            len(customers),
            self.env._(
                "%(user)s changed the person of %(count)s contacts",
                user=self.env.user.name,
                count=len(before),
            ),
            "\n".join([*lines, *(["…"] if len(before) > LOG_NAMES_LIMIT else [])]),
        )
