"""Mails through Odoo's gateway into complaints against the same mails into leads.

A database with customers who have an address, an alias of a complaint team, whose
complaints start two clocks each, and one of a sales team. The same mails, plain and
HTML, some with an attachment, some from strangers, go to the one and to the other by
turns, with caches as after a commit; all is rolled back. Then the complaints are
acknowledged. Prints JSON; exits with 1 if a limit is not kept.
"""

from email.message import EmailMessage

from common import environment, setup
from measure import Meter, arguments, limit, machine, note, report
from shop import add_customers, take_up

DOMAIN = "bench.example.com"
ATTACHED, STRANGE = 5, 10
"""One mail of so many has an attachment, or comes from a stranger."""
TARGETS = ("complaint", "lead")


def main():
    args = parse_arguments()
    setup()
    take_up(
        args.db, {"customers": args.customers, "mail": 1}, lambda env: fill(env, args)
    )
    bench = Bench(args)
    bench.warm_up()
    for run in range(args.runs):
        for target in TARGETS if run % 2 else reversed(TARGETS):
            bench.receive(target)
        note(f"{args.mails} mails: run {run + 1} of {args.runs}")
    report(bench.result())


def parse_arguments():
    parser = arguments("mail", __doc__)
    parser.add_argument("--mails", type=int, default=500)
    parser.set_defaults(customers=20_000)
    args = parser.parse_args()
    args.db = args.db or f"bench_mail_{args.customers}"
    return args


def fill(env, args):
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    env.flush_all()
    add_customers(env.cr, partner, args.customers)
    env.cr.execute(
        """
        UPDATE res_partner
           SET email = ref || '@shop.example.com',
               email_normalized = lower(ref) || '@shop.example.com'
         WHERE ref LIKE 'BENCH-%'
        """
    )
    env.invalidate_all(flush=False)
    domain = env["mail.alias.domain"].create({"name": DOMAIN})
    env.company.alias_domain_id = domain
    names = {"care.complaint.team": "complaint", "crm.team": "lead"}
    for model, name in names.items():
        team = env[model].search(
            [("company_id", "in", (env.company.id, False))], limit=1
        )
        team.write({"alias_name": name, "alias_domain_id": domain.id})


class Bench:
    def __init__(self, args):
        self.args = args
        self.meter = Meter(args.db, runs=args.runs)

    def mails(self, target, count):
        """Always the same ones, but for the address"""
        return [self.mail(target, number) for number in range(count)]

    @staticmethod
    def mail(target, number):
        mail = EmailMessage()
        sender = f"bench-{number}@shop.example.com"
        if number % STRANGE == 0:
            sender = f"stranger-{number}@example.org"
        mail["From"] = f"Shop {number} <{sender}>"
        mail["To"] = f"{target}@{DOMAIN}"
        mail["Subject"] = f"Jar {number} is broken"
        mail["Message-Id"] = f"<{target}-{number}@shop.example.com>"
        mail.set_content("It leaks.\n" * 20)
        if number % 2:
            mail.add_alternative("<p>It <b>leaks</b>.</p>" * 20, subtype="html")
        if number % ATTACHED == 0:
            mail.add_attachment(
                b"\xff\xd8\xff" * 10_000,
                maintype="image",
                subtype="jpeg",
                filename="x.jpg",
            )
        return mail.as_bytes()

    def warm_up(self):
        for target in TARGETS:
            with self.meter.transaction() as env:
                self.process(env, self.mails(target, 10))

    @staticmethod
    def process(env, mails):
        for raw in mails:
            env["mail.thread"].message_process(None, raw)
            env.flush_all()
            env.invalidate_all()

    def receive(self, target):
        mails = self.mails(target, self.args.mails)
        with self.meter.transaction() as env:
            model = env[f"{'care' if target == 'complaint' else 'crm'}.{target}"]
            before = model.search_count([])
            with self.meter.step(target, env):
                self.process(env, mails)
            found = model.search_count([]) - before
            if found != len(mails):
                raise SystemExit(f"{found} records of {len(mails)} mails: {target}")
            if target == "complaint":
                self.acknowledge(env)

    def acknowledge(self, env):
        owed = env["care.complaint"].search([("acknowledge", "=", True)])
        with self.meter.step("acknowledge", env):
            for complaint in owed:
                complaint._send_acknowledgement()
                env.flush_all()
        self.acknowledged = len(owed)

    def result(self):
        with environment(self.args.db) as env:
            facts = machine(env)
        mails = self.args.mails
        own, its = (self.meter.median(target) for target in TARGETS)
        queries = self.meter.queries
        return {
            "bench": "mail",
            "sizes": {"customers": self.args.customers, "mails": mails},
            "limits": {
                "time / leads": limit(
                    own / its, 1.2, seconds=round(own, 2), lead_seconds=round(its, 2)
                ),
                "queries / leads": limit(
                    queries["complaint"] / queries["lead"],
                    1.2,
                    each=round(queries["complaint"] / mails, 1),
                    lead_each=round(queries["lead"] / mails, 1),
                ),
            },
            "acknowledge": {
                "sent": self.acknowledged,
                "milliseconds each": round(
                    1000 * self.meter.median("acknowledge") / self.acknowledged, 1
                ),
                "queries each": round(queries["acknowledge"] / self.acknowledged, 1),
            },
            "runs": self.args.runs,
            "seconds": self.meter.seconds,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
