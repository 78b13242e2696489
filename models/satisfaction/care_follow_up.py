from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CareFollowUp(models.Model):
    """Follow-up of a very low or very high answer: its owner and when it was done."""

    _name = "care.follow.up"
    _description = "Answer Follow-up"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "done_at DESC, id DESC"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    kind = fields.Selection(
        [("low", "Dissatisfied"), ("happy", "Very Satisfied")],
        required=True,
        readonly=True,
    )
    cause = fields.Selection(
        [
            ("score", "Satisfaction"),
            ("recommend", "Recommendation"),
            ("perceived", "Perception"),
        ],
        readonly=True,
        help="What was low in the answer.",
    )
    cause_value = fields.Float(readonly=True, digits=(5, 1), aggregator=None)
    user_input_id = fields.Many2one(
        "survey.user_input",
        "Survey Answer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    campaign_id = fields.Many2one(
        "care.campaign", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null", index=True
    )
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Follow-up by", readonly=True, ondelete="set null", index=True
    )
    score = fields.Float("Satisfaction", readonly=True, digits=(5, 1), aggregator="avg")
    comment = fields.Text("In the Customer's Words", readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    complaint_id = fields.Many2one(
        "care.complaint", readonly=True, ondelete="set null", index="btree_not_null"
    )
    done_at = fields.Datetime("Followed Up on", readonly=True)
    result = fields.Text(readonly=True)
    hours = fields.Float(
        "Hours to Follow-up",
        readonly=True,
        aggregator="avg",
        help="Time from the answer to the follow-up, including nights and weekends.",
    )
    later_score = fields.Float(
        "Satisfaction Later",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="Score of the next survey that the customer answered after the follow-up.",
    )
    later_at = fields.Datetime("Asked Again on", readonly=True)
    score_change = fields.Float(
        "Change of Satisfaction",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="Points from the answer that was followed up to the next one.",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Followed Up")],
        compute="_compute_state",
        search="_search_state",
    )

    _answer_uniq = models.UniqueIndex(
        "(user_input_id, kind) WHERE user_input_id IS NOT NULL"
    )
    _open_idx = models.Index("(partner_id) WHERE done_at IS NULL")

    @api.depends("done_at")
    def _compute_state(self):
        for follow_up in self:
            follow_up.state = "done" if follow_up.done_at else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        parts = {
            "open": Domain("done_at", "=", False),
            "done": Domain("done_at", "!=", False),
        }
        return Domain.OR(parts[state] for state in value if state in parts)

    @api.model
    def _open(self, answer, kind, action, cause=False, value=None):
        """Start to follow up an answer, once.

        :param action: ``activity``, ``complaint`` or ``none``, the setting
        :param cause: what is low, and its ``value``
        """
        if action == "none" or self.search_count(
            [("user_input_id", "=", answer.id), ("kind", "=", kind)], limit=1
        ):
            return
        follow_up = self.create(
            {
                "kind": kind,
                "cause": cause,
                "cause_value": value,
                "user_input_id": answer.id,
                "campaign_id": answer.care_campaign_id.id,
                "partner_id": answer.care_partner_id.id,
                "company_id": answer.care_company_id.id,
                "user_id": answer._care_responsible().id,
                "score": answer.care_score,
                "comment": answer._care_comment(),
                "answered_at": answer.end_datetime,
            }
        )
        if action == "complaint":
            follow_up._open_complaint(answer)
        else:
            follow_up._open_activity()

    def _open_activity(self):
        self.ensure_one()
        if not self.user_id:
            return
        self = self._care_in_language_of(self.user_id)  # noqa: PLW0642
        name = self.partner_id.display_name
        activity = (
            ("customer_care.mail_activity_type_low_score", self._low_summary(name))
            if self.kind == "low"
            else (
                "customer_care.mail_activity_type_referral",
                self.env._("%s is very satisfied: ask for a referral", name),
            )
        )
        self.activity_schedule(
            activity[0],
            summary=activity[1],
            note=self.comment or False,
            user_id=self.user_id.id,
        )

    def _low_summary(self, name):
        value = round(self.cause_value)
        if self.cause == "recommend":
            return self.env._(
                "%(customer)s would not recommend us: %(score)s out of 100",
                customer=name,
                score=value,
            )
        if self.cause == "perceived":
            return self.env._(
                "%(customer)s gives low marks: %(score)s out of 100 on average",
                customer=name,
                score=value,
            )
        return self.env._(
            "%(customer)s is dissatisfied: %(score)s out of 100",
            customer=name,
            score=value,
        )

    def _open_complaint(self, answer):
        """Create a complaint on the customer's behalf, with clocks of its own."""
        contact = answer.partner_id
        self.complaint_id = (
            self.env["care.complaint"]
            .with_company(self.company_id)
            .create(
                {
                    "subject": self._care_in_language_of(
                        self.user_id or self.company_id.partner_id
                    )._low_summary(self.partner_id.display_name),
                    "description": self.comment or False,
                    "partner_id": self.partner_id.id,
                    "contact_id": contact.id
                    if contact.commercial_partner_id == self.partner_id
                    and contact != self.partner_id
                    else False,
                    "company_id": self.company_id.id,
                    "source": "other",
                    "user_id": self.user_id.id or False,
                }
            )
        )

    @api.model
    def _note_later(self, answer):
        """Measure the effect: the first answer of a customer after a follow-up"""
        if not answer.care_scored:
            return
        for follow_up in self.search(
            Domain("partner_id", "=", answer.care_partner_id.id)
            & Domain("company_id", "=", answer.care_company_id.id)
            & Domain("done_at", "<=", answer.end_datetime)
            & Domain("later_at", "=", False)
        ):
            scored = follow_up.user_input_id.care_scored
            follow_up.write(
                {
                    "later_at": answer.end_datetime,
                    "later_score": answer.care_score,
                    "score_change": answer.care_score - follow_up.score
                    if scored
                    else False,
                }
            )

    def _set_done(self, result=None):
        """Mark as done now, unless it was done before."""
        now = fields.Datetime.now()
        for follow_up in self.sudo().filtered(lambda row: not row.done_at):
            since = follow_up.answered_at or follow_up.create_date
            follow_up.write(
                {
                    "done_at": now,
                    "result": result or follow_up.result,
                    "hours": (now - since).total_seconds() / 3600,
                }
            )

    def action_done(self):
        """Mark as followed up; for the owner and users with access to all customers.

        :raise AccessError: somebody else's
        """
        self.check_access("read")
        everybody = self.env.user.has_group("customer_care.group_user_all")
        if not everybody and any(row.user_id != self.env.user for row in self):
            raise AccessError(
                self.env._(
                    "You cannot complete follow-ups that are assigned to other users."
                )
            )
        mine = self.sudo()
        mine.activity_ids.with_env(self.env).sudo().action_feedback()
        mine._set_done()

    def action_view_answer(self):
        self.ensure_one()
        self.check_access("read")
        answer = self.sudo().user_input_id
        if not answer:
            raise UserError(self.env._("This answer no longer exists."))
        return {
            "type": "ir.actions.act_url",
            "url": answer.get_print_url(),
            "target": "new",
        }
