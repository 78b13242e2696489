from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged, users

from .test_reports import ReportCase


class SpotCheckCase(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Interaction = cls.env["care.interaction"]
        cls.reports = Interaction.create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "date_start": f"2026-10-{day:02} 08:00:00",
                    "state": "done",
                }
                for day in range(1, 25)
                for partner, user in ((cls.best, cls.rep), (cls.third, cls.all))
            ]
        )
        Interaction.create(
            [
                {
                    "partner_id": cls.best.id,
                    "user_id": cls.rep.id,
                    "date_start": start,
                    "state": state,
                }
                for start, state in (
                    ("2026-09-30 08:00:00", "done"),
                    ("2026-11-01 08:00:00", "done"),
                    ("2026-10-20 08:00:00", "cancelled"),
                )
            ]
        )
        cls.complaint = cls.answered("2026-10-05 00:00:00", 1, user_id=cls.rep.id)
        cls.answered("2026-11-02 00:00:00", 1, user_id=cls.rep.id)
        cls.third.sudo().write(
            {"care_verified_date": "2026-10-12", "care_verified_user_id": cls.all.id}
        )

    @classmethod
    def check(cls, **values):
        return cls.env["care.spot.check"].create(
            {"company_id": cls.company.id, "month": "2026-10-31", **values}
        )

    def sample(self, **values):
        check = self.check(**values)
        check.action_draw()
        return check


@tagged("post_install", "-at_install")
class TestSpotCheck(SpotCheckCase):
    def test_the_sample_is_of_the_month(self):
        check = self.sample(seed="a", report_count=200)
        self.assertEqual(check.month, date(2026, 10, 1))
        self.assertEqual(check.line_ids.interaction_id, self.reports)
        self.assertEqual(check.line_ids.complaint_id, self.complaint)
        cards = check.line_ids.filtered(lambda line: line.kind == "card")
        self.assertEqual(cards.partner_id, self.third)
        self.assertEqual(cards.user_id, self.all)

    def test_the_same_seed_draws_the_same(self):
        first, again, other = (
            self.sample(seed=seed).line_ids.interaction_id for seed in "aab"
        )
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertEqual(len(first), 10)
        self.assertNotEqual(self.check().seed, self.check().seed)

    def test_of_one_department(self):
        check = self.sample(department_id=self.south.id)
        self.assertEqual(check.line_ids.user_id, self.all)

    def test_results_are_counted_by_person(self):
        check = self.sample(seed="a", report_count=200)
        mine = check.line_ids.filtered(lambda line: line.user_id == self.rep)
        inspector = mine.with_user(self.manager)
        inspector[:3].action_right()
        inspector[3].write({"result": "wrong", "remark": "No result"})
        self.assertEqual(inspector[3].checked_by_id, self.manager)
        self.assertEqual((check.wrong_count, check.state), (1, "drawn"))
        shares = dict(
            self.env["care.spot.check.line"]._read_group(
                [("check_id", "=", check.id)], ["user_id"], ["right_share:avg"]
            )
        )
        self.assertEqual(shares, {self.rep: 75, self.all: False})
        check.line_ids.filtered(lambda line: not line.result).action_right()
        self.assertEqual((check.open_count, check.state), (0, "done"))
        with freeze_time("2026-11-10 04:00:00"):
            page = self.env["care.evaluation"].browse(self.all.id)._figures()
        self.assertEqual(
            page["rows"][-1]["own"], ("100.0 %", "n = 25"), "not those of others"
        )

    def test_a_result_stays_when_the_record_goes(self):
        check = self.sample(seed="a", report_count=200)
        line = check.line_ids.filtered("interaction_id")[0]
        line.action_right()
        line.interaction_id.unlink()
        self.assertTrue(line.exists().name)
        self.assertFalse(line.action_open())

    # Bad input ---------------------------------------------------------------

    def test_wrong_needs_a_remark(self):
        line = self.sample().line_ids[0]
        with self.assertError(ValidationError, "enter in the remark what is wrong"):
            line.write({"result": "wrong", "remark": " "})

    def test_nothing_to_draw_from(self):
        with self.assertError(UserError, "There are no reports"):
            self.sample(month="2020-01-01")

    def test_too_many_none_and_the_future(self):
        for values, message in (
            ({"report_count": 201}, "Enter 0 to 200"),
            ({"card_count": -1}, "Enter 0 to 200"),
            (
                {"report_count": 0, "complaint_count": 0, "card_count": 0},
                "at least one in total",
            ),
            ({"month": "2026-12-01"}, "has not begun"),
        ):
            with self.assertError(ValidationError, message):
                self.check(**values)

    @users("care_manager")
    def test_nobody_chooses_what_is_inspected(self):
        check = self.sample().with_user(self.env.user)
        line = check.line_ids[0]
        for values in ({"seed": "b"}, {"report_count": 3}, {"month": "2026-09-01"}):
            with self.assertError(UserError, "cannot be changed"):
                check.write(values)
        for values in ({"user_id": self.all.id}, {"interaction_id": False}):
            with self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            check.write({"line_ids": [(0, 0, {"kind": "card", "name": "Mine"})]})
        lines = check.line_ids
        check.write({"drawn_at": False})
        check.action_draw()
        self.assertEqual(check.line_ids, lines)
        line.action_right()
        with self.assertError(UserError, "cannot be deleted"):
            check.unlink()

    @users("care_rep")
    def test_a_person_reads_what_was_found_of_their_own_work(self):
        check = self.sample(seed="a", report_count=200)
        mine = check.line_ids.filtered(lambda line: line.user_id == self.rep)
        mine[0].action_right()
        seen = self.env["care.spot.check.line"].search([("check_id", "=", check.id)])
        self.assertEqual(seen, mine[0], "what is still to inspect is no warning")
        with self.assertRaises(AccessError):
            seen.result = False
        with self.assertRaises(AccessError):
            self.env["care.spot.check"].search([])


@tagged("post_install", "-at_install")
class TestSpotCheckUi(HttpCase, SpotCheckCase):
    @freeze_time("2026-11-10 04:00:00")
    def test_draw_and_inspect(self):
        self.start_tour(
            "/odoo/action-customer_care.spot_check_action",
            "customer_care_spot_check",
            login="care_manager",
        )
        [check] = self.env["care.spot.check"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(check.wrong_count, 1)
        self.assertEqual(check.line_count - check.open_count, 2)
