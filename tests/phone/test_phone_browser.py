from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from ..common import TierCase

WRITTEN = (
    "Written without a network",
    "The store is full",
    "The photos do not fit",
    "Sealed",
    "Logged out",
)


@tagged("post_install", "-at_install")
class TestPhoneBrowser(HttpCase, TierCase):
    browser_size = "390x844"
    touch_enabled = True

    def play(self, name):
        with file_open(f"customer_care/static/tests/phone/{name}.js") as file:
            code = file.read()
        self.browser_js(
            "/care/day",
            code,
            "Boolean(globalThis.careDay?.store)",
            login="care_rep",
            timeout=120,
        )

    def test_order(self):
        self.play("order")

    def test_a_day_without_a_network(self):
        customers = self.env["res.partner"]
        for name in ("Amber", "Birch", "Cedar", "Daisy", "Elder", "Fir"):
            customers += self.customer(f"{name} Salon", user_id=self.rep.id)
        self.env["care.interaction"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": self.rep.id,
                    "company_id": self.company.id,
                    "channel": "visit",
                }
                for customer in customers
            ]
        )
        self.play("offline")
        reports = self.env["care.interaction"].search(
            [("partner_id", "in", customers.ids), ("state", "=", "done")], order="id"
        )
        self.assertEqual(sorted(reports.mapped("summary")), sorted(WRITTEN))
        first = reports.filtered(lambda report: report.summary == WRITTEN[0])
        self.assertEqual((first.satisfaction, first.promise), ("4", "Samples"))
        self.assertFalse(first.checked_in_at)
        photos = self.photos(first)
        self.assertEqual(photos.mapped("mimetype"), ["image/jpeg"] * 2)
        full = reports.filtered(lambda report: report.summary == WRITTEN[2])
        self.assertEqual(len(self.photos(full)), 1)

    def photos(self, report):
        return self.env["ir.attachment"].search(
            [("res_model", "=", report._name), ("res_id", "=", report.id)]
        )
