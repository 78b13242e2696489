from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime, is_html_empty

from ...tools.placeholders import fill, missing, names
from ..sla.care_sla_policy import PRIORITIES

PLACEHOLDERS = (
    "customer",
    "contact",
    "number",
    "subject",
    "deadline",
    "handler",
    "team",
    "company",
)


class CareMacroSteps(models.AbstractModel):
    """What one click does to complaints: a reply, other values, an activity. Kept as a
    macro, or entered for the complaints chosen in the list."""

    _name = "care.macro.steps"
    _description = "Steps of a Macro"

    reply = fields.Html(
        help="Sent to the customer. {customer}, {contact}, {number}, {subject}, "
        "{deadline}, {handler}, {team} and {company} are replaced, in the customer's "
        "language.",
    )
    assign = fields.Selection(
        [("me", "The user who clicks"), ("user", "A certain user")], "Assign to"
    )
    user_id = fields.Many2one(
        "res.users", "Handler", domain="[('share', '=', False)]", ondelete="set null"
    )
    stage_id = fields.Many2one("care.complaint.stage", ondelete="set null")
    category_id = fields.Many2one("care.complaint.category", ondelete="set null")
    priority = fields.Selection(PRIORITIES)
    tag_ids = fields.Many2many("care.complaint.tag", string="Add Tags")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        domain="[('res_model', 'in', (False, 'care.complaint'))]",
        ondelete="set null",
    )
    activity_summary = fields.Char()
    activity_days = fields.Integer("Due in Days", aggregator=None)

    @api.constrains("reply")
    def _check_reply(self):
        for steps in self:
            unknown = [name for name in names(steps.reply) if name not in PLACEHOLDERS]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "There is no placeholder %(name)s. Use one of: %(known)s.",
                        name=f"{{{unknown[0]}}}",
                        known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    @api.constrains("assign", "user_id")
    def _check_user(self):
        for steps in self:
            if steps.assign == "user" and not steps.user_id.active:
                raise ValidationError(
                    self.env._("Choose the user to whom complaints are assigned.")
                )

    def _assignee(self):
        if self.assign == "user":
            return self.user_id
        return self.env.user if self.assign == "me" else self.env["res.users"]

    def _has_reply(self):
        return not is_html_empty(self.reply)

    def _check_whole(self):
        """:raise UserError: what the steps need has been deleted or archived"""
        self.ensure_one()
        if self.assign == "user" and not self.user_id.active:
            raise UserError(
                self.env._(
                    "The user to whom complaints are assigned has left. Choose another."
                )
            )

    def _apply_to(self, complaints):
        """Carry out the steps, all or none for each complaint.

        :return: {complaint: why it was refused, in words}
        """
        self._check_whole()
        complaints.check_access("write")
        refused = {}
        if not self._has_reply():
            try:
                with self.env.cr.savepoint():
                    self._carry_out(complaints)
                return refused
            except UserError as error:
                if len(complaints) == 1:
                    return {complaints: str(error)}
                self.env.invalidate_all(flush=False)
        for complaint in complaints:
            try:
                with self.env.cr.savepoint():
                    self._carry_out(complaint)
            except UserError as error:
                self.env.invalidate_all(flush=False)
                refused[complaint] = str(error)
        return refused

    def _carry_out(self, complaints):
        vals = {name: self[name] for name in ("priority",) if self[name]} | {
            name: self[name].id for name in ("category_id",) if self[name]
        }
        if self.tag_ids:
            vals["tag_ids"] = [fields.Command.link(id_) for id_ in self.tag_ids.ids]
        if self.assign:
            vals["user_id"] = self._assignee().id
        if vals:
            complaints.write(vals)
        if self._has_reply():
            for complaint in complaints:
                self._reply_to(complaint)
        if self.activity_type_id:
            for complaint in complaints:
                complaint.activity_schedule(
                    activity_type_id=self.activity_type_id.id,
                    summary=self.activity_summary,
                    date_deadline=fields.Date.add(
                        fields.Date.context_today(self), days=self.activity_days
                    ),
                    user_id=complaint.user_id.id or self.env.uid,
                )
        if self.stage_id:
            complaints.write({"stage_id": self.stage_id.id})
        self.env.flush_all()

    # ------------------------------------------------------------
    # Reply
    # ------------------------------------------------------------

    def _reply_to(self, complaint):
        body = self._reply_body(complaint)
        recipient = complaint.contact_id or complaint.partner_id
        if not recipient.email_normalized:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one, or call.",
                    recipient.display_name,
                )
            )
        complaint.with_context(mail_notify_force_send=False).message_post(
            body=body,
            partner_ids=recipient.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _reply_body(self, complaint):
        """The reply in the customer's language, with values in place of placeholders.

        :raise UserError: a placeholder has no value for this complaint
        """
        lang = complaint._letter_lang()
        text = self.with_context(lang=lang).reply
        values = self._placeholder_values(complaint, lang)
        if without := missing(text, values):
            raise UserError(
                self.env._(
                    "%(complaint)s has nothing for %(name)s. Take it out of the text, "
                    "or enter the value in the complaint.",
                    complaint=complaint.name,
                    name=f"{{{without[0]}}}",
                )
            )
        escaped = {name: escape(value) for name, value in values.items()}
        return Markup(fill(text, escaped))

    @api.model
    def _placeholder_values(self, complaint, lang):
        """{placeholder: text} for the customer: the deadline is that of the next
        answer or solution, in the company's time zone"""
        deadline = complaint.sla_deadline and format_datetime(
            self.env,
            complaint.sla_deadline,
            tz=complaint.company_id._care_tz().zone,
            dt_format="medium",
            lang_code=lang,
        )
        customer = complaint.partner_id.commercial_partner_id.name
        handler = self._assignee() or complaint.user_id or self.env.user
        return {
            "customer": customer,
            "contact": complaint._letter_name() or customer,
            "number": complaint.name,
            "subject": complaint.subject,
            "deadline": deadline or "",
            "handler": handler.sudo().name,
            "team": complaint.team_id.with_context(lang=lang).name or "",
            "company": complaint.company_id.sudo().name,
        }
