from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core.care_job import attempt_each, single
from ..core.care_reference import CareReferenceMixin

KNOWLEDGE_BUTTON_FIELDS = {"state", "public", "reviewer_id", "reviewed_at"}
"""Set by buttons only"""
REVIEW_ACTIVITY = "customer_care.mail_activity_type_knowledge"
REVIEW_MONTHS = 12
LEAST_ANSWERED = 0.3
"""Share of what a customer writes that an answer shown to them has at least"""
ANSWERS_SHOWN = 3


class CareKnowledge(models.Model):
    """A question that comes again and its answer, for handlers and, once a person has
    made sure that it names nobody, for customers."""

    _name = "care.knowledge"
    _description = "Knowledge"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "care.named",
        CareReferenceMixin._name,
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char("Question", required=True, tracking=True)
    active = fields.Boolean(default=True)
    answer = fields.Text(required=True)
    category_id = fields.Many2one(
        "care.complaint.category", ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one(
        "product.product", ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Leave empty for all companies.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("reviewed", "Reviewed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    public = fields.Boolean(
        readonly=True,
        copy=False,
        tracking=True,
        help="Customers see it in the portal and above the public form while they "
        "write a complaint.",
    )
    review_date = fields.Date(
        "Reviewed Until",
        tracking=True,
        help="Then the reviewer is reminded, and customers see it no longer.",
    )
    reviewer_id = fields.Many2one("res.users", readonly=True, copy=False)
    reviewed_at = fields.Date("Reviewed On", readonly=True, copy=False)
    author_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        index=True,
    )
    complaint_id = fields.Many2one(
        "care.complaint",
        "Drafted From",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="customer_care.group_user_all",
    )
    use_ids = fields.One2many("care.knowledge.use", "knowledge_id", readonly=True)
    use_count = fields.Integer(
        "Used", compute="_compute_counts", help="Times that a handler has used it."
    )
    solved_count = fields.Integer(
        "Solved",
        compute="_compute_counts",
        help="Times that a customer said it solved the problem, so that no complaint "
        "was sent.",
    )
    may_review = fields.Boolean(
        compute="_compute_may_review", search="_search_may_review", exportable=False
    )

    def _compute_counts(self):
        counts = {
            (knowledge.id, kind): count
            for knowledge, kind, count in self.env["care.knowledge.use"]._read_group(
                [("knowledge_id", "in", self.ids)],
                ["knowledge_id", "kind"],
                ["__count"],
            )
        }
        for knowledge in self:
            knowledge.use_count = counts.get((knowledge.id, "used"), 0)
            knowledge.solved_count = counts.get((knowledge.id, "solved"), 0)

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_may_review(self):
        everything, companies = self._reviewed_companies()
        for knowledge in self:
            knowledge.may_review = everything or knowledge.company_id.id in companies

    def _search_may_review(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        everything, companies = self._reviewed_companies()
        return Domain.TRUE if everything else Domain("company_id", "in", companies)

    @api.model
    def _reviewed_companies(self):
        """Administrators review everything; managers of complaint teams what belongs to
        the company of their team. Record rules are evaluated as superuser, so that
        only who it is counts."""
        user = self.env.user
        if user.id == SUPERUSER_ID or user.has_group("customer_care.group_manager"):
            return True, ()
        teams = self.env["care.complaint.team"].sudo()
        return False, teams.search([("manager_id", "=", user.id)]).company_id.ids

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """Callers control the context: no default for what only buttons set."""
        guarded = KNOWLEDGE_BUTTON_FIELDS | {"author_id", "complaint_id", "use_ids"}
        plain = self._care_without_defaults(guarded)
        return super(CareKnowledge, plain).default_get(fields_list)

    @api.model_create_multi
    def create(self, vals_list):
        guarded = KNOWLEDGE_BUTTON_FIELDS | {"author_id", "complaint_id", "use_ids"}
        if not self.env.su:
            self = self._care_without_defaults(guarded)  # noqa: PLW0642
            vals_list = [
                {key: value for key, value in vals.items() if key not in guarded}
                for vals in vals_list
            ]
        records = super().create(vals_list)
        records._index_text()
        return records

    def write(self, vals):
        if not self.env.su:
            guarded = KNOWLEDGE_BUTTON_FIELDS | {"author_id", "complaint_id", "use_ids"}
            vals = self._care_drop_unchanged(guarded, vals)
            if guarded & vals.keys():
                raise AccessError(
                    self.env._("Use the buttons to review and publish knowledge.")
                )
            self._check_change()
        result = super().write(vals)
        if "company_id" in vals and not self.env.su:
            self._check_change()
        if {"name", "answer"} & vals.keys():
            self._index_text()
        return result

    def _check_change(self):
        """:raise AccessError: reviewed, and the user does not review for the company,
        or for all"""
        if any(known.state != "draft" and not known.may_review for known in self):
            raise AccessError(
                self.env._(
                    "Only team managers and administrators change reviewed knowledge."
                )
            )

    def _index_text(self):
        if self.env["res.groups"]._has_care_feature("knowledge"):
            self.env["care.search.text"].sudo()._index(self)

    def _search_source(self):
        return f"{self.name}\n{self.answer}"

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_review(self):
        """Confirm that the answer is right and names no customer."""
        self._check_reviewer()
        today = fields.Date.context_today(self)
        for knowledge in self:
            until = knowledge.review_date
            knowledge.sudo().write(
                {
                    "state": "reviewed",
                    "reviewer_id": self.env.uid,
                    "reviewed_at": today,
                    "review_date": until
                    if until and until > today
                    else today + relativedelta(months=REVIEW_MONTHS),
                }
            )
        self.activity_feedback([REVIEW_ACTIVITY])

    def action_publish(self):
        self._check_reviewer()
        if any(knowledge.state != "reviewed" for knowledge in self):
            raise UserError(self.env._("Review the answer before you publish it."))
        self.sudo().public = True

    def action_unpublish(self):
        self._check_reviewer()
        self.sudo().public = False

    def action_back_to_draft(self):
        self._check_reviewer()
        self.sudo().write({"state": "draft", "public": False})

    def action_open_uses(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.knowledge_use_action"
        )
        return action | {"domain": [("knowledge_id", "=", self.id)], "context": {}}

    def _check_reviewer(self):
        self.check_access("write")
        if not all(self.mapped("may_review")):
            raise AccessError(
                self.env._(
                    "Only team managers and administrators review and publish "
                    "knowledge."
                )
            )

    # ------------------------------------------------------------
    # Suggestions
    # ------------------------------------------------------------

    def _hint_row(self):
        return {
            "id": self.id,
            "question": self.name,
            "answer": self.answer,
            "public": self.public,
        }

    @api.model
    def _public_domain(self, company):
        """What customers of a company may see"""
        return (
            Domain("state", "=", "reviewed")
            & Domain("public", "=", True)
            & Domain("company_id", "in", (company.id, False))
            & (
                Domain("review_date", "=", False)
                | Domain("review_date", ">=", company._care_today())
            )
        )

    @api.model
    def _public_answers(self, company, text):
        """:return: [{"id", "question", "answer"}] for a customer who writes this"""
        found = (
            self.env["care.search.text"]
            .sudo()
            ._find(
                self.sudo(),
                text,
                self._public_domain(company),
                ANSWERS_SHOWN,
                LEAST_ANSWERED,
            )
        )
        return [
            {"id": known.id, "question": known.name, "answer": known.answer}
            for known, _share in found
        ]

    def _log_use(self, kind, complaint=None, company=None):
        """:param company: of the customer, by default of the complaint"""
        company = company or (complaint or self).company_id or self.env.company
        self.env["care.knowledge.use"].sudo().create(
            [
                {
                    "knowledge_id": knowledge.id,
                    "category_id": knowledge.sudo().category_id.id,
                    "company_id": company.id,
                    "kind": kind,
                    "at": fields.Datetime.now(),
                    "user_id": self.env.uid if kind == "used" else False,
                }
                for knowledge in self
            ]
        )

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_remind(self):
        """Remind of reviews that have run out, once each."""
        if not self.env["res.groups"]._has_care_feature("knowledge"):
            return
        self = self.sudo()  # noqa: PLW0642
        past = self.search(
            [
                ("state", "=", "reviewed"),
                ("review_date", "<", fields.Date.today()),
            ]
        )
        reminded = past.activity_search([REVIEW_ACTIVITY]).mapped("res_id")
        attempt_each(
            past.filtered(lambda knowledge: knowledge.id not in reminded),
            lambda knowledge: knowledge._remind(),
        )

    def _remind(self):
        user = self.reviewer_id or self.author_id
        if not user.active:
            user = (
                self.env["care.complaint.team"]
                ._default_of(self.company_id or self.env.company)
                .manager_id
            )
        words = self._care_in_language_of(user or self.env.user)
        self.activity_schedule(
            REVIEW_ACTIVITY,
            date_deadline=fields.Date.today(),
            user_id=user.id or self.env.uid,
            summary=words.env._("Is this answer still right?"),
        )
