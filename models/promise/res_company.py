from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Authority to promise, and the terms of promises."""

    _inherit = "res.company"

    care_promise_own = fields.Monetary(
        "Promise Limit: Own Customers",
        default=100,
        help="Promises that cost up to this amount require no approval.",
        prefetch="care",
    )
    care_promise_all = fields.Monetary(
        "Promise Limit: All Customers",
        default=500,
        prefetch="care",
    )
    care_promise_manager = fields.Monetary(
        "Promise Limit: Administrators",
        default=5000,
        help="Supervisors can approve promises up to this amount; higher amounts "
        "require another administrator.",
        prefetch="care",
    )
    care_promise_remind_days = fields.Integer(
        "Remind of Promises Before",
        default=1,
        help="Days before the due day on which the person who promised is reminded.",
        prefetch="care",
    )
    care_promise_broken_days = fields.Integer(
        "Promises Are Broken After",
        default=7,
        help="Days after the due day until a promise that was not kept is broken.",
        prefetch="care",
    )
    care_promise_dispute_days = fields.Integer(
        "Term for Disputed Promises",
        default=3,
        help="Days in which the person who is said to have promised confirms or "
        "denies the promise.",
        prefetch="care",
    )

    _care_promise_days_positive = models.Constraint(
        "CHECK (care_promise_remind_days >= 0 AND care_promise_broken_days >= 0"
        " AND care_promise_dispute_days >= 0)",
        "Days cannot be negative. Enter 0 or more.",
    )

    @api.constrains("care_promise_own", "care_promise_all", "care_promise_manager")
    def _check_care_promise(self):
        for company in self:
            limits = [
                0,
                company.care_promise_own,
                company.care_promise_all,
                company.care_promise_manager,
            ]
            if limits != sorted(limits):
                raise ValidationError(
                    self.env._(
                        "Promise limits cannot be negative and cannot decrease from "
                        "users to administrators."
                    )
                )

    def _care_dispute_due(self):
        """Last day to confirm or deny what is disputed today"""
        self.ensure_one()
        return self._care_today() + timedelta(
            days=self.sudo().care_promise_dispute_days
        )
