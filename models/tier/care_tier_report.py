from odoo import api, fields, models
from odoo.tools import SQL


class CareTierReport(models.Model):
    """Tier changes of customers: one row per change, with its direction. Changes that
    were undone with their review have no row, and neither has the undoing."""

    _name = "care.tier.report"
    _description = "Tier Migration"
    _inherit = ["care.analysis", "care.reason.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "care.tier.history": [
            "partner_id",
            "company_id",
            "date",
            "old_tier_id",
            "new_tier_id",
            "review_id",
            "reason_data",
            "is_undone",
        ],
        "care.tier": ["sequence"],
        "res.partner": ["care_region_id", "user_id", "care_manager_id"],
        "res.users": ["sale_team_id"],
    }

    date = fields.Date(readonly=True)
    old_tier_id = fields.Many2one("care.tier", "From", readonly=True)
    new_tier_id = fields.Many2one("care.tier", "To", readonly=True)
    old_tier_color = fields.Integer(
        related="old_tier_id.color", string="Old Color", aggregator=None
    )
    new_tier_color = fields.Integer(
        related="new_tier_id.color", string="New Color", aggregator=None
    )
    review_id = fields.Many2one("care.tier.review", readonly=True)
    direction = fields.Selection(
        [
            ("up", "Up"),
            ("down", "Down"),
            ("new", "First Tier"),
            ("gone", "Tier Removed"),
            ("same", "Same Rank"),
        ],
        readonly=True,
    )
    up_count = fields.Integer("Moved Up", readonly=True)
    down_count = fields.Integer("Moved Down", readonly=True)
    balance = fields.Integer(
        readonly=True, help="Customers that moved up minus those that moved down."
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    manager_id = fields.Many2one("res.users", "Account Manager", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT change.*,
                   CASE change.direction WHEN 'up' THEN 1 ELSE 0 END AS up_count,
                   CASE change.direction WHEN 'down' THEN 1 ELSE 0 END AS down_count,
                   CASE change.direction WHEN 'up' THEN 1 WHEN 'down' THEN -1 ELSE 0
                        END AS balance
              FROM (SELECT history.id, history.partner_id, history.company_id,
                           history.date, history.old_tier_id, history.new_tier_id,
                           history.review_id, history.reason_data,
                           customer.care_region_id AS region_id,
                           customer.user_id, customer.care_manager_id AS manager_id,
                           COALESCE(manager.sale_team_id, rep.sale_team_id)
                               AS department_id,
                           CASE WHEN history.old_tier_id IS NULL THEN 'new'
                                WHEN history.new_tier_id IS NULL THEN 'gone'
                                WHEN new.sequence < old.sequence THEN 'up'
                                WHEN new.sequence > old.sequence THEN 'down'
                                ELSE 'same' END AS direction
                      FROM care_tier_history history
                 LEFT JOIN res_partner customer ON customer.id = history.partner_id
                 LEFT JOIN care_tier old ON old.id = history.old_tier_id
                 LEFT JOIN care_tier new ON new.id = history.new_tier_id
                 LEFT JOIN res_users manager ON manager.id = customer.care_manager_id
                 LEFT JOIN res_users rep ON rep.id = customer.user_id
                     WHERE history.is_undone IS NOT TRUE) AS change
            """
        )

    @api.readonly
    def action_open(self):
        return self._open(self.partner_id)
