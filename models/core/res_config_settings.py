from odoo import fields, models

from ...tools.initials import has_pinyin


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_care_visit = fields.Boolean(
        "Visits & Calls",
        implied_group="customer_care.group_care_visit",
        group="customer_care.group_user",
    )
    group_care_complaint = fields.Boolean(
        "Complaints",
        implied_group="customer_care.group_care_complaint",
        group="customer_care.group_user",
    )
    group_care_satisfaction = fields.Boolean(
        "Satisfaction",
        implied_group="customer_care.group_care_satisfaction",
        group="customer_care.group_user",
    )
    group_care_protection = fields.Boolean(
        "Card Protection",
        implied_group="customer_care.group_care_protection",
        group="customer_care.group_user",
    )
    group_care_month_report = fields.Boolean(
        "Month-End Reports",
        implied_group="customer_care.group_care_month_report",
        group="customer_care.group_user",
    )
    care_pinyin_missing = fields.Boolean(compute="_compute_care_pinyin_missing")
    care_review_months = fields.Integer(
        related="company_id.care_review_months", readonly=False
    )
    care_review_source = fields.Selection(
        related="company_id.care_review_source", readonly=False
    )
    care_review_method = fields.Selection(
        related="company_id.care_review_method", readonly=False
    )
    care_downgrade_after = fields.Integer(
        related="company_id.care_downgrade_after", readonly=False
    )
    care_review_auto_apply = fields.Boolean(
        related="company_id.care_review_auto_apply", readonly=False
    )
    care_review_user_id = fields.Many2one(
        related="company_id.care_review_user_id", readonly=False
    )
    care_steps_required = fields.Boolean(
        related="company_id.care_steps_required", readonly=False
    )
    care_log_activities = fields.Boolean(
        related="company_id.care_log_activities", readonly=False
    )
    care_hours_visit = fields.Float(
        related="company_id.care_hours_visit", readonly=False
    )
    care_hours_phone = fields.Float(
        related="company_id.care_hours_phone", readonly=False
    )
    care_hours_online = fields.Float(
        related="company_id.care_hours_online", readonly=False
    )
    care_export_limit = fields.Integer(
        related="company_id.care_export_limit", readonly=False
    )
    care_month_report_user_ids = fields.Many2many(
        related="company_id.care_month_report_user_ids", readonly=False
    )
    care_month_report_departments = fields.Boolean(
        related="company_id.care_month_report_departments", readonly=False
    )
    care_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Compensation"
    )
    care_compensation_own = fields.Monetary(
        related="company_id.care_compensation_own",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_compensation_all = fields.Monetary(
        related="company_id.care_compensation_all",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_compensation_manager = fields.Monetary(
        related="company_id.care_compensation_manager",
        currency_field="care_currency_id",
        readonly=False,
    )

    def _compute_care_pinyin_missing(self):
        self.care_pinyin_missing = not has_pinyin()
