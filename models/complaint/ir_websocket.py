from odoo import models

from .care_complaint_viewers import VIEWERS


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Subscribe to the viewers of complaints that the user may read only."""
        asked = [
            channel
            for channel in channels
            if isinstance(channel, str) and channel.startswith("care_complaint_viewers")
        ]
        channels = [channel for channel in channels if channel not in asked]
        if asked and self.env["care.complaint"].has_access("read"):
            complaints = self.env["care.complaint"]._visible_viewers(asked)
            channels += [(complaint, VIEWERS) for complaint in complaints]
        return super()._build_bus_channel_list(channels)
