from lxml import etree

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..models.core.res_groups import FEATURES
from .common_mail import MailCase

MENUS = {
    "visit": (
        "menu_contacts",
        "menu_reporting_visits",
        "menu_configuration_visits",
    ),
    "complaint": (
        "menu_complaints",
        "menu_reporting_complaints",
        "menu_configuration_complaints",
    ),
    "satisfaction": ("menu_satisfaction", "menu_reporting_satisfaction"),
    "protection": ("menu_protection_log",),
    "month_report": ("menu_month_report",),
    "promise": ("menu_promises", "menu_reporting_promises"),
    "merit": ("menu_merit", "menu_merit_report", "menu_configuration_merit"),
    "outlook": ("menu_outlook",),
    "quality": ("menu_service_standard", "menu_configuration_quality"),
    "phone": ("menu_phone",),
}
PARTS = {
    "visit": (
        "action_open_care_interactions",
        "action_log_care_interaction",
        "care_next_target_id",
        "care_interaction_ids",
    ),
    "complaint": (
        "action_open_care_complaints",
        "action_new_care_complaint",
        "care_complaint_count",
    ),
    "satisfaction": ("action_open_care_answers", "care_satisfaction"),
    "protection": (),
    "month_report": (),
    "promise": ("action_open_care_promises", "care_promise_count"),
    "merit": (),
    "outlook": (
        "care_risk_band",
        "care_next_order_date",
        "care_risk_case_count",
        "action_care_competitor_seen",
    ),
    "quality": (),
    "phone": (),
    "knowledge": (),
}
"""Names of what each feature adds to customers and opportunities"""


SETTINGS = [
    "care_setup",
    "care_features",
    "care_tiers",
    "care_plans",
    "care_cards",
    "care_complaint",
    "care_mail",
    "care_portal",
    "care_satisfaction",
    "care_promise",
    "care_protection",
    "care_merit",
    "care_outlook",
    "care_reports",
    "care_quality",
    "care_phone",
    "care_knowledge",
    "care_privacy",
]
"""Blocks in the order in which a company sets the app up"""


