from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.sla_clock import summary_state
from ...tools.sla_policy import Case
from .care_complaint import CLOCK_SUMMARY_FIELDS

SLA_STATES = [
    ("missed", "Late"),
    ("at_risk", "At Risk"),
    ("on_track", "On Track"),
    ("paused", "Paused"),
    ("met", "In Time"),
    ("none", "No Clock"),
]
TARGET_RESULTS = [("ongoing", "Running"), ("met", "In Time"), ("missed", "Late")]
"""Result of all clocks of a target: late if one is late, in time if all are in time.
While they run, the deadline decides, see ``_sql_target_state``."""


WORST_FIRST = [state for state, _label in SLA_STATES]
"""A customer shows the worst state of the open complaints."""


class CareComplaint(models.Model):
    """Summary of a complaint's clocks: the next deadline and the overall result."""

    _inherit = "care.complaint"

    sla_ids = fields.One2many("care.sla.status", "complaint_id", "Clocks")
    sla_deadline = fields.Datetime("Deadline", readonly=True, copy=False)
    sla_warn_at = fields.Datetime(readonly=True, copy=False)
    sla_paused = fields.Boolean(readonly=True, copy=False)
    sla_result = fields.Selection(
        [("met", "In time"), ("missed", "Late")], readonly=True, copy=False
    )
    sla_reply_deadline = fields.Datetime("Reply Deadline", readonly=True, copy=False)
    sla_reply_result = fields.Selection(
        TARGET_RESULTS, "Reply in Time", readonly=True, copy=False
    )
    sla_resolve_deadline = fields.Datetime(
        "Solution Deadline", readonly=True, copy=False
    )
    sla_resolve_result = fields.Selection(
        TARGET_RESULTS, "Solution in Time", readonly=True, copy=False
    )
    sla_state = fields.Selection(
        SLA_STATES,
        "Clock",
        compute="_compute_sla_state",
        compute_sudo=True,
        search="_search_sla_state",
    )

    @api.depends("sla_deadline", "sla_warn_at", "sla_paused", "sla_result")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.sla_state = summary_state(
                complaint.sla_deadline,
                complaint.sla_warn_at,
                complaint.sla_paused,
                complaint.sla_result,
                now,
            )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "sla_state":
            return self._sql_sla_state(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_sla_state(self, alias):
        """As ``tools.sla_clock.summary_state``"""
        columns = {
            name: SQL.identifier(alias, name, to_flush=self._fields[name])
            for name in ("sla_deadline", "sla_warn_at", "sla_paused", "sla_result")
        }
        return SQL(
            """CASE WHEN %(sla_deadline)s < %(now)s THEN 'missed'
                    WHEN %(sla_deadline)s IS NOT NULL
                         AND %(sla_warn_at)s <= %(now)s THEN 'at_risk'
                    WHEN %(sla_deadline)s IS NOT NULL THEN 'on_track'
                    WHEN %(sla_paused)s THEN 'paused'
                    ELSE COALESCE(%(sla_result)s, 'none') END""",
            now=fields.Datetime.now(),
            **columns,
        )

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(value)
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN %s%s",
                model._sql_sla_state(alias),
                states,
                model._sql_deadline_of(alias, states),
            )
        )

    @api.model
    def _sql_deadline_of(self, alias, states):
        """What the states say of the deadline, in words that its index understands"""
        deadline = SQL.identifier(alias, "sla_deadline")
        if set(states) == {"missed"}:
            now = fields.Datetime.now()
            return SQL(" AND (%s < %s OR %s IS NULL)", deadline, now, deadline)
        if set(states) <= {"at_risk", "on_track"}:
            return SQL(" AND %s IS NOT NULL", deadline)
        return SQL()

    # ------------------------------------------------------------
    # Policies and clocks
    # ------------------------------------------------------------

    def _apply_policies(self, ledger=None):
        """Start the clocks of all policies that match; those that match no longer and
        are still running become cancelled (rule 8).

        :param ledger: ledger of new complaints, which have no clocks yet
        """
        Status = self.env["care.sla.status"].sudo()
        Policy = self.env["care.sla.policy"]
        policies = Policy._all()
        clocks = Status
        if ledger is None:
            clocks = Status.search([("complaint_id", "in", self.ids)])
        known = {
            (status.complaint_id.id, status.policy_id.id): status for status in clocks
        }
        missing, changed = [], set()
        for complaint in self.sudo():
            case = complaint._case()
            for id_, policy in policies.items():
                if not policy.active:
                    continue
                status = known.get((complaint.id, id_))
                if not policy.measures(case):
                    if status and not status.over and not status.dropped:
                        status.dropped = True
                        changed.add(status.id)
                elif not status:
                    measure = Policy.browse(id_)
                    missing.append(
                        measure._snapshot()
                        | {
                            "complaint_id": complaint.id,
                            "policy_id": id_,
                            "calendar_id": measure._calendar_for(complaint).id,
                        }
                    )
                elif status.dropped:
                    status.dropped = False
                    changed.add(status.id)
        if ledger is not None:
            Status._begin(missing, ledger)
        else:
            begun = Status.create(missing)
            (begun | Status.browse(changed))._replay(anew=True)
        self._sum_up_sla()

    def _case(self):
        """Values of the complaint that policies match on"""
        return Case(
            company=self.company_id.id,
            team=self.team_id.id or 0,
            tier=self.tier_id.id or 0,
            categories=frozenset(self.category_id._ancestors()),
            kind=self.kind,
            priority=self.priority or "0",
        )

    def _replay_sla(self, ledger, anew=False):
        """Replay all clocks of these complaints, and sum them up."""
        clocks = self.env["care.sla.status"].sudo()
        clocks.search([("complaint_id", "in", self.ids)], order="id")._replay(
            anew=anew, ledger=ledger
        )
        self._sum_up_sla()

    def _sum_up_sla(self):
        """Deadline and state of complaints, from those of their clocks. A late clock
        counts as open until the reply or solution is given. Left to the ORM to write
        along with the stage: writing a row twice in a transaction makes PostgreSQL
        check all its foreign keys."""
        summaries = self._read_summaries()
        nothing = (None,) * len(CLOCK_SUMMARY_FIELDS)
        alike = defaultdict(list)
        for id_ in self.ids:
            values = summaries.get(id_, nothing)
            for value in zip(CLOCK_SUMMARY_FIELDS, values, strict=True):
                alike[value].append(id_)
        summed = [self._fields[name] for name in CLOCK_SUMMARY_FIELDS]
        with self.env.protecting(summed, self):
            for (name, value), ids in alike.items():
                self.browse(ids)[name] = value
        self.modified(CLOCK_SUMMARY_FIELDS)

    def _read_summaries(self):
        """{id of a complaint: values of ``CLOCK_SUMMARY_FIELDS``}"""
        self.env["care.sla.status"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT complaint_id,
                       MIN(deadline) FILTER (WHERE over IS NOT TRUE),
                       MIN(warn_at) FILTER (WHERE over IS NOT TRUE),
                       COALESCE(BOOL_OR(paused)
                           FILTER (WHERE over IS NOT TRUE), FALSE),
                       CASE WHEN BOOL_OR(deadline < COALESCE(reached_at, 'infinity'))
                                 FILTER (WHERE over) THEN 'missed'
                            WHEN BOOL_OR(reached_at IS NOT NULL
                                         AND cancelled IS NOT TRUE)
                                 THEN 'met' END,
                       %(reply)s, %(resolve)s
                  FROM care_sla_status WHERE complaint_id = ANY(%(ids)s)
                 GROUP BY complaint_id
                """,
                reply=self._sql_target_summary("reply"),
                resolve=self._sql_target_summary("resolve"),
                ids=self.ids,
            )
        )
        return {id_: values for id_, *values in rows}

    @api.model
    def _sql_target_summary(self, target):
        """Deadline and result of a target, as aggregates over its clocks"""
        clocks = SQL("FILTER (WHERE target = %s AND cancelled IS NOT TRUE)", target)
        return SQL(
            """MIN(CASE WHEN reached_at IS NULL THEN deadline END) %(clocks)s,
               CASE WHEN BOOL_OR(deadline < reached_at) %(clocks)s THEN 'missed'
                    WHEN BOOL_AND(reached_at IS NOT NULL) %(clocks)s THEN 'met'
                    WHEN COUNT(*) %(clocks)s > 0 THEN 'ongoing' END""",
            clocks=clocks,
        )

    @api.model
    def _sql_target_state(self, alias, target):
        """``ongoing``, ``met`` or ``missed``, right when it is read (rule 7)"""
        return SQL(
            "CASE WHEN %(deadline)s < %(now)s THEN 'missed' ELSE %(result)s END",
            deadline=SQL.identifier(alias, f"sla_{target}_deadline"),
            result=SQL.identifier(alias, f"sla_{target}_result"),
            now=fields.Datetime.now(),
        )
