import doctest

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ...tools import checklist
from ..report.test_spot_check import SpotCheckCase


@tagged("post_install", "-at_install")
class TestChecklistTools(BaseCase):
    def test_examples(self):
        result = doctest.testmod(checklist)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    def test_kappa_as_published(self):
        """Fifty applications judged by two readers, and the example of scikit-learn's
        cohen_kappa_score."""
        readers = (
            [("yes", "yes")] * 20
            + [("yes", "no")] * 5
            + [("no", "yes")] * 10
            + [("no", "no")] * 15
        )
        self.assertAlmostEqual(checklist.kappa(readers), 0.4)
        self.assertAlmostEqual(checklist.agreement(readers), 70)
        one = ["negative", "positive", "negative", "neutral", "positive"]
        two = ["negative", "positive", "negative", "neutral", "negative"]
        pairs = list(zip(one, two, strict=True))
        self.assertAlmostEqual(checklist.kappa(pairs), 0.6875)

    def test_kappa_at_the_edges(self):
        self.assertIsNone(checklist.kappa([]))
        self.assertIsNone(checklist.agreement([]))
        self.assertIsNone(checklist.kappa([("yes", "yes")] * 9), "by chance alone")
        self.assertEqual(checklist.kappa([("yes", "yes"), ("no", "no")]), 1)
        self.assertEqual(checklist.kappa([("yes", "no"), ("no", "yes")]), -1)


