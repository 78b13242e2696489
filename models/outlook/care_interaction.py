from odoo import fields, models
from odoo.exceptions import UserError


class CareInteraction(models.Model):
    """A competitor seen at a visit is reported with one tap."""

    _inherit = "care.interaction"

    competitor = fields.Char(help="Who it was, if you know.")
    risk_case_id = fields.Many2one(
        "care.risk.case",
        "Case",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    def action_competitor_seen(self):
        """Tell the supervisor now, before the report is filed."""
        self.check_access("write")
        Case = self.env["care.risk.case"]
        Case.check_access("create")
        if not Case._is_outlook_on():
            raise UserError(self.env._("Early Warning is switched off in Settings."))
        for report in self:
            report.partner_id._check_care_own()
            case = Case._report_competitor(
                report.partner_id,
                report.company_id,
                report.competitor,
                report.competitor_note,
            )
            report.sudo().risk_case_id = case
