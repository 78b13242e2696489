from odoo import fields, models


class CareSurveyToken(models.Model):
    """Departments that the answers of colleagues are about."""

    _inherit = "care.survey.token"

    asking_team_id = fields.Many2one("crm.team", ondelete="set null")
    rated_team_id = fields.Many2one("crm.team", ondelete="set null")

    def _answer_values(self):
        return super()._answer_values() | {
            "care_asking_team_id": self.asking_team_id.id,
            "care_rated_team_id": self.rated_team_id.id,
        }