class ChecklistCase(SpotCheckCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.check.item"].search([]).active = False
        cls.heard, cls.fixed, cls.polite = cls.env["care.check.item"].create(
            [
                {"name": "Listened", "weight": 1, "for_complaint": False},
                {"name": "Fixed", "weight": 3, "is_critical": True},
                {"name": "Polite", "weight": 1, "company_id": cls.company.id},
            ]
        )
        cls.second = cls.make_user("second", "sales_team.group_sale_manager")
        cls.company.care_check_second_share = 100

    def drawn(self, **values):
        return self.sample(
            **{"seed": "a", "report_count": 4, "card_count": 1, **values}
        ).with_user(self.manager)

    def mark(self, record, **values):
        """Marks by name of the item, yes where none is given"""
        for mark in record.mark_ids:
            value = values.get(mark.item_id.name.lower(), "yes")
            {
                "yes": mark.action_yes,
                "no": mark.action_no,
                "na": mark.action_not_applicable,
            }[value]()
        return record


@tagged("post_install", "-at_install")
class TestChecklist(ChecklistCase):
    def test_records_get_the_items_of_their_kind(self):
        check = self.drawn()
        for line in check.line_ids:
            wanted = {
                "report": self.heard | self.fixed | self.polite,
                "complaint": self.fixed | self.polite,
                "card": self.heard.browse(),
            }[line.kind]
            self.assertEqual(line.mark_ids.item_id, wanted, line.kind)

    def test_not_without_the_feature(self):
        self.env["res.groups"]._switch_care_features(quality=False)
        self.assertFalse(self.drawn(second_user_id=self.second.id).line_ids.mark_ids)

    def test_the_score_and_the_result(self):
        reports = self.drawn().line_ids.filtered("interaction_id")
        right, low, critical, open_one = reports
        right = self.mark(right, listened="na")
        self.assertEqual((right.score, right.has_failed_critical), (100, False))
        self.mark(low, listened="no", polite="no").action_finish()
        self.assertEqual((low.score, low.result), (60, "wrong"))
        self.assertEqual(low.checked_by_id, self.manager)
        self.assertEqual(low.remark, "Listened; Polite")
        self.company.care_check_pass = 20
        self.mark(critical, fixed="no").action_finish()
        self.assertEqual((critical.score, critical.result), (40, "wrong"))
        with self.assertError(UserError, "Not marked yet: 3"):
            open_one.action_finish()
        right.action_finish()
        self.assertEqual(right.result, "right")
        with self.assertError(UserError, "marks cannot be changed"):
            right.mark_ids[0].action_no()
        [[mean]] = right._read_group([("id", "in", reports.ids)], [], ["score:avg"])
        self.assertAlmostEqual(mean, (100 + 60 + 40) / 3, 3, "without what has none")

    def test_weights_stay_as_on_the_day(self):
        line = self.drawn().line_ids[0]
        self.fixed.weight = 50
        self.assertEqual(
            line.mark_ids.filtered(lambda m: m.item_id == self.fixed).weight, 3
        )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.fixed.weight = 0
            self.env.flush_all()

    def test_right_and_wrong_buttons(self):
        line = self.drawn().line_ids.filtered("interaction_id")[0]
        critical = line.mark_ids.filtered("is_critical")
        critical.action_no()
        with self.assertError(ValidationError, "fails a critical item"):
            line.action_right()
        action = line.action_wrong()
        self.assertEqual(action["context"]["default_remark"], "Fixed")
        finding = self.env[action["res_model"]].with_user(self.manager)
        finding = finding.with_context(**action["context"]).create({"follow_up": False})
        finding.action_apply()
        self.assertEqual((line.result, line.remark), ("wrong", "Fixed"))
        self.assertFalse(line.follow_up)

    # Two inspectors ----------------------------------------------------------

    def test_neither_sees_the_marks_of_the_other_before(self):
        check = self.drawn(second_user_id=self.second.id)
        line = check.line_ids.filtered("interaction_id")[0]
        second = line.sudo().second_ids
        first_view, second_view = (
            second.with_user(self.manager),
            second.with_user(self.second),
        )
        self.mark(line, polite="no")
        theirs = line.with_user(self.second)
        theirs.invalidate_recordset()
        with self.assertRaises(AccessError):
            theirs.read(["score", "result"])
        with self.assertRaises(AccessError):
            line.mark_ids.with_user(self.second).read(["value"])
        with self.assertRaises(AccessError):
            second.mark_ids.with_user(self.manager).read(["value"])
        with self.assertRaises(AccessError):
            first_view.read(["score"])
        self.assertFalse(theirs.search([("id", "=", line.id)]))
        self.assertFalse(
            self.env["care.check.mark"]
            .with_user(self.second)
            .search([("line_id", "=", line.id)])
        )
        self.mark(second_view)
        second_view.action_finish()
        self.assertEqual(second_view.result, "right")
        self.assertFalse(second_view.first_result, "not there yet")
        self.env.invalidate_all()
        self.assertEqual(theirs.read(["score"])[0]["score"], 80)
        line.action_finish()
        self.env.invalidate_all()
        self.assertEqual(second_view.first_result, "right")
        self.assertEqual(first_view.read(["score"])[0]["score"], 100)
        self.assertEqual((check.pair_count, round(check.agreement, 1)), (3, 66.7))
        self.assertEqual(check.kappa, "0.00")

    def test_the_share_and_who(self):
        self.company.care_check_second_share = 50
        check = self.drawn(second_user_id=self.second.id)
        self.assertEqual(len(check.sudo().second_ids), 3, "half of 4 reports and 1")
        self.assertFalse(self.drawn().sudo().second_ids)
        with self.assertError(UserError, "cannot be changed after"):
            check.write({"second_user_id": False})
        with self.assertError(ValidationError, "must be somebody else"):
            self.check(user_id=self.second.id, second_user_id=self.second.id)
        with self.assertError(UserError, "cannot inspect"):
            self.drawn(second_user_id=self.rep.id)

    def test_nobody_inspects_their_own_work(self):
        for user in (self.manager, self.second):
            self.env["care.interaction"].create(
                {
                    "partner_id": self.best.id,
                    "user_id": user.id,
                    "date_start": "2026-10-20 09:00:00",
                    "state": "done",
                }
            )
        check = self.drawn(
            report_count=200, user_id=self.manager.id, second_user_id=self.second.id
        )
        lines = check.line_ids.filtered("interaction_id")
        self.assertNotIn(self.manager, lines.user_id, "the own work is not drawn")
        own = lines.filtered(lambda line: line.user_id == self.second)
        self.assertEqual(len(own), 1)
        self.assertFalse(own.sudo().second_ids, "nor inspected a second time")
        forged = own.with_user(self.second)
        with self.assertError(AccessError, "Somebody else must inspect"):
            forged.action_right()
        with self.assertError(AccessError, "Somebody else must inspect"):
            forged.mark_ids.action_yes()
        own.mark_ids.action_yes()
        own.action_finish()
        self.assertEqual(own.result, "right")

    def test_the_second_inspector_is_told(self):
        self.drawn(second_user_id=self.second.id)
        message = self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.second.partner_id.ids),
                ("subject", "ilike", "inspect a second time"),
            ]
        )
        self.assertEqual(len(message), 1)
        self.assertIn("spot_check_second_action", message.body)

    def test_forged_calls(self):
        check = self.drawn(second_user_id=self.second.id)
        line = check.line_ids.filtered("interaction_id")[0]
        second = line.sudo().second_ids.with_user(self.second)
        self.mark(line)
        line.action_finish()
        with self.assertRaises(AccessError):
            second.mark_ids.with_user(self.manager)[0].action_no()
        with self.assertRaises(AccessError):
            second.with_user(self.manager).action_finish()
        with self.assertRaises(AccessError):
            second.write({"result": "right"})
        with self.assertRaises(AccessError):
            second.write({"line_id": check.line_ids[1].id})
        with self.assertRaises(AccessError):
            second.mark_ids[0].write({"weight": 100})
        with self.assertRaises(AccessError):
            line.write({"hidden_from_id": False})
        with self.assertError(UserError, "its result cannot be changed"):
            line.write({"result": False})
        with self.assertRaises(AccessError):
            self.env["care.check.mark"].with_user(self.manager).create(
                {"line_id": line.id, "item_id": self.heard.id, "weight": 9}
            )
        with self.assertRaises(AccessError):
            line.mark_ids.with_user(self.all)[0].action_no()
        self.mark(second)
        second.action_finish()
        with self.assertError(UserError, "done already"):
            second.action_finish()

    def test_who_reads_what(self):
        check = self.drawn(report_count=200)
        line = check.line_ids.filtered(lambda line: line.user_id == self.rep)[0]
        Mark = self.env["care.check.mark"]
        domain = [("line_id", "in", check.line_ids.ids)]
        self.assertFalse(Mark.with_user(self.rep).search(domain))
        self.mark(line).action_finish()
        self.assertEqual(Mark.with_user(self.rep).search(domain), line.mark_ids)
        self.manager.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        stranger = Mark.with_user(self.manager).with_context(
            allowed_company_ids=self.other_company.ids
        )
        self.assertFalse(stranger.search(domain))
        self.assertNotIn(self.polite, stranger.env["care.check.item"].search([]))

    # What follows ------------------------------------------------------------

    def found(self, kind, line, result="wrong", **values):
        line.write({"result": result, "remark": "Rude"})
        return (
            self.env["care.check.finding"]
            .with_user(self.manager)
            .create(
                {"line_id": line.id, "follow_up": kind, "text": "Say sorry"} | values
            )
        )

    def test_coaching_goes_to_the_supervisor(self):
        self.north.user_id = self.all
        lines = self.drawn(report_count=200).line_ids
        line = lines.filtered(lambda line: line.user_id == self.rep)[0]
        self.found("coaching", line, date_due="2026-12-24").action_apply()
        activity = line._inspected().activity_ids
        self.assertEqual(activity.user_id, self.all)
        self.assertIn("Say sorry", activity.note)
        self.assertIn("Rude", activity.note)
        self.assertEqual(str(activity.date_deadline), "2026-12-24")
        self.assertEqual(line.follow_up, "coaching")
        self.assertEqual(line.follow_up_by_id, self.manager)
        own = lines.filtered(lambda line: line.user_id == self.all)[0]
        self.company.care_review_user_id = self.manager
        self.assertEqual(own._supervisor(), self.manager, "nobody coaches themselves")

    def test_the_remark_may_be_edited(self):
        line = self.drawn(report_count=200).line_ids[:1]
        self.found(False, line, remark="Rude, and late").action_apply()
        self.assertEqual(line.remark, "Rude, and late")
        self.found(False, line, remark=False).action_apply()
        self.assertEqual(line.remark, "Rude")
        self.found(False, line, result="right", remark="Fine").action_apply()
        self.assertEqual((line.result, line.remark), ("right", "Rude"))

    def test_praise_is_told_to_the_person(self):
        lines = self.drawn(report_count=200).line_ids
        line = lines.filtered(lambda line: line.user_id == self.rep)[0]
        with self.assertError(UserError, "Praise what is right"):
            self.found("praise", line).action_apply()
        line.write({"result": "right"})
        with self.assertError(UserError, "Praise what is right"):
            line._follow_up("coaching", "Say sorry")
        with self.assertError(UserError, "Enter what the person"):
            line._follow_up("praise", "  ")
        line._follow_up("praise", "Well done")
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.rep.partner_id.ids)], limit=1, order="id desc"
        )
        self.assertIn("Well done", message.body)

    def test_orders_need_the_feature(self):
        line = self.drawn().line_ids.filtered("interaction_id")[0]
        finding = self.found("order", line)
        if finding.can_order:
            finding.action_apply()
            notice = self.env["care.notice"].search([("user_id", "=", line.user_id.id)])
            self.assertIn("Say sorry", notice.mapped("text"))
        else:
            with self.assertError(UserError, "Orders need the feature"):
                finding.action_apply()

    def test_who_failed_is_looked_at_again(self):
        before = self.drawn(report_count=200)
        line = before.line_ids.filtered(lambda line: line.user_id == self.rep)[0]
        line.write({"result": "wrong", "remark": "Rude"})
        values = [
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "date_start": f"2026-11-{day:02} 08:00:00",
                "state": "done",
            }
            for day, user, partner in [(1, self.rep, self.best)]
            + [(day, self.all, self.third) for day in range(2, 10)]
        ]
        self.env["care.interaction"].create(values)
        with freeze_time("2026-12-01 04:00:00"):
            for seed in "abcd":
                check = self.drawn(
                    month="2026-11-01", seed=seed, report_count=2, card_count=0
                )
                again = check.line_ids.filtered("before_id")
                self.assertEqual(again.user_id, self.rep, seed)
                self.assertEqual(again.before_id, line)
            self.assertEqual(again[0].change, "open")
            again[0].action_right()
            self.assertEqual(again[0].change, "better")
            self.assertEqual(check.improvement, "Better: 1, wrong again: 0")


@tagged("post_install", "-at_install")
class TestChecklistUi(HttpCase, ChecklistCase):
    @freeze_time("2026-11-10 04:00:00")
    def test_checklist_and_second_inspector(self):
        self.company.care_check_pass = 90
        check = self.drawn(
            second_user_id=self.second.id,
            user_id=self.manager.id,
            report_count=1,
            complaint_count=0,
            card_count=0,
        )
        self.start_tour(
            f"/odoo/action-customer_care.spot_check_action/{check.id}",
            "customer_care_checklist",
            login="care_manager",
        )
        line = check.line_ids
        self.assertEqual((line.result, line.score), ("wrong", 80))
        self.assertEqual(line.follow_up, "coaching")
        self.start_tour(
            "/odoo/action-customer_care.spot_check_second_action",
            "customer_care_checklist_second",
            login="care_second",
        )
        self.env.invalidate_all()
        self.assertEqual(check.sudo().second_ids.result, "right")
        self.assertEqual((check.pair_count, round(check.agreement)), (3, 67))
