from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.care_job import attempt, single

MONTH_REPORT_PDF = "customer_care.report_month"


class CareMonthReport(models.Model):
    """What happened with customers in one month, of one department or the whole
    company: a page, a PDF and a mail to the managers, once (domain, section 8).

    The page shows the figures as they are now; what was sent stays in the chatter.
    """

    _name = "care.month.report"
    _description = "Month-End Report"
    _inherit = ["care.month.mixin", "mail.thread"]
    _order = "month desc, company_id, department_id"

    department_id = fields.Many2one(
        ondelete="cascade", help="Leave empty for the whole company."
    )
    month = fields.Date(help="Any day of the month.")
    user_ids = fields.Many2many(
        "res.users",
        string="Recipients",
        compute="_compute_user_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Users who receive the report by e-mail, in their own language.",
    )
    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    content = fields.Html(compute="_compute_content", sanitize=False)

    _month_uniq = models.UniqueIndex(
        "(company_id, COALESCE(department_id, 0), month)",
        "A report for this month already exists. Open it instead.",
    )

    @api.depends("company_id", "department_id")
    def _compute_user_ids(self):
        """The leader of the department, or those of the settings"""
        for report in self:
            report.user_ids = (
                report.department_id.user_id
                if report.department_id
                else report.company_id.sudo().care_month_report_user_ids
            )

    @api.depends_context("lang", "uid")
    @api.depends("month", "department_id", "company_id")
    def _compute_content(self):
        for report in self:
            report.content = report.month and self.env["ir.qweb"]._render(
                "customer_care.month_report_body",
                {"doc": report, "figures": report._figures()},
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def copy(self, default=None):
        self._care_check_copy(default, {"company_id", "department_id", "month"})
        return super().copy(default)

    def action_print(self):
        self._check_pdf()
        return self.env.ref(MONTH_REPORT_PDF).report_action(self, config=False)

    @api.model
    def _check_pdf(self):
        """:raise UserError: the server cannot make PDF files"""
        if not self._has_pdf():
            raise UserError(
                self.env._(
                    "The server cannot create PDF files because wkhtmltopdf is "
                    "missing. Ask your administrator to install the package "
                    "“wkhtmltopdf” and to restart Odoo. In the meantime, all "
                    "figures are on this page."
                )
            )

    @api.model
    def _has_pdf(self):
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        return state not in ("install", "broken")

    def action_send(self):
        """Send now, also again.

        :raise UserError: nobody would get it
        """
        self.check_access("write")
        for report in self:
            if not report.user_ids:
                raise UserError(
                    self.env._("Add the recipients of the report under “Readers”.")
                )
            if not report._reachable():
                raise UserError(
                    self.env._(
                        "%s: no e-mail address. Enter one in the user's settings.",
                        ", ".join(report.user_ids.mapped("name")),
                    )
                )
            report._send()

    @api.readonly
    def action_open_contacts(self):
        first, last = self.env["care.indicator"]._month(self.month)
        return self._open_report(
            "contact", [("date", ">=", first), ("date", "<=", last)]
        )

    @api.readonly
    def action_open_complaints(self):
        since, until = self.env["care.indicator"]._instants(
            self.company_id, *self.env["care.indicator"]._month(self.month)
        )
        return self._open_report(
            "complaint",
            [("date", ">=", since), ("date", "<", until), ("kind", "!=", "suggestion")],
        )

    @api.readonly
    def action_open_answers(self):
        self.ensure_one()
        since, until = self.env["care.indicator"]._instants(
            self.company_id, *self.env["care.indicator"]._month(self.month)
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.answer_action"
        )
        domain = Domain("company_id", "=", self.company_id.id)
        if self.department_id:
            domain &= Domain("manager_id.sale_team_id", "=", self.department_id.id)
        domain &= Domain("date", ">=", since) & Domain("date", "<", until)
        return action | {
            "domain": list(domain & Domain("aside", "=", False)),
            "context": {},
        }

    @api.readonly
    def action_open_tiers(self):
        first, last = self.env["care.indicator"]._month(self.month)
        return self._open_report("tier", [("date", ">=", first), ("date", "<=", last)])

    @api.readonly
    def action_open_customers(self):
        return self._open_report("customer", [("tier_id", "!=", False)])

    def _open_report(self, name, domain):
        """The report behind a part of the page, with the same rows"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"customer_care.{name}_report_action"
        )
        scope = self.env["care.indicator"]._scope(self.company_id, self.department_id)
        return action | {"domain": list(scope & Domain(domain)), "context": {}}

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _reachable(self):
        """Readers who can get it: by e-mail, or in Odoo's inbox"""
        return self.user_ids.filtered(
            lambda user: user.active
            and (user.email or user.notification_type == "inbox")
        )

    def _send(self):
        """Write to the readers, once for each language, with the PDF where the server
        can make it. Mails go out with the transaction that says so."""
        self.ensure_one()
        readers = self._reachable()
        for lang, users in readers.grouped(lambda user: user.lang).items():
            report = self.with_context(lang=lang or self.env.lang)
            report.message_post(
                subject=report.env._("Customer Care: %s", report.display_name),
                body=report._mail_body(),
                partner_ids=users.partner_id.ids,
                notify_author_mention=True,
                attachments=report._pdf(),
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid="mail.mail_notification_layout",
            )
        if missing := self.user_ids - readers:
            self._message_log(
                body=self.env._(
                    "Not sent to %s: the user has no e-mail address or is archived.",
                    ", ".join(missing.mapped("name")),
                )
            )
        self.sudo().sent_at = fields.Datetime.now()

    def _mail_body(self):
        return self.env["ir.qweb"]._render(
            "customer_care.month_report_mail",
            {"doc": self, "figures": self._figures(), "pdf": self._has_pdf()},
        )

    def _pdf(self):
        """:return: [(name, content)], empty where the server cannot make it"""
        if not self._has_pdf():
            return []
        Report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = Report._render_qweb_pdf(MONTH_REPORT_PDF, self.ids)
        return [(f"{self.display_name}.pdf".replace("/", "-"), content)]

    @api.model
    @single
    def _cron_send(self):
        """Make and send the reports of last month, one in each batch. It runs every day
        and does what is not done yet, so a kill or an error costs nothing."""
        if not self.env["res.groups"]._has_care_feature("month_report"):
            return
        companies = self.env["res.company"].search(
            [
                "|",
                ("care_month_report_user_ids", "!=", False),
                ("care_month_report_departments", "=", True),
            ]
        )
        waiting = [
            (company, department)
            for company in companies
            for department in company._care_report_departments()
        ]
        done = self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for company, department in waiting:
            if not done:
                break
            attempt(company, partial(self._send_once, department=department))
            done = self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _send_once(self, company, department):
        """The report of last month, unless it has been sent"""
        self = self.with_company(company).with_context(  # noqa: PLW0642
            allowed_company_ids=company.ids,
            lang=company.partner_id.lang or self.env.lang,
        )
        if not company.try_lock_for_update(allow_referencing=True):
            return self.browse()
        month = self._last_month(company)
        report = self.search(
            [
                ("company_id", "=", company.id),
                ("department_id", "=", department.id),
                ("month", "=", month),
            ]
        ) or self.create(
            {
                "company_id": company.id,
                "department_id": department.id,
                "month": month,
            }
        )
        if not report.sent_at:
            report._send()
        return report
