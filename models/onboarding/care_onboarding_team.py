from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

SETUP_PEOPLE_LIMIT = 8


class CareOnboarding(models.Model):
    """Who looks after whom: salespeople for the customers that have none."""

    _inherit = "care.onboarding"

    def _team_values(self):
        found = defaultdict(lambda: defaultdict(int))
        nobody = 0
        for user, source, count in self.env.execute_query(
            SQL(
                "SELECT user_id, source, COUNT(*) FROM (%s) AS proposal GROUP BY 1, 2",
                self._sql_proposals(),
            )
        ):
            if user:
                found[user][source] += count
            else:
                nobody += count
        people = sorted(found, key=lambda user: (-sum(found[user].values()), user))
        users = self.env["res.users"].sudo().browse(people[:SETUP_PEOPLE_LIMIT])
        [(assigned,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM care_partner_tier status WHERE company_id = %s"
                " AND tier_id IS NOT NULL AND EXISTS (SELECT FROM care_account_member"
                " WHERE partner_id = status.partner_id)",
                self.company_id.id,
            )
        )
        return {
            "assigned": assigned,
            "proposed": sum(sum(counts.values()) for counts in found.values()),
            "nobody": nobody,
            "people": [
                {"id": user.id, "name": user.name, **found[user.id]} for user in users
            ],
            "more": max(0, len(people) - SETUP_PEOPLE_LIMIT),
        }

    def _sql_proposals(self):
        """As ``care.account.member._sql_proposals``, of customers with a tier and
        without a salesperson in their account team"""
        company = self.company_id
        return self.env["care.account.member"]._sql_proposals(
            SQL(
                """
                SELECT status.partner_id
                  FROM care_partner_tier status
                  JOIN care_role role ON role.kind = 'salesperson'
                 WHERE status.company_id = %s AND status.tier_id IS NOT NULL
                   AND NOT EXISTS (
                        SELECT FROM care_account_member member
                         WHERE member.partner_id = status.partner_id
                           AND member.role_id = role.id)
                """,
                company.id,
            ),
            company,
        )

    @api.model
    def use_team(self):
        """Give customers without salesperson the proposed one: on the customer, in the
        account team, and for the contacts due. Set-based; one line in the protection
        log tells of it."""
        row = self._open_row()
        row._assign_proposals()
        return row._finish("team")

    @api.model
    def use_salespeople(self):
        """Give the salesperson of a customer the roles for which contacts are due and
        that nobody has, such as account manager in a small company."""
        row = self._open_row()
        row._insert_members(
            SQL(
                """
                WITH missing AS (
                    SELECT DISTINCT target.partner_id, target.role_id, seller.user_id
                      FROM care_plan_target target
                      JOIN care_role role ON role.kind = 'salesperson'
                      JOIN care_account_member seller
                        ON seller.partner_id = target.partner_id
                       AND seller.role_id = role.id
                     WHERE target.company_id = %(company)s
                       AND target.state = 'open' AND target.user_id IS NULL
                ), managed AS (
                    UPDATE res_partner SET care_manager_id = missing.user_id
                      FROM missing
                      JOIN care_role role
                        ON role.id = missing.role_id AND role.kind = 'manager'
                     WHERE res_partner.id = missing.partner_id
                       AND res_partner.care_manager_id IS NULL
                )
                INSERT INTO care_account_member (
                    partner_id, role_id, user_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner_id, role_id, user_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM missing
                ON CONFLICT (partner_id, role_id) WHERE is_additional IS NOT TRUE
                DO NOTHING
                RETURNING partner_id, role_id, user_id
                """,
                company=row.company_id.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return row._values()

    def _assign_proposals(self):
        self._insert_members(
            SQL(
                """
                WITH proposal AS MATERIALIZED (%(proposals)s), named AS (
                    UPDATE res_partner SET user_id = proposal.user_id
                      FROM proposal
                     WHERE res_partner.id = proposal.partner_id
                       AND proposal.user_id IS NOT NULL
                       AND res_partner.user_id IS DISTINCT FROM proposal.user_id
                )
                INSERT INTO care_account_member (
                    partner_id, role_id, user_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT proposal.partner_id, role.id, proposal.user_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM proposal
                  JOIN care_role role ON role.kind = 'salesperson'
                 WHERE proposal.user_id IS NOT NULL
                ON CONFLICT (partner_id, role_id) WHERE is_additional IS NOT TRUE
                DO NOTHING
                RETURNING partner_id, role_id, user_id
                """,
                proposals=self._sql_proposals(),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    def _insert_members(self, insert):
        """Run a statement that adds members to account teams, and spread the change.

        :param insert: SQL that returns (partner_id, role_id, user_id) of the new ones
        """
        self.env.flush_all()
        rows = self.env.execute_query(insert)
        self.env.invalidate_all(flush=False)
        if not rows:
            return
        Partner, Role = self.env["res.partner"], self.env["care.role"]
        User = self.env["res.users"]
        Partner._care_log_owners(
            [
                (Partner.browse(partner), Role.browse(role), None, User.browse(user))
                for partner, role, user in rows
            ]
        )
        self.env["care.plan.target"]._assign(company=self.company_id)
        self.env["care.plan.target"]._schedule_generation()
