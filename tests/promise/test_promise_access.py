from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPromiseAccess(PromiseCase):
    """Nobody forges the state, the person or the cost of a promise."""

    def test_state_is_for_buttons(self):
        promise = self.promise()
        for user in (self.rep, self.all, self.manager):
            for values in (
                {"state": "kept"},
                {"kept_at": "2026-11-01"},
                {"evidence": "x"},
                {"supervisor_id": user.id},
                {"disputed_by_id": user.id},
                {"approved_cost": 9000},
                {"confirmed_at": "2026-11-01"},
                {"broken_complaint_id": self.complain().id},
            ):
                with self.assertRaises(UserError, msg=f"{user.login} {values}"):
                    promise.with_user(user).write(values)
            promise.with_user(user).write({"state": "open"})

    def test_create_drops_what_buttons_set(self):
        forged = {
            "state": "kept",
            "kept_at": "2026-11-01",
            "supervisor_id": self.rep.id,
            "approved_cost": 9000,
            "confirmed_at": "2026-11-01",
            "is_earlier": True,
        }
        promise = self.promise(cost=400, **forged)
        self.assertEqual(promise.state, "to_approve")
        self.assertEqual(promise.supervisor_id, self.lead)
        self.assertFalse(promise.kept_at or promise.confirmed_at or promise.is_earlier)
        default = {f"default_{name}": value for name, value in forged.items()}
        promise = (
            self.Promise.with_user(self.rep)
            .with_context(**default)
            .create({"name": "x", "partner_id": self.salon.id, "cost": 400})
        )
        self.assertEqual(promise.state, "to_approve")
        self.assertFalse(promise.confirmed_at)

    def test_nobody_promises_in_the_name_of_others(self):
        with self.assertRaises(AccessError):
            self.promise(user_id=self.all.id)
        promise = self.promise()
        with self.assertRaises(AccessError):
            promise.user_id = self.manager
        self.assertEqual(
            self.promise(user=self.all, user_id=self.rep.id).user_id, self.rep
        )

    def test_strangers(self):
        other = self.customer("Other", user_id=self.all.id)
        promise = self.promise(user=self.all, partner_id=other.id)
        portal = new_test_user(
            self.env, "care_promise_portal", groups="base.group_portal"
        )
        for user in (self.rep, self.employee, portal):
            mine = promise.with_user(user)
            for call in (
                lambda mine=mine: mine.read(["name"]),
                lambda mine=mine: mine.write({"name": "x"}),
                mine.action_break,
                mine.action_dispute,
                mine.action_approve,
                mine.action_deny,
                lambda mine=mine: mine.action_keep("x"),
                lambda mine=mine: mine.action_forgive("x"),
                lambda mine=mine: mine.action_withdraw("x"),
                lambda mine=mine: mine.action_confirm("2026-12-01", 1),
                lambda mine=mine: mine.action_not_confirmable("2026-12-01"),
                mine.action_keep,
            ):
                with self.assertRaises(UserError, msg=user.login):
                    call()
        self.assertEqual(promise.state, "open")

    def test_colleagues_of_the_customer_read_but_do_not_settle(self):
        promise = self.promise(user=self.lead)
        mine = promise.with_user(self.rep)
        self.assertEqual(mine.name, "Price list")
        for call in (
            mine.action_break,
            lambda: mine.action_keep("x"),
            lambda: mine.action_forgive("x"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_notices_of_others_are_not_read(self):
        notice = self.Notice.with_user(self.manager).create(
            {"user_id": self.rep.id, "text": "x", "company_id": self.company.id}
        )
        self.assertTrue(notice.with_user(self.rep).read(["text"]))
        self.assertTrue(notice.with_user(self.lead).read(["text"]))
        for user in (self.all, self.employee):
            with self.assertRaises(AccessError):
                notice.with_user(user).read(["text"])
            with self.assertRaises(AccessError):
                notice.with_user(user).action_done("x")
        for user in (self.rep, self.lead, self.manager):
            for values in (
                {"state": "done"},
                {"seen_at": "2026-11-01"},
                {"user_id": self.all.id},
                {"name": "N1"},
                {"res_id": 7},
            ):
                with self.assertRaises(UserError, msg=f"{user.login} {values}"):
                    notice.with_user(user).write(values)
        with self.assertRaises(AccessError):
            notice.with_user(self.rep).write({"cost": 0, "text": "Well done"})

    def test_other_companies(self):
        promise = self.promise(user=self.manager)
        promise.sudo().company_id = self.other_company
        self.env.flush_all()
        self.assertFalse(
            self.Promise.with_user(self.manager).search([("id", "=", promise.id)])
        )

    def test_links_of_sources_are_not_forged(self):
        secret = self.promise(
            user=self.all, name="Secret", partner_id=self.customer().id
        )
        complaint = self.complain(user_id=self.rep.id)
        with self.assertRaises(UserError):
            complaint.with_user(self.rep).write({"promise_id": secret.id})
        made = (
            self.env["care.complaint"]
            .with_user(self.rep)
            .with_context(default_promise_id=secret.id)
            .create(
                {
                    "subject": "x",
                    "partner_id": self.salon.id,
                    "promise_id": secret.id,
                    "team_id": self.team.id,
                }
            )
        )
        self.assertFalse(made.promise_id)
        self.assertFalse(made.promise)
        with self.assertRaises(AccessError):
            self.env["care.complaint"].with_user(self.rep).onchange(
                {"promise_id": secret.id}, ["promise_id"], {"promise": {}}
            )
