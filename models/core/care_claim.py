from odoo import api, fields, models
from odoo.tools import SQL, hmac


class CareClaimMixin(models.AbstractModel):
    """Something that people send to the app, one row per key: sending it again, or
    twice at once, leads to the same record."""

    _name = "care.claim.mixin"
    _description = "Sent Once"
    _log_access = False

    key = fields.Char(required=True, help="Hash of the sender and of the sender's key.")
    sent_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _claim(self, sender, key):
        """Claim a key for this transaction.

        A second request with the same key waits until the first has committed. It then
        fails to serialize, Odoo tries it again, and it finds the record.

        :param sender: whose key it is: another one's is another key
        :return: (row as superuser, whether it is new)
        """
        self = self.sudo()  # noqa: PLW0642
        key = hmac(self.env, self._name.replace(".", "-"), (sender, key))
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO %s (key, sent_at) VALUES (%s, %s)"
                " ON CONFLICT (key) DO NOTHING RETURNING id",
                SQL.identifier(self._table),
                key,
                fields.Datetime.now(),
            )
        )
        if rows:
            return self.browse(rows[0]), True
        return self.search([("key", "=", key)], limit=1), False

    @api.model
    def _forget(self, days):
        """Delete rows that nobody sends again."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        self.search([("sent_at", "<", limit)], limit=10_000).unlink()
