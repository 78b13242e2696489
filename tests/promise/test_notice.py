from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..common_promise import PromiseCase


class NoticeCase(PromiseCase):
    def notice(self, user=None, days=3, **values):
        return self.Notice.with_user(user or self.manager).create(
            {
                "kind": "order",
                "user_id": self.rep.id,
                "text": "Visit the customer",
                "date_due": self.day(days),
                "company_id": self.company.id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestNotice(NoticeCase):
    def test_numbers_of_each_company(self):
        first, second = self.notice(), self.notice()
        self.assertEqual(first.name[-4:], "0001")
        self.assertEqual(second.name[-4:], "0002")
        self.rep.company_ids |= self.other_company
        self.manager.company_ids |= self.other_company
        other = self.Notice.create(
            {
                "user_id": self.rep.id,
                "text": "Elsewhere",
                "company_id": self.other_company.id,
            }
        )
        self.assertEqual(other.name[-4:], "0001")

    def test_who_may_give_one(self):
        self.assertEqual(self.notice(self.lead).supervisor_id, self.lead)
        for user in (self.all, self.rep):
            with self.assertRaises(AccessError):
                self.notice(user)
        with self.assertRaises(AccessError):
            self.notice(self.lead, user_id=self.all.id)
        with self.assertRaises(AccessError):
            self.notice(self.all, supervisor_id=self.all.id)
        for user in (self.base_user().id, False):
            with self.assertRaises(UserError):
                self.notice(user_id=user)

    def base_user(self):
        return self.env.ref("base.user_demo", raise_if_not_found=False) or (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Elsewhere",
                    "login": "elsewhere",
                    "company_id": self.other_company.id,
                    "company_ids": self.other_company.ids,
                }
            )
        )

    def test_seen_by_the_person_only(self):
        notice = self.notice()
        self.assertEqual(notice.activity_ids.user_id, self.rep)
        for user in (self.manager, self.lead):
            with self.assertRaises(AccessError):
                notice.with_user(user).action_see()
        notice.with_user(self.rep).action_see()
        self.assertTrue(notice.seen_at)
        self.assertFalse(notice.activity_ids)
        with self.assertRaises(UserError):
            notice.with_user(self.manager).cost = 5

    def test_a_refusal_is_noted(self):
        notice = self.notice()
        with self.assertRaises(UserError):
            notice.action_refuse(" ")
        notice.action_refuse("Does not agree")
        self.assertTrue(notice.refused_at)
        self.assertFalse(notice.seen_at)
        self.assertEqual(notice.state, "open")

    def test_made_good_with_evidence(self):
        notice = self.notice().with_user(self.rep)
        with self.assertRaises(UserError):
            notice.action_done("")
        notice.action_done("Visited today")
        self.assertEqual(notice.state, "done")
        self.assertTrue(notice.done_at)
        with self.assertRaises(UserError):
            notice.action_done("Again")

    def test_nobody_cancels_the_own_notice(self):
        notice = self.notice()
        with self.assertRaises(AccessError):
            notice.with_user(self.rep).action_cancel("No")
        own = self.Notice.create(
            {
                "user_id": self.manager.id,
                "text": "Report",
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(AccessError):
            own.with_user(self.manager).action_cancel("No")
        notice.action_cancel("Settled in another way")
        self.assertEqual(notice.state, "cancelled")

    def test_escalates_up_the_line_a_step_a_day(self):
        notice = self.notice(days=1)
        self.night()
        self.assertFalse(notice.escalated_on)
        self.pass_days(2)
        told = []
        for _day in range(4):
            self.night()
            self.night()
            told.append(notice.escalated_to_id)
            self.pass_days(1)
        self.assertEqual(told, [self.lead, self.manager, self.manager, self.manager])
        kind = self.env.ref("customer_care.mail_activity_type_notice_overdue")
        overdue = notice.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        self.assertEqual(overdue.mapped("user_id"), self.lead | self.manager)
        self.assertEqual(len(overdue), 2)
        notice.with_user(self.rep).action_done("Visited")
        self.assertFalse(notice.activity_ids & overdue)

    def test_rests_while_off(self):
        notice = self.notice(days=1)
        self.pass_days(5)
        self.env["res.groups"]._switch_care_features(promise=False)
        self.night()
        self.assertFalse(notice.escalated_on)

    def test_overdue_is_computed(self):
        notice = self.notice(days=1)
        self.assertFalse(notice.is_overdue)
        self.pass_days(2)
        self.assertTrue(notice.is_overdue)


@tagged("post_install", "-at_install")
class TestNoticePaper(HttpCase, NoticeCase):
    def test_paper_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        notice = self.notice(cost=120)
        page = self.page(notice)
        self.assertIn("Visit the customer", page)
        self.assertIn(notice.name, page)
        self.assertIn(self.company.name, page)
        self.assertIn("Make good by", page)
        self.rep.lang = "zh_CN"
        self.assertEqual(notice._paper_lang(), "zh_CN")

    def page(self, notice):
        self.authenticate("care_manager", "care_manager")
        return self.url_open(f"/report/html/customer_care.notice/{notice.id}").text
