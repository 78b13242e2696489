from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..card.res_partner_card_parts import sql_user_name


class ResPartner(models.Model):
    """Cases of a customer at risk: on the form and the card."""

    _inherit = "res.partner"

    care_risk_case_count = fields.Integer(
        "Risk Cases",
        compute="_compute_care_risk_case_count",
        groups="customer_care.group_care_outlook",
    )
    care_open_risk_case_count = fields.Integer(
        "Open Risk Cases",
        compute="_compute_care_risk_case_count",
        groups="customer_care.group_care_outlook",
    )

    def _compute_care_risk_case_count(self):
        Case = self.env["care.risk.case"]
        counts = {
            customer: (count, closed)
            for customer, count, closed in Case._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count", "closed_at:count"],
            )
        }
        for partner in self:
            customer = partner.commercial_partner_id._origin
            count, closed = counts.get(customer, (0, 0))
            partner.care_risk_case_count = count
            partner.care_open_risk_case_count = count - closed

    def action_open_care_risk_cases(self):
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.risk_case_action"
        )
        return action | {
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id},
        }

    def action_care_competitor_seen(self):
        """Open the customer's case and tell the supervisor now."""
        self.ensure_one()
        self.check_access("read")
        Case = self.env["care.risk.case"]
        Case.check_access("create")
        if not Case._is_outlook_on():
            raise UserError(self.env._("Early Warning is switched off in Settings."))
        self.commercial_partner_id._check_care_own()
        case = Case._report_competitor(self, self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.risk.case",
            "res_id": case.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _care_card_parts(self):
        parts = super()._care_card_parts()
        Case = self.env["care.risk.case"]
        if not Case._is_outlook_on() or not Case.has_access("read"):
            return parts
        query = Case._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("closed_at", "=", False),
            order="opened_at, id",
        )
        return parts | {
            "risk_cases": self._care_sql_rows(
                Case,
                query,
                ["id", "competitor"],
                risk_state=SQL("care_risk_case.state"),
                date=SQL("care_risk_case.opened_at::date"),
                user=sql_user_name(SQL("care_risk_case.user_id")),
            )
        }

    def _care_card_values(self):
        card = super()._care_card_values()
        states = self.env["care.risk.case"]._fields["state"]
        labels = {"risk_state": dict(states._description_selection(self.env))}
        return card | {"labels": card["labels"] | labels}

    def _care_reasons_to_call(self):
        """A competitor at work is the first reason to call, a customer at risk one
        where nothing else is."""
        reasons = super()._care_reasons_to_call()
        Case = self.env["care.risk.case"]
        if not Case._is_outlook_on() or not Case.has_access("read"):
            return reasons
        for case in Case.search(
            Domain("partner_id", "in", self.ids) & Domain("closed_at", "=", False)
        ):
            if case.competitor:
                reasons[case.partner_id] = self.env._("Courted by %s", case.competitor)
            elif case.reason:
                reasons.setdefault(
                    case.partner_id, self.env._("At risk: %s", case.reason)
                )
            else:
                reasons.setdefault(case.partner_id, self.env._("At risk"))
        return reasons
