from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..card.res_partner import MANAGER
from ..promise.care_promise import WAITING_STATES

COMPANY_FIELDS = {
    "survey.user_input": "care_company_id",
    "care.tier.review.line": "review_id.company_id",
    "care.handover.line": "handover_id.company_id",
}
"""Where the company is not in ``company_id``"""
NOT_PERSONAL = {"care.partner.merged"}
"""Models that refer to contacts and say nothing about them"""
NAMES_SHOWN = 5


class CarePersonalData(models.AbstractModel):
    """What the app keeps about a contact. A customer has the records of which it is the
    customer; a contact person those in which it is named."""

    _name = "care.personal.data"
    _description = "Personal Data"

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    @api.model
    def _check(self, partner):
        """The message is the same for what is not there and what one may not see.

        :raise AccessError: not an administrator of the app, or not one's contact
        """
        user = self.env.user
        scope = partner.with_context(allowed_company_ids=user.company_ids.ids)
        if not (
            user.has_group(MANAGER)
            and len(partner) == 1
            and partner.exists()
            and scope.has_access("write")
        ):
            raise AccessError(
                self.env._(
                    "You cannot export or erase the personal data of this contact."
                )
            )

    @api.model
    def _check_erase(self, partner):
        """:raise UserError: it cannot be erased now, with what to do"""
        self._check(partner)
        partner = partner.sudo().with_context(active_test=False)
        if partner.care_erased_at:
            raise UserError(self.env._("The data of this person is erased already."))
        if partner.user_ids or partner.ref_company_ids:
            raise UserError(
                self.env._(
                    "%s is a user or a company of this database. Delete the user "
                    "first, under Settings ▸ Users.",
                    partner.name,
                )
            )
        if not partner.company_id and not self._sees_all_companies():
            raise UserError(
                self.env._(
                    "This contact is shared by all companies. Only an administrator "
                    "of Customer Care with access to all companies can erase it."
                )
            )
        self._check_open(partner)

    def _sees_all_companies(self):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return not companies.search_count(
            [("id", "not in", self.env.user.company_ids.ids)], limit=1
        )

    def _check_open(self, partner):
        about = self._about(partner, "partner_id", "contact_id")
        complaints = self._in_companies("care.complaint").search(
            about & Domain("closed_at", "=", False)
        )
        if complaints:
            raise UserError(
                self.env._(
                    "Complaints of this person are open: %s. Close them, or give them "
                    "another contact person, and try again.",
                    ", ".join(complaints[:NAMES_SHOWN].mapped("name")),
                )
            )
        promises = self._in_companies("care.promise").search_count(
            about & Domain("state", "in", WAITING_STATES)
        )
        if promises:
            raise UserError(
                self.env._(
                    "Promises to this person are open: %s. Keep or withdraw them, and "
                    "try again.",
                    promises,
                )
            )

    # ------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------

    def _about(self, partner, *names):
        return Domain.OR(Domain(name, "=", partner.id) for name in names)

    def _in_companies(self, name):
        """The model as superuser with a method ``search`` in the user's companies only:
        rules of own customers do not matter to administrators."""
        return _InCompanies(self.env[name], self.env.user.company_ids)

    @api.model
    def _links(self):
        """{model: names of its stored fields that refer to a contact}, of all models of
        the app, and of surveys"""
        links = {"survey.user_input": ["partner_id", "care_partner_id"]}
        for name in self.env.registry:
            model = self.env[name]
            if (
                name.startswith("care.")
                and model._auto
                and not model._transient
                and not model._abstract
                and name not in NOT_PERSONAL
            ):
                names = [
                    field.name
                    for field in model._fields.values()
                    if field.comodel_name == "res.partner"
                    and field.type == "many2one"
                    and field.store
                ]
                if names:
                    links[name] = names
        return links

    @api.model
    def _collect(self, partner):
        """{model: records about a contact} in the user's companies, as superuser"""
        found = {}
        for name, fields_ in sorted(self._links().items()):
            records = self._in_companies(name).search(self._about(partner, *fields_))
            if records:
                found[name] = records
        if mails := self._mails_of(partner):
            found["care.incoming.mail"] = mails
        return found

    def _mails_of(self, partner):
        """Mails for complaint teams that the contact sent"""
        address = partner.sudo().email_normalized
        mails = self._in_companies("care.incoming.mail")
        if not address:
            return mails.search(Domain.FALSE)
        return mails.search(Domain("email_from", "ilike", address))


class _InCompanies:
    def __init__(self, model, companies):
        self.model = model.sudo().with_context(active_test=False)
        name = COMPANY_FIELDS.get(model._name, "company_id")
        self.domain = Domain.TRUE
        if name.partition(".")[0] in model._fields:
            self.domain = Domain(name, "in", [*companies.ids, False])
            if name == "care_company_id":
                self.domain &= Domain(name, "!=", False)

    def search(self, domain):
        return self.model.search(self.domain & domain, order="id")

    def search_count(self, domain):
        return self.model.search_count(self.domain & domain)
