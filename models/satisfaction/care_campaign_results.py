from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import estimates, satisfaction
from .care_answer import LEVEL_WORDS

SUMS = (
    "accounts",
    "answers",
    "promoters",
    "detractors",
    "rated",
    "perceived",
    "expected",
)
NOBODY = estimates.Mean(0, None, None, None)
RESULT_COMMENTS = 20
"""How many of the customers' own words are shown"""


class CareCampaign(models.Model):
    """Results of a campaign, aggregated by the database in a few queries; means,
    intervals and classes come from ``tools/estimates`` and ``tools/satisfaction``."""

    _inherit = "care.campaign"

    results = fields.Json(
        compute="_compute_results",
        groups="customer_care.group_user_all",
        exportable=False,
    )

    @api.depends("answered_count")
    @api.depends_context("lang")
    def _compute_results(self):
        for campaign in self:
            campaign.results = campaign._results() if campaign._origin.id else False

    def _results(self):
        """Plain values for the page of results"""
        self.ensure_one()
        self.env["survey.user_input"].flush_model()
        self.env["survey.user_input.line"].flush_model()
        self.env["care.invitation"].flush_model()
        whole, groups = self._count_answers()
        answers, scores = whole.pop("answers"), whole.pop("scores")
        unweighted = whole.pop("unweighted")
        response, levels = self._count_response(), self._levels(scores)
        sales, accounts = self._count_sales(answers)
        said = self._comment_rows(answers)
        return {
            "anonymous": self.anonymous,
            "least": satisfaction.ANONYMOUS_GROUP_SIZE,
            "asked": response["sample"],
            "answers": answers,
            "aside": self._count_aside(),
            "partial": self._count_partial(),
            "response": response,
            "response_rate": response["response"] or 0.0,
            "seed": self.seed,
            "population": self._population(),
            "coverage": estimates.coverage(whole["score"]["count"]),
            **whole,
            "levels": levels,
            "weightings": self._weightings(whole, unweighted, levels, accounts),
            "sales": sales,
            "accounts": self._count_accounts(answers),
            "dimensions": self._count_dimensions(answers),
            "previous": self._compare_previous(answers, whole),
            "groups": [
                {"name": name, "rows": self._named(model, rows)}
                for name, model, rows in (
                    (self.env._("By tier"), "care.tier", groups["tier"]),
                    (
                        self.env._("By account manager"),
                        "res.users",
                        groups["manager"],
                    ),
                )
                if rows and not (self.anonymous and model == "res.users")
            ],
            "comments": [self._said(row) for row in said[:RESULT_COMMENTS]],
            "topics": self._count_topics(said),
        }

    def _where(self):
        """Answers of the campaign that count"""
        return SQL(
            "answer.care_campaign_id = %s AND answer.state = 'done'"
            " AND COALESCE(answer.care_aside_reason, '') = ''",
            self.id,
        )

    def _strata(self):
        """{id of a tier or 0: customers that could be asked}; empty for campaigns
        sampled before this was recorded"""
        return {int(tier): size for tier, size in (self.strata or {}).items()}

    def _population(self):
        """How many customers could be asked, which the sample stands for; None if not
        known"""
        if strata := self._strata():
            return sum(strata.values())
        if not self.audience_count:
            return None
        return self.audience_count - sum((self.left_out or {}).values())

    def _count_answers(self):
        """Estimates of all answers, and by tier and account manager"""
        counts = self._answer_counts()
        strata = self._strata()
        groups = {
            "tier": {
                tier: self._estimate(
                    sums, None if self.anonymous and not tier else strata.get(tier or 0)
                )
                for tier, sums in counts["tier"].items()
            },
            "manager": {
                manager: self._estimate(sums)
                for manager, sums in counts["manager"].items()
            },
        }
        whole = self._estimate(counts["whole"], self._population())
        whole["scores"] = counts["whole"]["scores"]
        whole["unweighted"] = {name: whole[name] for name in ("score", "nps")}
        if self._is_weighted(counts["tier"]):
            whole |= self._weigh(whole, groups["tier"])
        return whole, groups

    def _answer_counts(self):
        """{``whole``: sums, ``tier`` and ``manager``: {id: sums}}, with the scores and
        classes of accounts and how many have them"""
        tables = {"tier": {}, "manager": {}}
        found = {"whole": _no_sums()} | tables
        for kind, tier, manager, score, nps, *sums in self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(tier_id, manager_id), tier_id, manager_id, score, nps,
                       COUNT(*), SUM(persons)::int, SUM(promoters)::int,
                       SUM(detractors)::int, COUNT(*) FILTER (WHERE rated),
                       COALESCE(SUM(perceived) FILTER (WHERE rated), 0),
                       COALESCE(SUM(expected) FILTER (WHERE rated), 0)
                  FROM (%s) AS account
              GROUP BY GROUPING SETS ((score, nps), (score, nps, tier_id),
                                      (score, nps, manager_id))
                """,
                self._sql_accounts(),
            )
        ):
            if kind == 3:
                row = found["whole"]
            elif kind == 1:
                row = tables["tier"].setdefault(tier, _no_sums())
            else:
                row = tables["manager"].setdefault(manager, _no_sums())
            for name, value in zip(SUMS, sums, strict=True):
                row[name] += value
            for name, value in (("scores", score), ("classes", nps)):
                if value is not None:
                    row[name][value] += sums[0]
        if self.anonymous and found["whole"]["answers"] < self._least():
            return {"whole": _no_sums(), "tier": {}, "manager": {}}
        return found

    @api.model
    def _least(self):
        return satisfaction.ANONYMOUS_GROUP_SIZE

    @api.model
    def _estimate(self, sums, population=None):
        """Estimates with their intervals

        :param sums: as of :meth:`_answer_counts`
        """
        score = estimates.mean(sums["scores"], 0, 100, population)
        rated = sums["rated"]
        return {
            "answers": sums["answers"],
            "score": _plain(score),
            "nps": _plain(estimates.mean(sums["classes"], -100, 100, population))
            | {name: sums[name] for name in ("promoters", "detractors")},
            "ratio": {
                "count": rated,
                "value": satisfaction.ratio(
                    sums["perceived"] / rated, sums["expected"] / rated
                )
                if rated
                else None,
            },
        }

    def _is_weighted(self, by_tier):
        """Are there tiers to weight by? In anonymous campaigns only if each is shown:
        the weighted mean and the plain one would tell that of a hidden tier."""
        if len(self._strata()) < 2 or not self.stratified:
            return False
        counts = {tier: sums["answers"] for tier, sums in by_tier.items()}
        return not self.anonymous or satisfaction.shown(counts) == set(counts)

    def _weigh(self, whole, by_tier):
        """Score and NPS of all customers from those of the tiers, with the plain mean
        of the answers as ``plain``, and how many customers nobody speaks for."""
        strata = self._strata()
        found = {"weighted": True}
        for name in ("score", "nps"):
            parts = {tier or 0: _mean(row[name]) for tier, row in by_tier.items()}
            result = estimates.weighted(
                (size, parts.get(tier, NOBODY)) for tier, size in strata.items()
            )
            if result.count == whole[name]["count"]:
                found[name] = whole[name] | _plain(result)
                found[name]["plain"] = whole[name]["value"]
        answered = {tier or 0 for tier, row in by_tier.items() if row["score"]["count"]}
        found["unrepresented"] = sum(
            size for tier, size in strata.items() if tier not in answered
        )
        return found

    def _count_aside(self):
        [(aside,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM survey_user_input WHERE care_campaign_id = %s"
                " AND COALESCE(care_aside_reason, '') <> ''",
                self.id,
            )
        )
        return aside

    def _count_partial(self):
        """Answers that count with the questions answered before the campaign closed"""
        [(partial,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM survey_user_input answer"
                " WHERE %s AND answer.care_partial",
                self._where(),
            )
        )
        return partial

    # ------------------------------------------------------------
    # Waves
    # ------------------------------------------------------------

    def _previous(self):
        """The campaign of the same survey that was started before this one"""
        return self.search(
            Domain("survey_id", "=", self.survey_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("audience", "=", self.audience)
            & Domain("started_at", "<", self.started_at),
            order="started_at desc, id desc",
            limit=1,
        )

    def _compare_previous(self, answers, whole):
        """Change since the campaign before, with its interval; false without one, and
        where too few answered an anonymous one."""
        before = self._previous() if self.started_at else self.browse()
        if not before:
            return False
        figures, _groups = before._count_answers()
        for campaign, count in ((self, answers), (before, figures["answers"])):
            if campaign.anonymous and count < satisfaction.ANONYMOUS_GROUP_SIZE:
                return False
        changes = {
            name: estimates.change(_mean(figures[name]), _mean(whole[name]))
            for name in ("score", "nps")
        }
        return {
            "name": before.name,
            "changes": {
                name: change._asdict() | {"significant": change.significant}
                for name, change in changes.items()
                if change
            },
        }

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _levels(self, scores):
        """Share of each of the five levels, with its interval

        :param scores: {score: how many}
        """
        counts = Counter()
        for score, count in scores.items():
            counts[satisfaction.level(score)] += count
        labels, population = self._labels("care.answer", "level"), self._population()
        levels = []
        for key, _label in LEVEL_WORDS:
            share = estimates.share(counts[key], counts.total(), population)
            levels.append(
                {
                    "key": key,
                    "label": labels[key],
                    "count": counts[key],
                    "percent": share.value or 0.0,
                    "low": share.low,
                    "high": share.high,
                }
            )
        return levels

    def _labels(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _named(self, model, rows):
        """Groups with their names; small groups of anonymous campaigns are hidden."""
        visible = (
            satisfaction.shown({key: row["answers"] for key, row in rows.items()})
            if self.anonymous
            else set(rows)
        )
        records = self.env[model].sudo().browse([key for key in rows if key])
        records.fetch(["display_name"])
        order = {record.id: place for place, record in enumerate(records.sorted())}
        return [
            {
                "id": key or 0,
                "name": records.browse(key).display_name if key else self.env._("None"),
                **{name: row[name] for name in ("answers", "score", "nps", "ratio")},
            }
            if key in visible
            else {"id": key or 0, "name": False, "answers": row["answers"]}
            for key, row in sorted(
                rows.items(), key=lambda item: order.get(item[0], len(order))
            )
            if key in visible or row["answers"]
        ]


def _no_sums():
    return dict.fromkeys(SUMS, 0) | {"scores": Counter(), "classes": Counter()}


def _plain(mean):
    return mean._asdict() | {"few": mean.few}


def _mean(row):
    return estimates.Mean(*(row[name] for name in estimates.Mean._fields))
