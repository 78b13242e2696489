from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .care_plan import frequency
from .care_plan_rule import CHANNELS


class CarePlanException(models.Model):
    """Frequency agreed with one customer instead of the plan of its tier. It is set by
    role and channel and therefore stays when the tier changes."""

    _name = "care.plan.exception"
    _description = "Contact Plan Exception"
    _inherit = ["care.frequency"]
    _order = "partner_id, id"
    _rec_name = "reason"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [("exclude", "No contacts"), ("frequency", "Different frequency")],
        default="exclude",
        required=True,
    )
    role_id = fields.Many2one(
        "care.role",
        ondelete="cascade",
        help="Empty: every role.",
    )
    channel = fields.Selection(CHANNELS, help="Empty: every channel.")
    reason = fields.Char(required=True)
    summary = fields.Char(compute="_compute_summary")

    _partner_role_channel_uniq = models.UniqueIndex(
        "(partner_id, company_id, COALESCE(role_id, 0), COALESCE(channel, ''))",
        "An exception for this role and channel already exists. Change it instead.",
    )

    @api.depends("kind", "channel", "times", "every", "unit", "aim_every")
    @api.depends_context("lang")
    def _compute_summary(self):
        for exception in self:
            exception.summary = (
                self.env._("no contacts")
                if exception.kind == "exclude"
                else exception._frequency_words(exception.channel)
            )

    @api.constrains("kind", "role_id", "channel", "reason")
    def _check_kind(self):
        for exception in self:
            if exception.kind == "frequency" and not (
                exception.role_id and exception.channel
            ):
                raise ValidationError(
                    self.env._(
                        "Choose the role and channel that have a different frequency."
                    )
                )
            if not (exception.reason or "").strip():
                raise ValidationError(self.env._("Enter the reason for the exception."))

    def copy(self, default=None):
        self._care_check_copy(
            default, {"partner_id", "company_id", "role_id", "channel"}
        )
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if partner := Partner.browse(vals.get("partner_id")):
                vals["partner_id"] = partner.commercial_partner_id.id
        exceptions = super().create(vals_list)
        exceptions._restart()
        exceptions._log(self.env._("Contact plan, exception: %(what)s (%(reason)s)"))
        return exceptions

    def write(self, vals):
        agreed = self if vals.keys() - {"reason"} else self.browse()
        agreed._restart()
        result = super().write(vals)
        agreed._restart()
        self._log(self.env._("Contact plan, exception: %(what)s (%(reason)s)"))
        return result

    def unlink(self):
        self._restart()
        self._log(self.env._("Contact plan, exception ended: %(what)s (%(reason)s)"))
        return super().unlink()

    def _log(self, text):
        for exception in self:
            exception.partner_id._message_log(
                body=text % {"what": exception._care_what(), "reason": exception.reason}
            )

    def _care_words(self):
        return f"{self._care_what()} ({self.reason})"

    def _care_what(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        words = (self.role_id.name, channels.get(self.channel), self.summary)
        return " · ".join(filter(None, words))

    def _restart(self):
        """Withdraw the open targets that the exceptions concern;
        :meth:`care.plan.target._generate` makes the new ones."""
        if self:
            Target = self.env["care.plan.target"]
            Target.sudo().search(
                Domain("state", "=", "open")
                & Domain.OR(exception._target_domain() for exception in self)
            ).write({"state": "superseded"})
            Target._schedule_generation()

    def _target_domain(self):
        domain = Domain("partner_id", "=", self.partner_id.id) & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.role_id:
            domain &= Domain("role_id", "=", self.role_id.id)
        if self.channel:
            domain &= Domain("channel", "=", self.channel)
        return domain

    def _to_frequency(self, plan):
        self.ensure_one()
        return frequency(self, plan.anchor_date)
