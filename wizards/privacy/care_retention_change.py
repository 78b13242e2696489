from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...models.card.res_partner import MANAGER
from ...models.privacy.res_company import RETENTION_KINDS


def _due(label):
    return fields.Integer(label, compute="_compute_due")


class CareRetentionChange(models.TransientModel):
    """Set for how many months the current company keeps what, after seeing how many
    records that concerns now."""

    _name = "care.retention.change"
    _description = "Data Retention"

    keep_answers = fields.Integer("Satisfaction Answers")
    keep_complaints = fields.Integer("Closed Complaints")
    keep_photos = fields.Integer("Photos of Reports")
    keep_protection = fields.Integer("Protection Log")
    keep_calls = fields.Integer("Telephone Calls")
    keep_phone = fields.Integer("Uploads of Phones")
    keep_briefs = fields.Integer("Opened Briefs")
    due_answers = _due("Answers Concerned Now")
    due_complaints = _due("Complaints Concerned Now")
    due_photos = _due("Photos Concerned Now")
    due_protection = _due("Log Entries Concerned Now")
    due_calls = _due("Calls Concerned Now")
    due_phone = _due("Uploads Concerned Now")
    due_briefs = _due("Briefs Concerned Now")
    due_total = fields.Integer(compute="_compute_due")
    company_name = fields.Char("Company", compute="_compute_company_name")
    confirmed = fields.Boolean("I have a backup, and want this data removed for good")

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if self.env.user.has_group(MANAGER):
            values |= {
                f"keep_{kind}": months
                for kind, months in self.env.company._care_keep_months().items()
                if f"keep_{kind}" in names
            }
        return values

    @api.constrains(*(f"keep_{kind}" for kind, _name in RETENTION_KINDS))
    def _check_months(self):
        for change in self:
            if any(change[f"keep_{kind}"] < 0 for kind, _name in RETENTION_KINDS):
                raise ValidationError(
                    self.env._("The number of months cannot be negative.")
                )

    @api.depends_context("company")
    def _compute_company_name(self):
        self.company_name = self.env.company.name

    @api.depends(*(f"keep_{kind}" for kind, _name in RETENTION_KINDS))
    @api.depends_context("company")
    def _compute_due(self):
        Retention = self.env["care.retention"]
        allowed = self.env.user.has_group(MANAGER)
        for change in self:
            total = 0
            for kind, _name in RETENTION_KINDS:
                months = max(change[f"keep_{kind}"], 0) if allowed else 0
                count = Retention._count_due(kind, self.env.company, months)
                change[f"due_{kind}"] = count
                total += count
            change.due_total = total

    def action_apply(self):
        """Set the months of the current company. The job removes in the next night.

        :raise AccessError: not an administrator of the app
        :raise UserError: records are concerned, and that is not confirmed
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Care can change data retention."
                )
            )
        if self.due_total and not self.confirmed:
            raise UserError(
                self.env._(
                    "Records are concerned: %s. Confirm that they may be removed for "
                    "good.",
                    self.due_total,
                )
            )
        self.env.company.sudo().write(
            {
                f"care_keep_{kind}": self[f"keep_{kind}"]
                for kind, _name in RETENTION_KINDS
            }
        )
        return {"type": "ir.actions.act_window_close"}
