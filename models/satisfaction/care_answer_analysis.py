from odoo import fields, models
from odoo.tools import SQL


class CareAnswerAnalysis(models.AbstractModel):
    """What reports of answers have: who was asked when, by whom, and about what.
    Answers of anonymous campaigns and of visitors are in none."""

    _name = "care.answer.analysis"
    _description = "Answer Report"
    _depends = {
        "survey.user_input": [
            "state",
            "end_datetime",
            "care_company_id",
            "care_campaign_id",
            "care_complaint_id",
            "care_partner_id",
            "care_tier_id",
            "care_region_id",
            "care_user_id",
            "care_manager_id",
            "care_anonymous",
            "care_nps",
            "care_aside_reason",
            "care_place_id",
        ]
    }
    _order = "date DESC, id DESC"
    _rec_name = "partner_id"

    date = fields.Datetime("Answered on", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    campaign_id = fields.Many2one("care.campaign", readonly=True)
    complaint_id = fields.Many2one("care.complaint", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    tier_id = fields.Many2one("care.tier", "Tier when Asked", readonly=True)
    region_id = fields.Many2one("care.region", "Region when Asked", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    manager_id = fields.Many2one("res.users", "Account Manager", readonly=True)

    def _sql_asked(self):
        """The columns of these fields, of the filled survey ``answer``"""
        return SQL(
            "answer.end_datetime AS date, answer.care_company_id AS company_id,"
            " answer.care_campaign_id AS campaign_id,"
            " answer.care_complaint_id AS complaint_id,"
            " answer.care_partner_id AS partner_id, answer.care_tier_id AS tier_id,"
            " answer.care_region_id AS region_id, answer.care_user_id AS user_id,"
            " answer.care_manager_id AS manager_id"
        )

    def _sql_told(self):
        """Is ``answer`` a known customer's?"""
        return SQL(
            "answer.care_company_id IS NOT NULL AND answer.state = 'done'"
            " AND answer.care_anonymous IS NOT TRUE AND answer.care_place_id IS NULL"
        )

    def _sql_aside(self):
        """Is ``answer`` set aside? Without COALESCE, which PostgreSQL takes to hold for
        nearly no row, as it has no statistics on it."""
        return SQL(
            "(answer.care_aside_reason IS NOT NULL AND answer.care_aside_reason <> '')"
        )
