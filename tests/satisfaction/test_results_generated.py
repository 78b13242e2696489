"""Results of generated campaigns of 8 to 30,000 answers, against numpy and scipy."""

from collections import Counter

import numpy
from scipy import stats

from odoo.tests import tagged
from odoo.tools import SQL

from ..common_satisfaction import SatisfactionCase

MARKS = numpy.array((100, 75, 50, 25, 0))
LEVELS = ("very_high", "high", "neutral", "low", "very_low")
SHARES = (0.2, 0.3, 0.5)
"""Of the answers, by tier"""
PER_ANSWER = (3, 4, 7)
"""Customers of a tier who could be asked, for each of its answers"""
DRAWS = 100_000


@tagged("post_install", "-at_install")
class TestGenerated(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = numpy.random.default_rng(20)
        scale = {"question_type": "scale", "scale_min": 1, "scale_max": 5}
        cls.env["survey.question"].create(
            [
                scale
                | {
                    "title": part,
                    "survey_id": cls.survey.id,
                    "care_measure": measure,
                    "care_dimension": part,
                }
                for measure, part in (("value", "product"), ("cost", "money"))
            ]
        )

    def generate(self, size):
        """A campaign with its answers as arrays. One is filled in by a customer; rows
        are copies of it, with other marks, in one statement for each table."""
        [shop] = self.customers(1, f"Model {size}", self.A)
        campaign = self.started(shop, stratified=True)
        answer = self.answer_of(campaign, shop)
        answer._mark_in_progress()
        for question in self.survey.question_ids:
            mark = {"simple_choice": str(self.overall.suggested_answer_ids[0].id)}
            answer._save_lines(
                question,
                mark.get(question.question_type, "3") if question != self.words else "",
            )
        answer._mark_done()
        self.env.flush_all()
        place = self.random.integers(0, 5, size)
        spread = self.random.integers
        given = {
            "place": place,
            "expected": spread(3, 6, size),
            "perceived": numpy.clip(5 - place + spread(-1, 2, size), 1, 5),
            "nps": numpy.clip(2 * (5 - place) + spread(-2, 3, size), 0, 10),
            "worth": spread(2, 6, size),
            "price": spread(1, 5, size),
            "tier": numpy.sort(self.random.choice(3, size, p=SHARES)),
        }
        given["tier"][:3] = (0, 1, 2)
        self.insert(campaign, answer, given)
        sizes = Counter(given["tier"].tolist())
        self.sizes = {
            tier: sizes[place] * PER_ANSWER[place]
            for place, tier in enumerate((self.A, self.B, self.D))
        }
        campaign.sudo().write(
            {
                "strata": {tier.id: count for tier, count in self.sizes.items()},
                "audience_count": sum(self.sizes.values()),
            }
        )
        return campaign, given

    def insert(self, campaign, answer, given):
        cr = self.env.cr
        tiers = [(self.A, self.B, self.D)[place].id for place in given["tier"].tolist()]
        names = ("place", "expected", "perceived", "nps", "worth", "price")
        cr.execute("DROP TABLE IF EXISTS care_given")
        cr.execute(
            SQL(
                "CREATE TEMP TABLE care_given AS"
                " SELECT nextval('survey_user_input_id_seq')::int AS id, given.*"
                " FROM unnest(%s::int[], %s) AS given(tier, %s)",
                tiers,
                SQL(", ").join(
                    SQL("%s::int[]", given[name].tolist()) for name in names
                ),
                SQL(", ").join(SQL.identifier(name) for name in names),
            )
        )
        self.copy_rows(
            "survey_user_input",
            answer.id,
            {
                "id": "given.id",
                "access_token": "gen_random_uuid()::text",
                "care_tier_id": "given.tier",
                "care_partner_id": "NULL",  # each counts as an account of its own
                "care_score": "100 - 25 * given.place",
                "care_scored": "TRUE",
                "care_rated": "TRUE",
                "care_expected": "25 * (given.expected - 1)",
                "care_perceived": "25 * (given.perceived - 1)",
                "care_nps": "CASE WHEN given.nps >= 9 THEN '100'"
                " WHEN given.nps <= 6 THEN '-100' ELSE '0' END",
            },
        )
        values = {
            "satisfaction": "100 - 25 * given.place",
            "expectation": "25 * (given.expected - 1)",
            "perception": "25 * (given.perceived - 1)",
            "nps": "10 * given.nps",
            "value": "25 * (given.worth - 1)",
            "cost": "25 * (given.price - 1)",
        }
        for line in answer.user_input_line_ids.filtered("care_measure"):
            self.copy_rows(
                "survey_user_input_line",
                line.id,
                {
                    "user_input_id": "given.id",
                    "care_value": values[line.care_measure],
                },
            )
        self.copy_rows(
            "care_invitation",
            campaign.invitation_ids.id,
            {
                "email": "NULL",
                "user_input_id": "given.id",
                "tier_id": "given.tier",
                "state": "'answered'",
            },
        )
        # One customer in three was asked and did not reply
        self.copy_rows(
            "care_invitation",
            campaign.invitation_ids.id,
            {
                "email": "NULL",
                "user_input_id": "NULL",
                "tier_id": "given.tier",
                "state": "'sent'",
            },
            "(SELECT * FROM care_given ORDER BY id LIMIT"
            " (SELECT COUNT(*) / 2 FROM care_given))",
        )
        cr.execute("DELETE FROM care_invitation WHERE user_input_id = %s", [answer.id])
        cr.execute("DELETE FROM survey_user_input WHERE id = %s", [answer.id])
        cr.execute("ANALYZE survey_user_input, survey_user_input_line, care_invitation")
        self.env.invalidate_all(flush=False)

    def copy_rows(self, table, template, values, source="care_given"):
        """A copy of the row ``template`` for each row of ``source``

        :param values: {column: SQL over ``given``}
        """
        columns = self.env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND table_schema = current_schema"
                " AND column_name <> 'id'",
                table,
            )
        )
        wanted = {name: f'model."{name}"' for (name,) in columns} | values
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s AS given, %s AS model"
                " WHERE model.id = %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, wanted)),
                SQL(", ").join(map(SQL, wanted.values())),  # pylint: disable=sql-injection
                SQL(source),  # pylint: disable=sql-injection
                SQL.identifier(table),
                template,
            )
        )

    def interval(self, values, low, high, population):
        """Gaffke's interval by drawing the weights of all answers of a value at once,
        and the correction for a finite population; what those who did not answer
        could say bounds it."""
        counts = Counter(numpy.asarray(values).tolist())
        middle, ends = numpy.mean(values), []
        for end, share in ((low, 0.025), (high, 0.975)):
            found = counts.copy()
            found[end] += 1
            weights = self.random.dirichlet(list(found.values()), DRAWS)
            quantile = numpy.quantile(weights @ numpy.array(list(found)), share)
            ends.append(quantile)
        rest = ((population - len(values)) / (population - 1)) ** 0.5
        part = len(values) / population
        known = [middle * part + end * (1 - part) for end in (low, high)]
        return (
            middle,
            max(middle + (ends[0] - middle) * rest, known[0]),
            min(middle + (ends[1] - middle) * rest, known[1]),
        )

    def weighted(self, values, tiers, low, high):
        """Mean of the population with its interval (Zou and Donner)"""
        total = below = above = 0
        whole = sum(self.sizes.values())
        for place, tier in enumerate((self.A, self.B, self.D)):
            size = self.sizes[tier]
            middle, *ends = self.interval(values[tiers == place], low, high, size)
            share = size / whole
            total += share * middle
            below += (share * (middle - ends[0])) ** 2
            above += (share * (ends[1] - middle)) ** 2
        return total, total - below**0.5, total + above**0.5

    def check_mean(self, found, expected, message):
        delta = 0.9 if found["count"] < 100 else 0.3
        self.assertAlmostEqual(found["value"], expected[0], places=3, msg=message)
        for name, end in zip(("low", "high"), expected[1:], strict=True):
            self.assertAlmostEqual(found[name], end, delta=delta, msg=message)

    def test_all_figures(self):
        for size in (8, 30, 300, 30_000):
            with self.subTest(size=size):
                campaign, given = self.generate(size)
                self.check(campaign._results(), given, size)

    def check(self, results, given, size):
        tiers, scores = given["tier"], MARKS[given["place"]]
        classes = numpy.where(
            given["nps"] >= 9, 100, numpy.where(given["nps"] <= 6, -100, 0)
        )
        self.assertEqual(results["answers"], size)
        self.assertEqual(results["population"], sum(self.sizes.values()))
        self.check_mean(results["score"], self.weighted(scores, tiers, 0, 100), "score")
        self.check_mean(results["nps"], self.weighted(classes, tiers, -100, 100), "NPS")
        self.assertAlmostEqual(results["score"]["plain"], scores.mean())
        self.assertEqual(results["nps"]["promoters"], (classes == 100).sum())
        ratio = given["perceived"].mean() / given["expected"].mean()
        self.assertAlmostEqual(results["ratio"]["value"], ratio)
        self.check_levels(results, scores, size)
        self.check_dimension(results["dimensions"], given, ratio)
        self.check_value(results["value"], given)
        self.check_groups(results["groups"][0]["rows"], scores, classes, tiers)
        asked = size + size // 2
        response = results["response"]
        self.assertEqual(response["sample"], asked)
        self.assertAlmostEqual(response["response"], 100 * size / asked)
        self.check_chance(response["groups"][0], tiers, size)

    def check_levels(self, results, scores, size):
        population = results["population"]
        rest = ((population - size) / (population - 1)) ** 0.5
        for mark, key in zip(MARKS, LEVELS, strict=True):
            row = next(row for row in results["levels"] if row["key"] == key)
            count = int((scores == mark).sum())
            percent = 100 * count / size
            share = stats.binomtest(count, size).proportion_ci(0.95, "exact")
            seen = 100 * count / population
            unseen = 100 * (population - size) / population
            ends = (
                max(percent - (percent - 100 * share.low) * rest, seen),
                min(percent + (100 * share.high - percent) * rest, seen + unseen),
            )
            self.assertEqual((row["count"], row["percent"]), (count, percent))
            self.assertAlmostEqual(row["low"], ends[0], delta=0.05)
            self.assertAlmostEqual(row["high"], ends[1], delta=0.05)

    def check_dimension(self, dimensions, given, ratio):
        [service] = dimensions
        for name, column in (("importance", "expected"), ("satisfaction", "perceived")):
            mean = 25 * (given[column].mean() - 1)
            self.assertAlmostEqual(service[name], mean)
        self.assertAlmostEqual(service["ratio"], ratio)
        if len(given["nps"]) < 10:
            self.assertIsNone(service["derived"], "too few")
        else:
            found = stats.spearmanr(given["perceived"], given["nps"]).statistic
            self.assertAlmostEqual(service["derived"], found)

    def check_value(self, value, given):
        worth, price = 25 * (given["worth"] - 1), 25 * (given["price"] - 1)
        for name, values, low in (
            ("value", worth, 0),
            ("cost", price, 0),
            ("delivered", worth - price, -100),
        ):
            self.check_mean(
                value[name], self.weighted(values, given["tier"], low, 100), name
            )
        for part in value["parts"]:
            mean = {"value": worth, "cost": price}[part["measure"]].mean()
            self.assertAlmostEqual(part["value"], mean)

    def check_groups(self, rows, scores, classes, tiers):
        rows = {row["id"]: row for row in rows}
        for place, (tier, size) in enumerate(self.sizes.items()):
            row, mine = rows[tier.id], tiers == place
            self.assertEqual(row["answers"], mine.sum())
            self.check_mean(
                row["score"], self.interval(scores[mine], 0, 100, size), tier.name
            )
            self.assertAlmostEqual(row["nps"]["value"], classes[mine].mean())

    def check_chance(self, group, tiers, size):
        answered = numpy.bincount(tiers, minlength=3)
        silent = numpy.bincount(tiers[: size // 2], minlength=3)
        self.assertEqual(
            [row["sample"] for row in group["rows"]], (answered + silent).tolist()
        )
        table = numpy.array([answered, silent])
        if stats.contingency.expected_freq(table).min() < 5:
            self.assertIsNone(group["chance"], "too few")
        else:
            chance = stats.chi2_contingency(table, correction=False).pvalue
            self.assertAlmostEqual(group["chance"], chance, places=6)
