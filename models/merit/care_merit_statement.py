from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

STATEMENT_PDF = "customer_care.report_merit_statement"
LINE_FIELDS = (
    "company_id",
    "user_id",
    "about_user_id",
    "day",
    "month",
    "settled_month",
    "cause",
    "amount",
    "unit",
    "currency_id",
    "state",
    "reason",
    "res_model",
    "res_id",
)
"""What a statement reads of its entries, in one query for all of them"""


class CareMeritStatement(models.Model):
    """What a person has in the ledger of one month, as a page, PDF and mail. Sums are
    of the entries that the reader may read."""

    _name = "care.merit.statement"
    _description = "Merit Statement"
    _auto = False
    _order = "month DESC, user_id"
    _rec_name = "month"
    _depends = {
        "care.merit.entry": ["company_id", "user_id", "month", "settled_month"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    month = fields.Date(readonly=True)
    settled = fields.Char(
        compute="_compute_sums",
        help="Penalties minus rewards that were settled with the month. Money and "
        "points are never added.",
    )
    pending = fields.Char(
        "Not Settled Yet",
        compute="_compute_sums",
        help="Penalties minus rewards that are not settled yet. Money and points are "
        "never added.",
    )
    entry_count = fields.Integer("Entries", compute="_compute_sums")
    content = fields.Html(compute="_compute_content", sanitize=False)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(id) AS id, company_id, user_id,
                   COALESCE(settled_month, month) AS month
              FROM care_merit_entry
             WHERE user_id IS NOT NULL
          GROUP BY company_id, user_id, COALESCE(settled_month, month)
            """
        )

    @api.depends("month", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        Month = self.env["care.merit.month"]
        for statement in self:
            statement.display_name = " · ".join(
                filter(
                    None,
                    (
                        statement.month and Month._month_name(statement.month),
                        statement.user_id.sudo().name,
                    ),
                )
            )

    @api.depends_context("lang", "uid")
    def _compute_sums(self):
        entries = self._entries()
        for statement in self:
            lines = entries[statement.company_id, statement.user_id, statement.month]
            statement.settled, statement.pending = statement._add_up(lines)
            statement.entry_count = len(lines)

    def _add_up(self, lines):
        """:return: (settled, not settled yet) in words, the latter empty for nothing"""
        settled, pending = defaultdict(float), defaultdict(float)
        for line in lines:
            if line.state != "waived":
                sums = settled if line.state == "settled" else pending
                sums[line.unit, line.currency_id] += line.amount
        return (
            lines._say_sums(settled, self.company_id),
            any(pending.values()) and lines._say_sums(pending, self.company_id),
        )

    def _entries(self):
        """{(company, person, month): entries}: without those that were taken back
        before they were confirmed, and their counter-entries"""
        Entry = self.env["care.merit.entry"]
        if not self:
            return defaultdict(Entry.browse)
        months = self.mapped("month")
        entries = Entry.search_fetch(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("user_id", "in", self.user_id.ids)
            & (Domain("month", "in", months) | Domain("settled_month", "in", months))
            & (
                Domain("standing", "=", "valid")
                | Domain("state", "in", ("confirmed", "settled"))
            ),
            LINE_FIELDS,
            order="day, id",
        )
        return defaultdict(
            Entry.browse,
            entries.grouped(
                lambda entry: (
                    entry.company_id,
                    entry.user_id,
                    entry.settled_month or entry.month,
                )
            ),
        )

    @api.depends_context("lang", "uid")
    def _compute_content(self):
        for statement in self:
            statement.content = statement.month and self.env["ir.qweb"]._render(
                "customer_care.merit_statement_body", statement._figures()
            )

    def _figures(self):
        """What stands in the statement, as plain values"""
        self.ensure_one()
        key = self.company_id, self.user_id, self.month
        entries = self._entries()[key]
        labels = {
            name: dict(entries._fields[name]._description_selection(self.env))
            for name in ("cause", "state")
        }
        names = entries._source_names()
        settled, pending = self._add_up(entries)
        return {
            "rows": [
                {
                    "day": format_date(self.env, entry.day),
                    "cause": labels["cause"][entry.cause],
                    "about": names.get(entry.id, ""),
                    "person": entry.about_user_id != entry.user_id
                    and entry.about_user_id.sudo().name,
                    "amount": entry._say(entry.amount, entry.unit, entry.currency_id),
                    "state": labels["state"][entry.state],
                    "waived": entry.state == "waived",
                    "reason": entry.reason,
                }
                for entry in entries
            ],
            "settled": settled,
            "pending": pending,
        }

    # ------------------------------------------------------------
    # PDF and mail
    # ------------------------------------------------------------

    def _paper_lang(self):
        """The person signs the paper, whoever prints it."""
        return self.user_id.sudo().lang or self.env.lang

    def action_print(self):
        self.check_access("read")
        return self.env.ref(STATEMENT_PDF).report_action(self, config=False)

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        entries = self._entries()[self.company_id, self.user_id, self.month]
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.merit_entry_action"
        ) | {"domain": [("id", "in", entries.ids)], "context": {}}

    def _send(self):
        """Mail the statement to its person, in their language, with the PDF where the
        server can make it."""
        self.ensure_one()
        person = self.user_id.sudo()
        if not person.active:
            return
        statement = self.with_user(person).with_context(
            lang=person.lang or self.env.lang, allowed_company_ids=self.company_id.ids
        )
        self.env["mail.thread"].message_notify(
            partner_ids=person.partner_id.ids,
            subject=statement.env._("Your statement: %s", statement.display_name),
            body=statement.content,
            attachments=statement.sudo()._pdf(),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _pdf(self):
        """:return: [(name, content)], empty where the server cannot make it"""
        Report = self.env["ir.actions.report"]
        if Report.get_wkhtmltopdf_state() in ("install", "broken"):
            return []
        content, _kind = Report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(STATEMENT_PDF, self.ids)
        return [(f"{self.display_name}.pdf".replace("/", "-"), content)]
