from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..hooks import uninstall_hook
from .common import TierCase

MATRIX = {
    # rights to read, write, create, unlink of
    #                             rep     all     administrator  employee  portal
    "care.tier": ("r", "r", "rwcu", "", ""),
    "care.segment": ("r", "r", "rwcu", "", ""),
    "care.partner.tier": ("r", "r", "r", "", ""),
    "care.tier.history": ("r", "r", "r", "", ""),
    "care.tier.review": ("", "r", "rwcu", "", ""),
    "care.tier.review.line": ("", "r", "rw", "", ""),
    "care.tier.change": ("", "", "rwcu", "", ""),
    "care.assign": ("", "rwcu", "rwcu", "", ""),
    "care.days.import": ("", "", "rwcu", "", ""),
    "care.role": ("r", "r", "rwcu", "", ""),
    "care.working.day": ("r", "r", "rwcu", "", ""),
    "care.hours.snapshot": ("", "", "", "", ""),
    "care.account.member": ("r", "rwcu", "rwcu", "", ""),
    "care.absence": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.plan": ("r", "r", "rwcu", "", ""),
    "care.plan.rule": ("r", "r", "rwcu", "", ""),
    "care.plan.exception": ("r", "rwcu", "rwcu", "", ""),
    "care.plan.target": ("r", "r", "ru", "", ""),
    "care.interaction": ("rwc", "rwc", "rwcu", "", ""),
    "care.brief.view": ("r", "r", "r", "", ""),
    "care.interaction.purpose": ("r", "r", "rwcu", "", ""),
    "care.complaint": ("rwc", "rwc", "rwcu", "", "r"),
    "care.complaint.form": ("", "", "", "", ""),
    "care.complaint.throttle": ("", "", "", "", ""),
    "care.complaint.letter": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.log": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.merge": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.split": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.compensation.refuse": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.skip": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.take.over": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.verify": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.root.cause": ("r", "r", "rwcu", "", ""),
    "care.complaint.category": ("r", "r", "rwcu", "", ""),
    "care.complaint.event": ("r", "r", "r", "", ""),
    "care.incoming.mail": ("r", "r", "ru", "", ""),
    "care.call": ("r", "r", "ru", "", ""),
    "care.call.system": ("", "", "rwcu", "", ""),
    "care.complaint.tag": ("r", "r", "rwcu", "", ""),
    "care.macro": ("r", "r", "rwcu", "", ""),
    "care.macro.apply": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.complaint.team": ("r", "r", "rwcu", "", ""),
    "care.complaint.stage": ("r", "r", "rwcu", "", ""),
    "care.phone.report": ("", "", "", "", ""),
    "care.removal": ("", "", "r", "", ""),
    "care.retention.change": ("", "", "rwcu", "", ""),
    "care.person.erase": ("", "", "rwcu", "", ""),
    "care.partner.merged": ("", "", "", "", ""),
    "care.search.text": ("", "", "", "", ""),
    "care.search.term": ("", "", "", "", ""),
    "care.word.frequency": ("", "", "", "", ""),
    "care.search.concept": ("r", "r", "rwcu", "", ""),
    "care.knowledge": ("rwc", "rwc", "rwcu", "", ""),
    "care.knowledge.use": ("r", "r", "r", "", ""),
    "care.job": ("", "", "", "", ""),
    "care.complaint.kind": ("r", "r", "r", "", ""),
    "care.sla.policy": ("r", "r", "rwcu", "", ""),
    "care.sla.escalation": ("r", "r", "rwcu", "", ""),
    "care.sla.status": ("r", "r", "r", "", ""),
    "care.sla.alert": ("r", "r", "r", "", ""),
    "care.excuse.refuse": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.target.excuse": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.capacity": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.region": ("r", "r", "rwcu", "", ""),
    "care.need": ("r", "rwc", "rwcu", "", ""),
    "care.card.item": ("r", "r", "rwcu", "", ""),
    "care.relationship.history": ("r", "r", "r", "", ""),
    "care.relationship.report": ("r", "r", "r", "", ""),
    "care.complaint.report": ("r", "r", "r", "", ""),
    "care.contact.report": ("r", "r", "r", "", ""),
    "care.tier.report": ("r", "r", "r", "", ""),
    "care.customer.report": ("r", "r", "r", "", ""),
    "care.merit.rule": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.merit.entry": ("r", "r", "r", "", ""),
    "care.merit.month": ("", "", "rwc", "", ""),
    "care.fund": ("r", "r", "r", "", ""),
    "care.fund.move": ("rwc", "rwc", "rwc", "", ""),
    "care.fund.vote": ("r", "r", "r", "", ""),
    "care.month.duty": ("rw", "rw", "rw", "", ""),
    "care.month.duty.plan": ("r", "r", "rwcu", "", ""),
    "care.merit.statement": ("r", "r", "r", "", ""),
    "care.merit.reason": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.loyalty": ("r", "r", "r", "", ""),
    "care.loyalty.history": ("r", "r", "r", "", ""),
    "care.loyalty.report": ("r", "r", "r", "", ""),
    "care.loyalty.choice": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.referral": ("rwc", "rwc", "rwcu", "", ""),
    "care.family.member": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.something.new": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.outlook": ("r", "r", "r", "", ""),
    "care.outlook.category": ("r", "r", "r", "", ""),
    "care.outlook.check": ("", "r", "r", "", ""),
    "care.outlook.month": ("", "r", "r", "", ""),
    "care.stock.count": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.outlook.model": ("", "", "", "", ""),
    "care.month.report": ("", "r", "rwcu", "", ""),
    "care.evaluation": ("r", "r", "r", "", ""),
    "care.spot.check": ("", "r", "rwcu", "", ""),
    "care.spot.check.line": ("r", "r", "rw", "", ""),
    "care.check.item": ("r", "r", "rwcu", "", ""),
    "care.check.mark": ("r", "r", "rw", "", ""),
    "care.check.finding": ("", "", "rwcu", "", ""),
    "care.spot.check.second": ("", "r", "rw", "", ""),
    "care.service.standard": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.standard.confirmation": ("r", "r", "r", "", ""),
    "care.relationship.pyramid": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.protection.log": ("", "", "r", "", ""),
    "care.partner.archive": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.handover": ("", "", "rwcu", "", ""),
    "care.handover.successor": ("", "", "rwcu", "", ""),
    "care.handover.line": ("", "", "r", "", ""),
    "care.campaign": ("r", "r", "rwcu", "", ""),
    "care.invitation": ("r", "r", "r", "", ""),
    "care.survey.token": ("", "", "", "", ""),
    "care.survey.place": ("", "r", "rwcu", "", ""),
    "care.walk.in": ("", "r", "r", "", ""),
    "care.answer": ("r", "r", "r", "", ""),
    "care.answer.aside": ("", "", "rwcu", "", ""),
    "care.survey.block": ("", "", "", "", ""),
    "care.promise": ("rwc", "rwc", "rwcu", "", ""),
    "care.notice": ("rwc", "rwc", "rwc", "", ""),
    "care.promise.report": ("r", "r", "r", "", ""),
    "care.overdue": ("r", "r", "r", "", ""),
    "care.promise.step": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.notice.step": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.promise.dispute": ("rwcu", "rwcu", "rwcu", "", ""),
    "care.satisfaction.report": ("r", "r", "r", "", ""),
    "care.follow.up": ("r", "r", "r", "", ""),
    "care.comment.topic": ("r", "r", "rwcu", "", ""),
    "care.risk.case": ("rwc", "rwc", "rwcu", "", ""),
    "care.risk.playbook": ("r", "r", "rwcu", "", ""),
    "care.risk.playbook.step": ("r", "r", "rwcu", "", ""),
    "care.risk.report": ("r", "r", "r", "", ""),
    "care.onboarding": ("", "", "r", "", ""),
}
"""Every model of the app × five kinds of user. A model that is missing here fails
:meth:`TestAccessRights.test_every_model_is_in_the_matrix`."""
PORTAL_FIELDS = set()
"""Fields of the app on other models that a portal user may read."""
MODELS = tuple(MATRIX)


