from odoo import api, fields, models
from odoo.tools import SQL

COMPLAINT = "care.complaint"


class CareMeritEntry(models.Model):
    """Complaints: one fine for each case and person, whatever the reasons."""

    _inherit = "care.merit.entry"

    @api.model
    def _sql_blame(self):
        """SQL of the day of the first reason to settle responsibility of ``complaint``,
        except for skipped steps: late answer, dissatisfied customer, repeat, reopening,
        broken promise; in UTC, null without any"""
        return SQL(
            """
            LEAST(
                CASE WHEN complaint.sla_reply_result = 'missed'
                       OR complaint.sla_reply_deadline < %(now)s
                     THEN COALESCE(
                        (SELECT MIN(status.deadline) FROM care_sla_status status
                          WHERE status.complaint_id = complaint.id
                            AND status.target = 'reply'
                            AND status.cancelled IS NOT TRUE
                            AND status.deadline
                              < COALESCE(status.reached_at, %(now)s)),
                        complaint.sla_reply_deadline, complaint.received_at) END,
                CASE WHEN complaint.outcome = 'unsatisfied'
                     THEN COALESCE(complaint.verified_at, complaint.closed_at,
                                   complaint.received_at) END,
                CASE WHEN complaint.repeat_of_id IS NOT NULL
                      AND complaint.repeat_state IS DISTINCT FROM 'rejected'
                     THEN complaint.received_at END,
                CASE WHEN complaint.reopen_count > 0
                     THEN COALESCE(
                        (SELECT MIN(event.at) FROM care_complaint_event event
                          WHERE event.complaint_id = complaint.id
                            AND event.kind = 'reopened'), complaint.received_at) END,
                CASE WHEN EXISTS (SELECT FROM care_promise promise
                                   WHERE promise.broken_complaint_id = complaint.id
                                     AND promise.state = 'broken')
                     THEN complaint.received_at END
            )
            """,
            now=fields.Datetime.now(),
        )

    @api.model
    def _sql_settled(self):
        """Is the case closed, or its responsibility settled?"""
        return SQL(
            "(stage.phase = 'closed' OR stage.phase = 'settle'"
            " AND complaint.responsible_id IS NOT NULL)"
        )

    @api.model
    def _sql_excluded(self):
        return SQL(
            "(stage.phase = 'cancelled' OR complaint.kind = 'suggestion'"
            " OR complaint.genuine = 'malicious')"
        )

    @api.model
    def _propose_complaints(self, frame):
        """The person responsible answers for the case together with the supervisor;
        who skipped steps answers for that."""
        if "complaint" not in frame["causes"]:
            return 0
        return self._insert_candidates(
            frame,
            COMPLAINT,
            SQL(
                """
                SELECT guilty.id AS res_id, guilty.company_id, 'complaint' AS cause,
                       guilty.about_id,
                       COALESCE(guilty.supervisor_id, person.supervisor_id)
                           AS supervisor_id,
                       COALESCE(person.team_id, guilty.against_team_id)
                           AS department_id,
                       (guilty.at AT TIME ZONE 'UTC' AT TIME ZONE company.zone)::date
                           AS day,
                       1 AS quantity, NULL::date AS period
                  FROM (%(guilty)s) guilty
                  JOIN company ON company.id = guilty.company_id
             LEFT JOIN person
                    ON person.user_id = guilty.about_id
                   AND person.company_id = guilty.company_id
                 WHERE guilty.at IS NOT NULL AND guilty.about_id IS NOT NULL
                   AND %(unknown)s
                """,
                guilty=self._sql_guilty(frame),
                unknown=self._sql_no_entry(
                    COMPLAINT,
                    SQL("guilty.id"),
                    SQL("known.about_user_id = guilty.about_id"),
                ),
            ),
        )

    @api.model
    def _sql_guilty(self, frame):
        """Rows (complaint, person, supervisor named in the file, moment): of settled
        cases that a reason of this month may concern"""
        return SQL(
            """
            WITH settled AS MATERIALIZED (
                SELECT complaint.id, complaint.company_id, complaint.against_team_id,
                       complaint.responsible_id, complaint.skipped_by_id,
                       complaint.skipped_at, %(blame)s AS blamed_at
                  FROM care_complaint complaint
                  JOIN care_complaint_stage stage ON stage.id = complaint.stage_id
                 WHERE %(settled)s AND NOT %(excluded)s
                   AND complaint.received_at < %(until)s
                   AND (complaint.closed_at IS NULL OR complaint.closed_at >= %(since)s)
            )
            SELECT settled.id, settled.company_id, settled.against_team_id,
                   COALESCE(settled.responsible_id, settled.skipped_by_id) AS about_id,
                   co.user_id AS supervisor_id, settled.blamed_at AS at
              FROM settled
         LEFT JOIN care_complaint_co_responsible_rel co
                ON co.complaint_id = settled.id
               AND settled.responsible_id IS NOT NULL
             WHERE settled.blamed_at IS NOT NULL
         UNION ALL
            SELECT id, company_id, against_team_id, skipped_by_id, NULL, skipped_at
              FROM settled
             WHERE skipped_by_id IS NOT NULL AND skipped_at IS NOT NULL
            """,
            blame=self._sql_blame(),
            settled=self._sql_settled(),
            excluded=self._sql_excluded(),
            since=frame["since"],
            until=frame["until"],
        )

    @api.model
    def _correct_complaints(self, frame):
        """A case that was cancelled, found malicious, or whose reason or person was
        corrected. One that was reopened keeps its entries until it is settled again."""
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                COMPLAINT,
                SQL(
                    """
                    CASE WHEN %(excluded)s THEN 0
                         WHEN NOT %(settled)s
                         THEN CASE entry.standing WHEN 'valid' THEN 1 ELSE 0 END
                         WHEN entry.about_user_id = COALESCE(complaint.responsible_id,
                                                             complaint.skipped_by_id)
                          AND %(blame)s IS NOT NULL THEN 1
                         WHEN entry.about_user_id = complaint.skipped_by_id
                          AND complaint.skipped_at IS NOT NULL THEN 1
                         ELSE 0 END
                    """,
                    excluded=self._sql_excluded(),
                    settled=self._sql_settled(),
                    blame=self._sql_blame(),
                ),
                SQL(
                    "JOIN care_complaint complaint ON complaint.id = entry.res_id"
                    " JOIN care_complaint_stage stage ON stage.id = complaint.stage_id"
                ),
                SQL("entry.cause = 'complaint'"),
            ),
        )
