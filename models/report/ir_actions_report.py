from odoo import api, models

from ...tools.pdf_pages import letterhead_in_body, number_pages

PAGES = (
    "customer_care.month_report",
    "customer_care.closing_letter",
    "customer_care.campaign_results",
)


class IrActionsReport(models.Model):
    """Month-end report, closing letter and results of campaigns have letterhead and
    page numbers whatever wkhtmltopdf the server has."""

    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        if self.report_name in PAGES:
            html = letterhead_in_body(html)
        return super()._prepare_html(html, report_model=report_model)

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        content = super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)
        if report_ref and self._get_report(report_ref).report_name in PAGES:
            content = number_pages(content)
        return content
