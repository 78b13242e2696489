from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareInvitation(models.Model):
    """Customers who must not be asked. :meth:`_sql_refusal` is the only rule, used by
    samples, invitations, reminders, calls and surveys after complaints."""

    _inherit = "care.invitation"

    @api.model
    def _sql_refusal(
        self, customer, person, company, complaints, by_phone, colleague=None
    ):
        """Why a person must not be asked, as an SQL expression; NULL if nothing is
        against it. An address counts for everybody who has it. Subqueries do not
        depend on the row, so that PostgreSQL runs each of them once.

        :param SQL customer: alias of the customer in ``res_partner``
        :param SQL person: alias of the person to ask in ``res_partner``
        :param SQL company: id of the company that asks
        :param SQL complaints: whether an open complaint is a reason
        :param SQL by_phone: whether the person's number is used, by call or SMS
        :param SQL colleague: whether a colleague is asked as such, by default not
        """
        return SQL(
            """
            CASE WHEN %(customer)s.active IS NOT TRUE OR %(person)s.active IS NOT TRUE
                      THEN 'archived'
                 WHEN %(customer)s.care_survey_opt_out
                      OR %(person)s.care_survey_opt_out
                      OR %(person)s.email_normalized IN (
                         SELECT email FROM mail_blacklist WHERE active)
                      OR %(by_phone)s AND %(person)s.phone_sanitized IN (
                         SELECT number FROM phone_blacklist WHERE active)
                      OR %(person)s.email_normalized IN (
                         SELECT email_normalized FROM res_partner
                          WHERE care_survey_opt_out AND email_normalized IS NOT NULL)
                      THEN 'opted_out'
                 WHEN %(complaints)s AND (%(customer)s.id, %(company)s) IN (
                         SELECT partner_id, company_id FROM care_complaint
                          WHERE closed_at IS NULL AND partner_id IS NOT NULL)
                      THEN 'complaint'
                 WHEN %(internal)s AND NOT %(colleague)s THEN 'internal'
            END
            """,
            customer=customer,
            person=person,
            company=company,
            complaints=complaints,
            by_phone=by_phone,
            colleague=colleague or SQL("FALSE"),
            internal=self._sql_internal(SQL("%s.email_normalized", person)),
        )

    @api.model
    def _sql_internal(self, email):
        """Is ``email`` the address of a colleague or of the company? They would answer
        for a customer."""
        return SQL(
            """
            (%(email)s IN (
                SELECT partner.email_normalized
                  FROM res_users colleague
                  JOIN res_partner partner ON partner.id = colleague.partner_id
                 WHERE colleague.active AND colleague.share IS NOT TRUE
                   AND partner.email_normalized IS NOT NULL)
             OR %(email)s IN (
                SELECT partner.email_normalized
                  FROM res_company company
                  JOIN res_partner partner ON partner.id = company.partner_id
                 WHERE partner.email_normalized IS NOT NULL)
             OR SPLIT_PART(%(email)s, '@', 2) IN (SELECT name FROM mail_alias_domain))
            """,
            email=email,
        )

    def _refusals(self):
        """{id: (why this invitation must not be sent if so, address of the person)}, as
        of now."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.id,
                       COALESCE(%s, CASE
                           WHEN i.channel = 'email'
                                AND (i.email IS NULL OR person.email_normalized IS NULL)
                           THEN 'no_address'
                           WHEN i.channel = 'sms' AND person.phone_sanitized IS NULL
                           THEN 'no_phone' END),
                       person.email_normalized
                  FROM care_invitation i
             LEFT JOIN care_campaign campaign ON campaign.id = i.campaign_id
             LEFT JOIN res_partner customer ON customer.id = i.partner_id
             LEFT JOIN res_partner person
                    ON person.id = COALESCE(i.contact_id, i.partner_id)
                 WHERE i.id = ANY(%s)
                """,
                self._sql_refusal(
                    SQL("customer"),
                    SQL("person"),
                    SQL("i.company_id"),
                    SQL(
                        "COALESCE(campaign.exclude_open_complaints"
                        " AND campaign.audience <> 'colleagues', FALSE)"
                    ),
                    SQL("i.channel <> 'email'"),
                    SQL("COALESCE(campaign.audience = 'colleagues', FALSE)"),
                ),
                self.ids,
            )
        )
        return {row: (reason, email) for row, reason, email in rows}

    def _leave_out_refused(self):
        """Exclude customers who must not be asked now, without choosing another
        contact."""
        refusals = self._refusals()
        for invitation in self:
            reason, email = refusals[invitation.id]
            if not reason and invitation.channel == "email":
                reason = invitation._move_to(email)
            if reason:
                invitation._skip(reason)

    def _move_to(self, email, contact=None):
        """Use the person's new address.

        :return: why not: the campaign writes to that address already
        """
        self.ensure_one()
        if email == self.email:
            return None
        if self.campaign_id and self.search_count(
            Domain("campaign_id", "=", self.campaign_id.id)
            & Domain("email", "=", email)
            & Domain("id", "not in", self._letter().ids),
            limit=1,
        ):
            return "quarantine"
        self.write({"email": email} | ({"contact_id": contact} if contact else {}))
        return None

    def _refuse_queued(self, mail, email):
        """Send a queued mail to the person's new address, if there is one.

        :return: why it must not be sent
        """
        if self.campaign_id.state == "closed":
            return "closed"
        if email and mail.email_to != email:
            if reason := self._move_to(email):
                return reason
            mail.email_to = email
        return None

    def _note_refused(self, refusals):
        """Record that their queued mails were cancelled.

        :param refusals: as of :meth:`_refusals`
        """
        for invitation in self:
            reason, _email = refusals[invitation.id]
            if invitation.state == "failed":
                invitation._skip(reason)
            else:
                invitation.skip_reason = reason

    # ------------------------------------------------------------
    # Reminders and calls
    # ------------------------------------------------------------

    @api.model
    def _remind(self, batch):
        """Send reminders to customers who can still be asked; record on the others why
        they are not reminded."""
        refusals = batch._refusals()
        ready = batch.browse()
        for invitation in batch:
            reason, email = refusals[invitation.id]
            if reason := reason or invitation._move_to(email):
                invitation.skip_reason = reason
            else:
                ready += invitation
        now = fields.Datetime.now()
        again = ready.filtered("reminded_at")
        again.reminded_again_at = now
        (ready - again).reminded_at = now
        by_sms = ready.filtered(lambda row: row.channel == "sms")
        by_sms._write_sms(reminder=True)
        (ready - by_sms)._write_mails("mail_template_survey_reminder")

    def _is_last_reminder(self):
        return bool(self.reminded_again_at or not self.campaign_id.remind_again_days)

    @api.model
    def _leave_out_calls(self):
        """Remove customers who must not be asked from the list of calls."""
        waiting = self.search(Domain("state", "=", "to_call"))
        refusals = waiting._refusals() if waiting else {}
        for invitation in waiting.filtered(lambda row: refusals[row.id][0]):
            invitation._skip(refusals[invitation.id][0])
