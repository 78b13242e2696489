import re

from odoo import api, models
from odoo.exceptions import AccessError

VIEWERS = "care_viewers"
VIEWERS_CHANNEL = re.compile(r"care_complaint_viewers-(\d{1,9})")
"""How a browser asks for the channel of a complaint"""
TAB_LENGTH = 40


class CareComplaint(models.Model):
    """Who else has a complaint open or is answering it. Browsers tell each other over
    the bus; nothing is stored with the complaint."""

    _inherit = "care.complaint"

    def announce_viewer(self, state, tab, asks=False):
        """Tell the others who have this complaint open what the user does with it.

        :param state: ``viewing``, ``writing`` or ``left``
        :param tab: random name of the browser tab
        :param asks: the others answer with their own state
        :return: id of the newest message; see ``news_since``
        """
        self.ensure_one()
        self._check_viewer()
        self.env["bus.bus"]._sendone(
            (self, VIEWERS),
            "customer_care.viewer",
            {
                "complaint_id": self.id,
                "user_id": self.env.uid,
                "name": self.env.user.name,
                "state": state if state in ("writing", "left") else "viewing",
                "tab": str(tab)[:TAB_LENGTH],
                "asks": bool(asks),
            },
        )
        newest = (
            self.env["mail.message"]
            .sudo()
            .search(
                [("model", "=", self._name), ("res_id", "=", self.id)],
                order="id desc",
                limit=1,
            )
        )
        return newest.id or 0

    def _check_viewer(self):
        """:raise AccessError: the user may not read it, or is a customer"""
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("Only internal users can see who has a complaint open.")
            )

    @api.model
    def _visible_viewers(self, channels):
        """Complaints of these channel names whose viewers the user may see"""
        matches = [VIEWERS_CHANNEL.fullmatch(channel) for channel in channels]
        ids = {int(match[1]) for match in matches if match}
        if not ids or not self.env.user._is_internal():
            return self.browse()
        return self.search([("id", "in", list(ids))])
