from odoo import fields, models


class SurveyUserInput(models.Model):
    """Answers of colleagues about another department."""

    _inherit = "survey.user_input"

    care_asking_team_id = fields.Many2one(
        "crm.team",
        "Answered in Department",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Empty if so few answered that it would tell who they are.",
    )
    care_rated_team_id = fields.Many2one(
        "crm.team",
        "Rated Department",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
