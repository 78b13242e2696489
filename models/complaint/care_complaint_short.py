from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.mail_text import text_lines
from .care_complaint_stage import RESOLVED_PHASES

FIRST_CONTACT = timedelta(hours=1)
"""How long after the answer the first contact may last"""
SOLUTION_LIMIT = 2000
"""Characters of a reply that are kept as the solution"""


class CareComplaint(models.Model):
    """Short file of a minor complaint: answered, solved and closed by one person. What
    it wants is in ``tools.case_steps``; this says which complaints are minor."""

    _inherit = "care.complaint"

    full_file = fields.Boolean(
        readonly=True,
        copy=False,
        help="The complaint goes through all steps although its category or priority "
        "allows a short file.",
    )
    short_file = fields.Boolean(
        compute="_compute_short_file",
        help="Answer and solution are enough, and one person may close it.",
    )
    can_shorten = fields.Boolean(compute="_compute_short_file")
    can_solve_minor = fields.Boolean(compute="_compute_can_solve_minor")

    @api.depends(
        "full_file", "category_id", "priority", "company_id", "outcome", "genuine"
    )
    def _compute_short_file(self):
        for complaint in self:
            complaint.short_file = complaint._is_short()
            complaint.can_shorten = complaint.full_file and complaint._is_minor()

    def _is_short(self):
        """As ``short_file``, which a call could write into the cache"""
        return not self.full_file and self._is_minor()

    def _is_minor(self):
        """Do category or priority allow a short file? Not after the customer said to be
        dissatisfied."""
        if self.outcome == "unsatisfied" or self.genuine == "malicious":
            return False
        limit = self.company_id.sudo().care_short_priority
        if limit and (self.priority or "0") <= limit:
            return True
        return self.category_id._is_short()

    @api.depends("category_id", "full_file", "short_file", "priority", "replied_at")
    def _compute_can_solve_minor(self):
        """The customer was answered, and nobody has classified the complaint yet."""
        minor = bool(self.env["care.complaint.category"]._minor())
        for complaint in self:
            complaint.can_solve_minor = (
                minor
                and complaint.replied_at
                and not complaint.category_id
                and not complaint.full_file
                and not complaint.short_file
                and complaint.outcome != "unsatisfied"
                and complaint.genuine != "malicious"
                and (complaint.priority or "0") < "2"
                and complaint.phase not in (*RESOLVED_PHASES, "cancelled")
            )

    def write(self, vals):
        if not self.env.su:
            if vals.get("first_contact"):
                self._check_first_contact()
            if vals.get("stage_id"):
                self._forget_first_contact()
        return super().write(vals)

    def _forget_first_contact(self):
        """What is solved long after the answer was not solved at first contact."""
        start = fields.Datetime.now() - FIRST_CONTACT
        self.sudo().filtered(
            lambda complaint: complaint.first_contact
            and complaint.phase not in (*RESOLVED_PHASES, "cancelled")
            and complaint.replied_at
            and complaint.replied_at < start
        ).first_contact = False

    def _check_first_contact(self):
        """:raise UserError: the customer had an answer before, or it went on since"""
        for complaint in self.filtered(lambda complaint: not complaint.first_contact):
            if complaint.replied_at:
                raise UserError(
                    self.env._(
                        "%(complaint)s was not solved at first contact: the customer "
                        "was answered on %(date)s. Use Solved instead.",
                        complaint=complaint.display_name,
                        date=format_date(self.env, complaint.replied_at),
                    )
                )
            if complaint.phase != "record":
                raise UserError(
                    self.env._(
                        "%s was not solved at first contact: it is in progress "
                        "already. Use Solved instead.",
                        complaint.display_name,
                    )
                )

    def _on_stage_change(self, old):
        """A reopened complaint is minor no more; one that is checked stays a full file,
        whatever its category becomes. What goes on is not solved at first contact.
        First, as it is then written along with the stage."""
        complaints = self.sudo()
        complaints.filtered(
            lambda complaint: complaint.first_contact
            and complaint.phase in ("investigate", "solve", "execute")
            and old[complaint.id].phase not in RESOLVED_PHASES
        ).first_contact = False
        rest = complaints.filtered(lambda complaint: not complaint.full_file)
        rest.filtered(
            lambda complaint: complaint.phase not in (*RESOLVED_PHASES, "cancelled")
            and old[complaint.id].phase in RESOLVED_PHASES
        ).full_file = True
        checked = rest.filtered(
            lambda complaint: complaint.phase == "verify" and not complaint._is_short()
        )
        checked.full_file = True
        return super()._on_stage_change(old)

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_full_file(self):
        self.check_access("write")
        for complaint in self.sudo().filtered("short_file"):
            complaint.full_file = True
            complaint._message_log(body=self.env._("Full file: all steps are needed."))
            complaint._plan_checks()

    def action_short_file(self):
        self.check_access("write")
        for complaint in self.filtered("full_file"):
            if not complaint._is_minor():
                raise UserError(
                    self.env._(
                        "%s needs a full file: neither its category nor its priority "
                        "allows a short one.",
                        complaint.display_name,
                    )
                )
            if complaint.phase in RESOLVED_PHASES and not complaint._may_skip():
                raise UserError(
                    self.env._(
                        "The solution of %s is being checked. Only the team manager "
                        "can make it a short file now.",
                        complaint.display_name,
                    )
                )
            complaint.sudo().full_file = False
            complaint._message_log(
                body=self.env._("Short file: answer and solution are enough.")
            )
            complaint.sudo()._plan_checks()

    def action_solved(self):
        """Close a short file; a full one goes on to the check by another user. Without
        a solution, the last reply tells it."""
        self.check_access("write")
        Stage = self.env["care.complaint.stage"]
        closed, verify = Stage._first("closed"), Stage._first("verify", "settle")
        for complaint in self.filtered(lambda complaint: not complaint.closed_at):
            short = complaint._is_short()
            if not short and complaint.phase in RESOLVED_PHASES:
                continue
            vals = {"stage_id": (closed if short else verify or closed).id}
            if short and not complaint.solution and complaint.replied_at:
                vals["solution"] = complaint._solution_told()
            complaint.write(vals)

    def action_solve_minor(self):
        """Classify an unclassified complaint as minor, and close it."""
        category = self.env["care.complaint.category"]._minor()
        for complaint in self:
            if not category or not complaint.can_solve_minor:
                raise UserError(
                    self.env._(
                        "%s cannot be closed as a minor issue. Choose its category "
                        "first.",
                        complaint.display_name,
                    )
                )
            complaint.category_id = category
        self.action_solved()

    def _solution_told(self):
        """What the last reply said, without the mail it answers"""
        self.ensure_one()
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        replies = self.sudo().message_ids.filtered(
            lambda message: message.subtype_id.id == comment
            and not message.is_internal
            and message.message_type in ("comment", "email", "email_outgoing")
            and message.author_id
            and not message.author_id.partner_share
        )
        lines = text_lines(replies.sorted("id")[-1:].body, quotes=False)
        lang = self.partner_id.lang or self.env.lang
        told = self.with_context(lang=lang).env._("Solved on the phone.")
        return "\n".join(lines)[:SOLUTION_LIMIT] or told
