from collections import defaultdict

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, format_date, get_lang

from ...tools import merits
from ..core.care_job import attempt_each, single
from .care_merit_entry_way import UNCONFIRMED

MONTH_FIELDS = {"company_id", "month"}
"""What users say about a month"""
STATEMENT_MONTHS = 2
"""Statements of months that were closed longer ago are not sent any more."""


class CareMeritMonth(models.Model):
    """A month of the ledger of a company: open, or closed with its figures frozen."""

    _name = "care.merit.month"
    _description = "Merit Month"
    _inherit = ["mail.thread"]
    _order = "month desc, company_id"
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        help="Any day of the month.",
        default=lambda self: (
            self.env.company._care_today().replace(day=1) - relativedelta(months=1)
        ),
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )
    figures = fields.Json(readonly=True, copy=False)
    """Frozen on closing, see :meth:`_figures`"""
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    told_user_ids = fields.Many2many(
        "res.users",
        "care_merit_month_told_rel",
        "month_id",
        "user_id",
        "Statements Sent to",
        readonly=True,
        copy=False,
    )
    content = fields.Html(compute="_compute_content", sanitize=False)
    undecided_count = fields.Integer("Not Decided Yet", compute="_compute_undecided")
    objection_count = fields.Integer(
        "Objections to Answer", compute="_compute_undecided"
    )

    _month_uniq = models.UniqueIndex(
        "(company_id, month)", "The company already has this month. Open it instead."
    )

    @api.depends("month", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.month and self._month_name(record.month)

    @api.model
    def _month_name(self, month):
        """“October 2026”, as the reader's language writes it"""
        return format_skeleton(
            "yMMMM", month, locale=babel_locale_parse(get_lang(self.env).code)
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Users say which month; buttons do the rest."""
        if not self.env.su:
            self = self._care_without_defaults(  # noqa: PLW0642
                {"state", "figures", "closed_by_id", "closed_at"}
            )
            vals_list = [
                {name: vals[name] for name in MONTH_FIELDS & set(vals)}
                for vals in vals_list
            ]
        return super().create(
            [
                vals | {"month": fields.Date.to_date(vals["month"]).replace(day=1)}
                if vals.get("month")
                else vals
                for vals in vals_list
            ]
        )

    def copy(self, default=None):
        self._care_check_copy(default, MONTH_FIELDS)
        return super().copy(default)

    def write(self, vals):
        """Users choose month and company while it is open; buttons do the rest."""
        given = {
            name for name in vals if not name.startswith(("message_", "activity_"))
        }
        if given and not self.env.su:
            vals = self._care_drop_unchanged(given, vals)
            given &= set(vals)
            if given - MONTH_FIELDS or (
                given and any(month.state == "closed" for month in self)
            ):
                raise UserError(
                    self.env._("A month is closed by its button, and stays as it is.")
                )
        if vals.get("month"):
            first = fields.Date.to_date(vals["month"]).replace(day=1)
            vals = vals | {"month": first}
        return super().write(vals)

    # ------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------

    @api.model
    def _closed(self, companies):
        """{company: {first days of its closed months}}"""
        closed = defaultdict(set)
        for month in self.sudo().search(
            [("company_id", "in", companies.ids), ("state", "=", "closed")]
        ):
            closed[month.company_id].add(month.month)
        return closed

    def action_close(self):
        """Propose what is missing, settle what is confirmed, and freeze the figures.

        :raise AccessError: not an administrator of the app
        :raise UserError: the month is not over
        """
        self.check_access("read")
        self._check_administrator()
        for record in self:
            last = fields.Date.end_of(record.month, "month")
            if last >= record.company_id._care_today():
                raise UserError(
                    self.env._(
                        "%s is not over yet. Close it when it has ended.",
                        record.display_name,
                    )
                )
            self.env["care.merit.entry"].sudo()._propose(record.month)
        self._close()
        return True

    def _check_administrator(self):
        if not self.env.su and not self.env.user.has_group(
            "customer_care.group_manager"
        ):
            raise AccessError(
                self.env._("Only administrators of Customer Care can close months.")
            )

    def _close(self):
        """Settle what is confirmed with these months and freeze their figures. What is
        found or taken back later goes to the first open month."""
        records = self.sudo().filtered(lambda record: record.state == "open")
        for record in records.sorted("month"):
            record.lock_for_update()
            record._settled_with()._settle()
            record.write(
                {
                    "state": "closed",
                    "figures": record._figures(),
                    "closed_by_id": self.env.uid,
                    "closed_at": fields.Datetime.now(),
                }
            )
        cron = self.env.ref("customer_care.ir_cron_merit_statement", False)
        if records and cron:
            cron.sudo()._trigger()
        return self

    def _settled_with(self):
        """Confirmed entries of the month, and of closed ones before it"""
        self.ensure_one()
        closed = self._closed(self.company_id)[self.company_id]
        confirmed = (
            self.env["care.merit.entry"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "confirmed"),
                    ("month", "<=", self.month),
                ]
            )
        )
        return confirmed.filtered(
            lambda entry: merits.next_open(entry.month, closed) == self.month
        )

    @api.depends("month", "company_id", "state")
    def _compute_undecided(self):
        """What goes to a later month if this one is closed now"""
        Entry = self.env["care.merit.entry"]
        for record in self:
            undecided = Entry
            if record.month and record.state == "open":
                undecided = Entry.search(
                    record._scope() & Domain("state", "in", UNCONFIRMED)
                )
            record.undecided_count = len(undecided)
            record.objection_count = len(
                undecided.filtered(lambda entry: entry._waits_for_answer())
            )

    # ------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------

    def action_send_statements(self):
        """Send the statements of closed months to those who have not got theirs."""
        self.check_access("read")
        self._check_administrator()
        if self.filtered(lambda record: record.state == "open"):
            raise UserError(
                self.env._("Close the month first: statements are sent afterwards.")
            )
        self.env.ref("customer_care.ir_cron_merit_statement").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The statements are sent in a few minutes."),
            },
        }

    def action_open_statements(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.merit_statement_action"
        ) | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month),
            ],
            "context": {},
        }

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.merit_entry_action"
        ) | {"domain": list(self._scope()), "context": {}}

    def _statements_to_send(self):
        """Statements of closed months whose person has not got theirs"""
        found = self.env["care.merit.statement"].sudo()
        for record in self.sudo().filtered(lambda record: record.state == "closed"):
            found |= found.search(
                [
                    ("company_id", "=", record.company_id.id),
                    ("month", "=", record.month),
                    ("user_id", "not in", record.told_user_ids.ids),
                ]
            )
        return found

    @api.model
    @single
    def _cron_send_statements(self):
        """Mail the statements of closed months, each committed, once."""
        if not self.env["res.groups"]._has_care_feature("merit"):
            return
        recent = fields.Date.context_today(self) - relativedelta(
            months=STATEMENT_MONTHS
        )
        for record in self.sudo().search(
            [("state", "=", "closed"), ("closed_at", ">=", recent)], order="month"
        ):
            if not attempt_each(record._statements_to_send(), record._send_once):
                return

    def _send_once(self, statement):
        """Called by the job for one statement"""
        statement._send()
        self.told_user_ids |= statement.user_id

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _scope(self):
        """Entries settled with the month, or of the month and neither waived nor taken
        back before they were confirmed"""
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & (
            Domain("settled_month", "=", self.month)
            | (
                Domain("month", "=", self.month)
                & Domain("settled_month", "=", False)
                & (
                    Domain("standing", "=", "valid") & Domain("state", "!=", "waived")
                    | Domain("state", "=", "confirmed")
                )
            )
        )

    def _figures(self):
        """Sums of the month as plain values: {unit, currency, settled, open, people,
        departments, causes, others}: people, departments and causes are lists of [id
        or code, settled, open], others is a list of the same of entries in another
        unit or currency than the company's of today"""
        self.ensure_one()
        Entry = self.env["care.merit.entry"].sudo()
        company = self.company_id.sudo()
        own = company.care_merit_unit, company.currency_id
        sums = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: [0.0, 0.0])))
        for name in ("user_id", "department_id", "cause"):
            for key, state, unit, currency, amount in Entry._read_group(
                self._scope(), [name, "state", "unit", "currency_id"], ["amount:sum"]
            ):
                rows = sums[unit, currency or company.currency_id][name]
                rows[key if name == "cause" else key.id][state != "settled"] += amount
        first, *others = (
            self._figures_of(unit, currency, sums[unit, currency])
            for unit, currency in [own, *(place for place in sums if place != own)]
        )
        return first | {"others": others}

    @api.model
    def _figures_of(self, unit, currency, sums):
        people, departments, causes = (
            [[key, *pair] for key, pair in sums[name].items()]
            for name in ("user_id", "department_id", "cause")
        )
        return {
            "unit": unit,
            "currency": currency.name,
            "settled": sum(row[1] for row in causes),
            "open": sum(row[2] for row in causes),
            "people": people,
            "departments": departments,
            "causes": causes,
        }

    # ------------------------------------------------------------
    # Page
    # ------------------------------------------------------------

    @api.depends("figures", "state")
    @api.depends_context("lang")
    def _compute_content(self):
        for record in self:
            record.content = record.month and self.env["ir.qweb"]._render(
                "customer_care.merit_month_body",
                {"merits": record._page(record.figures or record._figures())},
            )

    def _page(self, figures):
        """Figures in words, by cause and without names; empty without entries"""
        self.ensure_one()
        causes = dict(
            self.env["care.merit.entry"]
            ._fields["cause"]
            ._description_selection(self.env)
        )
        parts = [
            (part, part["unit"], self._currency(part["currency"]))
            for part in (figures, *figures.get("others", ()))
            if part["causes"]
        ]
        if not parts:
            return {}
        Entry = self.env["care.merit.entry"]
        rows = [
            (causes.get(cause, cause), *(Entry._say(sum_, *place) for sum_ in pair))
            for part, *place in parts
            for cause, *pair in part["causes"]
        ]
        return {
            "closed": self.state == "closed"
            and self.env._(
                "Closed by %(person)s on %(day)s.",
                person=self.closed_by_id.sudo().name,
                day=format_date(self.env, self.closed_at),
            ),
            "rows": sorted(rows, key=lambda row: row[0]),
            **{
                name: Entry._say_sums(
                    {tuple(place): part[name] for part, *place in parts},
                    self.company_id,
                )
                for name in ("settled", "open")
            },
        }

    @api.model
    def _currency(self, code):
        Currency = self.env["res.currency"].sudo().with_context(active_test=False)
        return Currency.search([("name", "=", code)], limit=1)

    @api.model
    def _page_of(self, company, month):
        """The part of the month-end report of a company, as superuser: sums by cause,
        which name nobody"""
        if not self.env["res.groups"]._has_care_feature("merit"):
            return {}
        self = self.sudo()  # noqa: PLW0642
        record = self.search(
            [("company_id", "=", company.id), ("month", "=", month)]
        ) or self.new({"company_id": company.id, "month": month})
        return record._page(record.figures or record._figures())
