from odoo import api, fields, models
from odoo.tools import SQL

from .res_company import RETENTION_KINDS

REMOVED_TEXT = "—"
"""Instead of a text that a record must have"""
ERASURE_REASONS = [
    ("request", "The person asked for it"),
    ("consent", "Consent was withdrawn"),
    ("purpose", "No longer needed"),
    ("unlawful", "Should not have been stored"),
]


class CareRemoval(models.Model):
    """What the job of data retention has removed, a line for each day and kind, and
    which persons were erased, without saying whom. Counts only."""

    _name = "care.removal"
    _description = "Removed Data"
    _order = "date desc, id desc"
    _rec_name = "kind"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [*RETENTION_KINDS, ("person", "Erased Person")],
        "What",
        required=True,
        readonly=True,
    )
    count = fields.Integer("Records", readonly=True)
    months = fields.Integer(
        "Kept (Months)",
        readonly=True,
        aggregator=None,
        help="Months that the company keeps this, when the job ran.",
    )
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, ondelete="set null", help="Empty: the job."
    )
    reason = fields.Selection(ERASURE_REASONS, readonly=True)
    request_date = fields.Date("Requested on", readonly=True)
    counts = fields.Json(readonly=True)
    details = fields.Text(compute="_compute_details")

    _run_uniq = models.UniqueIndex("(company_id, kind, date) WHERE kind <> 'person'")

    @api.depends("counts")
    @api.depends_context("lang")
    def _compute_details(self):
        for line in self:
            words = self.env["care.personal.data"]._words()
            line.details = "\n".join(
                f"{words[key]}: {count}"
                for key, count in (line.counts or {}).items()
                if key in words
            )

    @api.model
    def _note(self, company, kind, count, months):
        """Add to the line of today, in the transaction that removes."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_removal (
                    company_id, kind, date, count, months,
                    create_uid, create_date, write_uid, write_date
                )
                VALUES (%(company)s, %(kind)s, %(date)s, %(count)s, %(months)s,
                        %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (company_id, kind, date) WHERE kind <> 'person'
                DO UPDATE SET count = care_removal.count + EXCLUDED.count,
                              months = EXCLUDED.months,
                              write_date = EXCLUDED.write_date
                """,
                company=company.id,
                kind=kind,
                date=company._care_today(),
                count=count,
                months=months,
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
