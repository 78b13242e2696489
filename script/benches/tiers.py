"""Speed of tier reviews against raw SQL that does the least possible.

The database has log-normal amounts over 24 months with a fixed seed and is kept for
the next run. Computing is held against one statement that aggregates the window plus
one that inserts as many lines; applying against one statement that writes the same
tiers plus one that inserts the same history. Medians of three runs in alternating
order, each rolled back. Prints JSON; exits with 1 if a limit is not kept.
"""

from datetime import timedelta

from common import environment, setup, vacuum
from measure import Meter, arguments, limit, machine, report, rounded
from shop import END, SEED, ensure_shop, top_fifth

from odoo.tools import SQL

MONTHS = 3
TABLES = ("care_tier_review_line", "care_tier_history", "care_partner_tier")


def main():
    args = parse_arguments()
    setup()
    ensure_shop(args.db, args.customers, args.orders)
    reset(args.db)
    meter = Meter(args.db, TABLES, runs=args.runs)
    bench = Bench(args.db, args.method, meter)
    bench.prepare_first()
    meter.compare(bench.raw_compute, bench.compute)
    meter.compare(bench.raw_first_apply, bench.first_apply)
    bench.prepare_second()
    meter.compare(bench.raw_second_compute, bench.second_compute)
    meter.compare(bench.raw_second_apply, bench.second_apply)
    meter.compare(bench.raw_simulate, bench.simulate)
    report(bench.result())


