from odoo import api, fields, models
from odoo.fields import Domain

from .care_campaign import UNDELIVERED

TEMPLATES = {
    "mail_template_survey_invitation": "mail_template_internal_invitation",
    "mail_template_survey_reminder": "mail_template_internal_reminder",
}


class CareInvitation(models.Model):
    """Invitations of colleagues: one for each department that a colleague rates, all of
    which come in one mail."""

    _inherit = "care.invitation"

    asking_team_id = fields.Many2one(
        "crm.team",
        "Asked Department",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    rated_team_id = fields.Many2one(
        "crm.team",
        "Rated Department",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _other_team = models.Constraint(
        "CHECK (asking_team_id <> rated_team_id)",
        "Nobody rates the own department.",
    )

    def _of_colleagues(self):
        return self.filtered(lambda row: row.campaign_id.audience == "colleagues")

    def _letter(self):
        """These invitations of colleagues, and those that come in the same mails"""
        rows = self._of_colleagues()
        if not rows:
            return self
        wanted = {(row.campaign_id, row.contact_id) for row in rows}
        same = self.search(
            Domain("campaign_id", "in", rows.campaign_id.ids)
            & Domain("contact_id", "in", rows.contact_id.ids),
            order="id",
        ).filtered(lambda row: (row.campaign_id, row.contact_id) in wanted)
        return self | same

    def _department_links(self):
        """(department, URL) for each department that the mail asks about; some of the
        campaign in a test mail"""
        campaign = self.campaign_id.sudo()
        if self.env.context.get("care_test_mail"):
            departments = campaign._rated_departments()[: campaign.departments_each]
            return [(team.name, self._link()) for team in departments]
        return [
            (row.rated_team_id.name, row._link())
            for row in self._letter().filtered(
                lambda row: row.state == "sent" and row.rated_team_id
            )
        ]

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _send_new(self, batch):
        others = (batch._letter() - batch).filtered(lambda row: row.state == "pending")
        return super()._send_new(batch | others.try_lock_for_update())

    @api.model
    def _remind(self, batch):
        others = (batch._letter() - batch).filtered(
            lambda row: row.state == "sent"
            and not row.skip_reason
            and not row.reminded_again_at
        )
        return super()._remind(batch | others.try_lock_for_update())

    def _write_mails(self, template):
        rows = self._of_colleagues()
        mails = super(CareInvitation, self - rows)._write_mails(template)
        first = self.browse()
        letters = rows.grouped(lambda row: (row.campaign_id, row.contact_id))
        for group in letters.values():
            first |= group[:1]
        if first:
            mails |= super(CareInvitation, first)._write_mails(TEMPLATES[template])
        return mails

    def _leave_out_late(self):
        """Colleagues are not exchanged for others."""
        if not self._of_colleagues():
            return super()._leave_out_late()
        self._leave_out_refused()
        self.filtered(lambda row: row.state == "pending")._leave_out_asked()
        return None

    def _refusals(self):
        """Colleagues who have left their department are not asked any more."""
        refusals = super()._refusals()
        rows = self._of_colleagues()
        if not rows:
            return refusals
        members = self.env["crm.team.member"].sudo()
        present = {
            (user.partner_id, team)
            for user, team in members._read_group(
                Domain("user_id.active", "=", True)
                & Domain("user_id.share", "=", False)
                & Domain("user_id.partner_id", "in", rows.contact_id.ids),
                ["user_id", "crm_team_id"],
            )
        }
        for row in rows:
            reason, email = refusals[row.id]
            gone = (row.contact_id, row.asking_team_id) not in present
            refusals[row.id] = (reason or ("archived" if gone else None), email)
        return refusals

    # ------------------------------------------------------------
    # One mail for several
    # ------------------------------------------------------------

    def _note_queue(self, mail, delivered):
        result = super()._note_queue(mail, delivered)
        self._tell_letter()
        return result

    def _note_refused(self, refusals):
        result = super()._note_refused(refusals)
        for row in self._of_colleagues():
            row._tell_letter()
        return result

    def _send_again(self):
        undelivered = self._letter().filtered(lambda row: row.state in UNDELIVERED)
        return super(CareInvitation, self | undelivered)._send_again()

    def _tell_letter(self):
        """Give what became of a mail to all invitations in it."""
        if not self._of_colleagues():
            return
        others = (self._letter() - self).filtered(
            lambda row: row.state in ("sent", "failed")
        )
        names = ("state", "sent_at", "reminded_at", "reminded_again_at", "skip_reason")
        others.write({name: self[name] for name in names})
        others.flush_recordset()
