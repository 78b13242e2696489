import uuid
from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import satisfaction
from .care_answer import NPS_CLASSES, sql_band

CARE_FIELDS = {
    "care_company_id",
    "care_campaign_id",
    "care_complaint_id",
    "care_partner_id",
    "care_tier_id",
    "care_region_id",
    "care_user_id",
    "care_manager_id",
    "care_caller_id",
    "care_anonymous",
    "care_partial",
    "care_score",
    "care_ratio",
    "care_perceived",
    "care_expected",
    "care_nps",
    "care_scored",
    "care_rated",
    "care_aside_reason",
    "care_aside_user_id",
    "care_aside_date",
    "care_review_reason",
    "care_network",
    "care_browser",
    "care_waiting_campaign_id",
    "care_place_id",
    "care_asking_team_id",
    "care_rated_team_id",
    "care_anonymized_at",
}
"""What the app alone writes."""
ANSWER_FIELDS = CARE_FIELDS | {
    "survey_id",
    "state",
    "start_datetime",
    "end_datetime",
    "lang_id",
    "test_entry",
    "access_token",
    "invite_token",
    "partner_id",
    "email",
    "nickname",
    "user_input_line_ids",
}
"""What nobody changes once a customer has answered."""


class SurveyUserInput(models.Model):
    """Answer of a customer to a campaign or after a complaint. Other surveys of the
    company are not affected."""

    _inherit = "survey.user_input"

    care_company_id = fields.Many2one(
        "res.company", "Asking Company", readonly=True, copy=False, ondelete="restrict"
    )
    care_campaign_id = fields.Many2one(
        "care.campaign",
        "Campaign",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    care_complaint_id = fields.Many2one(
        "care.complaint",
        "Complaint",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    care_partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, copy=False, ondelete="set null"
    )
    care_tier_id = fields.Many2one(
        "care.tier",
        "Tier when Asked",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    care_region_id = fields.Many2one(
        "care.region",
        "Region when Asked",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    care_user_id = fields.Many2one(
        "res.users", "Salesperson when Asked", readonly=True, copy=False
    )
    care_manager_id = fields.Many2one(
        "res.users", "Account Manager when Asked", readonly=True, copy=False
    )
    care_caller_id = fields.Many2one(
        "res.users",
        "Filled in by",
        readonly=True,
        copy=False,
        help="User who filled in the survey on the customer's behalf.",
    )
    care_anonymous = fields.Boolean("Anonymous", readonly=True, copy=False)
    care_partial = fields.Boolean(
        "Answered in Part",
        readonly=True,
        copy=False,
        help="The survey was not finished when the campaign was closed; the questions "
        "that were answered count.",
    )
    care_scored = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer answered a question about satisfaction.",
    )
    care_rated = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer answered both the questions "
        "about expectation and those about "
        "perception.",
    )
    care_score = fields.Float(
        "Satisfaction", readonly=True, copy=False, digits=(5, 1), aggregator="avg"
    )
    care_ratio = fields.Float(
        "Perceived / Expected",
        readonly=True,
        copy=False,
        digits=(4, 2),
        aggregator="avg",
    )
    care_perceived = fields.Float(
        "Perceived",
        readonly=True,
        copy=False,
        digits=(5, 1),
        aggregator="avg",
        help="Mean score from 0 to 100 of what the customer perceives, of everything "
        "whose expectation was also asked.",
    )
    care_expected = fields.Float(
        "Expected",
        readonly=True,
        copy=False,
        digits=(5, 1),
        aggregator="avg",
        help="Mean score from 0 to 100 of what the customer expects.",
    )
    care_nps = fields.Selection(
        NPS_CLASSES, "Recommendation", readonly=True, copy=False
    )
    care_aside_reason = fields.Char(
        "Reason for Setting Aside", readonly=True, copy=False
    )
    care_aside_user_id = fields.Many2one(
        "res.users", "Set Aside by", readonly=True, copy=False
    )
    care_aside_date = fields.Datetime("Set Aside on", readonly=True, copy=False)

    _care_survey_idx = models.Index("(survey_id) WHERE care_company_id IS NOT NULL")
    _care_period_idx = models.Index(
        "(care_company_id, end_datetime) WHERE care_company_id IS NOT NULL"
    )
    _care_latest_idx = models.Index(
        "(care_partner_id, end_datetime DESC) WHERE care_partner_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Nobody changes an answer
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = self._care_without_defaults(CARE_FIELDS)  # noqa: PLW0642
            if any(CARE_FIELDS & set(vals) for vals in vals_list):
                raise AccessError(
                    self.env._("Answers can only be submitted by customers.")
                )
        return super().create(vals_list)

    def write(self, vals):
        if self._care_is_unlocked():
            return super().write(vals)
        changed = ANSWER_FIELDS & set(vals)
        if changed and (ours := self.sudo().filtered("care_company_id")):
            if not self.env.su or CARE_FIELDS & changed:
                ours._care_refuse()
            if ours.filtered(lambda answer: answer.state == "done"):
                ours._care_refuse()
            if vals.get("state") == "done" and "end_datetime" not in vals:
                raise UserError(
                    self.env._(
                        "This survey cannot be run as a live session: "
                        "customers are invited individually."
                    )
                )
        elif CARE_FIELDS & changed:
            self._care_refuse()
        return super().write(vals)

    def _care_write(self, vals):
        """Write protected fields for a method that has made its checks."""
        return self._care_unlock().write(vals)

    def _care_refuse(self):
        raise AccessError(
            self.env._(
                "Answers of customers cannot be changed. To exclude an answer, set "
                "it aside with a reason under Satisfaction ▸ Answers."
            )
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_care_answered(self):
        if self._care_is_unlocked():
            return
        ours = self.sudo().filtered("care_company_id")
        if ours.filtered(lambda answer: answer.state != "new") or (
            ours and not self.env.su
        ):
            ours._care_refuse()

    # ------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------

    def _care_open_to(self, user):
        """May ``user``, who has the link, answer? Allowed: visitors, contacts of the
        same customer, and internal users, who are recorded as caller."""
        self.ensure_one()
        return bool(
            self.care_anonymous
            or self.care_place_id
            or user._is_public()
            or user._is_internal()
            or user.partner_id.commercial_partner_id
            in (self.care_partner_id, self.partner_id.commercial_partner_id)
        )

    def _care_unsign(self):
        """Remove the logged-in user from the rows of anonymous answers."""
        self.env.flush_all()
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_uid = %s, write_uid = %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SUPERUSER_ID,
                    SUPERUSER_ID,
                    SQL.identifier(column),
                    self.ids,
                )
            )
        self.env.invalidate_all(flush=False)

    def _care_note_caller(self, user):
        """Record the internal user who fills in for the customer."""
        if (
            self.care_company_id
            and not self.care_anonymous
            and self.state != "done"
            and not self.care_caller_id
            and user._is_internal()
            and user.partner_id != self.partner_id
        ):
            self._care_write({"care_caller_id": user.id})

    def _mark_done(self):
        fresh = self.filtered(lambda answer: answer.state != "done")
        result = super()._mark_done()
        ours = fresh.sudo().filtered("care_company_id")
        ours._care_forget_link()
        ours._care_done()
        return result

    def _care_forget_link(self):
        """Give anonymous answers another secret, which the link in no mail leads to."""
        for answer in self.filtered("care_anonymous"):
            answer._care_write({"access_token": str(uuid.uuid4())})

    def _care_keep_partial(self):
        """Let surveys that customers left unfinished count, with what they answered."""
        begun = self.filtered(
            lambda answer: answer.state == "in_progress"
            and answer.user_input_line_ids.filtered(lambda line: not line.skipped)
        )
        for answer in begun:
            answer._care_write(
                {
                    "state": "done",
                    "end_datetime": fields.Datetime.now(),
                    "care_partial": True,
                }
            )
        begun._care_done()

    def _care_done(self):
        """Count new answers, tell invitations and complaints, and follow up."""
        self._care_measure()
        self._care_hold()
        for answer in self:
            answer._care_note_answered()
        for company, answers in self.grouped("care_company_id").items():
            answers.with_company(company)._care_follow_up()

    def _care_note_answered(self):
        """Update invitations and complaints, except of anonymous campaigns."""
        self.env["care.invitation"].sudo().search(
            [("user_input_id", "=", self.id)]
        )._set_answered(self.care_partial)
        self._care_tell_complaint()

    def _care_tell_complaint(self):
        """A good answer to be reviewed does not close a complaint; a bad one takes
        effect at once."""
        complaint = self.care_complaint_id
        if complaint and self.care_scored:
            outcome = "satisfied" if self.care_score >= 50 else "unsatisfied"
            if outcome == "satisfied" and self._care_to_review():
                return
            complaint._care_answered(outcome, self._care_comment(), self.care_caller_id)

    def _care_comment(self):
        """What the customer wrote in own words"""
        self.ensure_one()
        words = [
            line.value_text_box or line.value_char_box
            for line in self.sudo().user_input_line_ids.sorted("id")
            if line.answer_type in ("text_box", "char_box")
        ]
        return "\n".join(filter(None, words)) or False

    def _care_measure(self):
        """Scores of all answers, and of each filled survey, from what was chosen."""
        lines = self.sudo().user_input_line_ids.filtered(
            lambda line: line.question_id.care_measure and not line.skipped
        )
        options = lines.question_id._care_option_scores()
        found = defaultdict(lambda: defaultdict(list))
        for line in lines:
            question = line.question_id
            dimension = line.matrix_row_id.care_dimension or question.care_dimension
            value = line._care_score(options)
            if value is None:
                continue
            line._care_write(
                {
                    "care_measure": question.care_measure,
                    "care_dimension": dimension,
                    "care_value": value,
                }
            )
            found[line.user_input_id][question.care_measure].append((dimension, value))
        for answer in self:
            answer._care_write(answer._care_sums(found[answer]))

    @api.model
    def _care_sums(self, found):
        """Values of a filled survey.

        :param found: {measure: [(dimension, score)]}
        """
        direct = found["satisfaction"] or found["perception"]
        expected = dict(found["expectation"])
        pairs = [
            (score, expected[dimension])
            for dimension, score in found["perception"]
            if dimension in expected
        ]
        recommend = [score for _dimension, score in found["nps"]]
        return {
            "care_scored": bool(direct),
            "care_score": satisfaction.average(score for _key, score in direct),
            "care_rated": bool(pairs),
            "care_ratio": satisfaction.overall_ratio(pairs),
            "care_perceived": satisfaction.average(one for one, _other in pairs),
            "care_expected": satisfaction.average(other for _one, other in pairs),
            "care_nps": str(satisfaction.nps_class(recommend[-1]))
            if recommend
            else False,
        }

    # ------------------------------------------------------------
    # Latest of customers
    # ------------------------------------------------------------

    @api.model
    def _care_latest(self, customers, companies, count=2):
        """The latest answers that count of each customer, the latest first; those of
        several persons to one campaign are one.

        :return: {id of a customer: [(moment, score or None, band or None, ratio or
            None, nps or None)]}
        """
        self.flush_model()
        latest = defaultdict(list)
        if customers.ids:
            Partner = self.env["res.partner"]
            for customer, *values in self.env.execute_query(
                SQL(
                    """
                    SELECT customer.id, wave.at, wave.score, %s, wave.ratio, wave.nps
                      FROM unnest(%s::int[]) AS customer(id)
                CROSS JOIN LATERAL (
                            SELECT * FROM (%s) AS wave
                          ORDER BY at DESC, last_id DESC LIMIT %s) AS wave
                      JOIN res_company company ON company.id = wave.company_id
                  ORDER BY customer.id, wave.at DESC, wave.last_id DESC
                    """,
                    sql_band(SQL("wave.score"), "company"),
                    customers.ids,
                    Partner._care_sql_waves(
                        SQL(
                            "care_partner_id = customer.id"
                            " AND care_company_id = ANY(%s) AND %s",
                            companies.ids,
                            Partner._care_sql_visible(SQL("customer.id")),
                        )
                    ),
                    count,
                )
            ):
                latest[customer].append(tuple(values))
        return latest
