"""The day on the phone: its customers for the page, and reports that come back.

A database with customers of one rep, each with contact persons, reports, an open
promise, a complaint and a visit that is due. Measured are the customers that the page
asks for, as one request with nothing in the cache, with its size; the files of the
first load; and reports that were written without a network, each with a promise, some
with a photo, in the batches in which the page sends them, then the same ones again:
each is filed once. Prints JSON; exits with 1 if a limit is not kept.
"""

import base64
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from time import process_time

from common import environment, setup
from measure import Meter, arguments, limit, machine, note, report
from PIL import Image
from shop import take_up

from odoo import fields
from odoo.fields import Command

FILES = Path(__file__).parents[2] / "static/src/phone"
BATCH = 20
"""Reports in one request, as in queue.js"""
PHOTO_EVERY = 4
LOGIN = "bench_phone"


def main():
    args = parse_arguments()
    setup()
    take_up(args.db, {"phone": 2, "stops": args.customers}, lambda env: fill(env, args))
    bench = Bench(args)
    for run in range(args.runs + 1):
        bench.open(warm_up=run == 0)
        bench.sync(warm_up=run == 0)
        note(f"{args.reports} reports: run {run} of {args.runs}")
    report(bench.result())


def parse_arguments():
    parser = arguments("phone", __doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.set_defaults(customers=60)
    args = parser.parse_args()
    args.db = args.db or f"bench_phone_{args.customers}"
    return args


def fill(env, args):
    env["res.groups"]._switch_care_features(phone=True, promise=True)
    user = env["res.users"].create(
        {
            "name": "Rep",
            "login": LOGIN,
            "tz": "UTC",
            "group_ids": [Command.set([env.ref("sales_team.group_sale_salesman").id])],
        }
    )
    plan = env["care.plan"].create({"name": "Bench"})
    role = env["care.role"].search([("kind", "=", "salesperson")])
    tier = env.ref("customer_care.care_tier_a")
    tier.plan_id = plan
    env["care.plan.rule"].create(
        {"plan_id": plan.id, "role_id": role.id, "date_from": "2024-01-01"}
    )
    customers = env["res.partner"].create(
        [
            {
                "name": f"Salon {number}",
                "is_company": True,
                "user_id": user.id,
                "phone": f"+32 485 {number:06}",
                "city": "Ghent",
                "child_ids": [
                    Command.create({"name": f"{name} {number}"})
                    for name in ("Anna", "Ben", "Cleo")
                ],
            }
            for number in range(args.customers)
        ]
    )
    customers.care_tier_id = tier
    before = fields.Datetime.now() - timedelta(days=40)
    env["care.interaction"].create(
        [
            {
                "partner_id": customer.id,
                "user_id": user.id,
                "state": "done",
                "date_start": before + timedelta(days=day),
                "summary": "Sells well",
                "promise": "Samples" if day == 2 else False,
                "next_topic": "Winter",
            }
            for customer in customers
            for day in range(3)
        ]
    )
    env["care.complaint"].create(
        [
            {"subject": "Leaks", "partner_id": customer.id, "user_id": user.id}
            for customer in customers
        ]
    )
    today = env.company._care_today()
    env["care.plan.target"]._generate(today)
    targets = env["care.plan.target"].search([("state", "=", "open")])
    targets.write({"date_start": today.replace(day=1), "date_aim": today})


class Bench:
    def __init__(self, args):
        self.args = args
        self.meter = Meter(args.db, runs=args.runs)

    def rep(self, env):
        user = env["res.users"].search([("login", "=", LOGIN)])
        return env(user=user.id, context=user.with_user(user).context_get())

    def open(self, warm_up):
        with self.meter.transaction() as superuser:
            env = self.rep(superuser)
            if warm_up:
                env["care.phone.day"]._bundle()
                return
            with self.meter.step("open", env):
                bundle = env["care.phone.day"]._bundle()
            if len(bundle["stops"]) != self.args.customers:
                raise SystemExit(f"{len(bundle['stops'])} customers on the phone")
            self.kilobytes = len(json.dumps(bundle)) / 1000

    def sync(self, warm_up):
        with self.meter.transaction() as superuser:
            env = self.rep(superuser)
            written = self.written(env)[: BATCH if warm_up else None]
            if warm_up:
                self.send(env, written)
                return
            start = process_time()
            with self.meter.step("sync", env):
                first = self.send(env, written)
            self.cpu = process_time() - start
            with self.meter.step("again", env):
                second = self.send(env, written)
            ids = {row["id"] for row in first if row["state"] == "filed"}
            if first != second or len(ids) != len(written):
                raise SystemExit(f"{len(ids)} of {len(written)} filed once")

    def written(self, env):
        customers = env["res.partner"].search([("name", "like", "Salon ")])
        now = fields.Datetime.now().timestamp() * 1000
        return [
            {
                "key": f"bench-report-{number:08}",
                "partner": customers[number % len(customers)].id,
                "at": now - 60_000 * (self.args.reports - number),
                "channel": "phone" if number % 2 else "visit",
                "summary": f"Sells well {number}",
                "feeling": "4",
                "promise": "Samples",
                "promise_date": "2030-01-10",
                "photos": [photo()] if number % PHOTO_EVERY == 0 else [],
            }
            for number in range(self.args.reports)
        ]

    @staticmethod
    def send(env, written):
        """One request for each batch"""
        results = []
        for start in range(0, len(written), BATCH):
            env.invalidate_all()
            results += env["care.phone.report"]._file(
                {
                    "user": env.uid,
                    "now": fields.Datetime.now().timestamp() * 1000,
                    "version": 1,
                    "reports": written[start : start + BATCH],
                }
            )
            env.cr.flush()
        return results

    def result(self):
        with environment(self.args.db) as env:
            facts = machine(env)
        first_load = sum(file.stat().st_size for file in FILES.iterdir()) / 1000
        reports, queries = self.args.reports, self.meter.queries
        return {
            "bench": "phone",
            "sizes": {"customers": self.args.customers, "reports": reports},
            "limits": {
                "customers of the page (s)": limit(
                    self.meter.median("open"),
                    1.0,
                    kilobytes=round(self.kilobytes, 1),
                    queries=queries["open"],
                ),
                "reports (s)": limit(
                    self.meter.median("sync"),
                    10,
                    queries_each=round(queries["sync"] / reports, 1),
                    own_cpu=round(self.cpu, 2),
                    again=round(self.meter.median("again"), 2),
                ),
                "first load (kB)": limit(first_load, 300),
            },
            "runs": self.args.runs,
            "seconds": self.meter.seconds,
            "machine": facts,
        }


def photo():
    """About as large as the page makes them"""
    stream = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(stream, "JPEG", quality=75)
    return base64.b64encode(stream.getvalue()).decode()


if __name__ == "__main__":
    main()
