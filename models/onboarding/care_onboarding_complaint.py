from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CareOnboarding(models.Model):
    """Where complaints arrive and how soon they are answered, shown by a test."""

    _inherit = "care.onboarding"

    def _complaint_team(self):
        return self.env["care.complaint.team"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    def _complaint_values(self):
        team = self._complaint_team()
        calendar = team.calendar_id or self.company_id.resource_calendar_id
        test = self.complaint_id.exists()
        return {
            "team_id": team.id,
            "team": team.name or "",
            "email": team.alias_id.display_name if team.alias_domain_id else "",
            "hours": calendar.name or "",
            "members": team.member_ids.mapped("name"),
            "policies": self.env["care.sla.policy"].search_count(
                Domain("company_id", "in", (self.company_id.id, False))
            ),
            "test": bool(test)
            and {"id": test.id, "name": test.display_name, "timer": test.sla_timer},
        }

    @api.model
    def test_complaint(self):
        """Record a complaint of one's own company, by phone, so that nobody outside
        gets a message; it shows the clock and can be removed again.

        :raise UserError: there is no team
        """
        row = self._open_row()
        if not row._complaint_team():
            raise UserError(
                self.env._(
                    "There is no complaint team. Create one under Configuration ▸ "
                    "Complaints ▸ Complaint Teams."
                )
            )
        if not row.complaint_id.exists():
            row.sudo().complaint_id = self.env["care.complaint"].create(
                {
                    "subject": self.env._("Test complaint"),
                    "partner_id": row.company_id.partner_id.id,
                    "team_id": row._complaint_team().id,
                    "source": "phone",
                }
            )
        return row._finish("complaint")

    @api.model
    def remove_test_complaint(self):
        row = self._open_row()
        row.complaint_id.exists().unlink()
        return row._values()
