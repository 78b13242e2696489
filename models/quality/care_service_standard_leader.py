from odoo import api, models
from odoo.exceptions import AccessError


class CareServiceStandard(models.Model):
    """Leaders write and publish the standards of their own department, administrators
    those of all (domain, section 8)."""

    _inherit = "care.service.standard"

    @api.model
    def _may_write_any(self):
        return self._care_is_free() or bool(self.env.user._care_led_department())

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._may_write_any())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who leads no department reads and confirms only."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list") and not self._may_write_any():
            for name in ("create", "edit", "delete", "duplicate"):
                arch.set(name, "0")
            for name in ("action_publish", "action_new_version"):
                for button in arch.xpath(f"//button[@name='{name}']"):
                    button.getparent().remove(button)
        return arch, view

    @api.model
    def default_get(self, fields):
        """A leader writes for the own department."""
        values = super().default_get(fields)
        if "department_id" in fields and not self._care_is_free():
            led = self.env.user._care_led_department()
            values.setdefault("department_id", led.id)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "department_id" in vals:
                self._check_led(vals["department_id"])
        return super().create(vals_list)

    def write(self, vals):
        if "department_id" in vals and self._care_differs(
            "department_id", vals["department_id"]
        ):
            self._check_led(vals["department_id"])
        return super().write(vals)

    @api.model
    def _check_led(self, department_id):
        """Says in words what the rules of access demand.

        :raise AccessError: not the department that the user leads
        """
        if self._care_is_free():
            return
        team = self.env["crm.team"].sudo().browse(department_id)
        if team.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Leaders write standards for their own department: choose it. Only "
                    "administrators of Customer Care write those of all departments."
                )
            )
