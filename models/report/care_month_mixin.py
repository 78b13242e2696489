from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareMonthMixin(models.AbstractModel):
    """A month that has begun, of one department or the whole company. Months are those
    of the company's time zone."""

    _name = "care.month.mixin"
    _description = "Department Month"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "crm.team", check_company=True, index="btree_not_null"
    )
    month = fields.Date(
        required=True, default=lambda self: self._last_month(self.env.company)
    )

    @api.model
    def _last_month(self, company):
        """First day of the month before the current one"""
        first = fields.Date.start_of(company._care_today(), "month")
        return fields.Date.subtract(first, months=1)

    @api.depends("month", "department_id", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        Indicator = self.env["care.indicator"]
        for record in self:
            month = record.month and Indicator._month_name(record.month)
            whose = record.department_id.name or record.company_id.name
            record.display_name = " · ".join(filter(None, (month, whose)))

    @api.constrains("month", "company_id")
    def _check_month(self):
        for record in self:
            if record.month > record.company_id._care_today():
                raise ValidationError(
                    self.env._(
                        "%s has not begun yet. Choose an earlier month.",
                        self.env["care.indicator"]._month_name(record.month),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._on_the_first(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._on_the_first(vals))

    @api.model
    def _on_the_first(self, vals):
        if not vals.get("month"):
            return vals
        return vals | {"month": fields.Date.to_date(vals["month"]).replace(day=1)}
