from odoo import api, fields, models
from odoo.tools import SQL

from ..core.care_analysis import Flag, Mean
from ..sla.care_sla_policy import COMPLAINT_KINDS, PRIORITIES
from .care_complaint import CLOCK_SUMMARY_FIELDS
from .care_complaint_case import OUTCOMES
from .care_complaint_clock import SLA_STATES
from .care_complaint_stage import PHASES

CLOCK_STATES = [
    ("met", "In Time"),
    ("missed", "Late"),
    ("ongoing", "Running"),
]
AGE_BANDS = [
    ("0", "Up to 1 day"),
    ("1", "2 to 3 days"),
    ("2", "4 to 7 days"),
    ("3", "8 to 30 days"),
    ("4", "More than 30 days"),
]
PERCENTILE_MEASURES = {"answer_median:avg": 0.5, "answer_p90:avg": 0.9}
"""Measures that are percentiles of ``answer_hours``"""


class CareComplaintReport(models.Model):
    """Analysis of complaints and their clocks, one row per complaint. Merged complaints
    have no row: they count with the complaint they were merged into."""

    _name = "care.complaint.report"
    _description = "Complaints and SLA"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "complaint_id"
    _depends = {
        "care.complaint": [
            "partner_id",
            "tier_id",
            "team_id",
            "company_id",
            "user_id",
            "stage_id",
            "priority",
            "kind",
            "source",
            "category_id",
            "received_at",
            "replied_at",
            "resolved_at",
            "closed_at",
            "reopen_count",
            "responsible_id",
            "outcome",
            "first_contact",
            "repeat_of_id",
            "merged_into_id",
            "spam",
            "compensation_granted",
            *CLOCK_SUMMARY_FIELDS,
        ],
        "care.complaint.stage": ["phase"],
        "res.partner": ["care_region_id", "user_id"],
        "res.users": ["sale_team_id"],
    }

    complaint_id = fields.Many2one("care.complaint", readonly=True)
    date = fields.Datetime("Received", readonly=True)
    date_closed = fields.Datetime("Closed", readonly=True)
    tier_id = fields.Many2one("care.tier", "Tier at Reception", readonly=True)
    team_id = fields.Many2one("care.complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    responsible_id = fields.Many2one("res.users", readonly=True)
    category_id = fields.Many2one("care.complaint.category", readonly=True)
    stage_id = fields.Many2one("care.complaint.stage", readonly=True)
    phase = fields.Selection(PHASES, readonly=True)
    kind = fields.Selection(COMPLAINT_KINDS, readonly=True)
    source = fields.Selection(
        lambda self: self.env["care.complaint"]._fields["source"].selection,
        readonly=True,
    )
    priority = fields.Selection(PRIORITIES, readonly=True)
    sla_state = fields.Selection(SLA_STATES, "Clock", readonly=True)
    reply_state = fields.Selection(
        CLOCK_STATES,
        "First Answer",
        readonly=True,
        help="Late if a reply deadline has passed.",
    )
    resolve_state = fields.Selection(CLOCK_STATES, "Solution", readonly=True)
    reply_success = Mean(
        "Answered in Time (%)",
        help="Complaints answered before their deadline ÷ complaints that were "
        "answered or are late. Running and cancelled clocks do not count.",
    )
    resolve_success = Mean(
        "Solved in Time (%)",
        help="Complaints solved before their deadline ÷ complaints that were solved "
        "or are late.",
    )
    answer_hours = Mean(
        "Hours to the First Answer",
        help="From reception to the first answer or the solution, including nights "
        "and weekends.",
    )
    answer_median = Mean(
        "First Answer, Median (hours)",
        help="Half of the answered complaints were answered within these hours, "
        "including nights and weekends.",
    )
    answer_p90 = Mean(
        "First Answer, 90th Percentile (hours)",
        help="Nine of ten answered complaints were answered within these hours, "
        "including nights and weekends.",
    )
    solve_hours = Mean("Hours to the Solution")
    answered_count = Flag(
        "Answered",
        readonly=True,
        help="Complaints that have a first answer or a solution.",
    )
    sla_deadline = fields.Datetime("Deadline", readonly=True)
    open_count = Flag("Open", readonly=True)
    late_count = Flag(
        "Open and Late",
        readonly=True,
        help="Open complaints whose clock is late.",
    )
    first_contact_success = Mean(
        "Solved at First Contact (%)",
        help="Complaints solved at first contact ÷ complaints that are solved.",
    )
    outcome = fields.Selection(OUTCOMES, readonly=True)
    satisfied = Mean(
        "Satisfied with the Solution (%)",
        help="Satisfied customers ÷ customers who answered whether they are.",
    )
    repeat_rate = Mean(
        "Repeats (%)",
        help="Complaints that were repeated within the same calendar month ÷ "
        "complaints.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    compensation = fields.Monetary(
        readonly=True,
        help="Granted compensation, in the currency of the current company at today's "
        "rate.",
    )
    reopened_count = Flag(
        "Reopened", readonly=True, help="Complaints that were reopened at least once."
    )
    age_days = Mean(
        "Age (days)",
        help="From reception until closing, or until now.",
    )
    age = fields.Selection(AGE_BANDS, "Age of Open Complaints", readonly=True)

    @property
    def _table_query(self):
        Complaint = self.env["care.complaint"]
        return SQL(
            """
            SELECT complaint.id, complaint.id AS complaint_id,
                   complaint.received_at AS date, complaint.partner_id,
                   complaint.company_id, complaint.tier_id, complaint.team_id,
                   complaint.user_id, complaint.category_id, complaint.stage_id,
                   complaint.kind, complaint.source, complaint.priority, stage.phase,
                   COALESCE(handler.sale_team_id, rep.sale_team_id) AS department_id,
                   customer.care_region_id AS region_id,
                   %(sla_state)s AS sla_state,
                   %(reply)s AS reply_state, %(resolve)s AS resolve_state,
                   CASE %(reply)s WHEN 'met' THEN 100 WHEN 'missed' THEN 0 END
                       AS reply_success,
                   CASE %(resolve)s WHEN 'met' THEN 100 WHEN 'missed' THEN 0 END
                       AS resolve_success,
                   %(answer)s AS answer_hours, %(answer)s AS answer_median,
                   %(answer)s AS answer_p90,
                   DATE_PART('epoch', complaint.resolved_at - complaint.received_at)
                       / 3600 AS solve_hours,
                   (complaint.replied_at IS NOT NULL
                       OR complaint.resolved_at IS NOT NULL) AS answered_count,
                   complaint.sla_deadline,
                   complaint.closed_at AS date_closed,
                   complaint.closed_at IS NULL AS open_count,
                   (complaint.closed_at IS NULL AND %(sla_state)s = 'missed')
                       AS late_count,
                   complaint.reopen_count > 0 AS reopened_count,
                   complaint.responsible_id, complaint.outcome,
                   CASE complaint.outcome WHEN 'satisfied' THEN 100
                        WHEN 'unsatisfied' THEN 0 END AS satisfied,
                   CASE WHEN complaint.resolved_at IS NULL THEN NULL
                        WHEN complaint.first_contact THEN 100 ELSE 0 END
                       AS first_contact_success,
                   CASE WHEN complaint.repeat_of_id IS NULL THEN 0 ELSE 100 END
                       AS repeat_rate,
                   %(currency)s AS currency_id,
                   complaint.compensation_granted * rates.rate AS compensation,
                   %(age)s AS age_days,
                   CASE WHEN complaint.closed_at IS NOT NULL THEN NULL
                        WHEN %(age)s <= 1 THEN '0' WHEN %(age)s <= 3 THEN '1'
                        WHEN %(age)s <= 7 THEN '2' WHEN %(age)s <= 30 THEN '3'
                        ELSE '4' END AS age
              FROM care_complaint complaint
         LEFT JOIN res_partner customer ON customer.id = complaint.partner_id
         LEFT JOIN %(rates)s ON rates.company_id = complaint.company_id
         LEFT JOIN care_complaint_stage stage ON stage.id = complaint.stage_id
         LEFT JOIN res_users handler ON handler.id = complaint.user_id
         LEFT JOIN res_users rep ON rep.id = customer.user_id
             WHERE complaint.merged_into_id IS NULL
               AND complaint.spam IS NOT TRUE
            """,
            currency=self.env.company.currency_id.id,
            rates=self._sql_rates(),
            sla_state=Complaint._field_to_sql("complaint", "sla_state"),
            reply=Complaint._sql_target_state("complaint", "reply"),
            resolve=Complaint._sql_target_state("complaint", "resolve"),
            answer=SQL(
                "DATE_PART('epoch', LEAST(complaint.replied_at, complaint.resolved_at)"
                " - complaint.received_at) / 3600"
            ),
            age=SQL(
                "DATE_PART('epoch', COALESCE(complaint.closed_at, %s)"
                " - complaint.received_at) / 86400",
                fields.Datetime.now(),
            ),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Compute median and 90th percentile over the complaints of each group."""
        part = PERCENTILE_MEASURES.get(aggregate_spec)
        if part is None:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            part,
            self._field_to_sql(self._table, "answer_hours", query),
        )

    @api.readonly
    def action_open(self):
        return self._open(self.complaint_id)
