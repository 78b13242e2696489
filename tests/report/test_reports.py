from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged, users
from odoo.tools import SQL, file_path
from odoo.tools.safe_eval import safe_eval

from ...models.core.care_analysis import Flag
from ..common_complaint import ComplaintCase

NOON = "2026-11-10 04:00:00"
MODELS = (
    "care.complaint.report",
    "care.contact.report",
    "care.tier.report",
    "care.customer.report",
)


class ReportCase(ComplaintCase):
    """Two departments, customers in three tiers, complaints with all kinds of answers,
    and contacts that were made, missed and excused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["care.region"].create({"name": "Report North"})
        cls.north, cls.south = cls.env["crm.team"].create(
            [
                {
                    "name": f"Report {name}",
                    "company_id": cls.company.id,
                    "user_id": leader.id,
                    "member_ids": [Command.set(member.ids)],
                }
                for name, leader, member in (
                    ("North", cls.manager, cls.rep),
                    ("South", cls.all, cls.all),
                )
            ]
        )
        cls.best = cls.a_customer("Best", care_region_id=cls.region.id)
        cls.second = cls.a_customer("Second")
        cls.third = cls.a_customer("Third", cls.B, cls.all)

    @classmethod
    def answered(cls, received, hours=None, solved=None, partner=None, **values):
        """A complaint with the answer and the solution so many hours later."""
        received = cls.at(received)
        events = [
            Command.create(
                {"kind": kind, "at": received + timedelta(hours=after), "user_id": 1}
            )
            for kind, after in (("replied", hours), ("resolved", solved))
            if after is not None
        ]
        if solved is not None:
            values["stage_id"] = cls.stages["closed"].id
        return cls.complain(
            partner_id=(partner or cls.best).id,
            received_at=received,
            event_ids=events,
            **values,
        )


@tagged("post_install", "-at_install")
class TestReports(ReportCase):
    """What reports say, counted again record by record."""

    def rows(self, model, groupby, aggregates, domain=()):
        return self.env[model]._read_group(
            [("partner_id", "in", (self.best | self.second | self.third).ids), *domain],
            groupby,
            aggregates,
        )

    # Complaints ---------------------------------------------------------

    def complaints(self):
        self.policy("reply", 4, around_the_clock=True)
        self.policy("reply", 1, around_the_clock=True, tier_ids=[(6, 0, self.A.ids)])
        self.policy("resolve", 24, around_the_clock=True)
        one = self.answered
        with freeze_time(NOON):
            return (
                one("2026-10-05 00:00:00", 0.5, 10, user_id=self.rep.id)
                | one("2026-10-06 00:00:00", 2, 30, user_id=self.rep.id)
                | one("2026-10-20 00:00:00", 3, 20, self.third, user_id=self.all.id)
                | one("2026-11-02 00:00:00", 9, user_id=self.all.id)
                | one("2026-11-09 20:00:00", user_id=self.rep.id)
                | one("2026-11-10 03:50:00", partner=self.second, user_id=False)
            )

    @freeze_time(NOON)
    def test_complaints_agree_with_their_records(self):
        complaints = self.complaints()
        now = self.at(NOON)
        expected = defaultdict(list)
        for complaint in complaints:
            for target in ("reply", "resolve"):
                clocks = complaint.sla_ids.filtered(
                    lambda clock, target=target: clock.target == target
                )
                states = set(clocks.mapped("state"))
                if "missed" in states:
                    expected[target].append(0)
                elif states == {"met"}:
                    expected[target].append(100)
            moments = [complaint.replied_at, complaint.resolved_at]
            if first := min(filter(None, moments), default=None):
                seconds = (first - complaint.received_at).total_seconds()
                expected["hours"].append(seconds / 3600)
            if not complaint.closed_at:
                expected["age"].append((now - complaint.received_at).total_seconds())
        self.assertEqual(sorted(expected["hours"]), [0.5, 2, 3, 9])
        [row] = self.rows(
            "care.complaint.report",
            [],
            [
                "__count",
                "reply_success:avg",
                "resolve_success:avg",
                "answer_median:avg",
                "answer_p90:avg",
                "open_count:sum",
                "late_count:sum",
            ],
        )
        count, reply, resolve, middle, p90, still_open, late = row
        self.assertEqual(count, 6)
        self.assertEqual(reply, sum(expected["reply"]) / len(expected["reply"]))
        self.assertEqual(resolve, sum(expected["resolve"]) / len(expected["resolve"]))
        self.assertEqual(reply, 40.0, "0.5 h and 3 h are in time; 2, 9 and none late")
        self.assertEqual(middle, median(expected["hours"]))
        self.assertAlmostEqual(p90, 3 + 0.7 * 6, msg="linear between the 3rd and 4th")
        self.assertEqual(still_open, len(expected["age"]))
        self.assertEqual(late, 2)
        late = complaints.filtered(
            lambda row: row.sla_state == "missed" and not row.closed_at
        )
        rows = self.env["care.complaint.report"].search([("late_count", "=", 1)])
        self.assertEqual(rows.complaint_id, late)

    @freeze_time(NOON)
    def test_groups_are_in_the_order_of_what_they_are_called(self):
        """As Odoo would put them, with what is empty last, in lists and in pivots"""
        self.complaints()
        self.assertLess(self.rep.id, self.all.id)
        self.all.name, self.rep.name = "Adam", "Zoe"
        Report = self.env["care.complaint.report"]
        domain = [("partner_id", "in", (self.best | self.second | self.third).ids)]

        def said(groups, *names):
            return [
                (*(group[name] and group[name][1] for name in names), group["__count"])
                for group in groups
            ]

        self.assertEqual(
            said(
                Report.formatted_read_group(
                    domain, ["date:month", "user_id"], ["__count"]
                ),
                "date:month",
                "user_id",
            ),
            [
                ("October 2026", "Adam", 1),
                ("October 2026", "Zoe", 2),
                ("November 2026", "Adam", 1),
                ("November 2026", "Zoe", 1),
                ("November 2026", False, 1),
            ],
        )
        everybody, people, months = Report.formatted_read_grouping_sets(
            domain, [[], ["user_id"], ["user_id", "date:month"]], ["__count"]
        )
        self.assertEqual(said(everybody), [(6,)])
        self.assertEqual(said(people, "user_id"), [("Adam", 2), ("Zoe", 3), (False, 1)])
        self.assertEqual(
            said(months, "user_id", "date:month"),
            [
                ("Adam", "October 2026", 1),
                ("Adam", "November 2026", 1),
                ("Zoe", "October 2026", 2),
                ("Zoe", "November 2026", 1),
                (False, "November 2026", 1),
            ],
        )

    @freeze_time(NOON)
    def test_outcomes_and_repeats(self):
        first, second, _third = self.complaints()[:3]
        first.outcome = "satisfied"
        second.write({"outcome": "unsatisfied", "repeat_of_id": first.id})
        [[satisfied, repeats]] = self.rows(
            "care.complaint.report", [], ["satisfied:avg", "repeat_rate:avg"]
        )
        self.assertEqual(satisfied, 50)
        self.assertAlmostEqual(repeats, 100 / 6)

    @freeze_time(NOON)
    def test_complaints_by_month_person_and_department(self):
        self.complaints()
        report = "care.complaint.report"
        months = self.rows(report, ["date:month"], ["__count"])
        self.assertEqual([count for _month, count in months], [3, 3])
        departments = dict(self.rows(report, ["department_id"], ["__count"]))
        self.assertEqual(departments, {self.north: 4, self.south: 2})
        ages = Counter(
            dict(self.rows(report, ["age"], ["__count"], [("open_count", "=", 1)]))
        )
        self.assertEqual(ages, {"0": 2, "3": 1})
        regions = dict(self.rows(report, ["region_id"], ["__count"]))
        self.assertEqual(regions[self.region], 4)

    @freeze_time(NOON)
    def test_states_are_those_of_the_complaints(self):
        complaints = self.complaints()
        rows = self.env["care.complaint.report"].browse(complaints.ids)
        self.assertEqual(rows.mapped("sla_state"), complaints.mapped("sla_state"))
        self.assertEqual(
            rows.mapped("reply_state"),
            ["met", "missed", "met", "missed", "missed", "ongoing"],
        )
        complaints[-1].sudo().stage_id = self.stages["cancelled"]
        rows.invalidate_recordset()
        self.assertFalse(rows[-1].reply_state, "nothing is owed any more")
        action = rows[:1].action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("care.complaint", complaints[0].id),
        )

    # Contacts -------------------------------------------------------------

    def contacts(self):
        """October passes with one of two visits to Best, and without a call."""
        self.generate(date(2026, 10, 2))
        self.contact(self.best, date(2026, 10, 5))
        self.contact(self.third, date(2026, 10, 6), user=self.all)
        self.generate(date(2026, 11, 10))
        missed = self.targets(self.second, state="missed")
        missed[:1].action_excuse("holiday")
        return missed

    def test_contacts_agree_with_their_records(self):
        self.contacts()
        expected = defaultdict(Counter)
        for target in self.targets():
            if target.state == "superseded":
                continue
            left = target.goal - min(target.done, target.goal)
            row = expected[target.user_id]
            row["done"] += min(target.done, target.goal)
            row["owed"] += target.goal - left * (target.state == "excused")
            for state in ("missed", "open", "excused"):
                row[state] += left * (target.state == state)
        self.assertTrue(all(expected[self.rep].values()))
        names = ["owed", "done", "missed", "still_open", "excused"]
        for user, *sums, attainment in self.rows(
            "care.contact.report",
            ["user_id"],
            [*(f"{name}:sum" for name in names), "attainment:avg"],
        ):
            row = expected.pop(user)
            self.assertEqual(
                sums,
                [row[name] for name in ("owed", "done", "missed", "open", "excused")],
            )
            self.assertAlmostEqual(attainment, 100 * row["done"] / row["owed"])
        self.assertFalse(expected)

    def test_contacts_by_supervisor_and_month(self):
        self.contacts()
        missed = dict(
            self.rows(
                "care.contact.report",
                ["manager_id"],
                ["missed:sum"],
                [("date", "<=", "2026-10-31"), ("date", ">=", "2026-10-01")],
            )
        )
        october = self.targets().filtered(
            lambda row: row.date_end == date(2026, 10, 31) and row.state == "missed"
        )
        self.assertEqual(
            missed[self.manager], sum(row.goal - row.counted for row in october)
        )
        self.assertEqual(missed[self.all], 0)

    # Tiers ------------------------------------------------------------------

    def test_migration_agrees_with_the_history(self):
        self.second.care_tier_id = self.C
        self.third.care_tier_id = self.A
        self.best.care_tier_id = False
        directions = dict(self.rows("care.tier.report", ["direction"], ["__count"]))
        self.assertEqual(directions, {"new": 3, "down": 1, "up": 1, "gone": 1})
        matrix = {
            (old.code, new.code): count
            for old, new, count in self.rows(
                "care.tier.report", ["old_tier_id", "new_tier_id"], ["__count"]
            )
        }
        history = self.env["care.tier.history"].search(
            [("partner_id", "in", (self.best | self.second | self.third).ids)]
        )
        self.assertEqual(
            matrix,
            Counter((row.old_tier_id.code, row.new_tier_id.code) for row in history),
        )
        [[balance]] = self.rows("care.tier.report", [], ["balance:sum"])
        self.assertEqual(balance, 0)

    def undone(self):
        """A review that moves one customer up and two down, applied three times and
        undone as often"""
        for partner, amount in ((self.best, 12_000), (self.third, 33_000)):
            self.order(partner, amount)
        self.company.care_downgrade_after = 1
        review = self.review()
        review.action_apply()
        for _again in range(2):
            review.action_undo()
            review.action_apply()
        review.action_undo()
        return review

    def test_an_undone_review_is_no_migration(self):
        before = self.rows("care.tier.report", ["direction"], ["__count"])
        review = self.undone()
        self.assertEqual(review.state, "computed")
        customers = self.best | self.second | self.third
        self.assertEqual(
            [customer.care_tier_id for customer in customers], [self.A, self.A, self.B]
        )
        history = self.env["care.tier.history"].search(
            [("partner_id", "in", customers.ids)]
        )
        self.assertGreater(len(history.filtered("review_id")), 3, "the moves are kept")
        self.assertEqual(
            self.rows("care.tier.report", ["direction"], ["__count"]), before
        )
        review.action_apply()
        moved = review.line_ids.filtered(
            lambda line: (
                line.partner_id in customers
                and line.current_tier_id != line.proposed_tier_id
            )
        )
        counted = self.env["care.tier.report"].search([("review_id", "=", review.id)])
        self.assertEqual(
            counted.partner_id & customers,
            moved.partner_id,
            "applied at last, each move counts once",
        )
        self.assertEqual(len(counted), len(counted.partner_id))

    @freeze_time(NOON)
    def test_an_undone_review_is_in_no_report(self):
        """Neither in the month-end report nor in the digest or an evaluation"""
        self.third.care_manager_id = self.rep
        self.undone()
        report = self.env["care.month.report"].create(
            {"month": "2026-11-01", "company_id": self.company.id}
        )
        moves = report._moves()
        self.assertEqual((moves["up"]["count"], moves["down"]["count"]), (0, 0))
        digest = self.env["digest.digest"].create(
            {"name": "Moves", "company_id": self.company.id}
        )
        digest = digest.with_context(
            start_datetime=self.at("2026-10-01 00:00:00"),
            end_datetime=self.at("2026-12-01 00:00:00"),
        )
        self.assertEqual(digest.kpi_care_moved_down_value, 0)
        words = (
            self.env["care.evaluation"]
            .browse(self.rep.id)
            ._moves(date(2026, 11, 1), date(2026, 11, 30))
        )
        self.assertIn("0 moved up, 0 moved down", words)
        self.env["care.tier.review"].search(
            [("company_id", "=", self.company.id)]
        ).action_apply()
        digest.invalidate_recordset()
        self.assertEqual(report._moves()["down"]["count"], 2)
        self.assertEqual(digest.kpi_care_moved_down_value, 2)

    def test_what_changed_before_the_undoing_stays_a_migration(self):
        self.order(self.third, 33_000)
        review = self.review()
        review.action_apply()
        self.third.care_tier_id = self.C
        review.action_undo()
        self.assertEqual(self.third.care_tier_id, self.C)
        moves = self.env["care.tier.report"].search(
            [("partner_id", "=", self.third.id)], order="id"
        )
        self.assertEqual(moves.new_tier_id, self.B | self.A | self.C)

    def test_moves_undone_before_the_upgrade(self):
        review = self.undone()
        history = self.env["care.tier.history"].search([])
        undone = history.filtered("is_undone")
        self.assertTrue(undone)
        self.env.cr.execute(
            """
            ALTER TABLE care_tier_history ADD COLUMN reason varchar;
            ALTER TABLE care_tier_review ADD COLUMN name varchar;
            UPDATE care_tier_review SET name = 'Review ' || id;
            UPDATE care_tier_history
               SET is_undone = NULL,
                   reason = CASE WHEN review_id IS NULL THEN %s END
            """,
            (f"Review {review.id} undone",),
        )
        path = "customer_care/migrations/19.0.1.7.0/post-1_undone_moves.py"
        load_script(file_path(path), "undone_moves").migrate(self.env.cr, "19.0.1.5.0")
        history.invalidate_recordset()
        self.assertEqual(history.filtered("is_undone"), undone)
        self.assertEqual(review.state, "computed")

    # Customers ----------------------------------------------------------------

    def test_customers_and_sales_by_tier(self):
        for partner, amount in ((self.best, 33_000), (self.third, 12_000)):
            self.order(partner, amount)
        self.review().action_apply()
        rows = {
            tier: (count, amount)
            for tier, count, amount in self.rows(
                "care.customer.report", ["tier_id"], ["__count", "monthly_amount:sum"]
            )
        }
        self.assertEqual(rows[self.A][1], 11_000 + 0)
        self.assertEqual(rows[self.B], (1, 4_000))
        self.assertEqual(sum(count for count, _amount in rows.values()), 3)

    def test_stale_cards_and_customers_that_fall_behind(self):
        self.A.verify_days = 90
        self.best.sudo().care_verified_date = date(2026, 10, 1)
        self.env["care.partner.tier"]._get_or_create(self.second, self.company)[
            self.second
        ].purchase_state = "dormant"
        rows = self.env["care.customer.report"].search(
            [("partner_id", "in", (self.best | self.second | self.third).ids)]
        )
        customers = self.best | self.second | self.third
        self.assertEqual(
            rows.filtered("stale_count").partner_id,
            customers.filtered("care_card_stale"),
        )
        self.assertEqual(rows.filtered("stale_count").partner_id, self.second)
        self.assertEqual(rows.filtered("behind_count").partner_id, self.second)

    def foreign(self, rate):
        """A customer in a company with another currency, 500 a month"""
        currency = self.env["res.currency"].create(
            {"name": "XCR", "symbol": "x", "rounding": 0.01}
        )
        if rate:
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": "2026-01-01",
                    "rate": rate,
                }
            )
        company = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        self.env.user.company_ids |= company
        row = self.env["care.partner.tier"]._get_or_create(self.best, company)
        row[self.best].monthly_amount = 500
        return company

    def amounts(self, companies):
        Report = self.env["care.customer.report"].with_context(
            allowed_company_ids=companies.ids
        )
        [[amount]] = Report._read_group(
            [("partner_id", "=", self.best.id)], [], ["monthly_amount:sum"]
        )
        return amount

    def test_companies_add_up_in_the_currency_of_the_first(self):
        abroad = self.foreign(rate=4)
        here = self.env["care.partner.tier"]._get_or_create(self.best, self.company)
        here[self.best].monthly_amount = 1_000
        self.assertEqual(self.amounts(self.company), 1_000)
        self.assertEqual(self.amounts(self.company | abroad), 1_000 + 500 / 4)

    def test_a_currency_without_a_rate_counts_one_to_one(self):
        self.assertEqual(self.amounts(self.company | self.foreign(rate=None)), 500)

    def test_archived_customers_have_no_row(self):
        domain = [("partner_id", "in", (self.best | self.second).ids)]
        Report = self.env["care.customer.report"]
        self.assertEqual(Report.search(domain).partner_id, self.best | self.second)
        self.second.active = False
        self.assertEqual(Report.search(domain).partner_id, self.best)

    # Conditions and plans of PostgreSQL ---------------------------------------------

    @freeze_time(NOON)
    def test_flags_are_found_by_their_number(self):
        """Conditions use the boolean behind the number where they can."""
        self.complaints()
        self.A.verify_days = 90
        self.best.sudo().care_verified_date = date(2026, 11, 1)
        self.env["care.partner.tier"]._get_or_create(self.second, self.company)[
            self.second
        ].purchase_state = "dormant"
        found = Counter()
        for model in MODELS:
            rows = self.env[model].search([])
            for name, field in rows._fields.items():
                if not isinstance(field, Flag):
                    continue
                ones = rows.filtered(lambda row, name=name: row[name] == 1)
                self.assertEqual(set(rows.mapped(name)) - {0, 1}, set(), name)
                for operator, value, expected in (
                    ("=", 1, ones),
                    ("in", [1], ones),
                    (">", 0, ones),
                    ("!=", 1, rows - ones),
                    ("=", 0, rows - ones),
                    ("=", False, rows - ones),
                    ("in", [0, 1], rows),
                    ("=", 2, rows.browse()),
                ):
                    with self.subTest(model=model, condition=(name, operator, value)):
                        domain = [(name, operator, value)]
                        self.assertEqual(set(rows.search(domain)), set(expected))
                [[total]] = rows._read_group([], [], [f"{name}:sum"])
                self.assertEqual(total, len(ones), name)
                found[name] += len(ones)
        self.assertEqual(
            {name for name, ones in found.items() if ones},
            {"answered_count", "open_count", "late_count", "stale_count"}
            | {"behind_count"},
        )

    def test_what_nobody_asks_for_is_not_read(self):
        """Joins of columns that are not asked for are dropped by PostgreSQL, and the
        condition on a flag is its boolean, of which an index can be used."""
        for model, domain, measure, alias in (
            ("care.customer.report", [], "customer_count:sum", "customer"),
            ("care.customer.report", [("behind_count", "=", 1)], "__count", "customer"),
            ("care.satisfaction.report", [], "score:avg", "manager"),
            ("care.complaint.report", [], "late_count:sum", "customer"),
        ):
            with self.subTest(model=model, measure=measure):
                self.assertNotIn(alias, self.tables_read(model, domain, measure))
        self.assertIn(
            "customer", self.tables_read("care.customer.report", [], "stale_count:sum")
        )
        Report = self.env["care.complaint.report"].sudo()
        for operator in ("=", "!="):
            where = Report._search([("open_count", operator, 1)]).where_clause
            self.assertIn("open_count", where.code)
            self.assertNotIn("CASE", where.code)

    def test_figures_of_the_dashboard_come_from_an_index_alone(self):
        """PostgreSQL can, whatever it prefers for the few rows of a test."""
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
        )
        here = ("company_id", "=", self.company.id)
        period = (here, ("date", ">=", "2026-01-01"))
        for model, domain, measures, index in (
            (
                "care.complaint.report",
                [*period, ("kind", "!=", "suggestion")],
                ("reply_success:avg", "answer_median:avg", "repeat_rate:avg"),
                "care_complaint_report_idx",
            ),
            (
                "care.contact.report",
                [*period, ("state", "!=", "open"), ("owed", ">", 0)],
                ("attainment:avg", "owed:sum", "missed:sum"),
                "care_plan_target_end_idx",
            ),
            (
                "care.tier.report",
                [*period, ("direction", "in", ["up", "down"])],
                ("__count",),
                "care_tier_history_date_idx",
            ),
        ):
            self.drop_other_indexes(index)
            for name in measures:
                nodes = self.plan(model, domain, name)
                with self.subTest(model=model, measure=name):
                    self.assertIn(
                        ("Index Only Scan", index),
                        [(node["Node Type"], node.get("Index Name")) for node in nodes],
                    )

    def drop_other_indexes(self, name):
        """Until the end of the test"""
        self.env.cr.execute(
            """
            SELECT other.indexrelid::regclass::text FROM pg_index other
              JOIN pg_index kept ON kept.indrelid = other.indrelid
             WHERE kept.indexrelid = %s::regclass
               AND other.indexrelid <> kept.indexrelid
               AND NOT EXISTS (SELECT FROM pg_constraint
                                WHERE conindid = other.indexrelid)
            """,
            [name],
        )
        for (other,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(other)))

    def test_complaints_of_a_month_are_not_expected_to_be_groups_of_their_own(self):
        [[options]] = self.env.execute_query(
            SQL(
                "SELECT attoptions FROM pg_attribute WHERE attname = 'received_at'"
                " AND attrelid = 'care_complaint'::regclass"
            )
        )
        self.assertEqual(options, ["n_distinct=1000"])

    def tables_read(self, model, domain, measure):
        """Aliases of the tables in PostgreSQL's plan"""
        return {node.get("Alias") for node in self.plan(model, domain, measure)}

    def plan(self, model, domain, measure):
        """Nodes of PostgreSQL's plan"""
        Report = self.env[model].sudo()
        query = Report._search(domain)
        select = query.select(Report._read_group_select(measure, query))
        [[[plan]]] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", select))
        nodes, found = [plan["Plan"]], []
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", ())
            found.append(node)
        return found

    # Everybody -------------------------------------------------------------------

    def test_an_empty_company_gives_empty_reports(self):
        self.manager.company_ids |= self.other_company
        for model in MODELS:
            Report = (
                self.env[model]
                .with_user(self.manager)
                .with_context(allowed_company_ids=self.other_company.ids)
            )
            self.assertFalse(Report.search([]), model)
            self.assertTrue(Report._read_group([], [], ["__count"]), model)

    @freeze_time(NOON)
    def test_reports_run_on_a_replica(self):
        """With a connection that may only read, as Odoo uses it for a replica."""
        self.complaints()
        self.env.flush_all()
        self.foreign(rate=2)
        companies = self.env.user.company_ids.ids
        self.env.cr.execute("SAVEPOINT replica")
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL transaction_read_only = on")
        for model in MODELS:
            Report = self.env[model].with_context(allowed_company_ids=companies)
            self.assertTrue(Report._read_group([], [], ["__count"]), model)
            Report.search([], limit=1).read()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT replica")

    def test_a_deleted_user_stays_in_old_figures_without_a_name(self):
        self.contacts()
        leaver = self.rep
        self.env["care.plan.target"].search(
            [("user_id", "=", leaver.id)]
        ).user_id = False
        rows = self.rows("care.contact.report", ["user_id"], ["owed:sum"])
        self.assertIn(self.env["res.users"], dict(rows))

    def test_a_rep_sees_own_figures(self):
        self.complaints()
        self.contacts()
        for model in MODELS:
            self.env.invalidate_all()
            with self.subTest(model=model):
                self.assertEqual(
                    self.env[model]
                    .with_user(self.rep)
                    .search([("partner_id", "in", (self.best | self.third).ids)])
                    .partner_id,
                    self.best,
                )
                everything = self.env[model].with_user(self.all)
                self.assertEqual(
                    everything.search(
                        [("partner_id", "in", (self.best | self.third).ids)]
                    ).partner_id,
                    self.best | self.third,
                )

    def test_rights_are_those_of_the_records(self):
        """Whoever sees a row sees what is behind it, and the other way round."""
        self.complaints()
        self.contacts()
        behind = {
            "care.complaint.report": "care.complaint",
            "care.tier.report": "care.tier.history",
            "care.customer.report": "care.partner.tier",
        }
        for user in (self.rep, self.all, self.manager):
            for report, model in behind.items():
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(
                        set(self.env[report].with_user(user).search([]).ids),
                        set(self.env[model].with_user(user).search([]).ids),
                    )

    @users("care_employee")
    def test_who_is_not_in_the_app_sees_nothing(self):
        for model in MODELS:
            with self.assertRaises(AccessError):
                self.env[model].search([])

    def test_favourites_and_default_views_work(self):
        """Each ready favourite asks for fields that exist."""
        favourites = self.env["ir.filters"].search([("model_id", "in", MODELS)])
        self.assertGreaterEqual(len(favourites), 10)
        for favourite in favourites:
            model = self.env[favourite.model_id]
            context = safe_eval(favourite.context)
            groups = context["pivot_row_groupby"] + context["pivot_column_groupby"]
            measures = [
                "__count"
                if name == "__count"
                else f"{name}:{model._fields[name].aggregator}"
                for name in context["pivot_measures"]
            ]
            with self.subTest(favourite=favourite.name):
                model._read_group(favourite._get_eval_domain(), groups, measures)

    def test_measures_of_the_views_can_be_summed_up(self):
        """The browser fails on a measure whose field tells no aggregate."""
        for model in MODELS:
            fields = self.env[model].fields_get()
            for kind in ("pivot", "graph"):
                arch = self.env[model].get_view(view_type=kind)["arch"]
                for node in etree.fromstring(arch).iter("field"):
                    name = node.get("name")
                    with self.subTest(model=model, field=name):
                        if node.get("type") == "measure":
                            self.assertTrue(fields[name].get("aggregator"))
                        else:
                            self.assertTrue(fields[name]["groupable"])

    @freeze_time(NOON)
    def test_repeats_compensation_and_what_was_merged(self):
        first, second, third = (
            self.answered(f"2026-11-0{day} 00:00:00", 1) for day in (2, 3, 4)
        )
        second.sudo().repeat_of_id = first
        first.sudo().compensation_granted = 120
        third.sudo().merged_into_id = first
        [row] = self.rows(
            "care.complaint.report",
            [],
            ["__count", "repeat_rate:avg", "compensation:sum"],
        )
        self.assertEqual(row, (2, 50, 120))
