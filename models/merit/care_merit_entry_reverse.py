from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...tools import merits
from ..core.base import UNLOCKED

COPIED_FIELDS = (
    "company_id",
    "user_id",
    "about_user_id",
    "supervisor_id",
    "department_id",
    "day",
    "period",
    "cause",
    "kind",
    "account",
    "rule_id",
    "rule_amount",
    "quantity",
    "unit",
    "currency_id",
    "res_model",
    "res_id",
    "turn",
    "heard_until",
)
"""What a counter-entry has of the entry that it takes back"""


class CareMeritEntry(models.Model):
    """Counter-entries by hand, and the record that an entry is about."""

    _inherit = "care.merit.entry"

    source_name = fields.Char("About", compute="_compute_source_name")
    month_name = fields.Char("Settled with", compute="_compute_month_name")

    def _reverse(self, reason):
        """Take entries back for good, in their month or the first open one after it."""
        closed = self.env["care.merit.month"]._closed(self.company_id)
        entries = self.sudo().with_context(
            care_unlocked=UNLOCKED, mail_create_nolog=True, tracking_disable=True
        )
        counters = entries.create(
            [
                {
                    name: entry._fields[name].convert_to_write(entry[name], entry)
                    for name in COPIED_FIELDS
                }
                | {
                    "month": entry._open_month(closed),
                    "amount": -entry.amount,
                    "standing": "counter",
                    "state": "confirmed" if entry.state == "settled" else entry.state,
                    "reversal_of_id": entry.id,
                    "reason": reason,
                }
                for entry in entries
            ]
        )
        entries.write({"standing": "reversed"})
        return counters

    def _adjust(self, amount, reason):
        """Take entries back and add new ones of another amount within the range of
        their rule, of which people are told anew.

        :raise UserError: the rule has no range, or the amount is outside
        """
        for entry in self.sudo():
            rule = entry.rule_id
            if not rule.amount_max or not (
                rule.amount_min <= amount <= rule.amount_max
            ):
                raise UserError(
                    self.env._(
                        "%(entry)s: the rule allows no such amount. Choose one "
                        "between %(lowest)s and %(highest)s.",
                        entry=entry.display_name,
                        lowest=f"{rule.amount_min or rule.amount:g}",
                        highest=f"{rule.amount_max or rule.amount:g}",
                    )
                )
        counters = self._reverse(reason)
        return counters.with_context(mail_create_nolog=True).create(
            [
                {
                    name: counter._fields[name].convert_to_write(counter[name], counter)
                    for name in COPIED_FIELDS
                    if name != "heard_until"
                }
                | {
                    "month": counter.month,
                    "rule_amount": amount,
                    "amount": merits.signed(counter.kind, amount, counter.quantity),
                    "turn": counter.turn + 1,
                    "reason": reason,
                }
                for counter in counters
            ]
        )

    def _open_month(self, closed):
        return merits.next_open(self.month, closed[self.company_id])

    # ------------------------------------------------------------
    # What it is about
    # ------------------------------------------------------------

    def _say_amount(self):
        """What is charged or paid, in words"""
        return self._say(abs(self.amount), self.unit, self.currency_id)

    @api.model
    def _say(self, amount, unit, currency):
        if unit == "points":
            return self.env._("%s points", f"{amount:g}")
        return format_amount(self.env, amount, currency.sudo())

    @api.model
    def _say_sums(self, sums, company):
        """Sums in words, each unit and currency by itself; nothing as 0 of the company

        :param sums: {(unit, currency): amount}
        """
        company = company.sudo()
        if not sums:
            sums = {(company.care_merit_unit, company.currency_id): 0}
        return " + ".join(
            self._say(amount, unit, currency)
            for (unit, currency), amount in sorted(
                sums.items(), key=lambda item: (item[0][0], item[0][1].id or 0)
            )
        )

    def _source_records(self):
        """{id of an entry: the record that it is about}, as superuser, without those
        that are gone"""
        found = {}
        for model, entries in self.sudo().grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].sudo().browse(entries.mapped("res_id")).exists()
            by_id = {record.id: record for record in records}
            found |= {
                entry.id: by_id[entry.res_id]
                for entry in entries
                if entry.res_id in by_id
            }
        return found

    def _source_names(self):
        """{id of an entry: name of the record that it is about}, for who may read the
        entry; people of praised months are not repeated"""
        return {
            id_: self._name_of(record)
            for id_, record in self._source_records().items()
            if record._name != "res.users"
        }

    @api.model
    def _name_of(self, record):
        """An answer is named by its customer, not by the survey."""
        if record._name == "survey.user_input" and record.care_partner_id:
            return record.care_partner_id.display_name
        return record.display_name

    @api.depends("month", "settled_month", "company_id")
    @api.depends_context("lang")
    def _compute_month_name(self):
        Month = self.env["care.merit.month"]
        closed = Month._closed(self.company_id)
        for entry in self:
            entry.month_name = Month._month_name(
                entry.settled_month or entry._open_month(closed)
            )

    @api.depends("res_model", "res_id")
    def _compute_source_name(self):
        names = self._source_names()
        for entry in self:
            entry.source_name = names.get(entry.id, False)

    def action_open_source(self):
        """Open the record that the entry is about, as far as the reader may read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
