"""Speed of satisfaction campaigns against raw SQL.

One database: customers with an e-mail address, a tenth of them asked lately, a tenth
with an open complaint. Sampling against one statement that selects as many; queries
that creating invitations takes; results of a campaign over many answers against the raw
aggregate of the same rows. Prints JSON; exits with 1 if a limit is not kept.
"""

from answers import copy_answers, first_answer
from common import SQL, copy_rows, ensure_database, environment, setup, vacuum
from measure import Meter, arguments, limit, machine, note, report

SAMPLE = 1_000
INVITED = 10_000
BATCH = 100
PROGRESS = 1_000
AUDIENCE = "[('name', '=', 'Bench')]"


def main():
    args = parse_arguments()
    setup()
    bench = Bench(args)
    bench.ensure()
    bench.meter.compare(bench.sample, bench.raw_sample)
    bench.invite()
    bench.meter.compare(bench.results, bench.raw_results)
    report(bench.result())


def parse_arguments():
    parser = arguments("satisfaction", __doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.set_defaults(db="bench_satisfaction")
    return parser.parse_args()


class Bench:
    def __init__(self, args):
        self.args = args
        self.db = f"{args.db}_{args.customers}_{args.answers}"
        self.meter = Meter(self.db, runs=args.runs)
        self.each = None

    # Data -------------------------------------------------------------

    def ensure(self):
        ensure_database(self.db)
        with environment(self.db) as env:
            if not env["care.campaign"].search_count([("name", "=", "Answered")]):
                self.fill(env)
        vacuum(self.db)

    def fill(self, env):
        env["survey.survey"]._care_make_ready_surveys()
        model = env["res.partner"].create(
            {"name": "Bench", "is_company": True, "email": "bench@example.com"}
        )
        complaint = env["care.complaint"].create(
            {"subject": "Bench", "partner_id": model.id}
        )
        env.flush_all()
        numbers = SQL("generate_series(1, %s) AS src(n)", self.args.customers)
        name = SQL("'bench' || src.n || '@example.com'")
        key = SQL("nextval('res_partner_id_seq')")
        copy_rows(
            env.cr,
            "res_partner",
            model.id,
            SQL("(SELECT n, %s AS id FROM %s) AS src", key, numbers),
            {
                "id": SQL("src.id"),
                "commercial_partner_id": SQL("src.id"),
                "email": name,
                "email_normalized": name,
            },
        )
        customers = "SELECT id FROM res_partner WHERE name = 'Bench' AND id %% 10 = %s"
        copy_rows(
            env.cr,
            "care_complaint",
            complaint.id,
            SQL(f"({customers}) AS src", 0),
            {
                "partner_id": SQL("src.id"),
                "name": SQL("'B' || src.id"),
            },
        )
        env.cr.execute(
            SQL(
                "INSERT INTO care_invitation (company_id, partner_id, contact_id,"
                " email, channel, state, sent_at) SELECT %s, id, id, email_normalized,"
                " 'email', 'sent', now() AT TIME ZONE 'UTC' FROM res_partner"
                " WHERE name = 'Bench' AND id %% 10 = 1",
                env.company.id,
            )
        )
        env.cr.execute("ANALYZE res_partner, care_complaint, care_invitation")
        env.invalidate_all(flush=False)
        note("customers made")
        self.fill_answers(env)
        note("data made")

    def fill_answers(self, env):
        """A campaign whose first answer is given, and copied with its lines."""
        answer = first_answer(env, name="Answered", domain=AUDIENCE)
        copy_answers(
            answer,
            SQL(
                "(SELECT nextval('survey_user_input_id_seq') AS id"
                " FROM generate_series(2, %s)) AS src",
                self.args.answers,
            ),
            {"id": SQL("src.id")},
        )

    def campaign(self, env, name, **values):
        return env["care.campaign"].create(
            {
                "name": name,
                "domain": AUDIENCE,
                "seed": "bench",
                "stratified": False,
                **values,
            }
        )

    # Sampling ---------------------------------------------------------

    def sample(self, env):
        campaign = self.campaign(env, "S", sample_mode="count", sample_size=SAMPLE)
        with self.meter.step("sample", env):
            campaign.action_sample()
        self.meter.agree("sample", campaign.invited_count)

    def raw_sample(self, env):
        campaign = self.campaign(env, "R", sample_mode="count", sample_size=SAMPLE)
        env.flush_all()
        statement = SQL(
            "SELECT id FROM (%s) AS a WHERE reason IS NULL"
            " ORDER BY sha256(convert_to('bench:' || id, 'UTF8')), id LIMIT %s",
            campaign._sql_audience(),
            SAMPLE,
        )
        with self.meter.step("raw sample", env):
            env.cr.execute(statement)
        self.meter.agree("sample", env.cr.rowcount)

    # Invitations ------------------------------------------------------

    def invite(self):
        """In batches as the job does, each with what a commit does but the commit."""
        size = min(INVITED, self.args.customers // 2)
        with self.meter.transaction() as env:
            campaign = self.campaign(env, "I", sample_mode="count", sample_size=size)
            campaign.action_send()
            invitations = env["care.invitation"]
            domain = env["care.campaign"]._domain_to_send()
            done = 0
            with self.meter.step("invite", env):
                while batch := invitations._take(domain, BATCH):
                    invitations._send_new(batch)
                    env.cr.flush()
                    env.cr.clear()
                    done += len(batch)
                    if not done % PROGRESS:
                        note(f"invited {done:,} of {size:,}")
            self.meter.agree("invited", done)
        self.each = self.meter.queries["invite"] / size

    # Results ----------------------------------------------------------

    def results(self, env):
        campaign = env["care.campaign"].search([("name", "=", "Answered")])
        with self.meter.step("results", env):
            results = campaign._results()
        self.meter.agree("answers", results["answers"])

    def raw_results(self, env):
        campaign = env["care.campaign"].search([("name", "=", "Answered")])
        with self.meter.step("raw results", env):
            env.cr.execute(
                SQL(
                    "SELECT line.care_dimension, line.care_measure, COUNT(*),"
                    " AVG(line.care_value), COUNT(DISTINCT answer.id),"
                    " AVG(answer.care_score) FROM survey_user_input answer"
                    " JOIN survey_user_input_line line"
                    " ON line.user_input_id = answer.id"
                    " WHERE answer.care_campaign_id = %s AND answer.state = 'done'"
                    " GROUP BY 1, 2",
                    campaign.id,
                )
            )

    def result(self):
        with environment(self.db) as env:
            facts = machine(env)
        meter = self.meter
        sample, raw = meter.median("sample"), meter.median("raw sample")
        found, bare = meter.median("results"), meter.median("raw results")
        return {
            "bench": "satisfaction",
            "sizes": {
                "customers": self.args.customers,
                "answers": self.args.answers,
                "sample": SAMPLE,
                "invitations": self.meter.results["invited"],
            },
            "limits": {
                "sample / raw": limit(
                    sample / raw, 2, seconds=round(sample, 3), raw=round(raw, 3)
                ),
                "queries per invitation": limit(
                    self.each, 1, seconds=round(meter.median("invite"), 1)
                ),
                "results, queries": limit(meter.queries["results"], 30),
                "results / raw": limit(
                    found / bare, 3, seconds=round(found, 3), raw=round(bare, 3)
                ),
            },
            "runs": self.args.runs,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
