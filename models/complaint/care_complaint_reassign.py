from odoo import models


class CareComplaint(models.Model):
    """Complaints whose handler has left are assigned as their team assigns new ones."""

    _inherit = "care.complaint"

    def _on_stage_change(self, old):
        """Also a complaint reopened after its handler has left"""
        result = super()._on_stage_change(old)
        self.sudo().filtered(
            lambda row: not row.closed_at and row.user_id and not row.user_id.active
        )._assign_anew()
        return result

    def _assign_anew(self):
        """Assign these complaints by the rule of their team, as superuser, and tell
        the new handlers; where it assigns manually, the manager."""
        nobody = self.env["res.users"]
        for team, complaints in self.grouped("team_id").items():
            count = len(complaints)
            users = team._assign(count) if team else [nobody] * count
            given = {}
            for complaint, user in zip(complaints, users, strict=True):
                given[user] = given.get(user, self.browse()) | complaint
            for user, rows in given.items():
                rows.with_context(mail_auto_subscribe_no_notify=True).write(
                    {"user_id": user.id}
                )
                rows._tell_assigned(user, user or team.manager_id)

    def _tell_assigned(self, user, person):
        """:param user: the new handler, or nobody
        :param person: who is told
        """
        if not person or not person.active or person == self.env.user:
            return
        told = self._care_in_language_of(person)
        subject = (
            told.env._("Complaints assigned to you: %s", len(self))
            if user
            else told.env._("Complaints without a handler: %s", len(self))
        )
        person.sudo()._care_send_digest(
            subject,
            told,
            {complaint: complaint.display_name for complaint in told},
            "customer_care.complaint_action",
        )
