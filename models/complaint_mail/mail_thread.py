import logging
from xmlrpc.client import Binary

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.mail_kind import is_bomb, recipients, rescue, with_message_id
from ..core.ir_attachment import DiskFull
from .care_incoming_mail import CameInBeforeError

_logger = logging.getLogger(__name__)
COMPLAINT_MODEL = "care.complaint"


class MailThread(models.AbstractModel):
    """Mail gateway for complaint teams: no mail is lost and none counts twice. Mails to
    other addresses are handled by Odoo unchanged."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Retry a mail that Odoo cannot read or store with its readable part and the
        original attached, and finally set it aside with the original. This writes as
        superuser, so only the gateway may call it. Errors of mails to other addresses
        are raised unchanged."""
        process = super().message_process
        options = (custom_values, save_original, strip_attachments, thread_id)
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode("utf-8", "replace") if isinstance(raw, str) else bytes(raw)
        if not self._care_concerns(raw, model):
            return process(model, message, *options)
        if not self._care_is_gateway():
            raise AccessError(
                self.env._(
                    "Only the mail gateway can deliver mails to a complaint team. "
                    "Let it log in as an administrator of Odoo."
                )
            )
        raw = with_message_id(raw)
        try:
            if is_bomb(raw):
                raise ValueError("Too many parts")
            with self.env.cr.savepoint():
                return process(model, raw, *options)
        except (OperationalError, DiskFull):
            raise  # the mail stays where it is, and comes again
        except Exception:
            _logger.info("A mail to a complaint team is broken", exc_info=True)
        try:
            note = self.env._(
                "This mail could only be read in part. The original is attached."
            )
            with self.env.cr.savepoint():
                rescued = rescue(raw, note)
                return process(model, rescued, custom_values, False, False, None)
        except (OperationalError, DiskFull):
            raise
        except Exception:
            _logger.info("It is set aside", exc_info=True)
            self.env["care.incoming.mail"].sudo()._set_aside_broken(raw)
            return False

    @api.model
    def _care_concerns(self, raw, model):
        """Is a mail, however broken, for a complaint team or a reply to one?"""
        if model == COMPLAINT_MODEL:
            return True
        addresses, references = recipients(raw)
        if self.env["mail.alias"].sudo()._care_complaint_aliases(addresses):
            return True
        return bool(
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("message_id", "in", references[-32:]),
                    ("model", "=", COMPLAINT_MODEL),
                ],
                limit=1,
            )
        )

    @api.model
    def _care_is_gateway(self):
        """Is the caller the mail gateway? Mails are processed as superuser, so only
        superuser and Odoo administrators may deliver them."""
        return self.env.su or self.env.user._is_system()

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if any(route[0] == COMPLAINT_MODEL for route in routes or ()):
            routes = self.env[COMPLAINT_MODEL]._choose_routes(
                message, message_dict, routes
            )
        return routes

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        looping = super()._detect_loop_sender(message, message_dict, routes)
        if looping:
            self.env["care.incoming.mail"].sudo()._claimed_loop(message_dict, routes)
        return looping

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        check = message_dict.pop("care_sender_check", "unknown")
        if not any(route[0] == COMPLAINT_MODEL for route in routes or ()):
            return super()._message_route_process(message, message_dict, routes)
        self = self.with_context(care_sender_check=check)  # noqa: PLW0642
        try:
            with self.env.cr.savepoint():
                self.env["care.incoming.mail"]._claim(message_dict["message_id"])
                return super()._message_route_process(message, message_dict, routes)
        except CameInBeforeError:
            _logger.info("Ignored a mail that has come in: %s", message_dict["to"])
            return False
