from markupsafe import Markup

from odoo import api, models

SETUP_URL = "/odoo/customer-care"


class CareSetupHelp(models.AbstractModel):
    """Empty lists that lead administrators to the setup, as long as it is not done."""

    _name = "care.setup.help"
    _description = "Setup Help of Empty Lists"

    @api.model
    def get_empty_list_help(self, help_message):
        help_message = super().get_empty_list_help(help_message)
        if self._shows_setup_help():
            help_message = (help_message or "") + Markup(
                '<p><a class="btn btn-primary" href="%s">%s</a></p>'
            ) % (SETUP_URL, self.env._("Set Up Customer Care"))
        return help_message

    @api.model
    def _shows_setup_help(self):
        if not self.env.user.has_group("customer_care.group_manager"):
            return False
        row = self.env["care.onboarding"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return not row or not all(row[f"{step}_state"] for step in row._steps())
