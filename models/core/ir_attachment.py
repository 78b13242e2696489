import contextlib
import errno
import logging
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)

_logger = logging.getLogger(__name__)


class DiskFull(UserError):  # noqa: N818
    """A file was not stored, and nothing that belongs to it."""


class IrAttachment(models.Model):
    """What happens when the disk of the files is full."""

    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        """:raise DiskFull: says to the user what an administrator has to do"""
        try:
            return super()._file_write(bin_value, checksum)
        except OSError as error:
            self._care_remove_beginning(bin_value, checksum)
            if error.errno not in NO_ROOM:
                raise
            _logger.error("A file was refused: %s", error.strerror)
            raise DiskFull(
                self.env._(
                    "The file could not be stored, as the disk of the server is full. "
                    "Nothing was saved. Try again later, or without the file."
                )
            ) from None

    @api.model
    def _care_remove_beginning(self, bin_value, checksum):
        """Odoo leaves the beginning of the file, with which the same file would
        collide for good."""
        path = Path(self._full_path(f"{checksum[:2]}/{checksum}"))
        with contextlib.suppress(OSError):
            if path.stat().st_size < len(bin_value):
                path.unlink()
