from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL


class CareRetention(models.AbstractModel):
    """Answers: the values stay, and with them results, scores and response rates. A
    company stays the customer of its answers; a private customer does not."""

    _inherit = "care.retention"

    @api.model
    def _due_answers(self, company, before):
        """Campaigns that are still running need their invitations."""
        return {
            "answers": SQL(
                """
                SELECT answer.id
                  FROM survey_user_input answer
             LEFT JOIN care_campaign campaign ON campaign.id = answer.care_campaign_id
                 WHERE answer.care_company_id = %s
                   AND answer.care_anonymized_at IS NULL
                   AND answer.care_waiting_campaign_id IS NULL
                   AND COALESCE(answer.end_datetime, answer.create_date) < %s
                   AND (campaign.id IS NULL OR campaign.state = 'closed')
                """,
                company.id,
                before,
            ),
            "invitations": SQL(
                """
                SELECT invitation.id
                  FROM care_invitation invitation
             LEFT JOIN care_campaign campaign ON campaign.id = invitation.campaign_id
                 WHERE invitation.company_id = %s
                   AND invitation.user_input_id IS NULL
                   AND (invitation.email IS NOT NULL
                        OR invitation.contact_id IS NOT NULL
                        OR invitation.sms_number IS NOT NULL)
                   AND invitation.create_date < %s
                   AND (campaign.id IS NULL OR campaign.state = 'closed')
                """,
                company.id,
                before,
            ),
        }

    def _remove_answers(self, ids, persons=()):
        """:param persons: ids of contacts that are cut as customers, too"""
        follow_ups = [
            id_
            for (id_,) in self.env.execute_query(
                SQL("SELECT id FROM care_follow_up WHERE user_input_id = ANY(%s)", ids)
            )
        ]
        self._remove_invited(ids, list(persons))
        self._remove_follow_ups(follow_ups, list(persons))
        self._run(
            """
            UPDATE survey_user_input_line
               SET value_char_box = NULL, value_text_box = NULL,
                   create_uid = %(nobody)s, write_uid = %(nobody)s
             WHERE user_input_id = ANY(%(ids)s)
            """,
            nobody=SUPERUSER_ID,
            ids=ids,
        )
        self._run(
            """
            UPDATE survey_user_input answer
               SET partner_id = NULL, email = NULL, nickname = NULL,
                   invite_token = NULL, access_token = gen_random_uuid()::text,
                   care_network = NULL, care_browser = NULL,
                   care_partner_id = kept.customer,
                   care_complaint_id = CASE
                       WHEN answer.care_partner_id IS NULL OR kept.customer IS NOT NULL
                       THEN answer.care_complaint_id END,
                   create_uid = %(nobody)s, write_uid = %(nobody)s,
                   care_anonymized_at = %(now)s
              FROM survey_user_input self
              %(kept)s
             WHERE self.id = answer.id AND answer.id = ANY(%(ids)s)
            """,
            nobody=SUPERUSER_ID,
            now=fields.Datetime.now(),
            kept=self._sql_kept("care_partner_id", persons),
            ids=ids,
        )
        self._remove_traces("survey.user_input", ids)
        self.env["survey.user_input"].invalidate_model(flush=False)
        self.env["survey.user_input.line"].invalidate_model(flush=False)

    def _remove_invited(self, answers, persons):
        """The invitation keeps that and when the customer was asked and answered."""
        rows = self.env.execute_query(
            SQL("SELECT id FROM care_invitation WHERE user_input_id = ANY(%s)", answers)
        )
        self._remove_invitations([id_ for (id_,) in rows], persons)

    def _remove_invitations(self, ids, persons=()):
        self._run(
            """
            UPDATE care_invitation invitation
               SET contact_id = NULL, email = NULL, sms_uuid = NULL, sms_number = NULL,
                   partner_id = kept.customer,
                   user_input_id = CASE WHEN kept.customer IS NOT NULL
                                        THEN invitation.user_input_id END
              FROM care_invitation self
              %(kept)s
             WHERE self.id = invitation.id AND invitation.id = ANY(%(ids)s)
            """,
            kept=self._sql_kept("partner_id", persons),
            ids=ids,
        )
        self._remove_traces("care.invitation", ids)
        self.env["care.invitation"].invalidate_model(flush=False)

    def _remove_follow_ups(self, ids, persons=()):
        self._run(
            """
            UPDATE care_follow_up follow_up
               SET comment = NULL, result = NULL, partner_id = kept.customer
              FROM care_follow_up self
              %(kept)s
             WHERE self.id = follow_up.id AND follow_up.id = ANY(%(ids)s)
            """,
            kept=self._sql_kept("partner_id", persons),
            ids=ids,
        )
        self._remove_traces("care.follow.up", ids)
        self.env["care.follow.up"].invalidate_model(flush=False)

    @api.model
    def _sql_kept(self, column, persons):
        """The customer that a row ``self`` keeps: a company, none of ``persons``"""
        return SQL(
            """LEFT JOIN LATERAL (
                        SELECT customer.id AS customer FROM res_partner customer
                         WHERE customer.id = %s AND customer.is_company
                           AND customer.id <> ALL(%s::int[])) AS kept ON TRUE""",
            SQL.identifier("self", column),
            list(persons),
        )
