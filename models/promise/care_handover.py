from odoo import models
from odoo.fields import Domain

from .care_notice import SEEN
from .care_promise import REMINDER

REMADE = (REMINDER, SEEN)
"""Activities that a promise or a notice plans anew for another person"""


class CareHandover(models.Model):
    """Open promises and written orders move with the customer. A disputed promise stays
    with the person who is said to have made it: only they can confirm or deny it."""

    _inherit = "care.handover"

    def _open_elsewhere(self, customers):
        companies = Domain("company_id", "in", self.env.companies.ids)
        promises = (
            self.env["care.promise"]
            .sudo()
            .search(
                companies
                & Domain("partner_id", "in", customers.ids)
                & Domain("state", "in", ("to_approve", "open", "late"))
            )
        )
        orders = (
            self.env["care.notice"]
            .sudo()
            .search(
                companies & Domain("kind", "=", "order") & Domain("state", "=", "open")
            )
        )
        customer_of = orders._customers()
        return [
            *super()._open_elsewhere(customers),
            (promises, lambda promise: promise.partner_id),
            (
                orders.filtered(lambda order: customer_of[order] in customers),
                customer_of.__getitem__,
            ),
        ]

    def _models_with_activities(self):
        return (*super()._models_with_activities(), "care.promise", "care.notice")

    def _activities(self, customers, plan):
        remade = {
            kind.id
            for name in REMADE
            if (kind := self.env.ref(name, raise_if_not_found=False))
        }
        return {
            activity: customer
            for activity, customer in super()._activities(customers, plan).items()
            if activity.activity_type_id.id not in remade
        }
