from odoo import api, fields, models
from odoo.tools import SQL

from .care_relationship_history import DECISION_ROLES, RELATIONSHIP_LEVELS


class CareRelationshipReport(models.Model):
    """Relationships of users with contact persons: one row per contact person of a
    customer and member of its account team."""

    _name = "care.relationship.report"
    _description = "Relationships"
    _auto = False
    _order = "user_id, contact_id"
    _rec_name = "contact_id"

    user_id = fields.Many2one("res.users", "Person", readonly=True)
    contact_id = fields.Many2one("res.partner", "Contact Person", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    region_id = fields.Many2one("care.region", readonly=True)
    level = fields.Selection(RELATIONSHIP_LEVELS, "Relationship", readonly=True)
    decision_role = fields.Selection(DECISION_ROLES, "Role in Decisions", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT contact.id * 100000000::bigint + team.user_id AS id, team.user_id,
                   contact.id AS contact_id, customer.id AS partner_id,
                   customer.care_region_id AS region_id,
                   contact.care_relationship_level AS level,
                   contact.care_decision_role AS decision_role
              FROM (SELECT DISTINCT partner_id, user_id FROM care_account_member)
                AS team
              JOIN res_partner customer
                ON customer.id = team.partner_id AND customer.active
              JOIN res_partner contact
                ON contact.commercial_partner_id = customer.id
               AND contact.active
               AND contact.care_relationship_level IS NOT NULL
            """
        )

    @api.model
    def _count_by_person(self, domain):
        """{person: {level: contact persons}}"""
        counts = {}
        for user, level, count in self._read_group(
            domain, ["user_id", "level"], ["__count"]
        ):
            counts.setdefault(user, {})[level] = count
        return counts
