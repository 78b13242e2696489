from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.matching import MEETING_CHANNELS
from ..core.care_analysis import Mean, sql_attainment
from .care_plan_rule import CHANNELS

SHARES = {
    "attainment:avg": ("done", "owed"),
    "brief_share:avg": ("briefed", "visits"),
}
"""Percentages of a group: of its sums, (part, whole)"""


class CareContactReport(models.Model):
    """Contacts owed, made and missed: a row for what one person owes one customer in
    one window. A window counts in the month in which it ends."""

    _name = "care.contact.report"
    _description = "Contact Attainment"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "target_id"
    _depends = {
        "care.plan.target": [
            "partner_id",
            "role_id",
            "user_id",
            "company_id",
            "tier_id",
            "channel",
            "date_start",
            "date_end",
            "goal",
            "done",
            "counted",
            "state",
        ],
        "care.interaction": [
            "target_id",
            "stand_in_for_id",
            "state",
            "channel",
            "brief_opened",
        ],
        "res.partner": ["care_region_id"],
        "res.users": ["sale_team_id"],
    }

    target_id = fields.Many2one("care.plan.target", readonly=True)
    date_start = fields.Date("Window Start", readonly=True)
    date = fields.Date("Window End", readonly=True, help="Last day of the window.")
    tier_id = fields.Many2one("care.tier", readonly=True)
    role_id = fields.Many2one("care.role", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    manager_id = fields.Many2one(
        "res.users", "Supervisor", readonly=True, help="The leader of the department."
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("excused", "Excused"),
        ],
        readonly=True,
    )
    owed = fields.Integer(
        "Agreed", readonly=True, help="Contacts agreed, without excused ones."
    )
    done = fields.Integer(
        readonly=True, help="Contacts made, up to the number agreed for the window."
    )
    missed = fields.Integer(
        readonly=True, help="Contacts not made before their window ended."
    )
    still_open = fields.Integer(
        readonly=True, help="Contacts that can still be made in time."
    )
    excused = fields.Integer(
        readonly=True, help="Contacts that were excused with a reason."
    )
    by_stand_in = fields.Integer(
        "By a Stand-in",
        readonly=True,
        help="Contacts that somebody else made for the person.",
    )
    visits = fields.Integer(
        "Visits Made",
        readonly=True,
        help="Visits and stays of which is known whether the brief was read before.",
    )
    briefed = fields.Integer(
        "Brief Read Before",
        readonly=True,
        help="Visits and stays before which the person had opened the customer's "
        "brief.",
    )
    brief_share = Mean(
        "Brief Read Before (%)",
        help="Visits before which the brief was opened ÷ visits made.",
    )
    attainment = Mean(
        "Attainment (%)",
        help="Contacts made ÷ contacts agreed.",
    )

    @property
    def _table_query(self):
        """Look up what was made target by target: a report is of some weeks, and
        PostgreSQL drops the join where no column of it is asked for."""
        return SQL(
            """
            SELECT target.id, target.id AS target_id, target.partner_id,
                   target.company_id, target.date_start, target.date_end AS date,
                   target.tier_id, target.role_id, target.user_id, target.channel,
                   target.state, person.sale_team_id AS department_id,
                   department.user_id AS manager_id,
                   customer.care_region_id AS region_id,
                   CASE WHEN target.state = 'excused' THEN target.counted
                        ELSE target.goal END AS owed,
                   target.counted AS done,
                   CASE WHEN target.state = 'missed'
                        THEN target.goal - target.counted ELSE 0 END AS missed,
                   CASE WHEN target.state = 'open'
                        THEN target.goal - target.counted ELSE 0 END AS still_open,
                   CASE WHEN target.state = 'excused'
                        THEN target.goal - target.counted ELSE 0 END AS excused,
                   made.by_stand_in, made.visits, made.briefed,
                   100.0 * made.briefed / NULLIF(made.visits, 0) AS brief_share,
                   CASE WHEN target.state <> 'excused'
                        THEN 100.0 * target.counted / NULLIF(target.goal, 0) END
                       AS attainment
              FROM care_plan_target target
         LEFT JOIN LATERAL (
                    SELECT COUNT(*) FILTER (WHERE stand_in_for_id IS NOT NULL)
                               AS by_stand_in,
                           COUNT(brief_opened) FILTER (WHERE %(met)s) AS visits,
                           COUNT(*) FILTER (WHERE brief_opened AND %(met)s) AS briefed
                      FROM care_interaction
                     WHERE state = 'done' AND target_id = target.id) AS made ON TRUE
         LEFT JOIN res_partner customer ON customer.id = target.partner_id
         LEFT JOIN res_users person ON person.id = target.user_id
         LEFT JOIN crm_team department ON department.id = person.sale_team_id
             WHERE target.state <> 'superseded'
            """,
            met=SQL("channel = ANY(%s)", list(MEETING_CHANNELS)),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec not in SHARES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = SHARES[aggregate_spec]
        return sql_attainment(
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )

    @api.readonly
    def action_open(self):
        return self._open(self.target_id)
