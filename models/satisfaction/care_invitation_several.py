from odoo import fields, models
from odoo.tools import SQL


class CareInvitation(models.Model):
    """Further persons of a customer whose main contact is asked too."""

    _inherit = "care.invitation"

    further = fields.Boolean(
        "Further Person",
        readonly=True,
        help="Another person of the same customer is asked too.",
    )
    decision_role = fields.Selection(
        related="contact_id.care_decision_role",
        related_sudo=False,
        string="Role in Decisions",
    )

    def _leave_out_late(self):
        """Further persons are not exchanged for others of their customer."""
        further = self.filtered("further")
        result = super(CareInvitation, self - further)._leave_out_late()
        if further:
            further._leave_out_refused()
            further.filtered(lambda row: row.state == "pending")._leave_out_asked()
        return result

    def _leave_out_asked(self):
        """Exclude persons whom another campaign has asked in the meantime."""
        campaign = self.campaign_id
        now = fields.Datetime.now()
        self.env.flush_all()
        asked = self.env.execute_query(
            SQL(
                """
                SELECT row.id FROM care_invitation row
                 WHERE row.id = ANY(%(rows)s) AND EXISTS (
                       SELECT 1 FROM (%(asked)s) AS asked
                        WHERE asked.partner_id = row.partner_id
                           OR asked.contact_id = row.contact_id
                           OR asked.email = row.email)
                """,
                rows=self.ids,
                asked=campaign._sql_asked_lately(now),
            )
        )
        self.browse([row for (row,) in asked])._skip("quarantine")
