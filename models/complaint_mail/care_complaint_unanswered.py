from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse


class CareComplaint(models.Model):
    """Further messages of the customer that nobody of ours has answered, also after the
    solution and after closing. The message that opened a complaint does not count: the
    reply clock is about it."""

    _inherit = "care.complaint"

    unanswered_since = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the customer wrote the oldest message that we have not answered.",
    )
    unanswered_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    unanswered_age = fields.Char("Unanswered", compute="_compute_unanswered_age")

    @api.depends("unanswered_since")
    @api.depends_context("lang")
    def _compute_unanswered_age(self):
        now = fields.Datetime.now()
        locale = babel_locale_parse(self.env.lang)
        for complaint in self:
            since = complaint.unanswered_since
            complaint.unanswered_age = since and format_timedelta(
                now - since, threshold=1, locale=locale
            )

    def _message_update_content(self, message, *args, **kwargs):
        """The web client deletes a message by emptying it."""
        result = super()._message_update_content(message, *args, **kwargs)
        if gone := message.sudo()._filter_empty():
            self._on_messages_gone(gone)
        return result

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_no_answer_needed(self):
        """The customer's message has been read and needs no answer."""
        self.check_access("write")
        for complaint in self.filtered("unanswered_since"):
            complaint._message_log(
                body=self.env._("The customer's last message needs no answer.")
            )
        self._settle_unanswered()

    def action_reply_given(self):
        result = super().action_reply_given()
        self._settle_unanswered()
        return result

    def action_spam(self):
        result = super().action_spam()
        self._settle_unanswered()
        return result

    # ------------------------------------------------------------
    # Marking
    # ------------------------------------------------------------

    def _mark_unanswered(self, message):
        """Mark the complaint, and those it was merged into, unless they are marked."""
        if self._is_opening(message) or self._is_thanks(message):
            return
        chain = self.sudo() | self.sudo()._merged_chain()
        chain.filtered(lambda marked: not marked.unanswered_since).write(
            {
                "unanswered_since": fields.Datetime.now(),
                "unanswered_message_id": message.id,
            }
        )

    def _is_opening(self, message):
        """Is it the mail that opened the complaint?"""
        complaint = self.sudo()
        return bool(
            complaint.source == "email"
            and complaint.email_from
            and not self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "=", "email"),
                    ("id", "<", message.id),
                ],
                limit=1,
            )
        )

    def _merged_chain(self):
        """Complaints that these were merged into, directly or indirectly"""
        found = level = self.merged_into_id
        while level := level.merged_into_id - found:
            found |= level
        return found

    def _settle_unanswered(self):
        """Our answer is also one to the complaints merged into these. Those that these
        were merged into go on with the next message that waits."""
        complaints = self.sudo()
        answered = complaints | complaints._merged_tree()
        answered.filtered("unanswered_since").write(
            {"unanswered_since": False, "unanswered_message_id": False}
        )
        (complaints._merged_chain() - answered)._forget_messages_of(answered)

    def _forget_messages_of(self, others):
        """Show the next message, where one of these other complaints is shown."""
        for complaint in self:
            message = complaint.unanswered_message_id
            if message.model == self._name and message.res_id in others.ids:
                complaint._mark_next(message, others.message_ids)

    @api.model
    def _on_messages_gone(self, messages):
        """Go on with the next message of the customer, if there is one."""
        marked = self.sudo().search([("unanswered_message_id", "in", messages.ids)])
        for complaint in marked:
            complaint._mark_next(complaint.unanswered_message_id, messages)

    def _mark_next(self, message, gone):
        """:param gone: messages that do not count any more"""
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        later = self.env["mail.message"].search(
            Domain(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", (self | self._merged_tree()).ids),
                    ("message_type", "in", ("email", "comment")),
                    ("subtype_id", "=", comment),
                    ("id", ">", message.id),
                    ("id", "not in", gone.ids),
                ]
            ),
            order="id",
        )
        for following in later:
            if self._is_colleague(following.author_id) or self._is_thanks(following):
                continue
            written_in = self.browse(following.res_id)
            if written_in != self and not written_in.unanswered_since:
                continue
            if following not in following._filter_empty():
                break
        else:
            following = later.browse()
        self.write(
            {
                "unanswered_since": following.create_date,
                "unanswered_message_id": following.id,
            }
        )

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    def _merge(self):
        """The surviving complaint shows the oldest message of all that waits."""
        kept = super()._merge()
        waiting = self.sudo().filtered("unanswered_since").sorted("unanswered_since")
        if waiting:
            kept.sudo().write(
                {
                    "unanswered_since": waiting[0].unanswered_since,
                    "unanswered_message_id": waiting[0].unanswered_message_id.id,
                }
            )
        return kept

    def action_unmerge(self):
        """Each shows its own messages again."""
        chains = {
            complaint: complaint._merged_chain()
            for complaint in self.sudo().filtered("merged_into_id")
        }
        result = super().action_unmerge()
        for complaint, chain in chains.items():
            chain._forget_messages_of(complaint | complaint._merged_tree())
        return result
