from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ...tools import estimates, response


class CareCampaign(models.Model):
    """Who answered and who did not: rates of response by the definitions of AAPOR, from
    invitations and surveys begun."""

    _inherit = "care.campaign"

    def _count_response(self):
        """Dispositions and rates of the sample, by way of asking, and compared between
        tiers and regions"""
        rows = [self._disposition(*row) for row in self._invitation_counts()]
        whole, channels = Counter(), {}
        for _tier, _region, channel, found, count in rows:
            whole[found] += count
            channels.setdefault(channel, Counter())[found] += count
        if self.anonymous:
            whole = response.unlinked(whole, self._unlinked_answers())
            channels = dict.fromkeys(channels, whole)
        words, names = (
            self._disposition_words(),
            self._labels("care.invitation", "channel"),
        )
        return response.rates(whole)._asdict() | {
            "dispositions": [
                {"key": key, "label": words[key], "code": code, "count": whole[key]}
                for key, (_group, code) in response.DISPOSITIONS.items()
                if whole[key]
            ],
            "channels": [
                {"key": key, "label": names[key], **response.rates(found)._asdict()}
                for key, found in sorted(channels.items())
            ],
            "groups": [] if self.anonymous else self._compare_response(rows),
        }

    @api.model
    def _disposition(self, tier, region, channel, state, reason, *rest):
        called, answered, aside, count = rest
        found = response.disposition(state, reason, called, answered, aside)
        return tier, region, channel, found, count

    def _invitation_counts(self):
        """Rows (tier, region, channel, state, reason, whether called, share answered
        in an unfinished survey, whether set aside, count)"""
        return self.env.execute_query(
            SQL(
                """
                SELECT tier_id, region_id, channel, state, skip_reason, called,
                       answered, aside, COUNT(*)
                  FROM (
                    SELECT row.tier_id, row.region_id, row.channel, row.state,
                           row.skip_reason, COALESCE(row.calls, 0) > 0 AS called,
                           CASE WHEN answer.state = 'in_progress' OR answer.care_partial
                                THEN %(answered)s END AS answered,
                           COALESCE(answer.care_aside_reason, '') <> '' AS aside
                      FROM care_invitation row
                 LEFT JOIN survey_user_input answer ON answer.id = row.user_input_id
                     WHERE row.campaign_id = %(campaign)s) AS invitation
              GROUP BY tier_id, region_id, channel, state, skip_reason, called,
                       answered, aside
                """,
                campaign=self.id,
                answered=self._sql_answered(),
            )
        )

    def _unlinked_answers(self):
        """{disposition: count} of the surveys begun, for anonymous campaigns"""
        counts = Counter()
        for state, answered, aside, count in self.env.execute_query(
            SQL(
                """
                SELECT state, answered, aside, COUNT(*)
                  FROM (SELECT CASE WHEN answer.state <> 'done' THEN 'sent'
                                    WHEN answer.care_partial THEN 'partial'
                                    ELSE 'answered' END AS state,
                               CASE WHEN answer.state = 'in_progress'
                                         OR answer.care_partial
                                    THEN %(answered)s END AS answered,
                               COALESCE(care_aside_reason, '') <> '' AS aside
                          FROM survey_user_input answer
                         WHERE answer.care_campaign_id = %(campaign)s
                           AND answer.state <> 'new') AS begun
              GROUP BY state, answered, aside
                """,
                campaign=self.id,
                answered=self._sql_answered(),
            )
        ):
            counts[response.disposition(state, None, False, answered, aside)] += count
        return counts if counts.total() >= self._least() else Counter()

    def _sql_answered(self):
        """Share of the measures of the survey that the row ``answer`` has answered"""
        questions = self.survey_id.sudo()._care_measured_questions()
        return SQL(
            """(SELECT COUNT(DISTINCT line.question_id)::float
                  FROM survey_user_input_line line
                 WHERE line.user_input_id = answer.id AND line.skipped IS NOT TRUE
                   AND line.question_id = ANY(%s)) / %s""",
            questions.ids,
            max(len(questions), 1),
        )

    def _disposition_words(self):
        return {
            "complete": self.env._("Answered"),
            "partial": self.env._("Answered in part, at least half"),
            "refusal": self.env._("Declined or opted out"),
            "break_off": self.env._("Broke off before half"),
            "no_contact": self.env._("Called, not reached"),
            "other": self.env._("Answer set aside, or not to be asked any more"),
            "not_attempted": self.env._("Not asked before the end"),
            "no_reply": self.env._("No reply"),
            "undelivered": self.env._("Not delivered"),
            "not_eligible": self.env._("Archived in the meantime (not counted)"),
            "waiting": self.env._("Yet to be asked (not counted)"),
        }

    def _compare_response(self, rows):
        """Rates of response by tier and region, and whether they differ by more than
        chance: if so, those who answered are not like those who did not."""
        return [
            {"name": name, "rows": found, "chance": chance}
            for place, model, name in (
                (0, "care.tier", self.env._("Response by tier")),
                (1, "care.region", self.env._("Response by region")),
            )
            for found, chance in [self._response_of_groups(rows, place, model)]
            if len(found) > 1
        ]

    def _response_of_groups(self, rows, place, model):
        """Rates of each tier or, as there are many, of each region at the top"""
        ids = {row[place] for row in rows if row[place]}
        top = self._top_regions(ids) if model == "care.region" else {}
        counts = {}
        for row in rows:
            key = top.get(row[place], row[place])
            counts.setdefault(key, Counter())[row[3]] += row[4]
        records = self.env[model].sudo().browse(filter(None, counts)).sorted()
        order = [*records.ids, *(key for key in counts if not key)]
        found = []
        for key in order:
            rates = response.rates(counts[key])
            if rates.sample:
                name = records.browse(key).display_name if key else self.env._("None")
                found.append(
                    {
                        "id": key or 0,
                        "name": name,
                        "sample": rates.sample,
                        "answers": counts[key]["complete"],
                        "response": rates.response,
                    }
                )
        chance = estimates.differ((row["answers"], row["sample"]) for row in found)
        return found, chance

    @api.model
    def _top_regions(self, ids):
        """{id of a region: id of the region at the top of its tree}"""
        return {
            region.id: int(region.parent_path.split("/")[0])
            for region in self.env["care.region"].sudo().browse(ids)
            if region.parent_path
        }
