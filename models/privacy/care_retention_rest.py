from odoo import api, fields, models
from odoo.tools import SQL


class CareRetention(models.AbstractModel):
    """Photos, logs, calls, uploads and opened briefs: none of them is in a figure, but
    the times of calls, which stay."""

    _inherit = "care.retention"

    @api.model
    def _due_photos(self, company, before):
        return {
            "photos": SQL(
                """
                SELECT file.id
                  FROM ir_attachment file
                  JOIN care_interaction report ON report.id = file.res_id
                 WHERE file.res_model = 'care.interaction'
                   AND file.mimetype LIKE %s
                   AND report.company_id = %s AND report.date_start < %s
                """,
                "image/%",
                company.id,
                before,
            )
        }

    def _remove_photos(self, ids):
        self.env["ir.attachment"].sudo().browse(ids)._care_unlock().unlink()

    @api.model
    def _due_protection(self, company, before):
        return {
            "protection": SQL(
                "SELECT id FROM care_protection_log"
                " WHERE company_id = %s AND date < %s",
                company.id,
                before,
            )
        }

    def _remove_protection(self, ids):
        self.env["care.protection.log"].sudo().browse(ids).unlink()

    @api.model
    def _due_calls(self, company, before):
        return {
            "calls": SQL(
                """
                SELECT id FROM care_call
                 WHERE company_id = %s AND anonymized_at IS NULL
                   AND create_date < %s AND state IN ('ended', 'missed')
                """,
                company.id,
                before,
            )
        }

    def _remove_calls(self, ids):
        """The reference must differ from others; telephone systems may put the number
        into it."""
        self._run(
            """
            UPDATE care_call
               SET number = NULL, partner_id = NULL, complaint_id = NULL,
                   reference = 'removed-' || id, anonymized_at = %(now)s
             WHERE id = ANY(%(ids)s)
            """,
            now=fields.Datetime.now(),
            ids=ids,
        )
        self.env["care.call"].invalidate_model(flush=False)

    @api.model
    def _due_phone(self, company, before):
        return {
            "phone": SQL(
                """
                SELECT upload.id
                  FROM care_phone_report upload
                  JOIN care_interaction report ON report.id = upload.interaction_id
                 WHERE report.company_id = %s AND upload.sent_at < %s
                """,
                company.id,
                before,
            )
        }

    def _remove_phone(self, ids):
        self.env["care.phone.report"].sudo().browse(ids).unlink()

    @api.model
    def _due_briefs(self, company, before):
        return {
            "briefs": SQL(
                "SELECT id FROM care_brief_view"
                " WHERE company_id = %s AND opened_at < %s",
                company.id,
                before,
            )
        }

    def _remove_briefs(self, ids):
        self.env["care.brief.view"].sudo().browse(ids).unlink()
