from odoo import api, fields, models
from odoo.tools import SQL, hmac

RETENTION_DAYS = 400


class CarePhoneReport(models.Model):
    """Reports that phones have sent, one row per key made on the phone: sending one
    again, or from two devices at once, leads to the same contact."""

    _name = "care.phone.report"
    _description = "Report from a Phone"
    _log_access = False

    key = fields.Char(required=True, help="Hash of the phone's key and the user.")
    interaction_id = fields.Many2one(
        "care.interaction", ondelete="set null", index="btree_not_null"
    )
    sent_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _claim(self, key):
        """Claim a key for this transaction.

        A second upload of the same report waits until the first has committed. It then
        fails to serialize, Odoo tries it again, and it finds the contact.

        :return: (row as superuser, whether it is new)
        """
        self = self.sudo()  # noqa: PLW0642
        key = hmac(self.env, "care-phone-report", (self.env.uid, key))
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO care_phone_report (key, sent_at)"
                " VALUES (%s, %s) ON CONFLICT (key) DO NOTHING RETURNING id",
                key,
                fields.Datetime.now(),
            )
        )
        if rows:
            return self.browse(rows[0]), True
        return self.search([("key", "=", key)], limit=1), False

    @api.autovacuum
    def _gc_reports(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=RETENTION_DAYS)
        self.search([("sent_at", "<", limit)], limit=10_000).unlink()
