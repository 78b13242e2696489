from odoo import api, models
from odoo.fields import Domain

from ..core.care_job import attempt


class CareOutlook(models.Model):
    """The nightly job opens cases of customers at risk."""

    _inherit = "care.outlook"

    @api.model
    def _attempt_batch(self, company, place, segments):
        last = super()._attempt_batch(company, place, segments)
        self.env["ir.cron"]._commit_progress()
        attempt(company, lambda company: self._open_risk_cases(company, place, last))
        return last

    @api.model
    def _open_risk_cases(self, company, place, last):
        """Of customers after the id ``place`` up to ``last``, or to the end"""
        tiers = self.env["care.tier"].sudo().search([("risk_threshold", ">", 0)])
        thresholds = {*tiers.mapped("risk_threshold"), company.care_risk_threshold}
        if not thresholds - {0}:
            return
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("partner_id", ">", place)
        if last:
            domain &= Domain("partner_id", "<=", last)
        domain &= Domain("risk", ">=", min(thresholds - {0}))
        rows = self.sudo().search(domain, order="id")
        self.env["care.risk.case"]._open_for_risk(
            [(row.partner_id.id, company.id, row.risk, row.reasons) for row in rows]
        )
