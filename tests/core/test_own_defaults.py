from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestOwnDefaults(PromiseCase):
    """Every user may have defaults of their own for every field of every model."""

    def own(self, model, field, value, user=None):
        defaults = self.env["ir.default"].with_user(user or self.rep)
        defaults.set(model, field, value, user_id=True)

    def test_none_for_what_only_the_app_sets(self):
        self.own("care.complaint", "letter_sent_at", "2026-11-01 08:00:00")
        self.own("care.complaint", "subject", "What I always get")
        complaint = (
            self.env["care.complaint"]
            .with_user(self.rep)
            .create({"partner_id": self.salon.id})
        )
        self.assertFalse(complaint.letter_sent_at)
        self.assertEqual(complaint.subject, "What I always get", "theirs to choose")

    def test_none_for_what_buttons_set(self):
        self.own("care.promise", "state", "kept")
        self.own("care.promise", "kept_at", "2026-11-01 08:00:00")
        promise = self.Promise.with_user(self.rep).create(
            {"name": "Samples", "partner_id": self.salon.id}
        )
        self.assertEqual(promise.state, "open")
        self.assertFalse(promise.kept_at)

    def test_none_in_what_the_app_writes_for_a_user(self):
        """A sample is drawn as superuser, but in the name of who draws it."""
        self.own("care.spot.check.line", "result", "right", self.manager)
        self.contact(self.salon, 3, state="done")
        check = self.env["care.spot.check"].with_user(self.manager)
        check = check.create({"company_id": self.company.id, "month": "2026-11-01"})
        check.action_draw()
        self.assertTrue(check.line_ids)
        self.assertEqual(check.open_count, check.line_count)

    def test_names_of_others_by_a_default(self):
        other = self.make_user("other", "sales_team.group_sale_salesman")
        theirs = self.a_customer("Theirs", self.B, user=other)
        hidden = self.env["care.complaint"].create(
            {"subject": "Hidden", "partner_id": theirs.id, "user_id": other.id}
        )
        report = self.contact(theirs, 3, user=other)
        order = self.order(theirs, 100, user_id=other.id)
        mine = {"name": "Samples", "partner_id": self.salon.id}
        for field, record in (
            ("complaint_id", hidden),
            ("interaction_id", report),
            ("order_id", order),
        ):
            with self.subTest(field=field):
                with self.assertRaises(AccessError):
                    record.with_user(self.rep).check_access("read")
                Promise = self.Promise.with_user(self.rep)
                told = Promise.with_context(**{f"default_{field}": record.id})
                self.assertFalse(told.create(mine)[field])
                self.own("care.promise", field, record.id)
                self.assertFalse(Promise.create(mine)[field])
        complaint = self.env["care.complaint"].with_user(self.rep)
        told = complaint.with_context(
            default_order_id=order.id, default_linked_ids=[Command.link(hidden.id)]
        ).create({"subject": "Mine", "partner_id": self.salon.id})
        self.assertFalse(told.order_id or told.sudo().linked_ids)

    def test_products_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        product = self.env["product.product"].create(
            {"name": "Theirs", "company_id": elsewhere.id}
        )
        complaint = self.env["care.complaint"].with_user(self.rep)
        with self.assertRaises(AccessError):
            complaint.care_hotline_record(
                {
                    "partner_id": self.salon.id,
                    "subject": "Broken",
                    "product_id": product.id,
                }
            )
        with self.assertRaises(AccessError):
            self.env["care.knowledge"].with_user(self.rep).create(
                {"name": "How?", "answer": "So.", "product_id": product.id}
            )

    def test_a_family_stays_with_own_customers(self):
        other = self.make_user("other", "sales_team.group_sale_salesman")
        mine, theirs = (
            self.a_customer(name, self.B, user=user, is_company=False)
            for name, user in (("Ann", self.rep), ("Bob", other))
        )
        row = self.env["care.family.member"].with_user(self.rep)
        row = row.create({"partner_id": mine.id, "relation": "child"})
        with self.assertRaises(AccessError):
            row.partner_id = theirs
