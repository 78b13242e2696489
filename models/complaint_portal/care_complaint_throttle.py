from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

THROTTLE_LIMIT = 10
"""So many complaints one sender may send"""
THROTTLE_SECONDS = 60
"""… in so many seconds"""
THROTTLE_MEMORY = timedelta(days=1)


class CareComplaintThrottle(models.Model):
    """Rate limit of complaints from outside: one row per sender, shared by all Odoo
    workers."""

    _name = "care.complaint.throttle"
    _description = "Rate Limit of Complaints"
    _log_access = False

    sender = fields.Char(
        required=True, help="Hash of the sender, which cannot be read from it."
    )
    times = fields.Json(
        required=True, help="Times of the latest complaints, in seconds since 1970."
    )
    last_at = fields.Datetime(required=True, index=True)

    _sender_unique = models.UniqueIndex("(sender)")

    @api.model
    def _admit(self, sender):
        """Count a complaint of a sender, unless the limit is reached.

        In a transaction of its own, which waits for its turn before it looks: posts at
        the same moment would else fail to serialize more often than Odoo tries again.

        :param sender: who is limited, such as an address
        :return: whether it may be sent
        """
        with self.env.registry.cursor() as cr:
            cr.execute("LOCK TABLE care_complaint_throttle IN EXCLUSIVE MODE")
            admitted = self.with_env(self.env(cr=cr))._count(sender)
        self.invalidate_model()
        return admitted

    @api.model
    def _count(self, sender):
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO care_complaint_throttle AS known (sender, times, last_at)
                     VALUES (%(sender)s, jsonb_build_array(%(now)s::float8), %(at)s)
                ON CONFLICT (sender) DO UPDATE
                        SET last_at = EXCLUDED.last_at,
                            times = EXCLUDED.times || (
                                SELECT COALESCE(jsonb_agg(moment), '[]')
                                  FROM jsonb_array_elements(known.times) moment
                                 WHERE moment::float8 > %(since)s)
                      WHERE (SELECT COUNT(*)
                               FROM jsonb_array_elements(known.times) moment
                              WHERE moment::float8 > %(since)s) < %(limit)s
                  RETURNING id
                """,
                sender=hmac(self.env(su=True), "care-complaint-sender", sender),
                now=now.timestamp(),
                at=now,
                since=now.timestamp() - THROTTLE_SECONDS,
                limit=THROTTLE_LIMIT,
            )
        )
        return bool(rows)

    @api.autovacuum
    def _gc_senders(self):
        limit = fields.Datetime.now() - THROTTLE_MEMORY
        self.search([("last_at", "<", limit)]).unlink()
