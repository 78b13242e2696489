import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CareTierReview(models.Model):
    _inherit = "care.tier.review"

    def action_apply(self):
        """Give customers the proposed tiers, all or none.

        Rows and history are written set-based, without a message per customer. A
        customer whose tier or lock changed by hand after the review was computed keeps
        it. A change by hand at the same moment makes one of the two transactions fail
        and be retried by Odoo, as both write the same row under REPEATABLE READ.

        :raise UserError: the review is not computed, or a later one is applied
        """
        self._check_state("computed")
        for review in self.sorted(lambda review: (review.date, review.id)):
            review._check_no_later("apply")
            review._apply_lines()

    def action_undo(self):
        """Take the tiers of an applied review back, except where a tier has changed
        again since. The review can then be changed and applied anew.

        :raise UserError: the review is not applied, or a later one is
        """
        self._check_state("applied")
        for review in self.sorted(
            lambda review: (review.date, review.id), reverse=True
        ):
            review._check_no_later("undo")
            review._undo_lines()

    def _check_no_later(self, what):
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "applied"),
                ("date", ">", self.date),
            ],
            order="date, id",
            limit=1,
        )
        if not later:
            return
        if what == "apply":
            message = self.env._(
                "The later review “%s” has already been applied, and applying this "
                "older one would reset its tiers. Cancel this review, or undo the "
                "later one first.",
                later.display_name,
            )
        else:
            message = self.env._(
                "The later review “%s” builds on this one. Undo the later one first.",
                later.display_name,
            )
        raise UserError(message)

    def _apply_lines(self):
        self.ensure_one()
        self._check_fresh()
        self.env.flush_all()
        self._insert_rows()
        moved = self._insert_history()
        self._write_rows()
        self.env.invalidate_all(flush=False)
        self.sudo().write(
            {
                "state": "applied",
                "applied_at": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )
        self.env["care.plan.target"]._schedule_generation()
        self.env["res.partner"]._schedule_care_refresh()
        self.message_post(body=self._applied_text(moved))
        self.activity_feedback(["customer_care.mail_activity_type_tier_review"])

    def _applied_text(self, moved):
        text = self.env._("Applied. Customers whose tier changed: %s.", moved)
        [(planned,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM care_tier_review_line line "
                "WHERE line.review_id = %s AND %s",
                self.id,
                self._sql_is_planned(),
            )
        )
        if planned > moved:
            text += " " + self.env._(
                "Left unchanged because their tier changed after this review was "
                "computed: %s.",
                planned - moved,
            )
        return text

    def _check_fresh(self):
        """Raise when what the lines were computed from has changed for all."""
        other = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "applied"),
                ("applied_at", ">", self.computed_at),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "“%s” was applied after this review was computed. "
                    "Compute it again.",
                    other.display_name,
                )
            )
        proposed = self.env["care.tier.review.line"]._read_group(
            [("review_id", "=", self.id), ("decision", "!=", "locked")],
            [],
            ["proposed_tier_id:recordset"],
        )[0][0]
        if gone := proposed - self.env["care.tier"]._for_company(self.company_id):
            raise UserError(
                self.env._(
                    "The company no longer uses the tier “%s”. Compute the review "
                    "again.",
                    gone[:1].display_name,
                )
            )

    def _sql_is_planned(self):
        """Condition on ``line``: the review means to change the tier. That includes who
        keeps its place while the company changes from shared tiers to its own."""
        return SQL(
            """(
                NOT line.excluded
                AND line.decision <> 'locked'
                AND line.proposed_tier_id IS DISTINCT FROM line.current_tier_id
            )"""
        )

    def _sql_is_customer(self):
        """Condition on ``line``: still a customer of its own, and not a contact of
        another one since."""
        return SQL(
            "line.partner_id IN "
            "(SELECT id FROM res_partner WHERE commercial_partner_id = id)"
        )

    def _sql_is_move(self):
        """Condition on ``line`` and the customer's ``status``: planned, and the tier
        still the one that was reviewed and not locked since."""
        return SQL(
            """(
                %s
                AND status.tier_id IS NOT DISTINCT FROM line.current_tier_id
                AND (status.locked_until IS NULL OR status.locked_until < %s)
            )""",
            self._sql_is_planned(),
            self.date,
        )

    def _insert_rows(self):
        """Make the rows that are missing, in a statement of its own: one that fills an
        empty table and joins it may read it once for each row."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_partner_tier (
                    partner_id, company_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner_id, %(company)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM care_tier_review_line line
                 WHERE review_id = %(review)s
                   AND %(is_customer)s
                ON CONFLICT (partner_id, company_id) DO NOTHING
                """,
                is_customer=self._sql_is_customer(),
                company=self.company_id.id,
                review=self.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    def _insert_history(self):
        """:return: number of rows"""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_tier_history (
                    partner_id, old_tier_id, new_tier_id, reason_data,
                    company_id, date, review_id, user_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT line.partner_id, line.current_tier_id, line.proposed_tier_id,
                       line.reason_data, %(company)s, %(date)s, %(review)s, %(uid)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM care_tier_review_line line
                  JOIN care_partner_tier status
                    ON status.partner_id = line.partner_id
                   AND status.company_id = %(company)s
                 WHERE line.review_id = %(review)s
                   AND %(is_move)s
                   AND %(is_customer)s
                """,
                is_customer=self._sql_is_customer(),
                company=self.company_id.id,
                date=min(self.date, fields.Date.context_today(self)),
                review=self.id,
                is_move=self._sql_is_move(),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    def _write_rows(self):
        """Tiers of the moves just written to the history; amounts of all lines."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_partner_tier status
                   SET tier_id = CASE WHEN %(is_move)s
                                      THEN line.proposed_tier_id
                                      ELSE status.tier_id END,
                       monthly_amount = line.monthly_amount,
                       revenue_share = line.share,
                       write_uid = %(uid)s,
                       write_date = %(now)s
                  FROM care_tier_review_line line
                 WHERE line.review_id = %(review)s
                   AND %(is_customer)s
                   AND status.partner_id = line.partner_id
                   AND status.company_id = %(company)s
                """,
                is_customer=self._sql_is_customer(),
                is_move=self._sql_is_move(),
                company=self.company_id.id,
                review=self.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    def _undo_lines(self):
        self.ensure_one()
        self.env.flush_all()
        undone = self._undo_moves()
        self._restore_amounts()
        self.env.invalidate_all(flush=False)
        self.sudo().write(
            {"state": "computed", "applied_at": False, "applied_by_id": False}
        )
        self.env["care.plan.target"]._schedule_generation()
        self.env["res.partner"]._schedule_care_refresh()
        self.message_post(
            body=self.env._(
                "Undone. Customers returned to their previous tier: %s.", undone
            )
        )

    def _undo_moves(self):
        """Restore the tier of each customer whose latest change is this review's and
        who is not locked since. The rows that say so carry no review: undoing a second
        time must not take them for moves. Neither they nor the moves count as
        migration."""
        self.env.cr.execute(
            SQL(
                """
                WITH restored AS (
                    UPDATE care_partner_tier status
                       SET tier_id = latest.old_tier_id,
                           write_uid = %(uid)s, write_date = %(now)s
                      FROM care_tier_history latest
                     WHERE latest.review_id = %(review)s
                       AND NOT EXISTS (
                            SELECT FROM care_tier_history later
                             WHERE later.partner_id = latest.partner_id
                               AND later.company_id = latest.company_id
                               AND later.id > latest.id)
                       AND status.partner_id = latest.partner_id
                       AND status.company_id = %(company)s
                       AND status.tier_id IS NOT DISTINCT FROM latest.new_tier_id
                       AND (status.locked_until IS NULL
                            OR status.locked_until < %(today)s)
                 RETURNING latest.id, latest.partner_id,
                           latest.old_tier_id, latest.new_tier_id
                ), marked AS (
                    UPDATE care_tier_history history
                       SET is_undone = TRUE
                      FROM restored
                     WHERE history.id = restored.id
                )
                INSERT INTO care_tier_history (
                    partner_id, old_tier_id, new_tier_id, company_id, date,
                    user_id, reason_data, is_undone,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner_id, new_tier_id, old_tier_id, %(company)s, %(today)s,
                       %(uid)s, %(reason)s::jsonb, TRUE,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM restored
                """,
                company=self.company_id.id,
                review=self.id,
                today=fields.Date.context_today(self),
                reason=json.dumps([self._undone_reason()]),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    def _undone_reason(self):
        """See ``care.reason.mixin``"""
        return {
            "code": "undone",
            "month": f"{self.date:%Y-%m}",
            "method": self.method,
        }

    def _restore_amounts(self):
        """Amounts of the review applied before this one, or none."""
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "applied"),
                ("id", "!=", self.id),
            ],
            order="date desc, id desc",
            limit=1,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_partner_tier status
                   SET (monthly_amount, revenue_share) = (
                        SELECT line.monthly_amount, line.share
                          FROM care_tier_review_line line
                         WHERE line.review_id = %(before)s
                           AND line.partner_id = mine.partner_id)
                  FROM care_tier_review_line mine
                 WHERE mine.review_id = %(review)s
                   AND status.partner_id = mine.partner_id
                   AND status.company_id = %(company)s
                """,
                before=before.id or None,
                review=self.id,
                company=self.company_id.id,
            )
        )
