import hashlib

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mail_kind import clean, recipients
from ...tools.mail_pictures import without_remote

MAIL_RETENTION_DAYS = {"done": 90, "aside": 365}
"""How long it is known that a mail came in, and how long one set aside is kept"""
ASIDE_REASONS = [
    ("auto", "Automatic reply"),
    ("list", "Mailing list"),
    ("own", "Sent by us"),
    ("loop", "Too many mails from the sender"),
    ("sender", "No sender"),
    ("broken", "Cannot be read"),
    ("blocked", "Blocked sender"),
]


class CameInBeforeError(Exception):
    """Another worker has this mail."""


class CareIncomingMail(models.Model):
    """Mails to the complaint teams. Each incoming mail has a row, so that a mail
    delivered twice to any worker counts once; mails that created nothing are kept for
    review."""

    _name = "care.incoming.mail"
    _description = "Mail to a Complaint Team"
    _order = "id desc"
    _rec_name = "subject"

    message_key = fields.Char(readonly=True, required=True)
    state = fields.Selection(
        [
            ("done", "Added to a complaint"),
            ("aside", "Set aside"),
            ("opened", "Complaint created"),
        ],
        readonly=True,
        required=True,
    )
    reason = fields.Selection(ASIDE_REASONS, readonly=True)
    email_from = fields.Char("From", readonly=True)
    email_to = fields.Char("To", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True)
    original = fields.Binary("Original Mail", readonly=True, attachment=True)
    original_name = fields.Char(compute="_compute_original_name")
    team_id = fields.Many2one(
        "care.complaint.team",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    complaint_id = fields.Many2one(
        "care.complaint", readonly=True, ondelete="set null", index="btree_not_null"
    )
    create_date = fields.Datetime("Received on", readonly=True)

    _key_uniq = models.UniqueIndex("(message_key)")
    _aside_idx = models.Index("(id) WHERE state = 'aside'")

    def _compute_original_name(self):
        self.original_name = "original.eml"

    # ------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------

    @api.model
    def _claim(self, message_id):
        """Take a mail for this transaction, inside a savepoint. A second worker with
        the same mail waits here until the first has committed, and takes it if the
        first was rolled back.

        :return: the row
        :raise CameInBeforeError:
        """
        try:
            rows = self.env.execute_query(
                SQL(
                    "INSERT INTO care_incoming_mail (message_key, state, create_date)"
                    " VALUES (%s, 'done', %s) ON CONFLICT (message_key) DO NOTHING"
                    " RETURNING id",
                    self._key(message_id),
                    self.env.cr.now(),
                )
            )
        except SerializationFailure:
            rows = ()
        if not rows:
            raise CameInBeforeError()
        return self.browse(rows[0])

    @api.model
    def _key(self, message_id):
        """Hash of the message id, which is long and chosen by strangers."""
        return hashlib.sha256(clean(message_id).strip().encode()).hexdigest()

    @api.model
    def _set_aside(
        self, reason, message, mail=None, team=None, complaint=None, original=None
    ):
        """Keep a mail that neither creates nor reopens a complaint for review.

        :param message: {name: value} as Odoo has read it, or what could be read
        :param mail: the mail, for its original
        """
        try:
            with self.env.cr.savepoint():
                row = self._claim(message["message_id"])
        except CameInBeforeError:
            return self.browse()
        if not original and mail:
            try:
                original = mail.as_bytes()
            except Exception:
                original = None
        team = (
            team or (complaint and complaint.team_id) or self.env["care.complaint.team"]
        )
        row.write(
            {
                "state": "aside",
                "reason": reason,
                "email_from": clean(message.get("email_from") or "", 320),
                "email_to": clean(message.get("to") or "", 320),
                "subject": clean(message.get("subject") or "", 250),
                "body": without_remote(clean(message.get("body") or "")),
                "team_id": team.id,
                "company_id": (team.company_id or self.env.company).id,
                "complaint_id": complaint.id if complaint else False,
            }
        )
        if original:
            row._keep_original(original)
        if complaint:
            row._log_on_complaint()
        return row

    @api.model
    def _set_aside_broken(self, raw):
        """:param raw: bytes of a mail that nothing could be made of"""
        addresses, _references = recipients(raw)
        alias = self.env["mail.alias"]._care_complaint_aliases(addresses)[:1]
        digest = hashlib.sha256(raw).hexdigest()
        self._set_aside(
            "broken",
            {"message_id": digest, "to": ", ".join(sorted(addresses))},
            team=self.env["care.complaint.team"].browse(alias.alias_parent_thread_id),
            original=raw,
        )

    def _keep_original(self, content):
        """Keep the bytes of the mail; as an unknown kind of file, for download only."""
        self.env["ir.attachment"].sudo().create(
            {
                "name": "original",
                "res_model": self._name,
                "res_field": "original",
                "res_id": self.id,
                "raw": content,
                "mimetype": "application/octet-stream",
            }
        )
        self.invalidate_recordset(["original"])

    def _log_on_complaint(self):
        """Log an out-of-office reply on the complaint, without any effect on it."""
        label = dict(self._fields["reason"]._description_selection(self.env))
        self.complaint_id._message_log(
            body=self.env._(
                "Set aside (%(reason)s), from %(sender)s: %(subject)s",
                reason=label[self.reason],
                sender=self.email_from,
                subject=self.subject,
            )
        )

    # ------------------------------------------------------------
    # Set aside
    # ------------------------------------------------------------

    def action_open_complaint(self):
        """Create a complaint from a mail that was set aside.

        :return: action that shows it
        """
        self.ensure_one()
        self.check_access("read")
        row = self.sudo()
        complaint = row.complaint_id if row.state == "opened" else None
        if not complaint:
            complaint = row._open_complaint()
        return complaint.sudo(False).get_formview_action()

    def _open_complaint(self):
        Complaint = self.env["care.complaint"]
        message = {
            "subject": self.subject,
            "body": self.body,
            "email_from": self.email_from or self.env._("Unknown sender"),
            "to_filtered": "",
            "cc_filtered": "",
        }
        values = {"team_id": self.team_id.id, "company_id": self.company_id.id}
        complaint = Complaint.message_new(message, values)
        original = (
            self.env["ir.attachment"]
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "original"),
                    ("res_id", "=", self.id),
                ]
            )
            .raw
        )
        complaint.with_context(mail_notify_force_send=False).message_post(
            body=self.body,
            subject=self.subject,
            message_type="email",
            author_id=message.get("author_id") or False,
            email_from=message["email_from"],
            subtype_xmlid="mail.mt_comment",
            is_internal=message.get("is_internal", False),
            attachments=[("original.eml", original)] if original else None,
        )
        self.write({"state": "opened", "complaint_id": complaint.id})
        return complaint

    def action_dismiss(self):
        """Delete mails that were set aside."""
        self.check_access("read")
        self.sudo().filtered(lambda mail: mail.state == "aside").state = "done"

    @api.model
    def _claimed_loop(self, message, routes):
        """Set aside mails of senders that Odoo's loop detection ignores silently."""
        for model, thread, defaults, *_rest in routes or ():
            if model == "care.complaint":
                self._set_aside(
                    "loop",
                    message,
                    team=self.env["care.complaint.team"].browse(
                        (defaults or {}).get("team_id")
                    ),
                    complaint=self.env[model].browse(thread or []),
                )

    @api.autovacuum
    def _gc_mails(self):
        now = fields.Datetime.now()
        for state, days in MAIL_RETENTION_DAYS.items():
            self.search(
                [
                    ("state", "in", [state, "opened"] if state == "done" else [state]),
                    ("create_date", "<", fields.Datetime.subtract(now, days=days)),
                ],
                limit=10_000,
            ).unlink()
