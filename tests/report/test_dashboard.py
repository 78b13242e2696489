import json
from datetime import date, datetime, time, timedelta
from statistics import mean, median, quantiles
from urllib.parse import quote

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged, users

from ..common_dashboard import DashboardBook
from ..common_satisfaction import SatisfactionCase
from .test_reports import NOON, ReportCase

FIRST, LAST = date(2026, 8, 13), date(2026, 11, 10)
"""The 90 days up to NOON"""


class DashboardCase(DashboardBook, ReportCase, SatisfactionCase):
    def fill_dashboard(self, now):
        """Records in and before the 90 days up to ``now``, of all that is counted and
        of what is not"""
        today = now.date()
        with freeze_time(now):
            self.policy("reply", 4, around_the_clock=True)
            for days, hours, solved, values in (
                (5, 1, 30, {}),
                (6, 9, 40, {}),
                (7, 2, None, {}),
                (2, None, None, {"user_id": self.rep.id}),
                (8, None, None, {"kind": "suggestion"}),
                (120, 3, 20, {}),
            ):
                received = fields.Datetime.to_string(now - timedelta(days=days))
                self.answered(received, hours, solved, **values)
            just_now = fields.Datetime.to_string(now - timedelta(minutes=5))
            self.answered(just_now, user_id=False)
            first, *_rest = self.env["care.complaint"].search(
                [("company_id", "=", self.company.id)], order="id", limit=1
            )
            self.env["care.complaint"].search(
                [("company_id", "=", self.company.id)], order="id desc", limit=1
            ).sudo().repeat_of_id = first
        self.generate(today - timedelta(days=60))
        self.contact(self.best, today - timedelta(days=55))
        self.generate(today)
        self.targets(self.second, state="missed")[:1].action_excuse("holiday")
        self.A.verify_days = 90
        self.best.sudo().care_verified_date = today
        self.second.sudo().care_verified_date = today - timedelta(days=91)
        Status = self.env["care.partner.tier"]
        for partner, state, amount in (
            (self.second, "dormant", 100),
            (self.third, "growing", 4_000),
        ):
            Status._get_or_create(partner, self.company)[partner].write(
                {"purchase_state": state, "monthly_amount": amount}
            )
        self.fill_answers(now)
        self.env.flush_all()
        self.env.invalidate_all()

    def fill_answers(self, now):
        """One long ago, one in full, one without a recommendation, one set aside"""
        customers = self.best | self.second | self.third
        customers[0].email, customers[1].email, customers[2].email = (
            f"{name}@example.com" for name in ("best", "second", "third")
        )
        for days, marks in (
            (100, [(0, 4, 5, 10)]),
            (10, [(1, 4, 4, 9), (3, None, None, None), (0, 4, 4, 9)]),
        ):
            with freeze_time(now - timedelta(days=days)):
                campaign = self.started(
                    customers[: len(marks)],
                    seed=str(days),
                    exclude_open_complaints=False,
                    quarantine_days=1,
                )
                for partner, (mark, *rest) in zip(customers, marks, strict=False):
                    answer = self.fill(self.answer_of(campaign, partner), mark, *rest)
        answer._care_set_aside("A joke")

    def counted_records(self, first, last):
        """{title of a score: (value, ids of the rows it counts)}, from the records and
        not from the reports"""
        return {
            **self.expected_customers(),
            **self.expected_contacts(first, last),
            **self.expected_complaints(first, last),
            **self.expected_answers(first, last),
        }

    def expected_customers(self):
        customers = (self.best | self.second | self.third).filtered("care_tier_id")
        stale = customers.filtered("care_card_stale")
        behind = customers.filtered(
            lambda row: row.care_purchase_state in ("falling", "dormant", "lost")
        )

        def counted(partners):
            status = partners.care_status_ids.filtered(
                lambda row: row.company_id == self.company
            )
            return len(partners), set(status.ids)

        amount = sum(customers.mapped("care_monthly_amount"))
        return {
            "Customers": counted(customers),
            "Sales a month": (amount, counted(customers)[1]),
            "Stale cards": counted(stale),
            "Falling behind": counted(behind),
        }

    def expected_contacts(self, first, last):
        owed = done = 0
        rows = self.targets().filtered(
            lambda row: (
                row.state in ("met", "missed", "excused")
                and first <= row.date_end <= last
                and (row.state != "excused" or row.counted)
            )
        )
        for row in rows:
            owed += row.counted if row.state == "excused" else row.goal
            done += row.counted
        return {"Contacts made": (100 * done / owed if owed else None, set(rows.ids))}

    def expected_complaints(self, first, last):
        complaints = self.env["care.complaint"].search(
            [("company_id", "=", self.company.id), ("kind", "!=", "suggestion")]
        )
        still_open = complaints.filtered(lambda row: not row.closed_at)
        late = still_open.filtered(lambda row: row.sla_state == "missed")
        received = complaints.filtered(
            lambda row: first <= row.received_at.date() <= last
        )
        in_time, hours = {}, {}
        for row in received:
            states = set(
                row.sla_ids.filtered(lambda clock: clock.target == "reply").mapped(
                    "state"
                )
            )
            if "missed" in states or states == {"met"}:
                in_time[row.id] = 100 * ("missed" not in states)
            if row.replied_at or row.resolved_at:
                moment = min(filter(None, (row.replied_at, row.resolved_at)))
                hours[row.id] = (moment - row.received_at).total_seconds() / 3600
        repeated = 100 * len(received.filtered("repeat_of_id")) / len(received)
        nine_of_ten = quantiles(hours.values(), n=10, method="inclusive")[-1]
        return {
            "Open complaints": (len(still_open), set(still_open.ids)),
            "Late complaints": (len(late), set(late.ids)),
            "Answered in time": (mean(in_time.values()), set(in_time)),
            "Median answer": (median(hours.values()), set(hours)),
            "90 % answered in": (nine_of_ten, set(hours)),
            "Repeats": (repeated, set(received.ids)),
        }

    def expected_answers(self, first, last):
        inputs = self.env["survey.user_input"].search(
            [("care_company_id", "=", self.company.id), ("state", "=", "done")]
        )
        inputs = inputs.filtered(
            lambda row: (
                not row.care_aside_reason and first <= row.end_datetime.date() <= last
            )
        )
        rated, asked = inputs.filtered("care_rated"), inputs.filtered("care_nps")
        nps = [int(row.care_nps) for row in asked]
        return {
            "Surveys answered": (len(inputs), set(inputs.ids)),
            "Satisfaction": (mean(inputs.mapped("care_score")), set(inputs.ids)),
            "Perceived/expected": (
                (1 + mean(rated.mapped("care_perceived")) / 25)
                / (1 + mean(rated.mapped("care_expected")) / 25),
                set(rated.ids),
            ),
            "NPS": (mean(nps), set(asked.ids)),
        }


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCase):
    """The spreadsheet asks for models and fields that exist, and finds what it
    claims. A wrong name would only show as an error in a cell of the browser."""

    @users("care_manager")
    def test_all_it_asks_for_exists(self):
        self.check_sources()

    def counted(self, source, first, last):
        """Domain of a pivot or list, with the period as the browser adds it"""
        domain = Domain(source["domain"])
        if match := source["fieldMatching"].get("care-period"):
            upto = (
                datetime.combine(last, time.max)
                if match["type"] == "datetime"
                else last
            )
            domain &= Domain(match["chain"], ">=", first)
            domain &= Domain(match["chain"], "<=", upto)
        return domain

    @freeze_time(NOON)
    def test_scores_agree_with_the_records(self):
        """Each score is that of the records it stands for, and these are what it opens:
        the patch of the browser takes the pivot of the cell shown."""
        self.fill_dashboard(self.at(NOON))
        expected = self.counted_records(FIRST, LAST)
        scores = self.scores()
        self.assertEqual(set(scores), set(expected))
        for title, (source, measure) in scores.items():
            value, ids = expected[title]
            Model = self.env[source["model"]].with_user(self.manager)
            domain = self.counted(source, FIRST, LAST)
            count = (
                "owed"
                if measure == "attainment"
                else source["measures"][-1]["fieldName"]
            )
            aggregates = [
                name
                if name == "__count"
                else f"{name}:{Model._fields[name].aggregator}"
                for name in (measure, count)
            ]
            [found] = Model._read_group(domain, [], aggregates)
            with self.subTest(title=title):
                self.assertTrue(ids)
                self.assertEqual(set(Model.search(domain).ids), ids)
                self.assertAlmostEqual(found[0], value)
                if measure == "attainment":
                    owed = self.env["care.plan.target"].browse(ids).mapped("goal")
                    self.assertEqual(found[1], sum(owed), "n")
                else:
                    self.assertEqual(found[1], len(ids), "n")

    @freeze_time(NOON)
    def test_late_and_behind_are_not_all(self):
        self.fill_dashboard(self.at(NOON))
        expected = self.counted_records(FIRST, LAST)
        self.assertEqual(
            [
                expected[title][0]
                for title in ("Open complaints", "Late complaints", "Customers")
            ],
            [3, 1, 3],
        )
        self.assertEqual(expected["Falling behind"][0], 1)
        self.assertEqual(expected["Stale cards"][0], 1)

    def test_lists_show_what_the_scores_count(self):
        book = self.book()
        scores = self.scores()
        cells = book["sheets"][0]["cells"]
        self.assertNotIn("odoo://", json.dumps(book), "such a link has no period")
        for found, title in zip(
            book["lists"].values(),
            ("Late complaints", "Falling behind", "Stale cards"),
            strict=True,
        ):
            source, measure = scores[title]
            for key in ("model", "domain", "fieldMatching"):
                self.assertEqual(found[key], source[key], title)
            heading = f'"&ROUND(PIVOT.VALUE({source["id"]},"{measure}"),0)'
            self.assertEqual(
                [heading in text for text in cells.values()].count(True), 1, title
            )
        made, _measure = scores["Contacts made"]
        self.assertEqual(made["rows"], [{"fieldName": "user_id"}], "read once for both")

    @freeze_time(NOON)
    def test_charts_agree_with_the_records(self):
        self.fill_dashboard(self.at(NOON))
        expected = self.counted_records(FIRST, LAST)
        charts = {
            figure["data"]["title"]["text"]: figure["data"]
            for figure in self.book()["sheets"][0]["figures"]
            if figure["data"]["type"] != "scorecard"
        }
        for chart, score in (
            ("Customers by tier", "Customers"),
            ("Sales a month by tier", "Customers"),
            ("Contacts made by role and tier, %", "Contacts made"),
            ("Open complaints by age", "Open complaints"),
        ):
            data = charts[chart]
            source = data | {"domain": data["searchParams"]["domain"]}
            Model = self.env[data["metaData"]["resModel"]].with_user(self.manager)
            rows = Model._read_group(
                self.counted(source, FIRST, LAST),
                data["metaData"]["groupBy"],
                ["id:recordset"],
            )
            ids = [row for *_groups, found in rows for row in found.ids]
            with self.subTest(chart=chart):
                self.assertEqual(sorted(ids), sorted(expected[score][1]))

    def test_each_score_falls_back_on_a_menu(self):
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


