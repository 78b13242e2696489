from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"


@tagged("post_install", "-at_install")
class TestComplaintRepeat(ComplaintCase):
    """The same complaint again within the calendar month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = cls.ZONE
        cls.late, cls.damage = cls.env["care.complaint.category"].create(
            [{"name": "Late"}, {"name": "Damage"}]
        )

    def one(self, received=MONDAY, **values):
        values.setdefault("category_id", self.late.id)
        with freeze_time(received):
            return self.complain(**values)

    def test_same_customer_and_category(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one(priority="1")
        self.assertFalse(first.repeat_of_id or first.repeat_state)
        self.assertEqual(again.repeat_of_id, first)
        self.assertEqual(again.repeat_state, "proposed")
        self.assertEqual(again.priority, "2", "one step up")
        third = self.one("2026-11-20 00:00:00")
        self.assertEqual(third.repeat_of_id, first, "all repeat the first")
        self.assertEqual(first.repeat_ids, third | again)

    def test_same_product(self):
        first = self.one(category_id=False, product_id=self.product.id)
        again = self.one(category_id=self.damage.id, product_id=self.product.id)
        self.assertEqual(again.repeat_of_id, first)

    def test_a_part_does_not_repeat_its_whole(self):
        whole = self.one()
        parts = [whole._split("Part", category=self.late) for _n in range(2)]
        for part in (*parts, whole):
            self.assertFalse(part.repeat_of_id or part.repeat_state)
            self.assertEqual(part.priority, "0")
        whole.product_id = parts[0].product_id = self.product
        self.assertFalse((whole | parts[0]).repeat_of_id, "nor when looked at again")
        self.assertEqual(self.one().repeat_of_id, whole)

    @users("care_all")
    def test_nobody_makes_parts_but_by_splitting(self):
        whole = self.one()
        Complaint = self.env["care.complaint"].with_context(
            care_split=True, care_split_from=whole.id, default_split_from_id=whole.id
        )
        again = Complaint.create(
            {
                "subject": "Again",
                "partner_id": self.salon.id,
                "team_id": self.team.id,
                "category_id": self.late.id,
                "split_from_id": whole.id,
            }
        )
        self.assertFalse(again.split_from_id)
        self.assertEqual(again.repeat_of_id, whole)

    def test_what_is_no_repeat(self):
        self.one("2026-11-02 00:00:00")
        other = self.customer("Other")
        for values in (
            {"partner_id": other.id},
            {"category_id": self.damage.id},
            {"category_id": False},
            {"kind": "suggestion"},
            {"kind": "internal"},
        ):
            complaint = self.one(**values)
            self.assertFalse(complaint.repeat_of_id, values)
            self.assertEqual(complaint.priority, "0", values)

    def test_cancelled_counts_for_nothing(self):
        self.one("2026-11-02 00:00:00").stage_id = self.stages["cancelled"]
        self.assertFalse(self.one().repeat_of_id)

    def test_most_urgent_stays(self):
        self.one("2026-11-02 00:00:00")
        self.assertEqual(self.one(priority="3").priority, "3")

    def test_month_of_the_company(self):
        """31 October, 17:00 in UTC, is the first of November in Shanghai."""
        october = self.one("2026-10-31 15:59:59")
        november = self.one("2026-10-31 16:00:00")
        self.assertFalse(november.repeat_of_id)
        self.assertEqual(self.one().repeat_of_id, november)
        self.company.partner_id.tz = "UTC"
        self.env.flush_all()
        self.assertEqual(self.one("2026-10-31 20:00:00").repeat_of_id, october)

    def test_company_without_a_zone_and_without_hours(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id = False
        first = self.one("2026-11-02 00:00:00")
        self.assertEqual(self.one().repeat_of_id, first)

    def test_within_one_call(self):
        complaints = self.env["care.complaint"].create(
            [
                {
                    "subject": str(number),
                    "partner_id": self.salon.id,
                    "team_id": self.team.id,
                    "category_id": category.id,
                }
                for number, category in enumerate(
                    (self.late, self.damage, self.late, self.late)
                )
            ]
        )
        first = complaints[0]
        self.assertFalse((complaints[:2]).repeat_of_id)
        self.assertEqual(complaints[2:].mapped("repeat_of_id"), first)
        self.assertEqual(complaints.mapped("priority"), ["0", "0", "1", "1"])
        self.env.invalidate_all()
        self.assertEqual(complaints[3].repeat_of_id, first)

    def test_found_out_later(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one(category_id=False)
        self.assertFalse(again.repeat_of_id)
        again.category_id = self.late
        self.assertEqual(again.repeat_of_id, first)
        self.assertEqual(again.priority, "1")
        again.category_id = self.damage
        self.assertFalse(again.repeat_of_id or again.repeat_state)
        self.assertEqual(again.priority, "0")

    def test_confirmed_stays(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one()
        again.action_confirm_repeat()
        again.category_id = self.damage
        self.assertEqual(again.repeat_of_id, first)
        self.assertEqual(again.repeat_state, "confirmed")

    def test_rejected(self):
        self.one("2026-11-02 00:00:00")
        again, urgent = self.one(), self.one()
        again.action_reject_repeat()
        self.assertFalse(again.repeat_of_id)
        self.assertEqual(again.repeat_state, "rejected")
        self.assertEqual(again.priority, "0")
        urgent.priority = "3"
        urgent.action_reject_repeat()
        self.assertEqual(urgent.priority, "3", "set by hand in between")

    def test_priority_brings_its_policies(self):
        self.policy(hours=1, min_priority="1")
        first = self.one("2026-11-02 00:00:00")
        again = self.one()
        self.assertFalse(first.sla_ids)
        self.assertEqual(again.sla_ids.state, "missed")
        again.action_reject_repeat()
        self.assertEqual(again.priority, "0")

    def test_the_first_is_deleted(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one()
        first.unlink()
        self.assertFalse(again.repeat_of_id)
        again.action_reject_repeat()
        again.category_id = self.damage
        self.assertFalse(again.repeat_state)

    def test_another_company(self):
        theirs = self.env["care.complaint.team"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        self.one("2026-11-02 00:00:00", team_id=theirs.id)
        self.assertFalse(self.one().repeat_of_id)

    def test_copy_repeats_by_itself(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one()
        again.action_confirm_repeat()
        with freeze_time(MONDAY):
            copy = again.copy()
        self.assertEqual(copy.repeat_state, "proposed")
        self.assertEqual(copy.repeat_of_id, first)

    @users("care_rep")
    def test_nobody_writes_it_by_hand(self):
        first, again = self.one().with_user(self.rep), self.one().with_user(self.rep)
        for values in (
            {"repeat_of_id": first.id},
            {"repeat_state": "confirmed"},
            {"repeat_priority": "0"},
        ):
            with self.assertError(AccessError, "Use the buttons"):
                first.write(values)
        made = first.create(
            {
                "subject": "Forged",
                "partner_id": self.salon.id,
                "repeat_of_id": again.id,
                "repeat_state": "confirmed",
            }
        )
        self.assertFalse(made.repeat_of_id or made.repeat_state)

    def test_a_repeat_of_what_one_may_not_see(self):
        """The customer of a colleague calls; the agent learns that it is a repeat."""
        stranger = self.customer("Stranger", user_id=self.all.id)
        first = self.one(
            "2026-11-02 00:00:00", partner_id=stranger.id, user_id=self.all.id
        )
        again = self.env["care.complaint"].with_user(self.rep)
        with freeze_time(MONDAY):
            again = again.create(
                {
                    "subject": "Again",
                    "partner_id": stranger.id,
                    "category_id": self.late.id,
                    "team_id": self.team.id,
                    "user_id": self.rep.id,
                }
            )
        self.assertEqual(again.repeat_of_id.id, first.id)
        again.action_confirm_repeat()
        self.assertEqual(again.repeat_state, "confirmed")

    def test_many_ask_one_query_more(self):
        def create(category):
            values = [
                {
                    "subject": f"Number {number}",
                    "partner_id": self.salon.id,
                    "team_id": self.team.id,
                    "category_id": category and category.id,
                }
                for number in range(50)
            ]
            self.env["care.complaint"].create(values)
            self.env.flush_all()

        create(self.damage)
        self.env.invalidate_all()
        # One looks for earlier ones, one links those of the same call.
        with self.assertQueryCount(31):
            create(self.late)

    def test_seen_in_lists(self):
        first = self.one("2026-11-02 00:00:00")
        again = self.one()
        action = again.action_open_repeats()
        found = self.env["care.complaint"].search(action["domain"])
        self.assertEqual(found, first | again)
