import base64
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from .common_plan import PlanCase

NOW = datetime(2026, 11, 10, 9)
"""Of the clock in :class:`PlanCase`"""


def milliseconds(when):
    return when.replace(tzinfo=UTC).timestamp() * 1000


def photo():
    stream = BytesIO()
    Image.new("RGB", (4, 3), "red").save(stream, "JPEG")
    return base64.b64encode(stream.getvalue()).decode()


class PhoneCase(PlanCase):
    """A rep with two customers who owes visits and calls, and has the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.tz = "UTC"
        cls.salon = cls.a_customer("Velvet Salon", phone="+32 485 11 22 33")
        cls.shop = cls.a_customer("Birch Shop", cls.B)
        cls.anna = cls.env["res.partner"].create(
            {
                "name": "Anna Keller",
                "parent_id": cls.salon.id,
                "care_decision_role": "decision_maker",
            }
        )
        cls.Target._generate(NOW.date())
        cls.serial = 0

    def report(self, partner=None, **values):
        """A report as the page sends it, written at ten to nine."""
        type(self).serial += 1
        return {
            "key": f"key-of-a-report-{self.serial:06}",
            "partner": (partner or self.salon).id,
            "at": milliseconds(NOW.replace(hour=8, minute=50)),
            "served": milliseconds(NOW.replace(hour=6)),
            "offset": 0,
            "channel": "visit",
            "state": "done",
            "summary": "Sells well",
            **values,
        }

    def file(self, *reports, user=None, **values):
        user = user or self.rep
        payload = {
            "user": user.id,
            "now": milliseconds(NOW),
            "version": 1,
            "reports": list(reports),
            **values,
        }
        Report = self.env["care.phone.report"].with_user(user)
        return Report.with_company(self.company)._file(payload)

    def filed(self, *reports, **values):
        """:return: the contacts, all of which were filed"""
        results = self.file(*reports, **values)
        self.assertEqual({row["state"] for row in results}, {"filed"}, results)
        return self.env["care.interaction"].browse(row["id"] for row in results)

    def refused(self, report, message, **values):
        [result] = self.file(report, **values)
        self.assertEqual(result["state"], "refused")
        self.assertRegex(result["message"], message)
        return result
