import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

REVIEW_SOURCES = [("sale", "Sales orders"), ("invoice", "Customer invoices")]
REVIEW_METHODS = [
    ("amount", "Monthly amount"),
    ("share", "Share of sales (Pareto)"),
    ("lower", "The lower of both"),
    ("higher", "The higher of both"),
]
MAX_REVIEW_MONTHS = 120


class ResCompany(models.Model):
    _inherit = "res.company"

    care_review_months = fields.Integer("Review Window (months)", default=3)
    care_review_source = fields.Selection(
        REVIEW_SOURCES, "Amounts from", default="sale", required=True
    )
    care_review_method = fields.Selection(
        REVIEW_METHODS, "Classify by", default="amount", required=True
    )
    care_downgrade_after = fields.Integer(
        "Downgrade after (reviews)",
        default=2,
        help="Number of consecutive reviews that must find a customer below its tier "
        "before it is downgraded. 1: at once.",
    )
    care_review_auto_apply = fields.Boolean("Apply Monthly Reviews Automatically")
    care_review_user_id = fields.Many2one(
        "res.users",
        "Reviews Reported to",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="User who gets an activity with the summary of the monthly review.",
    )

    care_steps_required = fields.Boolean(
        "Complete Files",
        default=True,
        help="A complaint moves to the next stage only when the current step is "
        "complete. Managers can skip steps with a reason. If this is off, "
        "missing information is only shown.",
    )
    care_log_activities = fields.Boolean(
        "Calls and Meetings Become Contacts",
        default=True,
        help="Calls and meetings with customers that are marked done are logged as "
        "contacts; meetings in the calendar as planned contacts.",
    )
    care_hours_visit = fields.Float(
        "Hours of a Visit",
        default=2.0,
        help="Including travel and report. Used to compute capacity.",
    )
    care_hours_phone = fields.Float("Hours of a Call", default=0.25)
    care_hours_online = fields.Float("Hours of a Message", default=0.25)

    care_export_limit = fields.Integer(
        "Export Limit (customers in 24 hours)",
        default=200,
        help="Users cannot export more customers than this in 24 hours; "
        "administrators are exempt and are told of refused exports. 0: only "
        "administrators can export customers.",
    )

    care_month_report_user_ids = fields.Many2many(
        "res.users",
        "care_month_report_reader_rel",
        "company_id",
        "user_id",
        "Month-End Report to",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Users who receive the report of the whole company at the end of each "
        "month.",
    )
    care_month_report_departments = fields.Boolean(
        "Month-End Report to Departments",
        help="The leader of each sales team gets the report of the team.",
    )

    care_compensation_own = fields.Monetary(
        "Compensation Limit: Own Customers",
        default=100,
        help="Compensation up to this amount needs no approval.",
    )
    care_compensation_all = fields.Monetary(
        "Compensation Limit: All Customers", default=500
    )
    care_compensation_manager = fields.Monetary(
        "Compensation Limit: Administrators",
        default=5000,
        help="The manager of a team approves up to this amount; higher amounts need "
        "another administrator.",
    )

    @api.constrains(
        "care_compensation_own", "care_compensation_all", "care_compensation_manager"
    )
    def _check_care_compensation(self):
        for company in self:
            limits = [
                0,
                company.care_compensation_own,
                company.care_compensation_all,
                company.care_compensation_manager,
            ]
            if limits != sorted(limits):
                raise ValidationError(
                    self.env._(
                        "Compensation limits cannot be negative and cannot decrease "
                        "from users to administrators."
                    )
                )

    @api.constrains("care_export_limit")
    def _check_care_export_limit(self):
        if any(company.care_export_limit < 0 for company in self):
            raise ValidationError(
                self.env._("The number of customers to export cannot be negative.")
            )

    @api.constrains("care_hours_visit", "care_hours_phone", "care_hours_online")
    def _check_care_hours(self):
        for company in self:
            hours = (
                company.care_hours_visit,
                company.care_hours_phone,
                company.care_hours_online,
            )
            if any(not 0 < value <= 24 for value in hours):
                raise ValidationError(
                    self.env._("The hours of a contact must be above 0 and at most 24.")
                )

    @api.constrains("care_review_months", "care_downgrade_after")
    def _check_care_review(self):
        for company in self:
            if not 1 <= company.care_review_months <= MAX_REVIEW_MONTHS:
                raise ValidationError(
                    self.env._(
                        "The review window must be between 1 and %s months.",
                        MAX_REVIEW_MONTHS,
                    )
                )
            if company.care_downgrade_after < 1:
                raise ValidationError(
                    self.env._(
                        "The number of reviews before a downgrade must be 1 or more."
                    )
                )

    def _care_tz(self):
        """Time zone that decides the day of an order: that of the company's address,
        else of its working hours, else UTC."""
        self.ensure_one()
        company = self.sudo()
        return pytz.timezone(
            company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        )

    def _care_today(self):
        """Today in the company's time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._care_tz().zone))

    def _care_report_departments(self):
        """Sales teams that get a month-end report; an empty team stands for the whole
        company."""
        self.ensure_one()
        Team = self.env["crm.team"]
        if self.sudo().care_month_report_user_ids:
            yield Team
        if self.care_month_report_departments:
            yield from Team.search(
                [("company_id", "in", (self.id, False)), ("user_id", "!=", False)]
            )

    def _care_manager(self):
        """Manager to notify: the user in the settings, else the first administrator of
        the app who works in the company; may be empty."""
        self.ensure_one()
        user = self.sudo().care_review_user_id
        if (
            user.active
            and self in user.company_ids
            and user.has_group("customer_care.group_manager")
        ):
            return user
        managers = self.env.ref("customer_care.group_manager").sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        ).sorted("id")[:1]