def column(place):
    return {model: rights[place] for model, rights in MATRIX.items()}


@tagged("post_install", "-at_install")
class TestAccessRights(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_user("portal", "base.group_portal")
        cls.mine = cls.customer("Mine", user_id=cls.rep.id)
        cls.theirs = cls.customer("Theirs", user_id=cls.all.id)
        (cls.mine | cls.theirs).care_tier_id = cls.A
        cls.done = cls.review()

    def rights(self):
        return {
            model: "".join(
                letter
                for letter, operation in zip(
                    "rwcu", ("read", "write", "create", "unlink"), strict=True
                )
                if self.env[model].has_access(operation)
            )
            for model in MODELS
        }

    @users("care_rep")
    def test_rep(self):
        self.assertEqual(self.rights(), column(0))
        History = self.env["care.tier.history"]
        self.assertEqual(History.search([]).partner_id, self.mine)
        with self.assertRaises(AccessError):
            self.theirs.care_tier_history_ids.with_user(self.env.user).read(["reason"])
        self.assertTrue(self.mine.with_user(self.env.user).care_card["timeline"])
        partner = self.theirs.with_user(self.env.user)
        self.assertFalse(partner.care_card["timeline"] or partner.care_tier_reason)
        self.assertEqual(partner.care_tier_id, self.A, "a tier is no secret inside")
        with self.assertRaises(AccessError):
            self.env["care.tier.review"].create({})
        with self.assertRaises(AccessError):
            self.done.with_user(self.env.user).action_apply()

    @users("care_all")
    def test_all(self):
        self.assertEqual(self.rights(), column(1))
        self.assertEqual(
            self.env["care.tier.history"].search([]).partner_id,
            self.mine | self.theirs,
        )
        review = self.done.with_user(self.env.user)
        self.assertEqual(review.line_count, 2)
        for action in (
            "action_compute",
            "action_apply",
            "action_undo",
            "action_draft",
            "action_cancel",
        ):
            with self.assertRaises(AccessError):
                getattr(review, action)()
        with self.assertRaises(AccessError):
            review.line_ids.action_exclude()

    @users("care_manager")
    def test_manager(self):
        self.assertEqual(self.rights(), column(2))
        review = self.done.with_user(self.env.user)
        review.action_apply()
        review.action_undo()
        review.action_cancel()

    @users("care_employee")
    def test_employee(self):
        self.assertEqual(self.rights(), column(3))
        self.check_no_tier_fields(self.mine.with_user(self.env.user))

    @users("care_portal")
    def test_portal(self):
        self.assertEqual(self.rights(), column(4))
        own = self.env.user.partner_id.with_user(self.env.user)
        self.check_no_tier_fields(own)

    def test_every_model_is_in_the_matrix(self):
        ours = self.env["ir.model"].search(
            [("model", "=like", "care.%"), ("abstract", "=", False)]
        )
        self.assertEqual(set(ours.mapped("model")), set(MODELS))

    @users("care_portal")
    def test_fields_for_portal_users(self):
        """No field of the app on any model of Odoo, whatever it is called later."""
        for model in (
            "res.partner",
            "crm.lead",
            "res.users",
            "res.company",
            "crm.lost.reason",
            "sale.order",
            "calendar.event",
        ):
            Model = self.env[model]
            ours = {
                name
                for name, field in Model._fields.items()
                if name.startswith("care_")
                or (
                    "customer_care" in field._modules
                    and not field.inherited
                    and name.startswith("care")
                )
            }
            readable = {
                name
                for name in ours
                if Model._has_field_access(Model._fields[name], "read")
            }
            if model == "res.company":
                self.assertFalse(Model.has_access("write"))
                continue
            self.assertEqual(readable, PORTAL_FIELDS, model)

    def check_no_tier_fields(self, partner):
        """Neither read, nor search, sort or group: each of them tells the value."""
        Partner = partner.browse()
        names = [name for name in Partner._fields if name.startswith("care_")]
        self.assertIn("care_tier_id", names)
        visible = partner.fields_get()
        for name in names:
            self.assertFalse(name in visible, name)
            with self.assertRaises(AccessError, msg=name):
                partner.read([name])
        for name in (
            "care_tier_id",
            "care_monthly_amount",
            "care_segment_id",
            "care_purchase_state",
            "care_credit_state",
            "care_region_id",
            "care_completeness",
            "care_initial",
            "care_verified_date",
            "care_relationship_level",
        ):
            with self.assertRaises(AccessError, msg=name):
                Partner.search([(name, "!=", False)])
            with self.assertRaises(AccessError, msg=name):
                Partner.search([], order=name, limit=1)
            with self.assertRaises(AccessError, msg=name):
                Partner.formatted_read_group([], [name], ["__count"])
        with self.assertRaises(AccessError):
            Partner.search([("care_tier_id.code", "=", "A")])
        with self.assertRaises(AccessError):
            Partner.search([("parent_id.care_tier_id", "=", self.A.id)])
        with self.assertRaises(AccessError):
            partner.write({"care_tier_id": self.A.id})

    def test_other_company(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        env = self.env(user=stranger, context={})
        for model in (
            "care.tier.review",
            "care.tier.review.line",
            "care.tier.history",
            "care.partner.tier",
        ):
            self.assertFalse(
                env[model].search([("company_id", "=", self.company.id)]), model
            )
        self.assertNotIn(self.A, env["care.tier"].search([]))
        with self.assertRaises(AccessError):
            env["care.tier.review"].browse(self.done.id).action_apply()
        with self.assertRaises(AccessError):
            env["care.tier.review"].create({"company_id": self.company.id})

    def test_history_is_nobodys_to_change(self):
        row = self.mine.care_tier_history_ids.with_user(self.manager)
        with self.assertRaises(AccessError):
            row.write({"reason": "Another"})
        with self.assertRaises(AccessError):
            row.unlink()

    def test_groups_are_implied_by_sales_groups(self):
        for user, group in (
            (self.rep, "group_user"),
            (self.all, "group_user_all"),
            (self.manager, "group_manager"),
        ):
            self.assertTrue(user.has_group(f"customer_care.{group}"))
        self.assertFalse(self.rep.has_group("customer_care.group_user_all"))
        self.assertFalse(self.all.has_group("customer_care.group_manager"))
        self.assertFalse(self.employee.has_group("customer_care.group_user"))

    def test_uninstall_keeps_what_refers_to_us(self):
        """Orders and invoices that make a complaint good."""
        complaint = self.env["care.complaint"].create(
            {"subject": "Broken", "partner_id": self.mine.id}
        )
        order = self.order(self.mine, 1, care_complaint_id=complaint.id)
        uninstall_hook(self.env)
        self.env.invalidate_all()
        self.assertTrue(order.exists())
        self.assertTrue(self.env["res.users"].browse(self.rep.id).exists())

    def test_uninstall_archives_filters_that_would_break(self):
        ours, other, alike, model = self.env["ir.filters"].create(
            [
                {
                    "name": "Ours",
                    "model_id": "res.partner",
                    "domain": "[('care_tier_id.code', '=', 'A')]",
                },
                {"name": "Other", "model_id": "res.partner", "domain": "[]"},
                {
                    "name": "Alike",
                    "model_id": "res.partner",
                    "domain": "[('x_care_level', '=', 1)]",
                },
                {"name": "Reviews", "model_id": "care.tier.review", "domain": "[]"},
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse(ours.active)
        self.assertTrue(other.active and alike.active)
        self.assertFalse(model.exists())
