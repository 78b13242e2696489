import secrets
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_portal import PortalCase

STORE = "odoo.addons.base.models.ir_attachment"
LOGGER = "odoo.addons.customer_care.models.core.ir_attachment"


@tagged("post_install", "-at_install")
class TestDiskFull(PortalCase):
    """What has a file is refused as a whole, and can be sent again later."""

    @contextmanager
    def disk_full(self):
        def full(path, mode="r", *args, **kwargs):
            if "w" in mode:
                Path(path).write_bytes(b"beginning")
                path = "/dev/full"
            return Path(path).open(mode, *args, **kwargs)

        with (
            patch(f"{STORE}.open", full, create=True),
            self.assertLogs(LOGGER, "ERROR") as log,
            self.assertNoLogs("odoo.http", "ERROR"),
        ):
            yield
        self.assertNotIn("Traceback", "\n".join(log.output))

    def check_form(self, url, **data):
        photo, token = secrets.token_bytes(1000), secrets.token_urlsafe(24)
        data |= {"files": [("photo.bin", photo)], "token": token}
        with self.disk_full():
            answer, complaint = self.new(url, **data)
        self.assertEqual(answer.status_code, 507)
        self.assertFalse(complaint)
        self.assertIn("Nothing was saved", answer.text)
        self.assertIn("It leaks.", answer.text, "the text stays in the form")
        answer, complaint = self.new(url, **data)
        self.assertEqual(len(complaint), 1, "the same form is sent again")
        self.assertEqual(complaint._portal_files().raw, photo)

    def test_portal(self):
        self.log_in(self.client_user)
        self.check_form("/my/complaints/new")

    def test_public_form(self):
        self.company.care_public_form = True
        self.authenticate(None, None)
        self.check_form("/complaints/new", name="Vera", email="vera@example.com")

    def test_attachment(self):
        """The beginning of the file does not stay: the same file would collide."""
        photo = secrets.token_bytes(1000)
        values = {"name": "photo.bin", "raw": photo}
        Attachment = self.env["ir.attachment"]
        with self.disk_full(), self.assertRaisesRegex(UserError, "Nothing was saved"):
            Attachment.create(values)
        file = Attachment.create(values)
        self.assertEqual(file.raw, photo)
        with self.disk_full(), self.assertRaises(UserError):
            Attachment.create(values | {"raw": b"!" + photo})
        file.invalidate_recordset()
        self.assertEqual(file.raw, photo)
