import logging

from odoo import http
from odoo.http import request

_logger = logging.getLogger(__name__)

MAX_BODY = 10_000
"""Bytes of a report"""


class Telephone(http.Controller):
    @http.route(
        "/care/call",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def call(self, **values):
        """What a telephone system reports; see docs/telephone.md.

        The right key is always let in. Wrong ones are logged, and refused without a
        look after ten in a minute from one address.

        :return: JSON: 200, 400 (a value is wrong: says which), 401 (key), 413, 429
        """
        system = self._system()
        if not system:
            return self._refuse()
        if (request.httprequest.content_length or 0) > MAX_BODY:
            return self._answer(413, error="the report is too long")
        if request.httprequest.mimetype == "application/json":
            try:
                values = request.get_json_data()
            except ValueError:
                return self._answer(400, error="the body is not JSON")
            if not isinstance(values, dict):
                return self._answer(400, error="the body must be a JSON object")
        if not request.env["res.groups"]._has_care_feature("complaint"):
            return self._answer(404, error="complaints are switched off")
        try:
            noted = request.env["care.call"].sudo()._take_event(system, values)
        except ValueError as error:
            return self._answer(400, error=str(error))
        return self._answer(200, **noted)

    def _system(self):
        kind, _space, key = request.httprequest.headers.get(
            "Authorization", ""
        ).partition(" ")
        Systems = request.env["care.call.system"]
        if kind.lower() != "bearer" or not key.strip():
            return Systems
        return Systems._of_key(key.strip())

    def _refuse(self):
        address = request.httprequest.remote_addr
        throttle = request.env["care.complaint.throttle"].sudo()
        if not throttle._admit(f"telephone {address}"):
            return self._answer(429, error="too many wrong keys: wait a minute")
        _logger.warning("A telephone system reported from %s with a wrong key", address)
        return self._answer(401, error="the key is missing or wrong")

    def _answer(self, status, **values):
        return request.make_json_response(values, status=status)

    @http.route(
        "/care/hotline", type="http", auth="user", methods=["GET"], readonly=True
    )
    def hotline(self, number="", **_values):
        """Opens the hotline with a number: for telephone programs that open a page."""
        return request.redirect_query(
            "/odoo/action-customer_care.complaint_action", {"care_hotline": number}
        )