def parse_arguments():
    parser = arguments("tiers", __doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument(
        "--method", choices=("amount", "share", "lower", "higher"), default="amount"
    )
    args = parser.parse_args()
    if args.orders < args.customers:
        parser.error("each customer has one order at least")
    args.db = args.db or f"bench_tiers_{args.customers}_{args.orders}"
    return args


def reset(db):
    """Forget the reviews of an earlier run; the database is the bench's own."""
    with environment(db) as env:
        env.cr.execute("DELETE FROM mail_message WHERE model = 'care.tier.review'")
        env.cr.execute(
            "TRUNCATE care_tier_review, care_tier_review_line, care_tier_history,"
            " care_partner_tier, care_onboarding"
        )
    vacuum(db, *TABLES, "care_tier_review")


class Bench:
    """Two monthly reviews: ``first`` finds no customer with a tier, ``second`` one
    month later finds them all and moves some."""

    def __init__(self, db, method, meter):
        self.db = db
        self.method = method
        self.meter = meter
        self.sizes = {}

    # Computing --------------------------------------------------------

    def make_review(self, env, day):
        return env["care.tier.review"].create(
            {
                "date": day,
                "months": MONTHS,
                "source": "sale",
                "method": self.method,
                "company_id": env.company.id,
            }
        )

    def days(self):
        """Of the first and the second review: the latter looks at the last 3 months
        that have orders."""
        second = END.date()
        return (second - timedelta(days=1)).replace(day=1), second

    def compute(self, env):
        self._compute(env, "", self.days()[0])

    def second_compute(self, env):
        self._compute(env, "second ", self.days()[1])

    def _compute(self, env, which, day):
        review = self.make_review(env, day)
        with self.meter.step(f"{which}compute", env):
            review.action_compute()
        self.sizes[f"{which}lines"] = review.line_count
        self.meter.agree(f"{which}sales", round(review.amount_total, 2))

    def raw_compute(self, env):
        self._raw_compute(env, "", self.first)

    def raw_second_compute(self, env):
        self._raw_compute(env, "second ", self.second)

    def _raw_compute(self, env, which, review_id):
        """The window's amounts, and a copy of the lines of that review as those of
        another."""
        review = env["care.tier.review"].browse(review_id)
        copy = self.make_review(env, review.date)
        env.cr.execute(
            "CREATE TEMP TABLE ready ON COMMIT DROP AS"
            " SELECT * FROM care_tier_review_line WHERE review_id = %s",
            [review.id],
        )
        env.cr.execute("UPDATE ready SET review_id = %s", [copy.id])
        env.cr.execute("ANALYZE ready")
        start, end = review._window_utc()
        with self.meter.step(f"raw {which}aggregate", env):
            env.cr.execute(
                """
                SELECT p.commercial_partner_id, SUM(o.amount_untaxed / o.currency_rate)
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                 WHERE o.company_id = %s AND o.state = 'sale'
                   AND o.date_order >= %s AND o.date_order < %s
              GROUP BY p.commercial_partner_id
                """,
                [env.company.id, start, end],
            )
        rows = env.cr.fetchall()
        self.sizes[f"{which}customers with orders in the window"] = len(rows)
        self.meter.agree(f"{which}sales", round(float(sum(r[1] for r in rows)), 2))
        columns = SQL(", ").join(SQL.identifier(c) for c in self.columns(env, "ready"))
        with self.meter.step(f"raw {which}insert", env):
            env.cr.execute(
                SQL(
                    "INSERT INTO care_tier_review_line (%s) SELECT %s FROM ready",
                    columns,
                    columns,
                )
            )

    @staticmethod
    def columns(env, table):
        env.cr.execute(SQL("SELECT * FROM %s LIMIT 0", SQL.identifier(table)))
        return [column.name for column in env.cr.description if column.name != "id"]

    # Applying ---------------------------------------------------------

    def prepare_first(self):
        with environment(self.db) as env:
            review = self.make_review(env, self.days()[0])
            review.action_compute()
            self.first = review.id
        vacuum(self.db, *TABLES)

    def prepare_second(self):
        """Apply the first review; compute the second one with downgrades at once."""
        with environment(self.db) as env:
            env["care.tier.review"].browse(self.first).action_apply()
        vacuum(self.db, *TABLES)
        with environment(self.db) as env:
            env.company.care_downgrade_after = 1
            review = self.make_review(env, self.days()[1])
            review.action_compute()
            self.second = review.id
            env.company.care_downgrade_after = 2
        vacuum(self.db, *TABLES)

    def first_apply(self, env):
        self._apply(env, "first ", self.first)

    def second_apply(self, env):
        self._apply(env, "second ", self.second)

    def _apply(self, env, which, review_id):
        review = env["care.tier.review"].browse(review_id)
        with self.meter.step(f"{which}apply", env):
            review.action_apply()
        self.meter.agree(f"{which}tiers", self.fingerprint(env, review_id))
        with self.meter.step(f"{which}undo", env):
            review.action_undo()

    def raw_first_apply(self, env):
        values = self.values(env, self.first)
        with self.meter.step("raw first tiers", env):
            env.cr.execute(
                """
                INSERT INTO care_partner_tier (
                    partner_id, company_id, tier_id, monthly_amount, revenue_share,
                    create_uid, create_date, write_uid, write_date)
                SELECT partner_id, %(company)s, proposed_tier_id, monthly_amount, share,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM care_tier_review_line WHERE review_id = %(review)s
                """,
                values,
            )
        self._raw_history(env, "first ", self.first)

    def raw_second_apply(self, env):
        values = self.values(env, self.second)
        with self.meter.step("raw second tiers", env):
            env.cr.execute(
                """
                UPDATE care_partner_tier status
                   SET tier_id = line.proposed_tier_id,
                       monthly_amount = line.monthly_amount,
                       revenue_share = line.share,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM care_tier_review_line line
                 WHERE line.review_id = %(review)s
                   AND status.partner_id = line.partner_id
                   AND status.company_id = %(company)s
                """,
                values,
            )
        self._raw_history(env, "second ", self.second)

    def _raw_history(self, env, which, review_id):
        values = self.values(env, review_id)
        with self.meter.step(f"raw {which}history", env):
            env.cr.execute(
                """
                INSERT INTO care_tier_history (
                    partner_id, old_tier_id, new_tier_id, reason_data, company_id, date,
                    review_id, user_id, create_uid, create_date, write_uid, write_date)
                SELECT partner_id, current_tier_id, proposed_tier_id, reason_data,
                       %(company)s, %(date)s, review_id, %(uid)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM care_tier_review_line
                 WHERE review_id = %(review)s AND decision IN ('upgrade', 'downgrade')
                """,
                values,
            )
        self.sizes[f"{which}moves"] = env.cr.rowcount
        self.meter.agree(f"{which}tiers", self.fingerprint(env, review_id))

    @staticmethod
    def values(env, review_id):
        return {
            "review": review_id,
            "date": env["care.tier.review"].browse(review_id).date,
            "company": env.company.id,
            "uid": env.uid,
            "now": env.cr.now(),
        }

    # Simulating -------------------------------------------------------

    def simulate(self, env):
        """Other thresholds on the page of the setup, once the sales were read"""
        row = env["care.onboarding"]._open_row()
        row.sudo().review_id = self.second
        values = {
            tier["id"]: {"amount": tier["amount"] / 2, "share": tier["share"]}
            for tier in row._tiers_values()["tiers"]
        }
        with self.meter.step("simulate", env):
            rows = env["care.onboarding"].simulate("lower", values)
        self.sizes["customers simulated"] = sum(row["count"] for row in rows)

    def raw_simulate(self, env):
        """The least that counts and adds up by tier"""
        with self.meter.step("raw simulate", env):
            env.cr.execute(
                """
                SELECT proposed_tier_id, COUNT(*), SUM(monthly_amount)
                  FROM care_tier_review_line WHERE review_id = %s GROUP BY 1
                """,
                [self.second],
            )

    # Checks -----------------------------------------------------------

    @staticmethod
    def fingerprint(env, review_id):
        """Of what an application has written."""
        env.cr.execute(
            """
            SELECT (SELECT sum(hashtext(concat_ws(
                            '|', partner_id, tier_id, monthly_amount, revenue_share)))
                      FROM care_partner_tier),
                   (SELECT sum(hashtext(concat_ws(
                            '|', partner_id, old_tier_id, new_tier_id, reason_data)))
                      FROM care_tier_history WHERE review_id = %s)
            """,
            [review_id],
        )
        return env.cr.fetchone()

    # Result -----------------------------------------------------------

    def result(self):
        meter = self.meter
        bounds = {
            "compute": ("raw aggregate", "raw insert"),
            "second compute": ("raw second aggregate", "raw second insert"),
            "first apply": ("raw first tiers", "raw first history"),
            "second apply": ("raw second tiers", "raw second history"),
        }
        limits = {
            f"{name} / raw SQL": limit(
                meter.median(name) / meter.median(*raw),
                2,
                seconds=round(meter.median(name), 3),
                raw_seconds=round(meter.median(*raw), 3),
            )
            for name, raw in bounds.items()
        }
        customers = self.sizes["lines"]
        queries = meter.queries["second compute"] + meter.queries["second apply"]
        limits["queries per 10,000 customers, compute and apply"] = limit(
            queries * 10_000 / customers, 50, queries=queries
        )
        ours = ("compute", "second compute", "first apply", "second apply")
        limits["growth of memory, MB"] = limit(
            max(meter.megabytes[name] for name in ours), 500
        )
        limits["seconds of a simulation of thresholds"] = limit(
            meter.median("simulate"),
            0.3,
            raw_seconds=round(meter.median("raw simulate"), 3),
        )
        with environment(self.db) as env:
            env.cr.execute("SELECT count(*) FROM sale_order WHERE state = 'sale'")
            sizes = {
                "orders": env.cr.fetchone()[0],
                "top fifth of customers hold, %": top_fifth(env.cr),
                "seed": SEED,
                "window, months": MONTHS,
                "method": self.method,
                **self.sizes,
            }
            facts = machine(env)
        return {
            "bench": "tiers",
            "sizes": sizes,
            "limits": limits,
            "runs": meter.runs,
            "seconds": rounded(meter.seconds),
            "queries": meter.queries,
            "megabytes": rounded(meter.megabytes),
            "machine": facts,
        }


if __name__ == "__main__":
    main()
