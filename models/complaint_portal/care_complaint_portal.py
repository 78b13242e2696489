from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, ormcache, plaintext2html
from odoo.tools.misc import clean_context

from ...tools.mail_kind import person_name
from ..complaint.care_complaint_stage import RESOLVED_PHASES

STATUSES = [
    ("received", "Received by Us"),
    ("progress", "In Progress"),
    ("solved", "Solved"),
    ("closed", "Closed"),
]
STATUS_OF_PHASE = {
    "record": "received",
    "investigate": "progress",
    "solve": "progress",
    "execute": "progress",
    "verify": "solved",
    "settle": "solved",
    "closed": "closed",
    "cancelled": "closed",
}
"""What the customer is told: whose fault it was, or who checks it, is not for them."""
PORTAL_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "name",
        "subject",
        "description",
        "kind",
        "wanted",
        "partner_id",
        "contact_id",
        "company_id",
        "order_id",
        "received_at",
        "closed_at",
        "outcome",
        "outcome_comment",
        "portal_status",
        "portal_solution",
        "portal_answer_until",
        "access_url",
        "access_token",
        "access_warning",
    }
)
"""All that people from outside may read. A field that is added later is not here, and
so it is hidden until somebody decides otherwise. They write none."""


class _Checked(NamedTuple):
    """Fields that a user may read. Only code can put it into the context."""

    uid: int
    names: frozenset

    def allows(self, uid, field):
        return self.uid == uid and field.name in self.names


