from unittest.mock import patch

from odoo.http import request
from odoo.tests import JsonRpcException, tagged

from ..controllers.portal import CustomerPortal
from .common_portal import PortalCase

READ = {
    # model: methods that the client calls and that only read
    "care.complaint": (
        "care_hotline_customer",
        "care_hotline_find",
        "care_hotline_hints",
        "read_macros",
    ),
    "care.complaint.report": ("action_open",),
    "care.contact.report": ("action_open",),
    "care.customer.report": ("action_open", "get_value_potential"),
    "care.evaluation": (
        "action_open_complaints",
        "action_open_contacts",
        "action_open_customers",
    ),
    "care.loyalty.report": ("action_open",),
    "care.month.report": (
        "action_open_answers",
        "action_open_complaints",
        "action_open_contacts",
        "action_open_customers",
        "action_open_tiers",
    ),
    "care.overview": ("get_values", "open_entry"),
    "care.product.pareto": ("get_pareto",),
    "care.promise.report": ("action_open",),
    "care.risk.report": ("action_open",),
    "care.tier.report": ("action_open",),
    "care.tier.review": (
        "action_open_amounts",
        "action_open_cell",
        "action_open_pareto",
        "get_pareto",
    ),
}
FRESH = {
    # Those that show what the user has written a moment before
    "care.complaint": ("care_similar", "news_since"),
    "care.interaction": ("sheet_values",),
    "care.onboarding": ("get_values",),
    "care.plan.target": ("planner_values",),
}
CORE = (
    "formatted_read_group",
    "read_progress_bar",
    "search_read",
    "web_read",
    "web_read_group",
    "web_search_read",
)
HTTP_LOGGER = "odoo.http"


@tagged("post_install", "-at_install")
class TestStandby(PortalCase):
    """With a standby, what only reads is read there, and what shows the user's own
    change is not: the standby may not have it yet."""

    def is_readonly(self, model, method):
        """As Odoo's route of the web client looks for it"""
        for cls in type(self.env[model]).mro():
            found = getattr(cls, method, None)
            if found is not None and hasattr(found, "_readonly"):
                return found._readonly
        return False

    def read_only(self, work):
        """Do something in a transaction that may only read."""
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        try:
            return work()
        finally:
            savepoint.close(rollback=True)

    def test_decorators(self):
        for model, methods in READ.items():
            for method in methods:
                self.assertTrue(self.is_readonly(model, method), f"{model}.{method}")
        for model, methods in FRESH.items():
            for method in methods:
                self.assertFalse(self.is_readonly(model, method), f"{model}.{method}")

    def test_no_model_takes_reading_away(self):
        for name in self.registry:
            if name.startswith("care."):
                for method in CORE:
                    self.assertTrue(self.is_readonly(name, method), f"{name}.{method}")

    def test_every_page_of_a_model_reads(self):
        """The list of everything of ours, with all its fields"""
        for name, model in self.registry.items():
            if not name.startswith("care.") or model._abstract or model._transient:
                continue
            records = self.env[name]
            specification = {field: {} for field in records._fields}
            with self.subTest(model=name):
                self.read_only(
                    lambda records=records, specification=specification: (
                        records.web_search_read([], specification, limit=5)
                    )
                )

    def test_overview_and_hotline(self):
        self.salon.phone = "+49 30 901820"
        complaint = self.complain(user_id=self.rep.id)
        env = self.env(user=self.all.id)
        Complaint = env["care.complaint"]
        overview = env["care.overview"]
        macros = complaint.with_env(env)
        self.assertTrue(self.read_only(overview.get_values))
        for entry in overview.get_values():
            self.read_only(lambda name=entry["name"]: overview.open_entry(name))
        self.assertTrue(self.read_only(lambda: Complaint.care_hotline_find("Salon")))
        self.assertTrue(self.read_only(lambda: Complaint.care_hotline_find("901820")))
        row = self.read_only(lambda: Complaint.care_hotline_customer(self.salon.id))
        self.assertEqual(row["id"], self.salon.id)
        self.read_only(lambda: Complaint.care_hotline_hints("The bottle leaks", "x"))
        self.read_only(macros.read_macros)

    def test_reports_lead_on(self):
        manager = self.make_user("care_boss", "customer_care.group_manager")
        self.complain()
        reports = {
            model: self.env[model].with_user(manager).search([], limit=1)
            for model, methods in READ.items()
            if methods[0] == "action_open"
        }
        self.assertTrue(reports["care.complaint.report"])
        for row in filter(None, reports.values()):
            action = self.read_only(row.action_open)
            self.assertEqual(action["type"], "ir.actions.act_window")
        people = self.env["care.evaluation"].with_user(manager).search([], limit=1)
        self.assertTrue(people)
        month = self.env["care.month.report"].create(
            {"company_id": self.company.id, "month": "2026-01-01"}
        )
        for page in (people, month.with_user(manager)):
            for method in READ[page._name]:
                self.assertTrue(self.read_only(getattr(page, method)), method)

    # ------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------

    def assert_reads(self, path, status=200):
        """Odoo says in its log that a page did write after all."""
        with self.assertNoLogs(HTTP_LOGGER, "WARNING"):
            answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, status, path)
        return answer

    def test_portal(self):
        self.log_in(self.client_user)
        self.assert_reads("/my/complaints")
        self.assert_reads(f"/my/complaints/{self.mine.id}")
        self.assert_reads("/my/complaints/new")

    def test_portal_by_link(self):
        token = self.mine._portal_ensure_token()
        self.authenticate(None, None)
        self.assert_reads(f"/my/complaints/{self.mine.id}?access_token={token}")

    def test_portal_of_what_was_written(self):
        """The page that follows a write comes from the primary."""
        self.log_in(self.client_user)
        modes = []
        original = CustomerPortal._get_complaint

        def watch(controller, *args, **kwargs):
            modes.append(request.env.cr.readonly)
            return original(controller, *args, **kwargs)

        with patch.object(CustomerPortal, "_get_complaint", watch):
            self.assert_reads(f"/my/complaints/{self.mine.id}")
            self.assert_reads(f"/my/complaints/{self.mine.id}?done=new")
        self.assertEqual(modes, [True, False])

    def test_phone(self):
        self.env["res.groups"]._switch_care_features(phone=True)
        self.authenticate(self.rep.login, self.rep.login)
        self.assert_reads("/care/day")
        self.assert_reads("/care/day/install")
        self.assert_reads("/care/day/bye")
        self.assert_reads("/care/hotline?number=1", status=303)
        try:
            with self.assertNoLogs(HTTP_LOGGER, "WARNING"):
                self.make_jsonrpc_request("/care/day/data", {})
        except JsonRpcException as error:
            self.fail(error)
