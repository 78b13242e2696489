from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.matching import CHANNEL_RANKING

NOTICE = "care.notice"


class CareMeritEntry(models.Model):
    """Orders: what was not made good in time costs a multiple; an understanding with a
    customer that was not reached counts as a complaint."""

    _inherit = "care.merit.entry"

    can_order = fields.Boolean(compute="_compute_can_order")

    @api.model
    def _sql_order_tables(self):
        """``orders``: orders whose term has passed, each with the record that it is
        about, and whether that was made good in time: by the button, or by a contact of
        the channel or a higher one since the order. One that was written down after its
        term counts from the end of the window."""
        return SQL(
            """
            orders AS (
                SELECT notice.id, notice.company_id, notice.date_due, notice.promise_id,
                       notice.user_id, notice.supervisor_id, notice.department_id,
                       COALESCE(named.res_model, notice.res_model) AS res_model,
                       COALESCE(named.res_id, notice.res_id) AS res_id,
                       named.user_id AS only_id,
                       (notice.done_at AT TIME ZONE 'UTC'
                        AT TIME ZONE company.zone)::date <= notice.date_due
                       OR EXISTS (
                            SELECT FROM care_plan_target target
                              JOIN care_interaction contact
                                ON contact.partner_id = target.partner_id
                               AND contact.role_id = target.role_id
                               AND contact.company_id = target.company_id
                             WHERE COALESCE(named.res_model, notice.res_model)
                                   = 'care.plan.target'
                               AND target.id = COALESCE(named.res_id, notice.res_id)
                               AND contact.state = 'done'
                               AND contact.date <= notice.date_due
                               AND contact.date > target.date_end
                               AND (contact.date >= given.day
                                    OR given.day > notice.date_due)
                               AND array_position(%(ranked)s, contact.channel)
                                <= array_position(%(ranked)s, target.channel))
                           AS is_good
                  FROM care_notice notice
                  JOIN company ON company.id = notice.company_id
            CROSS JOIN LATERAL (
                    SELECT (notice.create_date AT TIME ZONE 'UTC'
                            AT TIME ZONE company.zone)::date AS day) given
             LEFT JOIN care_merit_entry named
                    ON notice.res_model = 'care.merit.entry'
                   AND named.id = notice.res_id
                 WHERE notice.kind = 'order' AND notice.state <> 'cancelled'
                   AND notice.date_due < company.today
            )
            """,
            ranked=SQL("%s::varchar[]", list(CHANNEL_RANKING)),
        )

    @api.model
    def _sql_original(self):
        """Is ``original`` the entry that ``orders`` is about?"""
        return SQL(
            "original.res_model = orders.res_model AND original.res_id = orders.res_id"
            " AND original.reversal_of_id IS NULL"  # as the index on both columns
            " AND original.standing = 'valid' AND original.state <> 'waived'"
            " AND original.kind = 'penalty' AND original.cause <> 'not_made_good'"
            " AND (orders.only_id IS NULL OR original.user_id = orders.only_id)"
        )

    @api.model
    def _propose_orders(self, frame):
        """(factor − 1) × the original, on the same account, in the month of the
        term. OFFSET 0 looks the original of each order up, whatever the planner
        expects of a ledger that has just been filled."""
        self.env.cr.execute(
            SQL(
                """
                WITH %(tables)s, failed AS MATERIALIZED (
                    SELECT * FROM orders
                     WHERE date_due BETWEEN %(first)s AND %(last)s
                       AND is_good IS NOT TRUE
                )
                INSERT INTO care_merit_entry (
                    company_id, user_id, about_user_id, supervisor_id, department_id,
                    day, month, cause, kind, account, rule_id, rule_amount, quantity,
                    unit, currency_id, amount, res_model, res_id, turn, standing, state,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT original.company_id, original.user_id, original.about_user_id,
                       original.supervisor_id, original.department_id, orders.date_due,
                       COALESCE(closed.next, %(first)s), 'not_made_good', 'penalty',
                       original.account, original.rule_id,
                       (rule.factor_not_made_good - 1) * original.rule_amount,
                       original.quantity, original.unit, original.currency_id,
                       (rule.factor_not_made_good - 1) * original.rule_amount
                           * original.quantity,
                       %(notice)s, orders.id, 0, 'valid', 'proposed',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM failed orders
            CROSS JOIN LATERAL (
                        SELECT original.* FROM care_merit_entry original
                         WHERE %(original)s OFFSET 0) original
                  JOIN care_merit_rule rule ON rule.id = original.rule_id
             LEFT JOIN closed
                    ON closed.company_id = orders.company_id
                   AND closed.month = %(first)s
                 WHERE rule.factor_not_made_good > 1 AND %(unknown)s
                    ON CONFLICT DO NOTHING
                """,
                tables=self._sql_with(frame, self._sql_order_tables()),
                original=self._sql_original(),
                notice=NOTICE,
                first=frame["first"],
                last=frame["last"],
                unknown=self._sql_no_entry(
                    NOTICE, SQL("orders.id"), SQL("known.user_id = original.user_id")
                ),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _correct_orders(self, frame):
        """Made good after all, cancelled, or the original was taken back or waived"""
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                NOTICE,
                SQL(
                    """
                    COALESCE((
                        SELECT MAX(original.quantity)
                          FROM orders JOIN care_merit_entry original ON %s
                         WHERE orders.id = entry.res_id
                           AND original.user_id = entry.user_id
                           AND orders.is_good IS NOT TRUE), 0)
                    """,
                    self._sql_original(),
                ),
                SQL(),
                SQL("entry.cause = 'not_made_good'"),
            ),
            self._sql_order_tables(),
        )

    # ------------------------------------------------------------
    # Promises that could not be confirmed
    # ------------------------------------------------------------

    @api.model
    def _propose_promise_orders(self, frame):
        """Promiser and supervisor, who are named in the order"""
        if "complaint" not in frame["causes"]:
            return 0
        return self._insert_candidates(
            frame,
            NOTICE,
            SQL(
                """
                SELECT orders.id AS res_id, orders.company_id, 'complaint' AS cause,
                       orders.user_id AS about_id,
                       COALESCE(orders.supervisor_id, person.supervisor_id)
                           AS supervisor_id,
                       orders.department_id, orders.date_due AS day, 1 AS quantity,
                       NULL::date AS period
                  FROM orders
             LEFT JOIN person
                    ON person.user_id = orders.user_id
                   AND person.company_id = orders.company_id
                 WHERE orders.promise_id IS NOT NULL AND orders.is_good IS NOT TRUE
                   AND orders.date_due BETWEEN %(first)s AND %(last)s
                   AND %(unknown)s
                """,
                first=frame["first"],
                last=frame["last"],
                unknown=self._sql_no_entry(NOTICE, SQL("orders.id")),
            ),
            self._sql_order_tables(),
        )

    @api.model
    def _correct_promise_orders(self, frame):
        return self._correct_judged(
            frame,
            self._sql_judged(
                frame,
                NOTICE,
                SQL(
                    "CASE WHEN orders.id IS NOT NULL AND orders.is_good IS NOT TRUE"
                    " THEN 1 ELSE 0 END"
                ),
                SQL("LEFT JOIN orders ON orders.id = entry.res_id"),
                SQL("entry.cause = 'complaint'"),
            ),
            self._sql_order_tables(),
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    @api.depends("kind", "standing", "state", "cause")
    @api.depends_context("uid")
    def _compute_can_order(self):
        """Who gives an order to make it good: supervisors and administrators, not on
        their own account."""
        on = self.env["res.groups"]._has_care_feature("promise") and self.env[
            NOTICE
        ].has_access("create")
        is_admin = self.env.user.has_group("customer_care.group_manager")
        for entry in self:
            entry.can_order = (
                on
                and entry.kind == "penalty"
                and entry.standing == "valid"
                and entry.state != "waived"
                and entry.cause != "not_made_good"
                and entry.about_user_id != self.env.user
                and (is_admin or entry.user_id == self.env.user)
            )

    def action_order(self):
        """Open a new order to make it good by a date."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order to Make Good"),
            "res_model": NOTICE,
            "view_mode": "form",
            "context": {
                "default_kind": "order",
                "default_user_id": self.about_user_id.id or self.user_id.id,
                "default_res_model": self.res_model,
                "default_res_id": self.res_id,
            },
        }
