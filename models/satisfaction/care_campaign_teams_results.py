from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import estimates
from ...tools.department_matrix import shown_cells
from .care_campaign import OPEN_STATES


class CareCampaign(models.Model):
    """Results of a campaign among colleagues: how each department is rated by others.
    Answers are published once, after the end, without the departments that figures may
    not be shown of: nobody can work them out, by SQL neither."""

    _inherit = "care.campaign"

    def _publish(self):
        if self.audience == "colleagues" and self.state in OPEN_STATES:
            return None
        return super()._publish()

    def _publish_batch(self, answers):
        if self.audience == "colleagues":
            self._hide_departments(answers)
        return super()._publish_batch(answers)

    def _hide_departments(self, answers):
        """Remove departments from answers whose figures are not shown."""
        pairs = answers.grouped(
            lambda answer: (answer.care_asking_team_id, answer.care_rated_team_id)
        )
        cells, totals = shown_cells(
            {pair: len(group.filtered("care_scored")) for pair, group in pairs.items()}
        )
        for (asking, rated), group in pairs.items():
            group._care_write(
                {
                    "care_asking_team_id": (asking, rated) in cells and asking.id,
                    "care_rated_team_id": rated in totals and rated.id,
                }
            )

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def _results(self):
        results = super()._results()
        if self.audience != "colleagues":
            return results | {"departments": False}
        return results | {"departments": self._department_matrix(), "groups": []}

    def _population(self):
        """Colleagues answer several times, so their number bounds no interval."""
        return None if self.audience == "colleagues" else super()._population()

    def _department_matrix(self):
        """Rated departments in rows, asking ones in columns, each figure with its
        number of answers. Cells of too few answers, and those that would tell them,
        are empty."""
        scores = self._department_scores()
        cells, totals = shown_cells(
            {pair: found.total() for pair, found in scores.items()}
        )
        sums = defaultdict(Counter)
        for (_asking, team), found in scores.items():
            sums[team] += found
        asking, rated = self._departments_of_sample()
        return {
            "columns": [{"id": team.id, "name": team.display_name} for team in asking],
            "rows": [
                {
                    "id": team.id,
                    "name": team.display_name,
                    "cells": [
                        {
                            "id": other.id,
                            "own": other == team,
                            "mean": (other.id, team.id) in cells
                            and _plain(scores[other.id, team.id]),
                        }
                        for other in asking
                    ],
                    "total": team.id in totals and _plain(sums[team.id]),
                }
                for team in rated
            ],
        }

    def _department_scores(self):
        """{(asking, rated): {score: answers}}"""
        self.env["survey.user_input"].flush_model()
        scores = defaultdict(Counter)
        for asking, rated, score, count in self.env.execute_query(
            SQL(
                """
                SELECT care_asking_team_id, care_rated_team_id, care_score::float8,
                       COUNT(*)
                  FROM survey_user_input answer
                 WHERE %s AND care_scored
              GROUP BY 1, 2, 3
                """,
                self._where(),
            )
        ):
            scores[asking, rated][score] += count
        return scores

    def _departments_of_sample(self):
        """Departments that were asked, and those that were to be rated"""
        groups = (
            self.env["care.invitation"]
            .sudo()
            ._read_group(
                Domain("campaign_id", "=", self.id),
                ["asking_team_id", "rated_team_id"],
            )
        )
        teams = self.env["crm.team"].sudo()
        return (
            teams.union(*(asking for asking, _rated in groups)).sorted(),
            teams.union(*(rated for _asking, rated in groups)).sorted(),
        )


def _plain(scores):
    return estimates.mean(scores, 0, 100)._asdict()
