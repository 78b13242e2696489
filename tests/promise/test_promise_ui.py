from odoo.tests import HttpCase, tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPromiseUi(HttpCase, PromiseCase):
    def test_promised_disputed_confirmed_kept_noticed(self):
        report = self.contact(self.salon, 9, state="planned", summary="")
        self.start_tour(
            f"/odoo/care.interaction/{report.id}",
            "customer_care_promise_made",
            login="care_rep",
        )
        promise = report.promise_id
        self.assertEqual(promise.name, "Free training")
        self.assertEqual(promise.state, "open")
        self.start_tour(
            f"/odoo/care.promise/{promise.id}",
            "customer_care_promise_disputed",
            login="care_all",
        )
        self.assertEqual(promise.state, "disputed")
        self.assertEqual(promise.disputed_by_id, self.all)
        self.start_tour(
            "/odoo/action-customer_care.my_promise_action",
            "customer_care_promise_kept",
            login="care_rep",
        )
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.evidence, "Training held")
        [notice] = promise.notice_ids
        self.assertEqual(notice.kind, "fault")
        self.assertTrue(notice.seen_at)
