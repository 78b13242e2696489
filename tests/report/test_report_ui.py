import json
from datetime import date

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged, users
from odoo.tools import file_open
from odoo.tools.safe_eval import safe_eval

from .test_reports import ReportCase

FOLDER = "customer_care/data/files/"


@tagged("post_install", "-at_install")
class TestReportUi(HttpCase, ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy("reply", 4, around_the_clock=True)
        cls.answered("2026-10-05 00:00:00", user_id=cls.rep.id, subject="Late for long")
        cls.Target._generate(date(2026, 10, 2))
        cls.Target._generate(date(2026, 11, 10))

    def test_from_the_dashboard_to_a_late_complaint(self):
        self.start_tour(
            "/odoo/action-customer_care.dashboard_action",
            "customer_care_dashboard",
            login="care_manager",
        )

    def test_make_the_report_of_a_month(self):
        self.start_tour(
            "/odoo/action-customer_care.month_report_action",
            "customer_care_month_report",
            login="care_manager",
        )
        report = self.env["care.month.report"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(report.month, date(2026, 10, 1))
        self.authenticate("care_manager", "care_manager")
        pdf = self.url_open(f"/report/pdf/customer_care.month_report/{report.id}")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")


@tagged("post_install", "-at_install")
class TestDashboard(ReportCase):
    """The spreadsheet asks for models and fields that exist, and finds what it
    claims. A wrong name would only show as an error in a cell of the browser."""

    def book(self, name="customer_care_dashboard.json"):
        with file_open(FOLDER + name) as file:
            return json.load(file)

    def sources(self):
        """(model, domain, fields) of everything that reads from the database"""
        book = self.book()
        for pivot in book["pivots"].values():
            names = [row["fieldName"] for row in pivot["rows"]]
            names += [measure["fieldName"] for measure in pivot["measures"]]
            names = [name for name in names if name != "__count"]
            yield pivot["model"], pivot["domain"], names, pivot["fieldMatching"]
        for found in book["lists"].values():
            names = [*found["columns"], *(order["name"] for order in found["orderBy"])]
            yield found["model"], found["domain"], names, found["fieldMatching"]
        for figure in book["sheets"][0]["figures"]:
            data = figure["data"]
            if data["type"] == "scorecard":
                continue
            meta = data["metaData"]
            names = [name.partition(":")[0] for name in meta["groupBy"]]
            if meta["measure"] != "__count":
                names.append(meta["measure"])
            domain = data["searchParams"]["domain"]
            yield meta["resModel"], domain, names, data["fieldMatching"]

    @users("care_manager")
    def test_all_it_asks_for_exists(self):
        for model, domain, names, filters in self.sources():
            Model = self.env[model]
            with self.subTest(model=model, names=names):
                Model.search(domain, limit=1)
                self.assertLessEqual(set(names), set(Model.fields_get()))
                for match in filters.values():
                    Model.search([(match["chain"], "!=", False)], limit=1)

    def test_scores_agree_with_the_records(self):
        self.policy("reply", 4, around_the_clock=True)
        with freeze_time("2026-11-10 04:00:00"):
            self.answered("2026-11-05 00:00:00", 1)
            self.answered("2026-11-06 00:00:00", 9)
            self.answered("2026-11-10 03:00:00")
            book = self.book()
            scores = {
                figure["data"]["title"]["text"]: int(
                    figure["data"]["keyValue"].removeprefix("Data!C")
                )
                for figure in book["sheets"][0]["figures"]
                if figure["data"]["type"] == "scorecard"
            }
            cells = book["sheets"][1]["cells"]

            def value(title):
                formula = cells[f"B{scores[title]}"]
                number, measure = safe_eval(
                    formula.removeprefix("=PIVOT.VALUE(").join(("(", ""))
                )
                pivot = book["pivots"][str(number)]
                Model = self.env[pivot["model"]].with_user(self.manager)
                aggregate = Model._fields[measure].aggregator
                return Model._read_group(
                    pivot["domain"], [], [f"{measure}:{aggregate}"]
                )[0][0]

            self.assertEqual(value("Answered in time"), 50)
            self.assertEqual(value("Median answer"), 5)
            self.assertEqual(value("Open complaints"), 3)
            self.assertEqual(value("Late complaints"), 1, "one was answered late")
            self.assertEqual(value("Customers"), 3)

    def test_each_score_opens_what_is_behind_it(self):
        book = self.book()
        figures = book["sheets"][0]["figures"]
        scores = {
            figure["id"] for figure in figures if figure["data"]["type"] == "scorecard"
        }
        self.assertEqual(set(book["chartOdooMenusReferences"]), scores)
        menus = self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        for xmlid in book["chartOdooMenusReferences"].values():
            self.assertIn(self.env.ref(xmlid).id, menus, xmlid)

    def test_an_empty_database_shows_made_up_numbers(self):
        book = self.book("customer_care_sample_dashboard.json")
        self.assertFalse(book["pivots"] or book["lists"] or book["globalFilters"])
        self.assertNotIn("PIVOT", json.dumps(book))
        live = self.book()["sheets"][0]["figures"]
        self.assertEqual(len(book["sheets"][0]["figures"]), len(live))
        dashboard = self.env.ref("customer_care.dashboard")
        self.assertTrue(dashboard._get_sample_dashboard())
        self.env.cr.execute("DELETE FROM care_partner_tier")
        self.assertTrue(dashboard._dashboard_is_empty())

    def test_who_may_see_it(self):
        for user, seen in ((self.rep, False), (self.all, True), (self.manager, True)):
            found = (
                self.env["spreadsheet.dashboard"]
                .with_user(user)
                .search([("id", "=", self.env.ref("customer_care.dashboard").id)])
            )
            self.assertEqual(bool(found), seen, user.login)
