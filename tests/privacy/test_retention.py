from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ...models.privacy import care_retention
from ..common_privacy import LONG_AGO, PrivacyCase


class Killed(BaseException):
    """The process ends in the middle of a batch."""


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    def lines(self):
        return {
            line.kind: line.count
            for line in self.env["care.removal"].search(
                [("company_id", "=", self.company.id)]
            )
        }

    def test_everything_is_kept_unless_set(self):
        complaint = self.closed_complaint(self.salon)
        self.run_retention()
        self.assertEqual(complaint.subject, "Zq-Secret is angry")
        self.assertFalse(self.lines())

    def test_closed_complaints_keep_clocks_and_lose_details(self):
        self.policy("reply", 4)
        policy = self.policy("resolve", 4)
        old = self.closed_complaint(self.livia, contact_id=False)
        recent = self.closed_complaint(self.livia, moment=None)
        open_ = self.complain(subject="Zq-Open")
        before = self.figures(old)
        self.keep(complaints=12)
        self.run_retention()
        self.assertEqual(self.figures(old), before)
        self.assertEqual(old.subject, old.name)
        self.assertFalse(old.description or old.wanted or old.solution)
        self.assertFalse(old.event_ids.filtered("reason") or old.event_ids.user_id)
        self.assertFalse(old.message_ids)
        self.assertFalse(self.files(old))
        self.assertEqual(recent.subject, "Zq-Secret is angry")
        self.assertTrue(self.files(recent))
        self.assertEqual(open_.subject, "Zq-Open")
        self.assertEqual(self.lines(), {"complaints": 1})
        policy.action_recompute()
        self.assertEqual(self.figures(old), before)

    def files(self, record):
        return self.env["ir.attachment"].search_count(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def figures(self, complaints):
        """What reports and clocks know"""
        self.env.invalidate_all()
        clocks = self.env["care.sla.status"].search(
            [("complaint_id", "in", complaints.ids)], order="id"
        )
        return (
            complaints.read(
                [
                    *(
                        "partner_id",
                        "user_id",
                        "team_id",
                        "priority",
                        "kind",
                        "tier_id",
                    ),
                    *("received_at", "replied_at", "resolved_at", "closed_at"),
                    *("sla_reply_result", "sla_resolve_result", "reopen_count"),
                    *("outcome", "compensation_granted"),
                ]
            ),
            clocks.read(["target", "deadline", "reached_at", "over", "dropped"]),
            [(event.kind, event.at) for event in complaints.event_ids],
            self.env["care.complaint.report"]._read_group(
                [("complaint_id", "in", complaints.ids)], ["sla_state"], ["__count"]
            ),
        )

    def test_a_reopened_complaint_is_anonymized_again(self):
        complaint = self.closed_complaint(self.salon)
        self.keep(complaints=12)
        self.run_retention()
        complaint.action_reopen()
        complaint.wanted = "Zq-Again"
        complaint.action_close()
        self.run_retention()
        self.assertEqual(complaint.wanted, "Zq-Again")
        self.old(complaint, "closed_at")
        self.old(complaint, "anonymized_at", moment="2020-02-01 00:00:00")
        self.run_retention()
        self.assertFalse(complaint.wanted)

    def test_answers_keep_results(self):
        shops = self.customers(6)
        campaign, answers = self.answered(shops | self.livia | self.garden)
        self.assertEqual(len(answers), 8)
        results = campaign.results
        scores = {row.id: (row.care_score, row.care_nps) for row in answers}
        states = campaign.invitation_ids.mapped("state")
        follow_ups = self.env["care.follow.up"].search(
            [("campaign_id", "=", campaign.id)]
        )
        self.assertTrue(follow_ups.filtered("comment"))
        self.keep(answers=24)
        self.run_retention()
        campaign.invalidate_recordset()
        words = ("comments", "topics")
        self.assertEqual(
            {k: v for k, v in campaign.results.items() if k not in words},
            {k: v for k, v in results.items() if k not in words},
        )
        self.assertEqual(
            {row.id: (row.care_score, row.care_nps) for row in answers}, scores
        )
        self.assertEqual(campaign.invitation_ids.mapped("state"), states)
        self.assertFalse(answers.partner_id or answers.filtered("email"))
        self.assertFalse(answers.filtered("nickname"))
        self.assertEqual(answers.care_partner_id, shops | self.garden)
        self.assertFalse(campaign.invitation_ids.filtered("email"))
        self.assertFalse(follow_ups.filtered("comment"))
        self.assertFalse(answers.user_input_line_ids.filtered("value_text_box"))
        self.assertEqual(self.lines(), {"answers": 8})

    def test_running_campaigns_are_left_alone(self):
        campaign = self.started(self.livia, quarantine_days=0)
        answer = campaign.invitation_ids.user_input_id
        self.old(answer.sudo(), "create_date")
        self.keep(answers=1)
        self.run_retention()
        self.assertEqual(answer.sudo().email, self.livia.email)

    def test_photos_logs_calls_uploads_and_briefs(self):
        old, recent = (
            self.visit(self.livia),
            self.visit(self.livia, moment=fields.Datetime.now()),
        )
        paper = self.attach(old, "list.txt", b"words")
        log = self.env["care.protection.log"].create(
            {"kind": "export", "count": 7, "date": LONG_AGO, "summary": "Zq-Secret"}
        )
        call = self.call(partner_id=self.livia.id)
        upload = self.env["care.phone.report"].create(
            {
                "key": "k",
                "interaction_id": old.id,
                "note": "Zq-Secret",
                "sent_at": LONG_AGO,
            }
        )
        brief = self.env["care.brief.view"].create(
            {
                "partner_id": self.livia.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "opened_at": LONG_AGO,
            }
        )
        self.keep(photos=12, protection=12, calls=12, phone=12, briefs=12)
        self.run_retention()
        self.assertEqual((self.files(old), self.files(recent)), (1, 1))
        self.assertTrue(paper.exists())
        self.assertFalse(log.exists() or upload.exists() or brief.exists())
        self.assertEqual(old.summary, "Zq-Secret has two children")
        self.assertFalse(call.number or call.partner_id)
        self.assertNotIn("Zq", call.reference)
        self.assertEqual(
            (call.pick_up_seconds, call.in_time, call.talk_minutes), (9, 1, 3.5)
        )
        self.assertEqual(
            self.lines(),
            {"photos": 1, "protection": 1, "calls": 1, "phone": 1, "briefs": 1},
        )

    def test_a_month_ends_at_midnight_of_the_company(self):
        today = self.company._care_today()
        border = fields.Datetime.to_datetime(today - relativedelta(months=3))
        self.company.partner_id.tz = "Asia/Shanghai"
        before = border - relativedelta(hours=8)
        with patch.object(type(self.company), "_care_today", lambda _self: today):
            for moment, due in ((before, 0), (before - relativedelta(seconds=1), 1)):
                log = self.env["care.protection.log"].create(
                    {"kind": "export", "date": moment}
                )
                count = self.retention._count_due("protection", self.company, 3)
                self.assertEqual(count, due)
                log.unlink()

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    def test_killed_in_the_second_batch_and_resumed(self):
        complaints = self.env["care.complaint"].union(
            *(self.closed_complaint(self.salon) for _place in range(5))
        )
        before = self.figures(complaints)
        self.keep(complaints=12)
        Retention = self.env.registry["care.retention"]
        remove = Retention._remove_complaints
        batches = []

        def killed_in_second(records, ids):
            batches.append(ids)
            remove(records, ids)
            if len(batches) == 2:
                raise Killed

        with (
            patch.object(care_retention, "RETENTION_BATCH", 2),
            self.enter_registry_test_mode(),
        ):
            # assertRaises would roll back what was committed
            with patch.object(Retention, "_remove_complaints", killed_in_second):
                killed = False
                try:
                    self.trigger()
                except Killed:
                    killed = True
            self.assertTrue(killed)
            self.env.invalidate_all()
            done = complaints.filtered("anonymized_at")
            self.assertEqual(len(done), 2)
            self.assertEqual(self.lines(), {"complaints": 2})
            self.trigger()
        self.env.invalidate_all()
        self.assertEqual(complaints.filtered("anonymized_at"), complaints)
        self.assertEqual(self.lines(), {"complaints": 5})
        self.assertEqual(self.figures(complaints), before)

    @mute_logger("odoo.addons.customer_care.models.core.care_job")
    def test_what_fails_does_not_stop_the_rest(self):
        complaint = self.closed_complaint(self.salon)
        call = self.call()
        self.keep(complaints=12, calls=12)

        def fail(_self, _ids):
            raise UserError("Refused")

        with patch.object(
            self.env.registry["care.retention"], "_remove_complaints", fail
        ):
            self.run_retention()
        self.assertEqual(complaint.subject, "Zq-Secret is angry")
        self.assertFalse(call.number)

    @mute_logger("odoo.addons.customer_care.models.core.care_job")
    def test_one_that_fails_does_not_stop_its_kind(self):
        complaints = self.env["care.complaint"].union(
            *(self.closed_complaint(self.salon) for _place in range(5))
        )
        self.keep(complaints=12)
        Retention = self.env.registry["care.retention"]
        remove = Retention._remove_complaints
        stuck = complaints[1]

        def refuse(records, ids):
            if stuck.id in ids:
                raise UserError("Refused")
            remove(records, ids)

        with (
            patch.object(care_retention, "RETENTION_BATCH", 3),
            patch.object(Retention, "_remove_complaints", refuse),
        ):
            self.run_retention()
        self.env.invalidate_all()
        self.assertEqual(complaints.filtered("anonymized_at"), complaints - stuck)
        self.assertEqual(self.lines(), {"complaints": 4})

    def test_queries_do_not_grow_with_records(self):
        """10,000 calls, answers and complaints each in 20 batches"""
        complaint = self.closed_complaint(self.salon)
        _campaign, answers = self.answered(self.customers(1))
        call = self.call()
        self.env.flush_all()
        cr = self.env.cr
        for table, source, unique in (
            ("care_call", call, "reference"),
            ("care_complaint", complaint, None),
            ("survey_user_input", answers, "access_token"),
        ):
            columns = [
                name
                for name, field in source._fields.items()
                if field.store and field.column_type and name not in ("id", unique)
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            extra = (f", {unique}", ", 'copy-' || n") if unique else ("", "")
            cr.execute(
                f"INSERT INTO {table} ({names}{extra[0]})"
                f" SELECT {names}{extra[1]} FROM {table}, generate_series(1, 9999) n"
                f" WHERE id = %s",
                (source.id,),
            )
        for kind, per_batch in (("calls", 12), ("complaints", 60), ("answers", 60)):
            with self.subTest(kind=kind):
                self.keep(**{kind: 12})
                self.env.flush_all()
                start = cr.sql_log_count
                self.run_retention()
                self.assertLess(cr.sql_log_count - start, 21 * per_batch)
        self.env.invalidate_all()
        self.assertEqual(
            self.lines(), {"calls": 10_000, "complaints": 10_000, "answers": 10_000}
        )

    # ------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------

    @users("care_manager")
    def test_the_preview_counts_and_asks(self):
        self.closed_complaint(self.salon)
        self.call()
        form = Form(self.env["care.retention.change"])
        self.assertEqual((form.keep_calls, form.due_total), (0, 0))
        form.keep_complaints = 12
        form.keep_calls = 12
        self.assertEqual((form.due_complaints, form.due_calls), (1, 1))
        change = form.save()
        with self.assertRaises(UserError):
            change.action_apply()
        self.assertFalse(self.company.care_keep_calls)
        change.confirmed = True
        change.action_apply()
        self.assertEqual(self.company.care_keep_complaints, 12)
        self.assertEqual(Form(self.env["care.retention.change"]).keep_calls, 12)
        with self.assertRaises(ValidationError):
            change.keep_calls = -1

    def test_only_administrators_and_only_their_company(self):
        for user in (self.rep, self.all, self.employee):
            with self.assertRaises(AccessError):
                self.env["care.retention.change"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.env["care.removal"].with_user(user).search([])
        self.closed_complaint(self.salon)
        foreign = self.make_admin("care_retention_foreign", self.other_company)
        change = (
            self.env["care.retention.change"]
            .with_user(foreign)
            .with_context(allowed_company_ids=self.other_company.ids)
            .create({"keep_complaints": 1})
        )
        self.assertEqual(change.due_total, 0)
        change.action_apply()
        self.assertEqual(self.other_company.care_keep_complaints, 1)
        self.assertEqual(self.company.care_keep_complaints, 0)
        self.keep(complaints=12)
        self.run_retention()
        lines = self.env["care.removal"].with_user(foreign)
        self.assertFalse(
            lines.with_context(allowed_company_ids=self.other_company.ids).search([])
        )
        line = self.env["care.removal"].search([("company_id", "=", self.company.id)])
        for change in (
            lambda line: line.write({"count": 0}),
            lambda line: line.unlink(),
        ):
            with self.assertRaises(AccessError):
                change(line.with_user(self.manager))

    def test_guards_refuse_everybody_else(self):
        complaint = self.closed_complaint(self.salon)
        _campaign, answers = self.answered(self.customers(1))
        for user in (self.manager, self.rep):
            for call in (
                lambda u: complaint.with_user(u).write({"anonymized_at": LONG_AGO}),
                lambda u: complaint.event_ids.with_user(u).write({"reason": "x"}),
                lambda u: complaint.event_ids.with_user(u).unlink(),
                lambda u: answers.with_user(u)
                .sudo()
                .write({"care_anonymized_at": LONG_AGO}),
                lambda u: self.livia.with_user(u).write({"care_erased_at": LONG_AGO}),
                lambda u: self.livia.with_user(u)
                .with_context(care_unlocked=True)
                .write({"care_erased_at": LONG_AGO}),
            ):
                with self.assertRaises(UserError):  # AccessError is one
                    call(user)
        person = (
            self.env["res.partner"]
            .with_context(default_care_erased_at=LONG_AGO)
            .create({"name": "New", "care_erased_at": LONG_AGO})
        )
        self.assertFalse(person.care_erased_at)
