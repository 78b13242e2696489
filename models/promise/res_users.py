from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _care_supervisor(self, company):
        """The leader of the person's department, else the company's care manager;
        nobody is their own supervisor. Superuser, may be empty."""
        user = self.sudo()
        leader = user.sale_team_id.user_id - user
        if leader.active:
            return leader.with_env(self.env)
        return (company._care_manager() - user).with_env(self.env)

    def _care_line(self, company):
        """Supervisor, their supervisor and so on, up to the care manager"""
        line, person = self.browse(), self
        while (person := person._care_supervisor(company)) and person not in line:
            if person == self:
                break
            line += person
        return line
