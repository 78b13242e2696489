from odoo.tests import HttpCase, no_retry, tagged


def is_fatal(message):
    """Hoot reports each failure, then ends the run itself."""
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestJs(HttpCase):
    """Unit tests of our widgets: static/tests/*.test.js."""

    @no_retry
    def test_unit_desktop(self):
        self.run_hoot("desktop")

    def run_hoot(self, preset):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000"
            f"&id={self.job('@customer_care')}",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=is_fatal,
        )

    @staticmethod
    def job(name):
        """Hoot's id of a suite, as in web/tests/test_js.py."""
        number = 0
        for char in name:
            number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
        return f"{number:08x}"