class CareComplaint(models.Model):
    """The complaint in the customer portal."""

    _inherit = "care.complaint"
    _mail_post_access = "read"

    portal_status = fields.Selection(
        STATUSES,
        "Status for the Customer",
        compute="_compute_portal_status",
        compute_sudo=True,
        search="_search_portal_status",
    )
    portal_solution = fields.Text(
        "Solution for the Customer",
        compute="_compute_portal_solution",
        compute_sudo=True,
        help="The solution, once the complaint is solved. Before that it is a draft "
        "and hidden.",
    )
    portal_answer_until = fields.Char(
        "Answer Promised by",
        compute="_compute_portal_answer_until",
        compute_sudo=True,
        help="As in the acknowledgement, until the customer has the answer.",
    )

    @api.depends("stage_id.phase")
    def _compute_portal_status(self):
        for complaint in self:
            complaint.portal_status = STATUS_OF_PHASE.get(complaint.phase, "received")

    def _search_portal_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        phases = [phase for phase, status in STATUS_OF_PHASE.items() if status in value]
        stages = self.env["care.complaint.stage"].sudo().with_context(active_test=False)
        found = stages.search([("phase", "in", phases)])
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s = ANY(%s)", model._stage_to_sql(alias), found.ids
            ),
            predicate=lambda complaint: complaint.sudo().stage_id in found,
        )

    def _stage_to_sql(self, alias):
        """Portal status in SQL, also for users who may not read the stage"""
        return SQL.identifier(alias, "stage_id", to_flush=self._fields["stage_id"])

    @api.depends("solution", "stage_id.phase")
    def _compute_portal_solution(self):
        for complaint in self:
            solved = complaint.phase in RESOLVED_PHASES
            complaint.portal_solution = complaint.solution if solved else False

    @api.depends(
        "sla_reply_deadline", "sla_reply_result", "company_id.care_acknowledge"
    )
    @api.depends_context("lang")
    def _compute_portal_answer_until(self):
        for complaint in self:
            complaint.portal_answer_until = (
                complaint.company_id.care_acknowledge and complaint._answer_until()
            )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"
        return result

    # ------------------------------------------------------------
    # Access from outside
    # ------------------------------------------------------------

    def _read_format(self, fnames, load="_classic_read"):
        """Odoo checks access to the field for each value; here once for all records."""
        for name in fnames:
            self._check_field_access(self._fields[name], "read")
        checked = _Checked(self.env.uid, frozenset(fnames))
        seen = self.with_context(care_checked=checked)
        return super(CareComplaint, seen)._read_format(fnames, load)

    def _has_field_access(self, field, operation):
        """Who reads the token can answer as the customer."""
        if self.env.su:
            return True
        if field.name == "access_token" and self._user_is_internal():
            return False
        if operation == "read":
            checked = self.env.context.get("care_checked")
            if isinstance(checked, _Checked) and checked.allows(self.env.uid, field):
                return True
            if field.name in PORTAL_FIELDS:
                return super()._has_field_access(field, operation)
        return self._user_is_internal() and super()._has_field_access(field, operation)

    def _portal_ensure_token(self):
        """Superuser: it goes into mails to the customer."""
        return super(CareComplaint, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        return super(CareComplaint, self.sudo())._sign_token(pid)

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """Colleagues share an address that asks for a log-in."""
        share_token = share_token and (self.env.su or not self._user_is_internal())
        return super()._get_share_url(redirect, signup_partner, pid, share_token)

    def get_portal_url(self, *args, **kwargs):
        self.check_access("read")
        if not self.env.su and self._user_is_internal():
            raise AccessError(
                self.env._(
                    "Only the customer has the link: it is in the mails about the "
                    "complaint."
                )
            )
        return super().get_portal_url(*args, **kwargs)

    @api.model
    @ormcache("self.env.uid")
    def _user_is_internal(self):
        """Cached, because it is checked for each value read. Odoo clears the cache when
        groups change."""
        return self.env.user._is_internal()

    def _field_to_sql(self, alias, field_expr, query=None):
        """Check access to each field of a path: ordering by a hidden field would reveal
        its values."""
        name = field_expr.partition(".")[0]
        if name in self._fields:
            self._check_field_access(self._fields[name], "read")
        if field_expr != "portal_status":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            """(SELECT CASE WHEN stage.phase = 'record' THEN 1
                            WHEN stage.phase IN ('closed', 'cancelled') THEN 4
                            WHEN stage.phase = ANY(%s) THEN 3
                            ELSE 2 END
                  FROM care_complaint_stage stage WHERE stage.id = %s)""",
            list(RESOLVED_PHASES),
            self._stage_to_sql(alias),
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Portal users get another default order, since that of the queue reveals
        clocks, and cannot search on hidden fields."""
        if not self.env.su and not self._user_is_internal():
            if order == self._order:
                order = "received_at DESC, id DESC"
            for condition in Domain(domain).iter_conditions():
                name = condition.field_expr.partition(".")[0]
                if name in self._fields:
                    self._check_field_access(self._fields[name], "read")
        return super()._search(domain, offset, limit, order, **kwargs)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_group_access(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._check_group_access(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _check_group_access(self, spec):
        """Check access to fields used for grouping, which Odoo skips for relational
        fields."""
        name = spec.partition(":")[0].partition(".")[0]
        if name in self._fields:
            self._check_field_access(self._fields[name], "read")

    @api.model
    def default_get(self, fields):
        """Hide defaults from portal users, as they name teams and stages."""
        if not self.env.su and not self._user_is_internal():
            self.check_access("create")
        return super().default_get(fields)

    def _get_allowed_message_params(self):
        """Let customers write comments only."""
        allowed = super()._get_allowed_message_params()
        if not self._user_is_internal():
            allowed -= {"message_type"}
        return allowed

    def message_post(self, **kwargs):
        """Over RPC, portal users can only post plain text in their own name. Files go
        through the portal's routes, which check their owner."""
        if self.env.su or self._user_is_internal():
            return super().message_post(**kwargs)
        self.check_access("read")
        context = clean_context(self.env.context)
        plain = self.sudo().with_context(context)  # pylint: disable=context-overridden
        body = kwargs.get("body") or ""
        body = body if isinstance(body, str) else ""
        message = super(CareComplaint, plain).message_post(
            body=body.replace("\0", ""),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return message.with_env(self.env)

    # ------------------------------------------------------------
    # What customers do
    # ------------------------------------------------------------

    @api.model
    def _portal_create(self, customer, values, files):
        """Create a complaint from a form.

        :param customer: who complains, a company or somebody there
        :param values: subject, description and the like, as typed
        :param files: [(name, bytes)]
        """
        complaint = (
            self.sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                values
                | {
                    "partner_id": customer.id,
                    "source": "portal",
                    "description": plaintext2html(values["description"]),
                }
            )
        )
        complaint.message_subscribe(customer.ids)
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": complaint.id,
                }
                for name, content in files
            ]
        )
        return complaint

    @api.model
    def _portal_customer(self, name, email, phone):
        """Contact with this address, or a new one; never an internal user, whose
        address anyone could enter."""
        Partner = self.env["res.partner"].sudo()
        company = self.env.company
        known = Partner.search(
            [
                ("email_normalized", "=", email_normalize(email)),
                ("company_id", "in", [False, company.id]),
                ("partner_share", "=", True),
            ],
            order="id",
            limit=1,
        )
        return known or Partner.create(
            {
                "name": person_name(name, email),
                "email": email,
                "phone": phone,
                "lang": self.env.context.get("lang"),
            }
        )

    def _portal_files(self):
        """Attachments of portal users; those of internal users stay hidden."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", False),
                    ("create_uid.share", "=", True),
                ],
                order="id",
            )
        )

    def _portal_may_rate(self):
        """Can the customer rate the solution? Not before there is one, nor after a
        cancellation."""
        return self.sudo().phase in RESOLVED_PHASES

    def _portal_rate(self, outcome, comment, reopen=False):
        """Record the customer's rating of the solution.

        :param reopen: somebody should look at it again
        :raise UserError: there is no solution yet
        """
        self.ensure_one()
        if not self._portal_may_rate():
            raise UserError(self.env._("You can rate the solution once there is one."))
        complaint = self.sudo()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        complaint.with_context(care_no_reopen=True)._care_record_outcome(
            outcome, comment
        )
        complaint._portal_say(labels[outcome], comment)
        if reopen and outcome == "unsatisfied":
            complaint.action_reopen()

    def _portal_close(self, withdrawn=False):
        """Close the complaint on the customer's request.

        :param withdrawn: it was not solved, and this is no success of ours
        """
        self.ensure_one()
        complaint = self.sudo()
        if complaint.closed_at:
            return
        if withdrawn and complaint.phase not in RESOLVED_PHASES:
            stage = (
                self.env["care.complaint.stage"].sudo()._first("cancelled", "closed")
            )
            ours = self._care_in_language_of(complaint.company_id.partner_id)
            complaint.write(
                {
                    "stage_id": stage.id,
                    "cancel_reason": ours.env._("Withdrawn by the customer"),
                }
            )
            complaint._portal_say(self.env._("I withdraw the complaint."))
        else:
            complaint.action_close()
            complaint._portal_say(
                self.env._("I close this complaint because it is solved.")
            )

    def _portal_say(self, *lines):
        """Post a note in the customer's name. It is not a comment, which would reopen
        the complaint."""
        author = self.env.user.partner_id
        if self.env.user._is_public():
            author = self.contact_id or self.partner_id
        self.message_post(
            body=plaintext2html("\n".join(line for line in lines if line)),
            author_id=author.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )
