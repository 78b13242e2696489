"""Results of campaigns, computed again from the answers by numpy and scipy."""

from collections import Counter

import numpy
from scipy import stats

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..common_satisfaction import SatisfactionCase

MARKS = (100, 75, 50, 25, 0)
LEVELS = ("very_high", "high", "neutral", "low", "very_low")


@tagged("post_install", "-at_install")
class TestResults(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = numpy.random.default_rng(30)

    def asked(self, sizes, **values):
        """A campaign that has asked customers of tiers

        :param sizes: {tier: (customers, asked of them at least)}
        """
        shops = self.env["res.partner"]
        for tier, count in sizes.items():
            shops |= self.customers(count, f"T{tier.id}x", tier)
        return self.started(shops, **values)

    def fill_all(self, invitations, **marks):
        """{invitation: (mark, expected, perceived, nps)} at random"""
        given = {}
        for row in invitations:
            place = int(self.random.integers(0, 5))
            perceived = int(numpy.clip(5 - place + self.random.integers(-1, 2), 1, 5))
            nps = int(numpy.clip(2 * (5 - place) + self.random.integers(-2, 3), 0, 10))
            given[row] = (place, int(self.random.integers(3, 6)), perceived, nps)
            self.fill(row.user_input_id.sudo(), *given[row])
        return given

    @staticmethod
    def interval(values, low, high, population):
        """Gaffke's interval by drawing weights, and the finite population correction"""
        random = numpy.random.default_rng(1)
        weights = random.dirichlet(numpy.ones(len(values) + 1), 60_000)
        rest = ((population - len(values)) / (population - 1)) ** 0.5
        middle = numpy.mean(values)
        return [
            middle
            + (numpy.quantile(weights @ numpy.append(values, end), q) - middle) * rest
            for end, q in ((low, 0.025), (high, 0.975))
        ]

    def test_thirty_answers(self):
        """Unequal tiers, drawn with a minimum and answered unequally"""
        campaign = self.asked(
            {self.A: 6, self.B: 20, self.D: 40}, sample_mode="count", sample_size=36
        )
        rows = campaign.invitation_ids.sorted("id")
        drawn = Counter(row.tier_id for row in rows)
        self.assertEqual(drawn, {self.A: 5, self.B: 10, self.D: 21})
        given = self.fill_all(rows[:30])
        results = campaign._results()
        found = {}
        for row, (place, expected, perceived, nps) in given.items():
            promoted = 100 if nps >= 9 else -100 if nps <= 6 else 0
            found.setdefault(row.tier_id, []).append(
                (MARKS[place], promoted, expected, perceived, nps)
            )
        sizes = {self.A: 6, self.B: 20, self.D: 40}
        sizes = {tier: size for tier, size in sizes.items() if tier in found}
        for column, name, low in ((0, "score", 0), (1, "nps", -100)):
            total = below = above = 0
            for tier, size in sizes.items():
                values = [answer[column] for answer in found[tier]]
                middle, share = numpy.mean(values), size / sum(sizes.values())
                ends = self.interval(values, low, 100, size)
                total += share * middle
                below += (share * (middle - ends[0])) ** 2
                above += (share * (ends[1] - middle)) ** 2
            self.assertAlmostEqual(results[name]["value"], total)
            self.assertAlmostEqual(results[name]["low"], total - below**0.5, delta=0.8)
            self.assertAlmostEqual(results[name]["high"], total + above**0.5, delta=0.8)
            everyone = [answer[column] for part in found.values() for answer in part]
            self.assertAlmostEqual(results[name]["plain"], numpy.mean(everyone))
        answers = [answer for part in found.values() for answer in part]
        marks, _nps, expected, perceived, recommend = zip(*answers, strict=True)
        ratio = numpy.mean(perceived) / numpy.mean(expected)
        self.assertAlmostEqual(results["ratio"]["value"], ratio, delta=0.001)
        [service] = results["dimensions"]
        self.assertAlmostEqual(service["ratio"], ratio, delta=0.001)
        self.env.flush_all()
        Report = self.env["care.satisfaction.report"]
        domain = [("campaign_id", "=", campaign.id), ("dimension", "=", "service")]
        [[in_report]] = Report._read_group(domain, [], ["ratio:avg"])
        self.assertAlmostEqual(in_report, ratio, delta=0.001)
        self.assertEqual(service["target"], "nps")
        self.assertAlmostEqual(
            service["derived"], stats.spearmanr(perceived, recommend).statistic
        )
        self.assertEqual(results["population"], 66)
        self.assertEqual(results["unrepresented"], 0)
        self.assertEqual(results["seed"], "autumn")
        self.assertAlmostEqual(results["response"]["response"], 100 * 30 / 36)
        self.assertAlmostEqual(campaign.response_rate, 100 * 30 / 36)
        self.assertEqual(
            {row["key"]: row["count"] for row in results["levels"]},
            {key: marks.count(mark) for mark, key in zip(MARKS, LEVELS, strict=True)},
        )
        for row in results["levels"]:
            share = stats.binomtest(row["count"], 30).proportion_ci(0.95, "exact")
            rest = (36 / 65) ** 0.5
            low = row["percent"] - (row["percent"] - 100 * share.low) * rest
            self.assertAlmostEqual(row["low"], low, delta=0.05)
        groups = results["response"]["groups"]
        self.assertEqual([row["sample"] for row in groups[0]["rows"]], [5, 10, 21])

    def test_everybody_answered(self):
        campaign = self.asked({self.A: 5, self.D: 3})
        self.fill_all(campaign.invitation_ids)
        results = campaign._results()
        for name in ("score", "nps"):
            row = results[name]
            self.assertEqual((row["low"], row["high"]), (row["value"],) * 2)

    def test_who_did_not_answer(self):
        """The codes of AAPOR, from states of invitations and surveys begun"""
        shops = self.customers(10, tier=self.A)
        shops[8:].email = False
        shops[8:].phone = "123"
        campaign = self.started(shops, phone_without_email=True)
        rows = campaign.invitation_ids.sorted(lambda row: row.partner_id.id).sudo()
        self.fill(rows[0].user_input_id.sudo(), 0, 4, 4, 9)
        self.fill(rows[1].user_input_id.sudo(), 0, 4, 4, 9)
        rows[1].user_input_id.sudo()._care_set_aside("A joke")
        for row, count in ((rows[2], 3), (rows[3], 1)):
            answer = row.user_input_id.sudo()
            answer._mark_in_progress()
            questions = (self.expected, self.perceived, self.recommend)
            for question in questions[:count]:
                answer._save_lines(question, "4")
        rows[4].write({"state": "bounced"})
        rows[5].write({"state": "refused"})
        rows[6].write({"state": "skipped", "skip_reason": "archived"})
        rows[8].action_not_reached()
        response = campaign._results()["response"]
        self.assertEqual(
            {row["key"]: row["count"] for row in response["dispositions"]},
            {
                "complete": 1,
                "other": 1,
                "partial": 1,
                "break_off": 1,
                "undelivered": 1,
                "refusal": 1,
                "not_eligible": 1,
                "no_reply": 1,
                "no_contact": 1,
                "waiting": 1,
            },
        )
        self.assertEqual(response["sample"], 8)
        self.assertEqual(response["response"], 100 / 8)
        self.assertEqual(response["response_partial"], 200 / 8)
        self.assertEqual(response["refusal"], 200 / 8)
        self.assertEqual(
            {row["key"]: row["sample"] for row in response["channels"]},
            {"email": 7, "phone": 1},
        )
        self.assertEqual(campaign.response_rate, 100 / 8)
        campaign.action_close()
        response = campaign._results()["response"]
        found = {row["key"]: row["count"] for row in response["dispositions"]}
        self.assertEqual((found["not_attempted"], found["no_contact"]), (1, 1))
        self.assertNotIn("waiting", found)

    def test_regions_compared(self):
        """Regions below one are counted with it; 12 of 15 against 3 of 15 is more than
        chance."""
        Region = self.env["care.region"]
        north, south = Region.create([{"name": "North"}, {"name": "South"}])
        part = Region.create({"name": "Part", "parent_id": north.id})
        shops = self.customers(30)
        shops[:15].care_region_id = part
        shops[0].care_region_id = north
        shops[15:].care_region_id = south
        campaign = self.started(shops)
        for shop in shops[:12] | shops[27:]:
            self.fill(self.answer_of(campaign, shop), 1)
        [regions] = campaign._results()["response"]["groups"]
        self.assertEqual(
            [(row["name"], row["answers"], row["sample"]) for row in regions["rows"]],
            [("North", 12, 15), ("South", 3, 15)],
        )
        found = stats.chi2_contingency([[12, 3], [3, 12]], correction=False)
        self.assertAlmostEqual(regions["chance"], found.pvalue)

    def test_anonymous_is_not_weighted_by_hidden_tiers(self):
        """The weighted mean and the plain one would tell what a hidden tier says."""
        for sizes, weighted in (
            ({self.A: 9, self.D: 8}, False),
            ({self.A: 9, self.D: 9}, True),
        ):
            campaign = self.asked(sizes, anonymous=True, quarantine_days=0)
            left = {self.A: 5, self.D: 4 if not weighted else 5}
            for tier, count in left.items():
                for _place in range(count):
                    answer = (
                        self.env["survey.user_input"]
                        .sudo()
                        .create({"survey_id": self.survey.id})
                    )
                    answer._care_write(
                        {
                            "care_company_id": self.company.id,
                            "care_campaign_id": campaign.id,
                            "care_anonymous": True,
                            "care_tier_id": tier.id,
                        }
                    )
                    self.fill(answer, 1 if tier == self.A else 4, 4, 4, 9)
            results = campaign._results()
            self.assertEqual(results.get("weighted", False), weighted)
            self.assertEqual("plain" in results["score"], weighted)
            self.assertFalse(results["response"]["groups"])
            count = sum(left.values())
            self.assertEqual(
                results["response"]["response"], 100 * count / sum(sizes.values())
            )

    def test_waves(self):
        shops = self.customers(12, tier=self.A)
        first = self.started(shops, quarantine_days=0)
        self.assertFalse(first._results()["previous"])
        for row in first.invitation_ids[:10]:
            self.fill(row.user_input_id.sudo(), 3, 4, 4, 3)
        first.sudo().started_at = "2026-01-01 08:00:00"
        second = self.started(shops, quarantine_days=0)
        for row in second.invitation_ids[:10]:
            self.fill(row.user_input_id.sudo(), 0, 4, 4, 4)
        previous = second._results()["previous"]
        self.assertEqual(previous["name"], first.name)
        self.assertEqual(previous["changes"]["score"]["value"], 75)
        self.assertTrue(previous["changes"]["score"]["significant"])
        self.assertEqual(previous["changes"]["nps"]["value"], 0)
        self.assertFalse(previous["changes"]["nps"]["significant"])
        other = self.make_survey()
        third = self.started(shops, quarantine_days=0, survey_id=other.id)
        self.assertFalse(third._results()["previous"], "another survey")


@tagged("post_install", "-at_install")
class TestMarksMigration(SatisfactionCase):
    def test_marks_of_old_answers(self):
        shops = self.customers(2)
        campaign = self.started(shops)
        answers = [self.answer_of(campaign, shop) for shop in shops]
        self.fill(answers[0], 4, 5, 4, 3)
        self.fill(answers[1], 1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE survey_user_input SET care_ratio = 0.75, care_perceived = NULL,"
            " care_expected = NULL WHERE care_campaign_id = %s",
            [campaign.id],
        )
        self.env.cr.execute("UPDATE care_follow_up SET cause = NULL, cause_value = 0")
        self.env.cr.execute(
            "UPDATE care_campaign SET seed_fixed = FALSE WHERE id = %s", [campaign.id]
        )
        path = "customer_care/migrations/19.0.1.9.0/post-satisfaction_marks.py"
        load_script(file_path(path), "care_post_marks").migrate(
            self.env.cr, "19.0.1.8.0"
        )
        self.env.invalidate_all()
        first, second = answers
        self.assertEqual(
            (first.care_perceived, first.care_expected, first.care_ratio),
            (75, 100, 0.8),
        )
        self.assertEqual((second.care_perceived, second.care_rated), (0, False))
        self.assertTrue(campaign.seed_fixed)
        self.assertEqual(campaign.stratum_minimum, 0)
        follow_up = self.env["care.follow.up"].search(
            [("user_input_id", "=", first.id), ("kind", "=", "low")]
        )
        self.assertEqual(follow_up.cause, "score")
