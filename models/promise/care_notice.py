from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core.base import UNLOCKED
from ..core.care_reference import CareReferenceMixin

KINDS = [("order", "Written Order"), ("fault", "Notice of Fault")]
ESCALATION = "customer_care.mail_activity_type_notice_overdue"
SEEN = "customer_care.mail_activity_type_notice"
NOTICE_BUTTON_FIELDS = {
    "name",
    "state",
    "seen_at",
    "refused_at",
    "refused_reason",
    "done_at",
    "evidence",
    "cancel_reason",
    "department_id",
    "supervisor_id",
    "escalated_on",
    "escalated_to_id",
    "promise_id",
}
"""Set by buttons and by the nightly job only"""
NOTICE_FIXED_FIELDS = {"kind", "user_id", "company_id", "res_model", "res_id"}
"""Who is told what about: never changed"""


class CareNotice(models.Model):
    """A paper: an order to solve something by a date, or a notice of fault."""

    _name = "care.notice"
    _description = "Written Notice"
    _inherit = ["mail.thread", "mail.activity.mixin", CareReferenceMixin._name]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    kind = fields.Selection(KINDS, required=True, default="order", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False)]",
        ondelete="set null",
        index=True,
        tracking=True,
    )
    supervisor_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    department_id = fields.Many2one(
        "crm.team",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    res_model = fields.Char("Document Model", copy=False)
    res_id = fields.Many2oneReference("Document", model_field="res_model", copy=False)
    promise_id = fields.Many2one(
        "care.promise",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    text = fields.Text("What to Do or What Went Wrong", required=True, tracking=True)
    cost = fields.Monetary(tracking=True)
    date_due = fields.Date("Make Good by", tracking=True, copy=False)
    seen_at = fields.Datetime("Seen on", readonly=True, copy=False, tracking=True)
    refused_at = fields.Datetime("Refused on", readonly=True, copy=False)
    refused_reason = fields.Char("Refused Because", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("done", "Made Good"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    done_at = fields.Datetime("Made Good on", readonly=True, copy=False)
    evidence = fields.Text(readonly=True, copy=False, tracking=True)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    is_overdue = fields.Boolean(compute="_compute_is_overdue")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    may_decide = fields.Boolean(compute="_compute_is_mine")

    _cost_positive = models.Constraint(
        "CHECK (cost >= 0)", "The cost of a notice cannot be negative."
    )
    _name_uniq = models.UniqueIndex("(company_id, name)")
    _promise_uniq = models.UniqueIndex(
        "(promise_id, kind) WHERE promise_id IS NOT NULL AND (state = 'open'"
        " OR state = 'done' AND kind != 'order')"
    )
    _open_idx = models.Index("(date_due, user_id) WHERE state = 'open'")

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = {company: company._care_today() for company in self.company_id}
        for notice in self:
            notice.is_overdue = bool(
                notice.state == "open"
                and notice.date_due
                and notice.date_due < today[notice.company_id]
            )

    @api.depends("user_id", "supervisor_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        user = self.env.user
        manager = user.has_group("customer_care.group_manager")
        for notice in self:
            notice.is_mine = notice.user_id == user
            notice.may_decide = not notice.is_mine and (
                manager or notice.supervisor_id == user
            )

    def _paper_lang(self):
        """The paper is in the person's language."""
        return self.user_id.sudo().lang or self.env.lang

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Administrators give notices to everybody, supervisors to their people."""
        self = self._care_without_defaults(NOTICE_BUTTON_FIELDS)  # noqa: PLW0642
        ours = self.env.su
        self._check_care_references(vals_list)
        prepared = []
        for given in vals_list:
            vals = {
                name: value
                for name, value in given.items()
                if ours or name not in NOTICE_BUTTON_FIELDS
            }
            self._prepare_notice(vals)
            prepared.append(vals)
        checked = self.with_context(care_unlocked=UNLOCKED)
        notices = super(CareNotice, checked).create(prepared).with_env(self.env)
        if not ours:
            notices._check_giver()
        notices._tell_person()
        return notices

    def _prepare_notice(self, vals):
        user = self.env["res.users"].browse(vals.get("user_id"))
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        if "supervisor_id" not in vals:
            vals["supervisor_id"] = user._care_supervisor(company).id
        vals.setdefault("department_id", user.sudo().sale_team_id.id)
        vals["name"] = self._sequence_of(company).next_by_id()

    @api.model
    def _sequence_of(self, company):
        """Numbers of a company, begun with its first notice. Superuser."""
        Sequence = self.env["ir.sequence"].sudo()
        domain = [("code", "=", self._name), ("company_id", "=", company.id)]
        if not Sequence.search(domain, limit=1):
            self.env.execute_query(
                SQL("SELECT pg_advisory_xact_lock(hashtext(%s))", self._name)
            )
        return Sequence.search(domain, limit=1) or Sequence.create(
            {
                "name": self.env._("Notices of %s", company.name),
                "code": self._name,
                "prefix": "N%(year)s-",
                "padding": 4,
                "company_id": company.id,
            }
        )

    def _check_giver(self):
        manager = self.env.user.has_group("customer_care.group_manager")
        for notice in self:
            person = notice.user_id.sudo()
            if not person:
                raise UserError(self.env._("Choose the person whom the notice is for."))
            if person.share or notice.company_id not in person.company_ids:
                raise UserError(
                    self.env._(
                        "%s has no access to this company. Choose another user.",
                        person.name,
                    )
                )
            if not manager and notice.supervisor_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only administrators of Customer Care and the person's "
                        "supervisor can give a notice."
                    )
                )
            if notice.res_model and notice.res_id and notice.res_model in self.env:
                self.env[notice.res_model].browse(notice.res_id).check_access("read")

    def write(self, vals):
        if not self.env.su:
            vals = self._care_drop_unchanged(
                NOTICE_BUTTON_FIELDS | NOTICE_FIXED_FIELDS, vals
            )
            self._check_write(vals)
        return super().write(vals)

    def _check_write(self, vals):
        if NOTICE_BUTTON_FIELDS & vals.keys():
            raise UserError(self.env._("Use the buttons of the notice."))
        if NOTICE_FIXED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Person and record of a notice cannot be changed. Cancel the "
                    "notice and give another one."
                )
            )
        if {"text", "cost", "date_due"} & vals.keys():
            self._check_authority()
            if any(notice.state != "open" or notice.seen_at for notice in self):
                raise UserError(
                    self.env._(
                        "The person has seen this notice: it can no longer be changed."
                    )
                )

    def _check_authority(self):
        """Administrators, and the supervisor; never about oneself"""
        manager = self.env.user.has_group("customer_care.group_manager")
        for notice in self:
            allowed = manager or notice.supervisor_id == self.env.user
            if not self.env.su and (not allowed or notice.user_id == self.env.user):
                raise AccessError(
                    self.env._(
                        "Only administrators of Customer Care and the person's "
                        "supervisor can do this, but not for themselves."
                    )
                )

    def _check_open(self):
        self.check_access("read")
        if any(notice.state != "open" for notice in self):
            raise UserError(self.env._("This notice is settled."))

    # ------------------------------------------------------------
    # Seen, made good, cancelled
    # ------------------------------------------------------------

    def _tell_person(self):
        for notice in self.sudo().filtered("user_id"):
            told = notice._care_in_language_of(notice.user_id)
            notice.activity_schedule(
                SEEN,
                user_id=notice.user_id.id,
                summary=told.env._("Confirm that you have seen %s", notice.name),
            )

    def action_see(self):
        """The person confirms to have seen the notice."""
        for notice in self:
            notice.check_access("read")
            notice._check_person()
            if not notice.seen_at:
                notice.sudo().seen_at = fields.Datetime.now()
                notice.sudo().activity_unlink([SEEN])

    def _check_person(self):
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %s can do this.", self.user_id.sudo().name)
            )

    def action_refuse(self, reason=None):
        """The person does not confirm; it is noted, by the person or by who gave the
        notice."""
        if reason is None:
            return self._ask("refuse", self.env._("Refuse to Confirm"))
        for notice in self:
            notice._check_open()
            if notice.user_id != self.env.user:
                notice._check_authority()
            notice.sudo().write(
                {
                    "refused_at": fields.Datetime.now(),
                    "refused_reason": notice._words_of(reason),
                }
            )
            notice.sudo().activity_unlink([SEEN])
        return None

    def action_done(self, evidence=None):
        """Made good, with what shows it"""
        if evidence is None:
            return self._ask("done", self.env._("Made Good"))
        for notice in self:
            notice._check_open()
            if notice.user_id != self.env.user:
                notice._check_authority()
            notice._make_good(notice._words_of(evidence))
        return None

    def _make_good(self, evidence):
        self.sudo().write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "evidence": evidence,
            }
        )
        self.sudo().activity_unlink([ESCALATION])
        self._after_done()

    def _after_done(self):
        """The customer understood: what was disputed is forgiven."""
        promise = self.promise_id.sudo()
        if self.kind == "order" and promise.state == "disputed":
            promise._settle("forgiven", reason=self.evidence)

    def _after_cancel(self):
        """Another order may be given about what is disputed."""
        promise = self.promise_id.sudo()
        if self.kind == "order" and promise.state == "disputed":
            promise._set_state("disputed", order_due=False)

    def action_cancel(self, reason=None):
        if reason is None:
            return self._ask("cancel", self.env._("Cancel the Notice"))
        for notice in self:
            notice._check_open()
            notice._check_authority()
            notice.sudo().write(
                {"state": "cancelled", "cancel_reason": notice._words_of(reason)}
            )
            notice.sudo().activity_unlink([SEEN, ESCALATION])
            notice._after_cancel()
        return None

    # ------------------------------------------------------------
    # Handover
    # ------------------------------------------------------------

    def _customers(self):
        """{notice: customer of its promise or of the record that it is about}"""
        found = dict.fromkeys(self, self.env["res.partner"].sudo())
        for model, notices in self.sudo().grouped("res_model").items():
            name = "id" if model == "res.partner" else "partner_id"
            if not model or model not in self.env or name not in self.env[model]:
                continue
            records = self.env[model].sudo().browse(notices.mapped("res_id")).exists()
            customers = {
                record.id: self.env["res.partner"]
                .sudo()
                .browse(record.id if name == "id" else record.partner_id.id)
                .commercial_partner_id
                for record in records
            }
            for notice in notices:
                found[notice] = customers.get(notice.res_id, found[notice])
        for notice in self.sudo().filtered("promise_id"):
            found[notice] = notice.promise_id.partner_id
        return found

    def _hand_over(self, user):
        """Give open orders to a successor, who has not seen them yet. Superuser."""
        for company, notices in self.grouped("company_id").items():
            notices.write(
                {
                    "user_id": user.id,
                    "department_id": user.sudo().sale_team_id.id,
                    "supervisor_id": user._care_supervisor(company).id,
                    "seen_at": False,
                    "refused_at": False,
                    "refused_reason": False,
                }
            )
        self.activity_unlink([SEEN])
        self._tell_person()

    def _words_of(self, text):
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Enter a few words about it."))
        return text

    def _ask(self, step, name):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "care.notice.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_id": self.id, "default_step": step},
        }

    def action_open_record(self):
        """Open the record that the notice is about."""
        self.ensure_one()
        self.check_access("read")
        if not self.res_model or self.res_model not in self.env or not self.res_id:
            raise UserError(self.env._("This notice is about no record."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
