from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..promise.care_promise import WAITING_STATES
from .care_removal import REMOVED_TEXT

COMPLAINT_TEXTS = (
    "description",
    "wanted",
    "promise",
    "root_cause",
    "solution",
    "outcome_comment",
    "compensation_reason",
    "cancel_reason",
    "skip_reason",
    "acknowledged_mailbox",
    "forwarded_from",
    "email_cc",
    "email_from",
    "email_normalized",
    "access_token",
)


class CareRetention(models.AbstractModel):
    """Closed complaints: what happened when, clocks, dates, causes, amounts and outcome
    stay; texts, mails, files and the contact person go."""

    _inherit = "care.retention"

    @api.model
    def _due_complaints(self, company, before):
        """One that was reopened since is due again after it was closed."""
        return {
            "complaints": SQL(
                """
                SELECT id FROM care_complaint
                 WHERE company_id = %s AND closed_at < %s
                   AND (anonymized_at IS NULL OR anonymized_at < closed_at)
                """,
                company.id,
                before,
            )
        }

    def _remove_complaints(self, ids):
        cleared = SQL(", ").join(
            SQL("%s = NULL", SQL.identifier(name)) for name in COMPLAINT_TEXTS
        )
        self._run(
            """
            UPDATE care_complaint
               SET %(cleared)s, subject = COALESCE(name, %(nothing)s),
                   contact_id = NULL, anonymized_at = %(now)s
             WHERE id = ANY(%(ids)s)
            """,
            cleared=cleared,
            nothing=REMOVED_TEXT,
            now=fields.Datetime.now(),
            ids=ids,
        )
        self._run(
            """
            UPDATE care_complaint_event
               SET reason = NULL, user_id = NULL,
                   create_uid = %(nobody)s, write_uid = %(nobody)s
             WHERE complaint_id = ANY(%(ids)s)
            """,
            nobody=SUPERUSER_ID,
            ids=ids,
        )
        self._run(
            """
            UPDATE care_promise
               SET name = %(nothing)s, evidence = NULL, reason = NULL, contact_id = NULL
             WHERE complaint_id = ANY(%(ids)s) AND state <> ALL(%(waiting)s)
            """,
            nothing=REMOVED_TEXT,
            waiting=list(WAITING_STATES),
            ids=ids,
        )
        self._run(
            "DELETE FROM care_search_text WHERE complaint_id = ANY(%(ids)s)", ids=ids
        )
        self._remove_traces("care.complaint", ids)
        self.env["care.incoming.mail"].sudo().search(
            [("complaint_id", "in", ids)]
        ).unlink()
        for model in ("care.complaint", "care.complaint.event", "care.promise"):
            self.env[model].invalidate_model(flush=False)
