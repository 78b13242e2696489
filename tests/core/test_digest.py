from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...hooks import show_in_digest
from ..report.test_reports import NOON, ReportCase

NAMES = ("contacts", "complaints", "answered", "moved_down")


@tagged("post_install", "-at_install")
class TestDigest(ReportCase):
    """Odoo's periodic e-mail has the figures of its reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(NOON))
        cls.policy("reply", 4, around_the_clock=True)
        cls.answered("2026-11-05 00:00:00", 1)
        cls.answered("2026-11-06 00:00:00", 9)
        cls.answered("2026-11-06 00:00:00", 9, partner=cls.third)
        cls.answered("2026-10-06 00:00:00", 9)
        cls.answered("2026-11-06 00:00:00", 9, kind="suggestion")
        cls.second.care_tier_id = cls.B
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Care",
                "company_id": cls.company.id,
                **{f"kpi_care_{name}": True for name in NAMES},
            }
        )

    def values(self, user):
        digest = self.digest.with_user(user).with_context(
            start_datetime=datetime(2026, 11, 3), end_datetime=datetime(2026, 11, 11)
        )
        self.env.invalidate_all()
        return [digest[f"kpi_care_{name}_value"] for name in NAMES]

    def test_values_of_the_time(self):
        self.contact(self.best, 5)
        self.contact(self.best, 6, state="planned")
        contacts, complaints, answered, moved = self.values(self.manager)
        self.assertEqual((contacts, complaints, moved), (1, 3, 1))
        self.assertAlmostEqual(answered, 100 / 3)

    def test_a_rep_reads_own_figures(self):
        self.assertEqual(self.values(self.rep)[1], 2)
        self.assertEqual(self.values(self.rep)[2], 50)

    def test_others_are_left_out(self):
        with self.assertRaises(AccessError):
            self.values(self.employee)

    def test_actions_exist(self):
        actions = self.digest._compute_kpis_actions(self.company, self.manager)
        for name in NAMES:
            xmlid = actions[f"kpi_care_{name}"].partition("?")[0]
            self.assertTrue(self.env.ref(xmlid))

    def test_on_in_the_digest_that_odoo_brings(self):
        digest = self.env.ref("digest.digest_digest_default")
        show_in_digest(self.env)
        self.assertTrue(digest.kpi_care_contacts and digest.kpi_care_answered)
        digest.unlink()
        show_in_digest(self.env)
