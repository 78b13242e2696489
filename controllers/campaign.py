from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CareCampaignExport(http.Controller):
    @http.route(
        "/customer_care/campaign/<int:campaign_id>/results.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def results(self, campaign_id):
        """Results of a campaign as a spreadsheet; rights are checked by the model."""
        campaign = request.env["care.campaign"].browse(campaign_id).exists()
        if not campaign:
            raise request.not_found()
        content = campaign._export_results()
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{campaign.name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