@tagged("post_install", "-at_install")
class TestDashboardLinks(HttpCase, DashboardCase):
    def test_each_link_opens_what_was_counted(self):
        """A click on each score and title: as many rows as there are records."""
        now = fields.Datetime.now()
        self.fill_dashboard(now)
        last = now.date()
        expected = self.counted_records(last - timedelta(days=89), last)
        counts = {title: len(ids) for title, (_value, ids) in expected.items()}
        self.assertTrue(all(counts.values()), counts)
        self.start_tour(
            "/odoo/action-customer_care.dashboard_action",
            "customer_care_dashboard_links",
            login="care_manager",
            cookies={"care_counts": quote(json.dumps(counts))},
            timeout=180,
        )


@tagged("post_install", "-at_install")
class TestDashboardTrends(DashboardCase):
    @freeze_time("2026-11-10 04:00:00")
    def test_trends_are_no_dots(self):
        """They show a year, whatever period is chosen for the rest."""
        self.policy("reply", 4, around_the_clock=True)
        for month in ("2026-06", "2026-11"):
            self.answered(f"{month}-05 00:00:00", 1)
        book = self.book()
        [period] = [f["id"] for f in book["globalFilters"] if f["type"] == "date"]
        trends = [
            figure["data"]
            for figure in book["sheets"][0]["figures"]
            if "date:month" in figure["data"].get("metaData", {}).get("groupBy", ())
        ]
        self.assertEqual(len(trends), 4)
        for trend in trends:
            self.assertNotIn(period, trend["fieldMatching"], trend["title"]["text"])
        [complaints] = [
            trend
            for trend in trends
            if trend["metaData"]["resModel"] == "care.complaint.report"
        ]
        Report = self.env["care.complaint.report"].with_user(self.manager)
        rows = Report._read_group(
            complaints["searchParams"]["domain"], ["date:month"], ["__count"]
        )
        self.assertEqual(
            [(month.strftime("%Y-%m"), count) for month, count in rows],
            [("2026-06", 1), ("2026-11", 1)],
        )
