import doctest
from datetime import date
from unittest import TestCase
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools import public_days as tool
from ..common import TierCase

MAKE_UP_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def without(*libraries):
    """As on a server that has not installed them"""
    return patch.dict("sys.modules", dict.fromkeys(libraries))


class TestPublicDaysTool(TestCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(tool).failed, 0)

    def test_make_up_days_of_china(self):
        days = tool.public_days("CN", 2026)
        self.assertEqual([f"{day:%m-%d}" for day in days.working], list(MAKE_UP_2026))
        self.assertIn((date(2026, 10, 1), date(2026, 10, 7)), [d[:2] for d in days[0]])
        self.assertTrue(days.whole)
        names = [
            name for _first, _last, name in tool.public_days("CN", 2026, "zh_CN")[0]
        ]
        self.assertIn("春节", names)

    def test_the_decree_is_not_out(self):
        days = tool.public_days("CN", 2060)
        self.assertFalse(days.working)
        self.assertFalse(days.whole, "it does not guess")

    def test_other_countries_have_none(self):
        days = tool.public_days("BE", 2026)
        self.assertIn(date(2026, 7, 21), [first for first, _last, _name in days[0]])
        self.assertEqual((days.working, days.whole), ([], True))

    def test_unknown(self):
        with self.assertRaises(tool.UnknownDaysError) as caught:
            tool.public_days("XX", 2026)
        self.assertIsNone(caught.exception.library)
        with (
            without("holidays", "chinese_calendar"),
            self.assertRaises(tool.UnknownDaysError) as caught,
        ):
            tool.public_days("CN", 2026)
        self.assertEqual(caught.exception.library, "holidays")
        with without("chinese_calendar"):
            self.assertFalse(tool.public_days("CN", 2026).whole)


@tagged("post_install", "-at_install")
class TestDaysImport(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Shop", "tz": "Asia/Shanghai", "company_id": cls.company.id}
        )
        cls.china = cls.env.ref("base.cn")

    def wizard(self, user=None, **values):
        return (
            self.env["care.days.import"]
            .with_user(user or self.manager)
            .create(
                {
                    "calendar_id": self.calendar.id,
                    "country_id": self.china.id,
                    "year": 2026,
                    **values,
                }
            )
        )

    def hours(self, day):
        day = date.fromisoformat(day)
        intervals = self.calendar._care_working_days(self.company, day, day)[day]
        return sum((end - start).total_seconds() for start, end in intervals) / 3600

    def test_imported_once(self):
        self.assertEqual(self.hours("2026-10-05"), 8, "a Monday")
        self.assertEqual(self.hours("2026-10-10"), 0, "a Saturday")
        wizard = self.wizard()
        self.assertIn("10/10/2026", wizard.preview)
        self.assertFalse(wizard.notice)
        wizard.action_import()
        self.assertEqual(self.hours("2026-10-05"), 0)
        self.assertEqual(self.hours("2026-10-10"), 8)
        self.assertEqual(self.hours("2026-10-08"), 8, "the holiday ends in its zone")
        leaves, days = (
            self.calendar.global_leave_ids,
            self.calendar.care_working_day_ids,
        )
        self.assertEqual(len(days), len(MAKE_UP_2026))
        again = self.wizard()
        self.assertIn("there already", again.notice)
        again.action_import()
        self.assertEqual(self.calendar.global_leave_ids, leaves)
        self.assertEqual(self.calendar.care_working_day_ids, days)

    def test_says_what_is_not_known(self):
        wizard = self.wizard(year=2060)
        self.assertIn("make-up working days of 2060 are not known", wizard.notice)
        wizard.action_import()
        self.assertFalse(self.calendar.care_working_day_ids)
        self.assertTrue(self.calendar.global_leave_ids)
        for values in ({"year": 0}, {"year": 99_999}):
            wizard = self.wizard(**values)
            self.assertIn("are not known", wizard.notice)
            with self.assertRaises(UserError):
                wizard.action_import()

    def test_without_the_library(self):
        with without("holidays", "chinese_calendar"):
            wizard = self.wizard()
            self.assertIn("Install the Python package “holidays”", wizard.notice)
            with self.assertRaises(UserError):
                wizard.action_import()

    def test_without_hours(self):
        self.calendar.attendance_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no hours"):
            self.wizard().action_import()
        self.assertFalse(self.calendar.care_working_day_ids)

    def test_next_year_from_november_on(self):
        for today, year in (("2026-10-31", 2026), ("2026-11-01", 2027)):
            with freeze_time(today):
                fields = self.env["care.days.import"].default_get(["year"])
            self.assertEqual(fields["year"], year)

    def test_administrators_only(self):
        with self.assertRaises(AccessError):
            self.wizard(self.rep)
