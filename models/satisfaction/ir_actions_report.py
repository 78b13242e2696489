import base64
import io
import logging

import qrcode

from odoo import api, models

_logger = logging.getLogger(__name__)

QR_SIZE = 400


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _care_qr(self, value):
        """A QR code as PNG in base64. Level M can be read where it is a little worn.

        By the renderer of Odoo's reports, which needs a library that not every server
        has; then by the one that Odoo uses for two-factor authentication.
        """
        try:
            image = self.barcode(
                "QR", value, width=QR_SIZE, height=QR_SIZE, barLevel="M"
            )
        except Exception as error:
            _logger.info("No QR code from the renderer of reports: %s", error)
            stream = io.BytesIO()
            qrcode.make(value, error_correction=qrcode.constants.ERROR_CORRECT_M).save(
                stream, format="PNG"
            )
            image = stream.getvalue()
        return base64.b64encode(image)
