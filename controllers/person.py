from werkzeug.wsgi import FileWrapper

from odoo import http
from odoo.http import content_disposition, request


class CarePerson(http.Controller):
    @http.route(
        "/customer_care/person/<int:partner_id>/data.zip",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def data(self, partner_id):
        """What is kept about a contact; rights are checked by the model."""
        partner = request.env["res.partner"].browse(partner_id)
        archive = request.env["care.personal.data"]._export(partner)
        return request.make_response(
            FileWrapper(archive),
            [
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition("personal-data.zip")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
