from collections import defaultdict
from itertools import chain

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.sla_clock import ClockRow, summarize, summary_state
from ...tools.sla_policy import Case
from .care_complaint import CLOCK_SUMMARY_FIELDS, POLICY_MATCH_FIELDS

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
CLOCK_FIELDS = POLICY_MATCH_FIELDS | {"stage_id", "received_at"}
"""What the clocks of a new complaint follow from"""
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

    def _apply_policies(self):
        """Start the clocks of all policies that match; those that match no longer and
        are still running become cancelled (rule 8)."""
        Status = self.env["care.sla.status"].sudo()
        known = {
            (status.complaint_id.id, status.policy_id.id): status
            for status in Status.search([("complaint_id", "in", self.ids)])
        }
        missing, changed = [], set()
        for complaint in self.sudo():
            for policy, measures in complaint._policies():
                status = known.get((complaint.id, policy.id))
                if not measures:
                    if status and not status.over and not status.dropped:
                        status.dropped = True
                        changed.add(status.id)
                elif not status:
                    missing.append(policy._new_clock(complaint))
                elif status.dropped:
                    status.dropped = False
                    changed.add(status.id)
        begun = Status.create(missing)
        (begun | Status.browse(changed))._replay(anew=True)
        self._sum_up_sla()

    @api.model
    def _prepare_clocks(self, vals_list, now):
        """Add the summary of their clocks to the values of new complaints: written
        afterwards, PostgreSQL would check all foreign keys of the rows again.

        :param now: naive UTC, when the events of their stages happen
        :return: values of the clocks of each complaint, to be created after it
        """
        Status = self.env["care.sla.status"].sudo()
        clocks, ledger = [], {}
        for vals in vals_list:
            draft = self.sudo().new({name: vals.get(name) for name in CLOCK_FIELDS})
            ledger[draft.id] = draft._first_events(now)
            clocks.append(
                [
                    policy._new_clock(draft)
                    for policy, measures in draft._policies()
                    if measures
                ]
            )
        Status._wind(list(chain(*clocks)), ledger, now)
        for vals, own in zip(vals_list, clocks, strict=True):
            rows = [ClockRow(*map(clock.get, ClockRow._fields)) for clock in own]
            vals.update(zip(CLOCK_SUMMARY_FIELDS, summarize(rows), strict=True))
        return clocks

    def _begin_clocks(self, clocks):
        """:param clocks: result of :meth:`_prepare_clocks` for these new complaints"""
        self.env["care.sla.status"].sudo().create(
            [
                clock | {"complaint_id": complaint.id}
                for complaint, own in zip(self, clocks, strict=True)
                for clock in own
            ]
        )

    def _policies(self):
        """[(active policy, does it measure this complaint?)]"""
        case = self._case()
        Policy = self.env["care.sla.policy"]
        return [
            (Policy.browse(id_), policy.measures(case))
            for id_, policy in Policy._all().items()
            if policy.active
        ]

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
        """Deadline and state of complaints, from those of their clocks. Left to the ORM
        to write along with the stage: writing a row twice in a transaction makes
        PostgreSQL check all its foreign keys."""
        clocks = self._read_clock_rows()
        alike = defaultdict(list)
        for id_ in self.ids:
            values = summarize(clocks[id_])
            for value in zip(CLOCK_SUMMARY_FIELDS, values, strict=True):
                alike[value].append(id_)
        summed = [self._fields[name] for name in CLOCK_SUMMARY_FIELDS]
        with self.env.protecting(summed, self):
            for (name, value), ids in alike.items():
                self.browse(ids)[name] = value
        self.modified(CLOCK_SUMMARY_FIELDS)

    def _read_clock_rows(self):
        """{id of a complaint: its clocks as :class:`ClockRow`}"""
        self.env["care.sla.status"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT complaint_id, %s FROM care_sla_status"
                " WHERE complaint_id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, ClockRow._fields)),
                self.ids,
            )
        )
        clocks = defaultdict(list)
        for id_, *values in rows:
            clocks[id_].append(ClockRow._make(values))
        return clocks

    @api.model
    def _sql_target_state(self, alias, target):
        """``ongoing``, ``met`` or ``missed``, right when it is read (rule 7)"""
        return SQL(
            "CASE WHEN %(deadline)s < %(now)s THEN 'missed' ELSE %(result)s END",
            deadline=SQL.identifier(alias, f"sla_{target}_deadline"),
            result=SQL.identifier(alias, f"sla_{target}_result"),
            now=fields.Datetime.now(),
        )
