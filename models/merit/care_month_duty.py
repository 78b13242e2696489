from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..core.care_job import single

TODO = "mail.mail_activity_data_todo"


class CareMonthDuty(models.Model):
    """Something that is due in a month: the statistics of a department, which are
    frozen when its leader confirms them, or an inspection."""

    _name = "care.month.duty"
    _description = "Duty of a Month"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, department_id, id"

    plan_id = fields.Many2one(
        "care.month.duty.plan",
        "Monthly Duty",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    kind = fields.Selection(related="plan_id.kind", related_sudo=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    department_id = fields.Many2one(
        "crm.team", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    month = fields.Date(required=True, readonly=True, help="Month in which it is due.")
    date_due = fields.Date("Due", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Handed In")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_late")
    may_confirm = fields.Boolean(compute="_compute_may_confirm")
    note = fields.Text(help="What was found, or what the figures do not tell.")
    figures = fields.Json("Frozen Figures", readonly=True)
    """Frozen when they are confirmed, see :meth:`_figures`"""
    figures_text = fields.Text("Figures", compute="_compute_figures_text")
    confirmed_by_id = fields.Many2one(
        "res.users", "Confirmed by", readonly=True, ondelete="set null"
    )
    confirmed_at = fields.Datetime("Confirmed", readonly=True)

    _once_uniq = models.UniqueIndex(
        "(plan_id, company_id, month, COALESCE(department_id, 0))",
        "This duty of the month exists already.",
    )

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        for duty in self:
            day = (
                duty.confirmed_at.date()
                if duty.confirmed_at
                else duty.company_id.sudo()._care_today()
            )
            duty.is_late = bool(duty.date_due and duty.date_due < day)

    @api.model
    def _search_late(self, operator, value):
        """Late and still open"""
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain(
            "date_due", "<", self.env.company._care_today()
        )
        return late if set(value) == {True} else ~late

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        is_admin = self.env.user.has_group("customer_care.group_manager")
        for duty in self:
            duty.may_confirm = duty.state == "open" and (
                is_admin or duty.user_id == self.env.user
            )

    @api.depends("plan_id", "department_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for duty in self:
            names = (duty.plan_id.name, duty.department_id.name)
            duty.display_name = " · ".join(filter(None, names))

    @api.depends("figures", "state")
    @api.depends_context("lang")
    def _compute_figures_text(self):
        words = self._figure_words()
        for duty in self:
            figures = duty.figures if duty.state == "done" else duty._figures()
            duty.figures_text = "\n".join(
                f"{words[name]}: {value:g}"
                for name, value in (figures or {}).items()
                if name in words
            )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def write(self, vals):
        """Only the note is entered by hand, and only while it is open."""
        if not self.env.su:
            chatter = {
                name for name in vals if name.startswith(("message_", "activity_"))
            }
            if set(vals) - chatter - {"note"}:
                raise AccessError(
                    self.env._(
                        "Duties of a month are planned by the app. You can only enter "
                        "a note."
                    )
                )
            if "note" in vals:
                self._check_open()
                self._check_responsible()
        return super().write(vals)

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_confirm(self):
        """Hand it in; figures are frozen.

        :raise AccessError: neither responsible nor an administrator
        """
        self.check_access("read")
        self._check_open()
        self._check_responsible()
        for duty in self:
            duty._care_unlock().write(
                {
                    "state": "done",
                    "figures": duty._figures(),
                    "confirmed_by_id": self.env.uid,
                    "confirmed_at": fields.Datetime.now(),
                }
            )
            duty.sudo().activity_feedback([TODO])
        return True

    def _check_open(self):
        for duty in self:
            if duty.state != "open":
                raise UserError(
                    self.env._("%s is handed in already.", duty.display_name)
                )

    def _check_responsible(self):
        for duty in self:
            if not duty.may_confirm:
                raise AccessError(
                    self.env._(
                        "%(user)s is responsible for %(duty)s.",
                        user=duty.user_id.name or self.env._("An administrator"),
                        duty=duty.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    @api.model
    def _figure_words(self):
        return {
            "met": self.env._("Contacts carried out"),
            "missed": self.env._("Contacts missed"),
            "complaints": self.env._("Complaints received"),
            "complaints_late": self.env._("Complaints answered late"),
            "entries": self.env._("Entries of rewards and penalties"),
        }

    def _figures(self):
        """{name: number} of the department's month before, for statistics"""
        self.ensure_one()
        if self.kind != "statistics":
            return {}
        last = self.month - relativedelta(days=1)
        first = last.replace(day=1)
        company = Domain("company_id", "=", self.company_id.id)
        whose = Domain("user_id.sale_team_id", "=", self.department_id.id)
        due = Domain("date_end", ">=", first) & Domain("date_end", "<=", last)
        Target = self.env["care.plan.target"].sudo()
        states = dict(Target._read_group(company & whose & due, ["state"], ["__count"]))
        Complaint = self.env["care.complaint"].sudo()
        came = (
            company
            & whose
            & Domain("received_at", ">=", first)
            & Domain("received_at", "<", self.month)
        )
        return {
            "met": states.get("met", 0),
            "missed": states.get("missed", 0),
            "complaints": Complaint.search_count(came),
            "complaints_late": Complaint.search_count(
                came & Domain("sla_state", "=", "missed")
            ),
            "entries": self.env["care.merit.entry"]
            .sudo()
            .search_count(
                company
                & Domain("department_id", "=", self.department_id.id)
                & Domain("month", "=", first)
                & Domain("standing", "=", "valid")
                & Domain("state", "!=", "waived")
            ),
        }

    # ------------------------------------------------------------
    # Nightly
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_generate(self):
        if not self.env["res.groups"]._has_care_feature("merit"):
            return
        for company in self.env["res.company"].sudo().search([("active", "=", True)]):
            today = company._care_today()
            self.sudo()._generate(company, today.replace(day=1))

    @api.model
    def _generate(self, company, month):
        """Plan a month of a company. What is planned already stays as it is.

        :return: the new duties
        """
        known = {
            (duty.plan_id, duty.department_id)
            for duty in self.search(
                [("company_id", "=", company.id), ("month", "=", month)]
            )
        }
        plans = self.env["care.month.duty.plan"].search(
            [("company_id", "in", (company.id, False))]
        )
        duties = self.create(
            [
                {
                    "plan_id": plan.id,
                    "company_id": company.id,
                    "department_id": department.id,
                    "month": month,
                    "date_due": plan._due_date(company, month),
                    "user_id": self._responsible(plan, company, department).id,
                }
                for plan in plans
                for department in plan._places(company)
                if (plan, department) not in known
            ]
        )
        duties._remind()
        return duties

    @api.model
    def _responsible(self, plan, company, department):
        """Leader of the department, general manager or care manager"""
        care_manager = company._care_manager()
        user = {
            "statistics": department.user_id,
            "care_manager": care_manager,
            "general_manager": company.care_general_manager_id,
        }[plan.kind]
        return user if user.active else care_manager

    def _remind(self):
        for duty in self.filtered("user_id"):
            told = duty._care_in_language_of(duty.user_id)
            duty.activity_schedule(
                TODO,
                user_id=duty.user_id.id,
                date_deadline=duty.date_due,
                summary=told.env._(
                    "%(duty)s, %(month)s",
                    duty=told.display_name,
                    month=format_date(told.env, duty.month, date_format="LLLL y"),
                ),
            )
