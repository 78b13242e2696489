from odoo import api, fields, models
from odoo.tools import SQL, hmac

FORM_RETENTION_DAYS = 30


class CareComplaintForm(models.Model):
    """Submitted complaint forms, one row per form token: submitting a form twice, or in
    parallel, leads to the same complaint."""

    _name = "care.complaint.form"
    _description = "Complaint Form Sent"
    _log_access = False

    key = fields.Char(required=True, help="Hash of the form's token and its sender.")
    complaint_id = fields.Many2one(
        "care.complaint", ondelete="cascade", index="btree_not_null"
    )
    sent_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _claim(self, sender, token):
        """Claim a form for this transaction.

        A second request with the same form waits until the first has committed. It then
        fails to serialize, Odoo tries it again, and it finds the complaint.

        :param sender: who has sent it: another one's token is another form
        :return: (row, whether it is new)
        """
        key = hmac(self.env(su=True), "care-complaint-form", (sender, token))
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO care_complaint_form (key, sent_at) VALUES (%s, %s)"
                " ON CONFLICT (key) DO NOTHING RETURNING id",
                key,
                fields.Datetime.now(),
            )
        )
        if rows:
            return self.browse(rows[0]), True
        return self.search([("key", "=", key)], limit=1), False

    @api.autovacuum
    def _gc_forms(self):
        limit = fields.Datetime.subtract(
            fields.Datetime.now(), days=FORM_RETENTION_DAYS
        )
        self.search([("sent_at", "<", limit)], limit=10_000).unlink()
