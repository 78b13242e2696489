from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..card.res_partner_card_parts import CARD_PART_LIMITS, sql_user_name


class ResPartner(models.Model):
    """Promises to a customer: on the form, the card, the brief, and why to call."""

    _inherit = "res.partner"

    care_promise_count = fields.Integer(
        "Open Promises",
        compute="_compute_care_promise_count",
        groups="customer_care.group_care_promise",
    )

    def _compute_care_promise_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["care.promise"]._read_group(
                Domain("partner_id", "in", customers.ids) & self._care_open_promises(),
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.care_promise_count = counts.get(partner.commercial_partner_id, 0)

    @api.model
    def _care_open_promises(self):
        return Domain("state", "in", ("to_approve", "open", "late", "disputed"))

    def action_open_care_promises(self):
        """Open the customer's promises; a new one is for this contact person."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.promise_action"
        )
        return action | {
            "domain": [("partner_id", "=", customer.id)],
            "context": {
                "default_partner_id": customer.id,
                "default_contact_id": self.id if self != customer else False,
                "search_default_waiting": 1,
            },
        }

    def _care_reasons_to_call(self):
        reasons = super()._care_reasons_to_call()
        if not self.env["res.groups"]._has_care_feature("promise"):
            return reasons
        today = fields.Date.context_today(self)
        for promise in self.env["care.promise"].search(
            Domain("partner_id", "in", self.ids)
            & Domain("state", "in", ("open", "late")),
            order="date_due desc, id desc",
        ):
            late = promise.date_due and promise.date_due < today
            reasons[promise.partner_id] = (
                self.env._("Promise overdue: %s", promise.display_name)
                if late
                else self.env._("Promised: %s", promise.display_name)
            )
        return reasons

    def _care_brief_values(self):
        values = super()._care_brief_values()
        if self.env["res.groups"]._has_care_feature("promise"):
            values["promises"] = False
            values["care_promises"] = self.env["care.promise"].search(
                Domain("partner_id", "=", self.id) & self._care_open_promises(),
                order="date_due, id",
            )
        return values

    @api.model
    def _care_features(self):
        features = super()._care_features()
        return features | {
            "promise": self.env["res.groups"]._has_care_feature("promise")
        }

    def _care_card_parts(self):
        parts = super()._care_card_parts()
        if not self.env["res.groups"]._has_care_feature("promise"):
            return parts
        Promise = self.env["care.promise"]
        query = Promise._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "in", self.env.companies.ids)
            & self._care_open_promises(),
            order="date_due, id",
            limit=CARD_PART_LIMITS["promises"],
        )
        return parts | {
            "promises": self._care_sql_rows(
                Promise,
                query,
                ["id"],
                promise=SQL("care_promise.name"),
                promise_date=SQL("care_promise.date_due"),
                state=SQL("care_promise.state"),
                cost=SQL("care_promise.cost::float"),
                currency=SQL("care_promise.currency_id"),
                user=sql_user_name(SQL("care_promise.user_id")),
            )
        }
