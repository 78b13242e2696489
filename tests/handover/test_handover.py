from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from ..common_card import CardCase


@tagged("post_install", "-at_install")
class TestHandover(CardCase):
    """The rep leaves:

    | customer | tier | region  | purchases |
    | -------- | ---- | ------- | --------- |
    | Big      | A    | Harbour | most      |
    | Second   | A    | South   |           |
    | Third    | B    | North   |           |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.a_customer("Big", care_region_id=cls.harbour.id)
        cls.second = cls.a_customer("Second", care_region_id=cls.south.id)
        cls.third = cls.a_customer("Third", tier=cls.B, care_region_id=cls.north.id)
        cls.mine = cls.big | cls.second | cls.third
        cls.others = cls.a_customer("Others", user=cls.all)
        cls.env["care.partner.tier"].search([("partner_id", "=", cls.big.id)]).write(
            {"monthly_amount": 90_000}
        )
        cls.ann = cls.contact_person(cls.big, user_id=cls.rep.id)
        cls.env["care.plan.target"]._generate("2026-11-10")
        cls.done = cls.env["care.interaction"].create(
            {
                "partner_id": cls.big.id,
                "user_id": cls.rep.id,
                "date_start": "2026-11-09 08:00:00",
                "state": "done",
            }
        )
        cls.planned = cls.env["care.interaction"].create(
            {
                "partner_id": cls.big.id,
                "contact_id": cls.ann.id,
                "user_id": cls.rep.id,
                "date_start": "2026-11-20 08:00:00",
            }
        )
        cls.planned._make_meeting()
        cls.complaint, cls.closed = cls.env["care.complaint"].create(
            [
                {"subject": subject, "partner_id": cls.big.id, "user_id": cls.rep.id}
                for subject in ("Open", "Closed")
            ]
        )
        cls.closed.action_close()
        Lead = cls.env["crm.lead"]
        cls.lead, cls.won, cls.stranger = Lead.create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "user_id": cls.rep.id,
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                }
                for name, partner in (
                    ("Open", cls.ann),
                    ("Won", cls.big),
                    ("Stranger", cls.env["res.partner"]),
                )
            ]
        )
        cls.won.action_set_won()
        cls.todo = cls.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.rep.id
        )
        cls.visit = cls.third.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.rep.id
        )
        cls.colleagues = cls.big.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.all.id
        )

    def shared(self, *users):
        """A role of Big that these users share"""
        self.consultant.allows_several = True
        return self.env["care.account.member"].create(
            [
                {
                    "partner_id": self.big.id,
                    "role_id": self.consultant.id,
                    "user_id": user.id,
                }
                for user in users
            ]
        )

    def test_successor_who_shares_the_role_already(self):
        first, second = self.shared(self.rep, self.all)
        self.hand_over(user_id=self.all.id)
        self.assertEqual((first.user_id, first.is_additional), (self.all, False))
        self.assertFalse(second.exists())

    def test_successor_who_is_responsible_already(self):
        first, second = self.shared(self.all, self.rep)
        self.hand_over(user_id=self.all.id)
        self.assertEqual((first.user_id, first.is_additional), (self.all, False))
        self.assertFalse(second.exists())

    def handover(self, user=None, **values):
        return (
            self.env["care.handover"]
            .with_user(user or self.manager)
            .create(
                {"from_user_id": self.rep.id, "company_id": self.company.id} | values
            )
        )

    def hand_over(self, **values):
        record = self.handover(**values)
        record.action_preview()
        record.action_apply()
        self.env.invalidate_all()
        return record

    def owners(self):
        everything = (
            *self.mine,
            *self.mine.care_member_ids,
            self.ann,
            self.planned,
            self.planned.calendar_event_id,
            self.complaint,
            self.lead,
            self.stranger,
            self.todo,
            self.visit,
            *self.targets(state="open").filtered(
                lambda target: target.partner_id in self.mine
                and target.role_id == self.rep_role
            ),
        )
        return {record: record.user_id for record in everything}

    def test_all_to_one(self):
        untouched = {
            record: record.user_id
            for record in (
                self.done,
                self.closed,
                self.won,
                self.colleagues,
                self.others,
                *self.others.care_member_ids,
            )
        }
        self.assertEqual(set(self.owners().values()), {self.rep})
        record = self.handover(user_id=self.other_rep.id, reason="Leaves us")
        record.action_preview()
        [row] = record.preview["rows"]
        self.assertEqual(row["name"], self.other_rep.name)
        counts = dict(zip(record.preview["columns"], row["counts"], strict=True))
        self.assertEqual(
            counts,
            {
                "Customers": 3,
                "Account team roles": 3,
                "Contact persons": 1,
                "Open complaints": 1,
                "Planned contacts": 1,
                "Meetings": 1,
                "Opportunities": 2,
                "Activities": 3,
                "Contacts due": len(
                    self.targets(state="open").filtered(
                        lambda target: target.user_id == self.rep
                    )
                ),
            },
        )
        self.assertEqual(row["tiers"], [["A", 2], ["B", 1]])
        self.assertEqual(set(self.owners().values()), {self.rep}, "nothing yet")
        record.action_apply()
        self.env.invalidate_all()
        self.assertEqual(set(self.owners().values()), {self.other_rep})
        for item, owner in untouched.items():
            self.assertEqual(item.user_id, owner, item)
        guests = self.planned.calendar_event_id.partner_ids
        self.assertIn(self.other_rep.partner_id, guests)
        self.assertIn(self.ann, guests)
        self.assertNotIn(self.rep.partner_id, guests)
        for customer in self.mine:
            note = customer.message_ids[0].body
            self.assertIn("Leaves us", note)
            self.assertIn(self.other_rep.name, note)
            self.assertFalse(
                customer.message_ids.filtered(lambda m: "Account team," in m.body),
                "one note, not two",
            )
        log = self.env["care.protection.log"].search(
            [("kind", "=", "handover"), ("user_id", "=", self.manager.id)]
        )
        self.assertEqual(log.count, 3)

    def test_nobody_is_mailed(self):
        before = self.env["mail.mail"].search_count([])
        self.hand_over(user_id=self.other_rep.id)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_take_back(self):
        before = self.owners()
        record = self.hand_over(user_id=self.other_rep.id)
        self.lead.user_id = self.all
        self.third.user_id = self.all
        record.action_reverse()
        self.env.invalidate_all()
        self.assertEqual(record.state, "reversed")
        kept = {
            item
            for item, owner in self.owners().items()
            if owner != before.get(item, self.rep)
        }
        self.assertEqual(self.lead.user_id, self.all, "changed since")
        self.assertEqual(self.third.user_id, self.all)
        self.assertIn(self.lead, kept)
        self.assertEqual(self.big.user_id, self.rep)
        self.assertEqual(self.planned.calendar_event_id.user_id, self.rep)
        self.assertIn("taken back", self.big.message_ids[0].body)
        with self.assertError(UserError, "within 7 days"):
            record.action_reverse()

    def test_seven_days(self):
        record = self.hand_over(user_id=self.other_rep.id)
        record.sudo().done_at = "2026-11-03 09:00:00"
        self.assertTrue(record.can_reverse)
        record.sudo().done_at = "2026-11-03 08:59:59"
        self.assertFalse(record.can_reverse)
        with self.assertError(UserError, "other direction"):
            record.action_reverse()

    def test_take_back_to_an_archived_user(self):
        record = self.hand_over(user_id=self.other_rep.id)
        self.rep.active = False
        with self.assertError(UserError, "is archived"):
            record.action_reverse()
        self.assertEqual(self.big.user_id, self.other_rep)

    def test_round_robin_by_tier(self):
        record = self.handover(
            rule="round_robin",
            successor_ids=[
                (0, 0, {"user_id": user.id}) for user in (self.other_rep, self.all)
            ],
        )
        record.action_preview()
        record.action_apply()
        self.assertEqual(
            [customer.user_id for customer in (self.big, self.second, self.third)],
            [self.other_rep, self.all, self.other_rep],
            "the largest first, then in turn",
        )
        self.assertEqual(self.lead.user_id, self.other_rep, "goes with its customer")
        self.assertEqual(self.stranger.user_id, self.other_rep)

    def test_by_region(self):
        record = self.handover(
            rule="region",
            successor_ids=[
                (
                    0,
                    0,
                    {
                        "user_id": self.other_rep.id,
                        "region_ids": [(6, 0, self.north.ids)],
                    },
                )
            ],
        )
        record.action_preview()
        self.assertEqual(record.preview["left"], 1, "nobody for the south")
        record.user_id = self.all
        self.assertEqual(record.state, "draft", "a preview of something else")
        record.action_preview()
        self.assertEqual(record.preview["left"], 0)
        record.action_apply()
        self.assertEqual(self.big.user_id, self.other_rep, "a part of the north")
        self.assertEqual(self.third.user_id, self.other_rep)
        self.assertEqual(self.second.user_id, self.all)

    def test_a_whole_region(self):
        self.others.care_region_id = self.harbour
        self.hand_over(
            scope="region",
            from_user_id=False,
            region_id=self.north.id,
            role_ids=[(6, 0, self.rep_role.ids)],
            user_id=self.other_rep.id,
        )
        for customer in (self.big, self.third, self.others):
            self.assertEqual(customer.user_id, self.other_rep)
        self.assertEqual(self.second.user_id, self.rep, "in the south")
        self.assertEqual(self.complaint.user_id, self.other_rep)
        self.assertEqual(self.stranger.user_id, self.rep)

    def test_chosen_roles(self):
        member = self.env["care.account.member"].create(
            {
                "partner_id": self.others.id,
                "role_id": self.consultant.id,
                "user_id": self.rep.id,
            }
        )
        self.hand_over(
            user_id=self.other_rep.id, role_ids=[(6, 0, self.consultant.ids)]
        )
        self.assertEqual(member.user_id, self.other_rep)
        self.assertEqual(self.big.user_id, self.rep)

    def test_bad_successors(self):
        gone = self.make_user("gone", "sales_team.group_sale_salesman")
        gone.active = False
        elsewhere = self.make_user("elsewhere", "sales_team.group_sale_salesman")
        elsewhere.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [(6, 0, self.other_company.ids)],
            }
        )
        for user, message in (
            (gone, "is archived"),
            (self.employee, "has no access to Customer Care"),
            (elsewhere, "has no access to this company"),
            (self.rep, "cannot be their successor"),
            (self.env["res.users"], "Choose a successor"),
        ):
            with self.assertError(UserError, message):
                self.handover(user_id=user.id).action_preview()
        with self.assertError(ValidationError, "whose customers"):
            self.handover(from_user_id=False, user_id=self.all.id)
        with self.assertError(ValidationError, "roles to hand over"):
            self.handover(scope="region", region_id=self.north.id, user_id=self.all.id)
        with self.assertError(ValidationError, "two successors"):
            self.handover(
                rule="region",
                successor_ids=[
                    (0, 0, {"user_id": user.id, "region_ids": [(6, 0, self.north.ids)]})
                    for user in (self.all, self.other_rep)
                ],
            )

    def test_preview_is_what_is_done(self):
        record = self.handover(user_id=self.other_rep.id)
        with self.assertError(UserError, "preview first"):
            record.action_apply()
        record.action_preview()
        self.a_customer("Came in between")
        with self.assertError(UserError, "Refresh the preview"):
            record.action_apply()
        record.action_draft()
        record.action_preview()
        record.action_apply()
        for change in (
            lambda: record.write({"user_id": self.all.id}),
            record.action_preview,
            record.action_apply,
            record.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_nothing_to_hand_over(self):
        nobody = self.make_user("nobody", "sales_team.group_sale_salesman")
        record = self.handover(from_user_id=nobody.id, user_id=self.all.id)
        record.action_preview()
        self.assertFalse(record.preview["rows"])
        with self.assertError(UserError, "nothing to hand over"):
            record.action_apply()

    def test_all_or_nothing(self):
        record = self.handover(user_id=self.other_rep.id)
        record.action_preview()
        self.other_rep.active = False
        with self.assertError(UserError, "archived"):
            record.action_apply()
        self.assertEqual(set(self.owners().values()), {self.rep})
        self.assertEqual(record.state, "previewed")

    def test_archived_leaver_and_customer(self):
        self.third.with_context(active_test=False).write(
            {"active": False, "care_archive_note": "Left"}
        )
        self.rep.active = False
        self.hand_over(user_id=self.other_rep.id)
        self.assertEqual(self.third.user_id, self.other_rep)
        self.assertEqual(self.big.user_id, self.other_rep)

    def test_other_companies_keep_theirs(self):
        self.rep.company_ids |= self.other_company
        self.lead.company_id = self.other_company
        with self.assertRaises(AccessError):
            self.lead.with_user(self.manager).read(["name"])
        self.hand_over(user_id=self.other_rep.id)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_introduces_new_managers(self):
        role = self.env["care.role"].search([("kind", "=", "manager")])
        self.env["care.account.member"].create(
            {
                "partner_id": self.second.id,
                "role_id": role.id,
                "user_id": self.rep.id,
            }
        )
        self.second.email = "second@example.com"
        self.hand_over(user_id=self.other_rep.id, introduce=True)
        self.assertEqual(self.second.care_manager_id, self.other_rep)
        self.assertTrue(self.second.care_introduction_pending)
        self.assertFalse(self.big.care_introduction_pending)

    @users("care_rep", "care_all")
    def test_only_administrators_hand_over(self):
        with self.assertRaises(AccessError):
            self.env["care.handover"].create({"from_user_id": self.all.id})
        record = self.handover(user_id=self.all.id)
        for method in ("action_preview", "action_apply", "action_reverse"):
            with self.assertRaises(AccessError):
                getattr(record.with_user(self.env.user), method)()

    def test_queries_do_not_grow(self):
        """A preview of many customers: no query per customer."""

        def preview(count):
            user = self.make_user(f"busy{count}", "sales_team.group_sale_salesman")
            for number in range(count):
                self.a_customer(f"{count}-{number}", user=user)
            record = self.handover(from_user_id=user.id, user_id=self.all.id)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            record.action_preview()
            return self.env.cr.sql_log_count - start

        preview(1)
        self.assertLessEqual(preview(40), preview(4) + 3)