@tagged("post_install", "-at_install")
class TestFeatures(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._switch_care_features(promise=True)

    def switch(self, **features):
        self.env["res.groups"]._switch_care_features(**features)
        self.env.flush_all()

    def shown_menus(self):
        menus = self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        return {
            name
            for names in MENUS.values()
            for name in names
            if self.env.ref(f"customer_care.{name}").id in menus
        }

    def shown_parts(self):
        """Names of elements in every view of customers and opportunities"""
        found = set()
        for model in ("res.partner", "crm.lead"):
            views = (
                self.env[model]
                .with_user(self.manager)
                .get_views([(False, kind) for kind in ("form", "list", "search")])
            )
            for view in views["views"].values():
                found |= {
                    element.get("name")
                    for element in etree.fromstring(view["arch"]).iter()
                    if element.get("name")
                }
        return found

    def test_each_feature_off_and_on(self):
        for feature in FEATURES:
            with self.subTest(feature=feature):
                self.switch(**{feature: False})
                self.assertEqual(
                    self.shown_menus(),
                    {n for f, ns in MENUS.items() if f != feature for n in ns},
                )
                shown = self.shown_parts()
                self.assertFalse(shown & set(PARTS[feature]))
                for other in set(FEATURES) - {feature}:
                    self.assertLessEqual(
                        set(PARTS[other]) - shown, {"care_satisfaction"}
                    )
                self.switch(**{feature: True})
                self.assertEqual(
                    self.shown_menus(), {n for ns in MENUS.values() for n in ns}
                )

    def test_settings_in_the_order_of_the_setup(self):
        self.manager.group_ids |= self.env.ref("base.group_system")
        settings = self.env["res.config.settings"].with_user(self.manager)
        [app] = etree.fromstring(settings.get_view(view_type="form")["arch"]).xpath(
            "//app[@name='customer_care']"
        )
        self.assertEqual(app.xpath(".//block/@name"), SETTINGS)

    def test_tiers_alone_can_be_read(self):
        """What views and the widgets in them read is readable without features."""
        self.switch(**dict.fromkeys(FEATURES, False))
        self.salon.care_tier_id = self.A
        self.complain()
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.salon.id, "user_id": self.manager.id}
        )
        for record in (
            self.salon.with_user(self.manager),
            lead.with_user(self.manager),
        ):
            for kind in ("form", "list", "kanban", "search"):
                view = record.get_view(view_type=kind)
                names = {
                    node.get("name")
                    for node in etree.fromstring(view["arch"]).iter("field")
                }
                record.read(sorted(names & set(record._fields)))
            [values] = record.read(["care_alarm", "care_tier_color", "care_tier_id"])
            self.assertFalse(values["care_alarm"])
            self.assertEqual(values["care_tier_id"][0], self.A.id)

    def test_settings_switch_features(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.group_care_complaint)
        settings.group_care_complaint = False
        settings.execute()
        self.assertFalse(self.rep.has_group("customer_care.group_care_complaint"))
        self.assertTrue(self.rep.has_group("customer_care.group_care_visit"))
        self.env["res.config.settings"].create({"group_care_complaint": True}).execute()
        self.assertTrue(self.rep.has_group("customer_care.group_care_complaint"))
        self.assertFalse(self.employee.has_group("customer_care.group_care_complaint"))

    def test_card_without_features(self):
        customer = self.env["res.partner"].create({"name": "Salon"})
        self.env["care.interaction"].create(
            {
                "partner_id": customer.id,
                "channel": "visit",
                "state": "done",
                "date_start": "2026-01-05 08:00:00",
                "summary": "All well",
            }
        )
        self.env["care.complaint"].create(
            {"subject": "Broken", "partner_id": customer.id, "team_id": self.team.id}
        )
        card = customer.care_card
        self.assertTrue(card["reports"])
        self.assertTrue(card["complaints"])
        self.switch(**dict.fromkeys(FEATURES, False))
        customer.invalidate_recordset()
        card = customer.care_card
        self.assertEqual(
            [card[name] for name in ("reports", "due", "complaints", "satisfaction")],
            [[], [], [], []],
        )
        self.assertFalse(any(card["features"].values()))

    def test_jobs_rest(self):
        self.switch(**dict.fromkeys(FEATURES, False))
        self.policy(escalation_ids=[Command.create({"action": "manager"})])
        late = self.complain(received_at="2020-01-06 08:00:00")
        mails = self.env["mail.mail"].search_count([])
        activities = self.env["mail.activity"].search_count([])
        self.assertEqual(self.env["care.sla.status"]._escalate(), 0)
        self.assertEqual(self.env["care.plan.target"]._generate(), 0)
        self.env["care.complaint"]._cron_acknowledge()
        self.env["care.campaign"]._cron_campaign()
        self.env["care.campaign"]._cron_publish()
        self.env["care.month.report"]._cron_send()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.activity"].search_count([]), activities)
        self.switch(complaint=True)
        self.assertTrue(late.sla_ids)
        self.assertGreater(self.env["care.sla.status"]._escalate(), 0)

    def test_calls_are_not_reported_for_a_company_without_visits(self):
        customer = self.env["res.partner"].create(
            {"name": "Salon", "care_tier_id": self.A.id}
        )
        for on in (False, True):
            self.switch(visit=on)
            customer.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.manager.id
            ).with_user(self.manager).action_feedback("Spoke")
            self.assertEqual(customer.care_interaction_count, int(on))
            customer.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestFeaturesPortal(HttpCase, MailCase):
    def test_pages_of_complaints_are_gone(self):
        self.company.care_public_form = True
        self.env["res.groups"]._switch_care_features(complaint=True)
        self.assertEqual(
            self.url_open(f"/complaints/new/{self.company.id}").status_code, 200
        )
        self.env["res.groups"]._switch_care_features(complaint=False)
        self.assertEqual(
            self.url_open(f"/complaints/new/{self.company.id}").status_code, 404
        )
