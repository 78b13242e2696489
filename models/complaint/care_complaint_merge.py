from odoo import api, fields, models
from odoo.exceptions import UserError

from .care_complaint_stage import CLOSED_PHASES


class CareComplaint(models.Model):
    """Several complaints about the same thing become one. Each keeps its own ledger,
    messages, attachments and letters, so nothing is lost and merging can be undone."""

    _inherit = "care.complaint"

    merged_into_id = fields.Many2one(
        "care.complaint",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    merged_stage_id = fields.Many2one(
        "care.complaint.stage", "Stage before Merging", readonly=True, copy=False
    )
    merged_ids = fields.One2many("care.complaint", "merged_into_id", "Merged into This")
    merged_history = fields.Html(
        "History of Merged Complaints",
        compute="_compute_merged_history",
        sanitize=False,
    )
    other_open = fields.Char("Other Open Complaints", compute="_compute_other_open")

    @api.depends("partner_id", "company_id", "closed_at")
    @api.depends_context("uid", "lang")
    def _compute_other_open(self):
        """Says how many open complaints of the customer the user could merge"""
        asking = self.filtered(
            lambda complaint: complaint.partner_id and not complaint.closed_at
        )
        counts = {
            (partner, company): count
            for partner, company, count in self._read_group(
                [
                    ("partner_id", "in", asking.partner_id.ids),
                    ("company_id", "in", asking.company_id.ids),
                    ("closed_at", "=", False),
                ],
                ["partner_id", "company_id"],
                ["__count"],
            )
        }
        self.other_open = False
        for complaint in asking.filtered(lambda complaint: complaint._origin):
            key = complaint.partner_id._origin, complaint.company_id._origin
            count = counts.get(key, 0) - 1
            if count == 1:
                complaint.other_open = self.env._(
                    "1 other open complaint of this customer: merge?"
                )
            elif count > 1:
                complaint.other_open = self.env._(
                    "%s other open complaints of this customer: merge?", count
                )

    @api.depends("merged_ids")
    @api.depends_context("uid", "lang", "tz")
    def _compute_merged_history(self):
        """Ledgers, messages and attachments of the merged complaints that the user can
        read"""
        for complaint in self:
            merged = complaint._merged_tree()
            complaint.merged_history = merged and self.env["ir.qweb"]._render(
                "customer_care.merged_history",
                {"complaints": merged, "messages": merged._shown_messages()},
                minimal_qcontext=True,
            )

    def _merged_tree(self):
        """All complaints that were merged into these, directly or indirectly"""
        found = level = self.merged_ids._origin
        while level:
            level = level.merged_ids - found
            found |= level
        return found

    def _shown_messages(self):
        """{id of a complaint: its messages with something to read, the oldest first}"""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("message_type", "!=", "user_notification"),
            ],
            order="date, id",
        )
        shown = messages.filtered(lambda m: m.body or m.attachment_ids)
        return {
            complaint.id: shown.filtered(lambda m, id_=complaint.id: m.res_id == id_)
            for complaint in self
        }

    def _surviving(self):
        """The complaint at the end of the chain of merges, else itself"""
        self.ensure_one()
        complaint = self.sudo()
        while complaint.merged_into_id:
            complaint = complaint.merged_into_id
        return complaint.sudo(self.env.su)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_merged(self):
        """Merged complaints need the complaint they were merged into."""
        left = self.sudo().merged_ids - self
        if left:
            raise UserError(
                self.env._(
                    "%(merged)s has been merged into %(kept)s. Undo the merge before "
                    "you delete it.",
                    merged=left[0].name,
                    kept=left[0].merged_into_id.name,
                )
            )

    def write(self, vals):
        if (
            "stage_id" in vals
            and "merged_into_id" not in vals
            and self._care_differs("stage_id", vals["stage_id"])
        ):
            self._check_not_merged()
            if vals["stage_id"] and vals["stage_id"] == self._merged_stage().id:
                raise UserError(
                    self.env._(
                        "Use the button Merge… on the tab Related to merge complaints."
                    )
                )
        return super().write(vals)

    @api.model
    def _merged_stage(self):
        """Stage of merged complaints; empty if it was deleted"""
        stage = self.env.ref(
            "customer_care.care_stage_merged", raise_if_not_found=False
        )
        return stage or self.env["care.complaint.stage"]

    def _check_not_merged(self):
        for complaint in self.sudo():
            if complaint.merged_into_id:
                raise UserError(
                    self.env._(
                        "%(merged)s has been merged into %(kept)s. Continue there, or "
                        "undo the merge first.",
                        merged=complaint.name,
                        kept=complaint.merged_into_id.name,
                    )
                )

    def message_post(self, **kwargs):
        """Notify the handler of the surviving complaint."""
        message = super().message_post(**kwargs)
        merged = self.sudo()
        if merged.merged_into_id and message.message_type in ("comment", "email"):
            kept = merged._surviving()
            told = kept.user_id.partner_id - message.author_id
            if told:
                kept = kept._care_in_language_of(told)
                kept.message_notify(
                    partner_ids=told.ids,
                    author_id=message.author_id.id,
                    subject=kept.env._(
                        "New message on %(merged)s, which was merged into %(kept)s",
                        merged=merged.name,
                        kept=kept.name,
                    ),
                    body=message.body,
                )
        return message

    def _reason_of_move(self):
        """Name the complaint it was merged into."""
        if kept := self.sudo().merged_into_id:
            return self.env._("Merged into %s", ", ".join(kept.mapped("name")))
        return super()._reason_of_move()

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    def _check_mergeable(self):
        """:raise UserError: what cannot be merged, and why"""
        self.check_access("write")
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more complaints to merge."))
        self._check_not_merged()
        if len(self.partner_id) > 1:
            raise UserError(
                self.env._(
                    "Complaints of different customers cannot be merged. Link them as "
                    "related instead."
                )
            )
        if len(self.company_id) > 1:
            raise UserError(
                self.env._("Complaints of different companies cannot be merged.")
            )
        if closed := self.filtered(lambda c: c.phase in CLOSED_PHASES):
            raise UserError(
                self.env._(
                    "%s is closed. Reopen it first, or link it as related.",
                    closed[0].name,
                )
            )

    def _kept_when_merged(self):
        """The one received first, so that no clock restarts"""
        return self.sorted(lambda c: (c.received_at, c.id))[:1]

    def _merge(self):
        """Merge open complaints of a customer into the one received first. The others
        are cancelled in their ledgers: they count neither as open nor as solved, and a
        clock that was late stays late.

        :return: the surviving complaint
        """
        self._lock_in_order()
        self._check_mergeable()
        kept = self._kept_when_merged()
        stage = self._merged_stage() or self.env["care.complaint.stage"]._first(
            "cancelled"
        )
        if stage.phase != "cancelled":
            raise UserError(
                self.env._(
                    "Merged complaints need a stage of the phase “Cancelled”. "
                    "Create one first."
                )
            )
        for complaint in self - kept:
            complaint.sudo().write(
                {
                    "merged_into_id": kept.id,
                    "merged_stage_id": complaint.stage_id.id,
                    "stage_id": stage.id,
                }
            )
            kept.message_subscribe(complaint.message_partner_ids.ids)
        kept._message_log(
            body=self.env._(
                "Merged into this: %s", ", ".join((self - kept).mapped("name"))
            )
        )
        return kept

    def action_unmerge(self):
        """Restore the previous stage; the clocks continue where they stopped."""
        self.check_access("write")
        self._lock_in_order()
        for complaint in self.filtered("merged_into_id"):
            kept = complaint.merged_into_id
            kept.check_access("write")
            stage = complaint.merged_stage_id or self.env[
                "care.complaint.stage"
            ]._first("investigate", "record")
            complaint.sudo().write(
                {
                    "merged_into_id": False,
                    "merged_stage_id": False,
                    "stage_id": stage.id,
                }
            )
            kept._message_log(body=self.env._("Merge undone: %s", complaint.name))

    def _lock_in_order(self):
        for complaint in self.sorted("id"):
            complaint._lock_by_update()
        self.invalidate_recordset(["merged_into_id", "stage_id", "closed_at"])

    def action_open_merge(self):
        """Open the wizard with the customer's open complaints to choose from."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Complaints"),
            "res_model": "care.complaint.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def _form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
