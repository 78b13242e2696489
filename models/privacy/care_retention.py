import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.care_job import attempt, single
from .res_company import RETENTION_KINDS

RETENTION_BATCH = 500


class CareRetention(models.AbstractModel):
    """Remove or anonymize what a company does not want to keep for longer.

    Each kind has steps: a query of what is due, which finds nothing that was done, and
    ``_remove_<step>``, which takes records out of it for good. Removing writes with
    SQL, past the guards of ledgers and answers, which refuse everybody else.
    """

    _name = "care.retention"
    _description = "Data Retention"

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    @api.model
    def _due(self, kind, company, months):
        """{step: query of the ids that are due}; a month begins at midnight in the
        company's time zone."""
        if not months:
            return {}
        day = company._care_today() - relativedelta(months=months)
        midnight = company._care_tz().localize(fields.Datetime.to_datetime(day))
        before = (midnight - midnight.utcoffset()).replace(tzinfo=None)
        return getattr(self.sudo(), f"_due_{kind}")(company, before)

    @api.model
    def _count_due(self, kind, company, months):
        self.env.flush_all()
        return sum(
            self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) AS due", query))[0][0]
            for query in self._due(kind, company, months).values()
        )

    # ------------------------------------------------------------
    # Job
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_remove(self):
        """Killed at any point, it goes on in its next run: each batch is committed
        together with the line that counts it."""
        self = self.sudo()  # noqa: PLW0642
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=1)
        Company = self.env["res.company"].with_context(active_test=False)
        for company in Company.search(Domain.TRUE, order="id"):
            for kind, _name in RETENTION_KINDS:
                if not self._remove_kind(kind, company):
                    return
        Cron._commit_progress(remaining=0)

    def _remove_kind(self, kind, company):
        """:return: whether there was time for all"""
        months = company._care_keep_months()[kind]
        for step, query in self._due(kind, company, months).items():
            failed, one_by_one, before = [], 0, None
            while True:
                limit = 1 if one_by_one else RETENTION_BATCH
                ids = self._next_due(query, failed, limit)
                if not ids or ids == before:
                    break

                def work(company, step=step, ids=ids):
                    getattr(self, f"_remove_{step}")(ids)
                    self.env["care.removal"]._note(company, kind, len(ids), months)

                many = len(ids) > 1
                worked = attempt(company, work, logging.INFO if many else logging.ERROR)
                one_by_one = max(one_by_one - 1, 0)
                if worked:
                    before = ids
                elif many:
                    one_by_one = len(ids)
                else:
                    failed += ids
                done = len(ids) if worked else 0
                if not self.env["ir.cron"]._commit_progress(done, remaining=1):
                    return False
                self.env.invalidate_all()
        return True

    def _next_due(self, query, failed, limit):
        """:param failed: ids that this run could not remove"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) AS due WHERE id <> ALL(%s) LIMIT %s",
                query,
                failed,
                limit,
            )
        )
        return [id_ for (id_,) in rows]

    # ------------------------------------------------------------
    # For all kinds
    # ------------------------------------------------------------

    def _run(self, query, **values):
        """Execute a statement that changes rows behind the ORM."""
        self.env.cr.execute(SQL(query, **values))

    def _remove_files(self, model, ids):
        """Delete attachments; their files go when Odoo collects garbage."""
        files = self.env["ir.attachment"].sudo()
        files.search(
            [("res_model", "=", model), ("res_id", "in", ids)]
        )._care_unlock().unlink()

    def _remove_traces(self, model, ids):
        """Delete messages, activities, attachments and followers. Ratings keep their
        mark."""
        self._remove_files(model, ids)
        self._run(
            """
            UPDATE rating_rating SET feedback = NULL, partner_id = NULL,
                   message_id = NULL, publisher_comment = NULL, res_name = NULL
             WHERE res_model = %(model)s AND res_id = ANY(%(ids)s)
            """,
            model=model,
            ids=ids,
        )
        for table, column in (
            ("mail_message", "model"),
            ("mail_activity", "res_model"),
            ("mail_followers", "res_model"),
        ):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    model,
                    ids,
                )
            )
