from odoo import fields, models


class CareSurveyBlock(models.TransientModel):
    """Choose a block of questions to add to a survey."""

    _name = "care.survey.block"
    _description = "Add a Question Block"

    survey_id = fields.Many2one("survey.survey", required=True, readonly=True)
    kind = fields.Selection(
        [("value", "Delivered Value"), ("dimensions", "Seven Dimensions")],
        "Block",
        default="value",
        required=True,
        help="Delivered value: value of product, service, people and image, minus cost "
        "in money, time, effort and energy.",
    )
    importance = fields.Boolean(
        "Ask for Importance",
        help="Ask how important each part is to the customer, too.",
    )

    def action_add(self):
        """:raise UserError: customers are asked with the survey or have answered"""
        self.ensure_one()
        self.check_access("read")
        self.survey_id._care_add_block(self.kind, self.importance)
        return {"type": "ir.actions.act_window_close"}
