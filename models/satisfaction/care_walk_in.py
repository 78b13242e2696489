from odoo import fields, models
from odoo.tools import SQL


class CareWalkIn(models.Model):
    """What visitors answered at feedback points. Apart from the answers of customers:
    nobody has been drawn, and one person can answer more than once."""

    _name = "care.walk.in"
    _inherit = ["care.answer"]
    _description = "Walk-in Answer"
    _auto = False
    _rec_name = "place_id"
    _depends = {
        "survey.user_input": ["care_place_id"],
    }

    place_id = fields.Many2one("care.survey.place", "Feedback Point", readonly=True)

    def _sql_asked(self):
        return SQL("%s, answer.care_place_id AS place_id", super()._sql_asked())

    def _sql_told(self):
        return SQL("answer.care_place_id IS NOT NULL AND answer.state = 'done'")

    def action_set_aside(self):
        """Exclude these answers from the figures of their feedback point.

        :raise AccessError: not an administrator of the app
        """
        self._check_manager()
        self._inputs()._care_set_aside(self.env._("Set aside after review"))
