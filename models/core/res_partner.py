from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .care_account_member import PARTNER_FIELDS

MOVING_FIELDS = {"parent_id", "is_company", "commercial_partner_id", "company_id"}
"""Who writes these may take a record out of the hands of who looks after it."""
GROUP_ALL_CUSTOMERS = "customer_care.group_user_all"
LOG_NAMES_LIMIT = 20
"""Names listed in one line of the protection log."""


class ResPartner(models.Model):
    """Whose customer is it? Nobody takes over, hides, moves, merges away or deletes
    those of others. Customers without an account team are nobody's."""

    _inherit = "res.partner"

    def write(self, vals):
        self._check_care_salesperson(vals)
        self._check_care_persons(vals)
        moved, archived = self._care_moved(vals), self._care_archived(vals)
        (moved | archived)._check_care_own()
        moved._care_log_own(
            "move", self.env._("%s moved customers or contacts", self.env.user.name)
        )
        archived._care_log_own(
            "archive", self.env._("%s archived customers", self.env.user.name)
        )
        return super().write(vals)

    def _care_moved(self, vals):
        names = MOVING_FIELDS & set(vals)
        if not names or self.env.su:
            return self.browse()
        return self.filtered(
            lambda partner: any(
                partner._care_differs(name, vals[name]) for name in names
            )
        )

    def _care_archived(self, vals):
        if vals.get("active", True) or self.env.su:
            return self.browse()
        return self.filtered("active")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_care_others(self):
        self._check_care_own()
        self._care_log_own(
            "delete", self.env._("%s deleted customers or contacts", self.env.user.name)
        )

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _care_teams(self):
        """{customer: its account team} of these and their contacts, as superuser.
        Searched, as reading the field of the customer would leave rows in the cache
        that the user may not see."""
        customers = self.sudo().commercial_partner_id
        members = self.env["care.account.member"].sudo()
        members = members.search([("partner_id", "in", customers.ids)])
        return {
            customer: rows.user_id
            for customer, rows in members.grouped("partner_id").items()
        }

    def _check_care_own(self):
        """Reps change their own customers and those without a team; who sees all
        customers, those that somebody of the own companies looks after."""
        if self.env.su or not self:
            return
        everybody = self.env.user.has_group(GROUP_ALL_CUSTOMERS)
        for customer, people in self._care_teams().items():
            known = people._care_of_own_companies()
            if self.env.user in people or (everybody and known):
                continue
            self.check_access("write")
            raise AccessError(
                self.env._(
                    "%(customer)s belongs to %(people)s. Ask them or your manager "
                    "to add you to the account team.",
                    customer=customer.display_name,
                    people=known._care_names(),
                )
            )

    def _check_care_salesperson(self, vals):
        """Who is the salesperson sees the customer's reports, so nobody takes over a
        customer of others."""
        if (
            "user_id" not in vals
            or self.env.su
            or self.env.user.has_group(GROUP_ALL_CUSTOMERS)
        ):
            return
        for customer, people in self._care_teams().items():
            if customer in self.sudo() and (
                customer.user_id.id != (vals["user_id"] or False)
                and self.env.user not in people
            ):
                self.check_access("write")
                raise UserError(
                    self.env._(
                        "%(customer)s belongs to %(people)s. Ask them or your "
                        "manager to hand it over.",
                        customer=customer.display_name,
                        people=people._care_of_own_companies()._care_names(),
                    )
                )

    def _check_care_persons(self, vals):
        """A shared customer has one salesperson and one account manager: companies do
        not take the places of each other's people."""
        names = set(PARTNER_FIELDS.values()) & set(vals)
        if not names or self.env.su:
            return
        for partner in self.sudo():
            for name in names:
                person = partner[name]
                if (
                    person
                    and person.id != vals[name]
                    and not person._care_of_own_companies()
                ):
                    self.check_access("write")
                    raise UserError(
                        self.env._(
                            "%s belongs to users of another company. Ask a user "
                            "with access to both companies to hand it over.",
                            partner.display_name,
                        )
                    )

    # ------------------------------------------------------------
    # Log
    # ------------------------------------------------------------

    def _care_looked_after(self):
        """Customers of these that have an account team or a history"""
        customers = self.commercial_partner_id
        teams = self.browse(customer.id for customer in self._care_teams())
        return teams | customers._care_with_history(customers.ids)

    def _care_log_own(self, kind, summary):
        """A line in the protection log, where customers of somebody are among these.
        Written before it happens, while they are still whose they are; a refusal takes
        it back."""
        if not self or self.env.su:
            return
        if customers := self._care_looked_after():
            self.env["care.protection.log"]._log(
                kind, len(customers), summary, self._care_listed()
            )

    def _care_listed(self):
        """Names with ids, so that who reads the log finds the records."""
        lines = [
            f"{row.display_name} (#{row.id})" for row in self[:LOG_NAMES_LIMIT].sudo()
        ]
        return "\n".join([*lines, *(["…"] if len(self) > LOG_NAMES_LIMIT else [])])
