import random
from collections import Counter

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import satisfaction
from ..core.care_job import attempt_each, single
from .care_campaign import OPEN_STATES

PUBLISHED = (
    "survey_id",
    "care_company_id",
    "care_anonymous",
    "care_partial",
    "care_scored",
    "care_score",
    "care_rated",
    "care_ratio",
    "care_perceived",
    "care_expected",
    "care_nps",
    "scoring_percentage",
    "scoring_total",
    "scoring_success",
    "care_asking_team_id",
    "care_rated_team_id",
)
"""What a published answer keeps of the survey that was filled in. Not among them: its
language, moments, token and place in the order of arrival."""


class CareCampaign(models.Model):
    """Answers of anonymous campaigns wait, and are then copied into the results: in
    random order, in one transaction with others, with the day only; the originals are
    deleted. Results so move in steps of several answers, and a row tells neither when
    it was given nor what else happened at that time."""

    _inherit = "care.campaign"

    @api.model
    @single
    def _cron_publish(self):
        if not self.env["res.groups"]._has_care_feature("satisfaction"):
            return
        waiting = self.env["survey.user_input"].sudo()
        campaigns = waiting.search(
            Domain("care_waiting_campaign_id", "!=", False)
        ).care_waiting_campaign_id
        tokens = self.env["care.survey.token"].sudo()
        over = tokens.search(
            Domain("campaign_id.state", "not in", OPEN_STATES)
        ).campaign_id
        attempt_each(campaigns | over, lambda campaign: campaign._publish())

    def _publish(self):
        """Publish what waits, if there is enough for one step. After the end the rest
        is deleted: results would show what the last few answered."""
        self.ensure_one()
        self.lock_for_update()
        waiting = (
            self.env["survey.user_input"]
            .sudo()
            .search(Domain("care_waiting_campaign_id", "=", self.id))
        )
        done = waiting.filtered(lambda answer: answer.state == "done")
        over = self.state not in OPEN_STATES
        rest = waiting - done
        if len(done) >= satisfaction.ANONYMOUS_GROUP_SIZE:
            self._publish_batch(done)
        elif over:
            self._note_too_few(len(done))
            rest = waiting
        if over:
            rest._care_unlock().unlink()
            self.env["care.survey.token"].sudo().search(
                [("campaign_id", "=", self.id)]
            ).unlink()

    def _note_too_few(self, count):
        if count:
            self.message_post(
                body=self.env._(
                    "%s answers were deleted: results would have shown what so few "
                    "customers answered.",
                    count,
                )
            )

    def _publish_batch(self, answers):
        """Replace the answers by copies from which nothing leads to their origin."""
        tiers = self._tiers_to_tell(answers)
        order = [(answer.id, answer.care_tier_id.id) for answer in answers]
        random.SystemRandom().shuffle(order)
        day = fields.Datetime.to_datetime(fields.Date.today())
        self.env.flush_all()
        for answer, tier in order:
            self._copy_answer(answer, tier if tier in tiers else None, day)
        answers._care_unlock().unlink()
        self.env.invalidate_all()

    @api.model
    def _tiers_to_tell(self, answers):
        """Tiers with enough answers in this step, so that the figures of a tier move in
        steps too"""
        counts = Counter(answer.care_tier_id.id for answer in answers)
        return satisfaction.shown(counts) - {False}

    def _copy_answer(self, answer, tier, day):
        columns = SQL(", ").join(map(SQL.identifier, PUBLISHED))
        [(copy,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO survey_user_input (
                    %(columns)s, care_campaign_id, care_tier_id, state, access_token,
                    end_datetime, create_uid, create_date, write_uid, write_date)
                SELECT %(columns)s, %(campaign)s, %(tier)s, 'done',
                       gen_random_uuid()::text, %(day)s,
                       %(root)s, %(day)s, %(root)s, %(day)s
                  FROM survey_user_input WHERE id = %(answer)s
             RETURNING id
                """,
                columns=columns,
                campaign=self.id,
                tier=tier,
                day=day,
                root=SUPERUSER_ID,
                answer=answer,
            )
        )
        lines = self.env["survey.user_input.line"]
        names = sorted(
            {name for name, field in lines._fields.items() if field.store}
            & {name for name, field in lines._fields.items() if field.column_type}
            - {"id", "user_input_id", *models.MAGIC_COLUMNS}
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO survey_user_input_line (
                    user_input_id, %(columns)s,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(copy)s, %(columns)s, %(root)s, %(day)s, %(root)s, %(day)s
                  FROM survey_user_input_line WHERE user_input_id = %(answer)s
              ORDER BY question_sequence, question_id, matrix_row_id
                """,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                copy=copy,
                answer=answer,
                day=day,
                root=SUPERUSER_ID,
            )
        )
