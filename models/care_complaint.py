from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.sla_policy import Case
from .care_complaint_event import KINDS as EVENT_KINDS
from .care_sla_policy import COMPLAINT_KINDS, PRIORITIES
from .care_stage import CLOSED_PHASES, RESOLVED_PHASES

SLA_STATES = [
    ("missed", "Late"),
    ("at_risk", "At Risk"),
    ("on_track", "On Track"),
    ("paused", "Paused"),
    ("met", "In Time"),
    ("none", "No Clock"),
]
MATCHING = {"priority", "tier_id", "team_id", "category_id", "kind", "company_id"}
"""A change of these may bring other policies (rule 8)."""
KEPT = {
    "name",
    "tier_id",
    "tier_sequence",
    "replied_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
    "sla_deadline",
    "sla_warn_at",
    "sla_paused",
    "sla_result",
}
"""What the app alone writes."""
LATEST = 8
"""How many earlier complaints are shown beside one"""
LAST = 10**6
"""Place of customers without a tier"""
BY_HAND = {"replied", "paused", "resumed", "resolved", "reopened", "received"}


class CareComplaint(models.Model):
    """A complaint, from the moment it is heard until it is settled."""

    _name = "care.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sla_deadline, tier_sequence, priority desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html()
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('commercial_partner_id', '=', partner_id)]",
        index="btree_not_null",
    )
    tier_id = fields.Many2one(
        "care.tier",
        "Tier at Reception",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    tier_sequence = fields.Integer(readonly=True, copy=False, aggregator=None)
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    care_tier_color = fields.Integer(
        related="partner_id.care_tier_color", string="Tier Color"
    )
    care_brief = fields.Html(
        related="partner_id.care_brief", string="Brief", sanitize=False
    )
    other_ids = fields.Many2many(
        "care.complaint", string="Other Complaints", compute="_compute_other_ids"
    )
    team_id = fields.Many2one(
        "care.team",
        check_company=True,
        index=True,
        tracking=True,
        default=lambda self: self.env["care.team"]._default_of(self.env.company).id,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
        copy=False,
    )
    stage_id = fields.Many2one(
        "care.stage",
        ondelete="restrict",
        index=True,
        copy=False,
        group_expand="_read_group_stage_ids",
        default=lambda self: self.env["care.stage"]._first("record", "investigate"),
    )
    phase = fields.Selection(related="stage_id.phase")
    priority = fields.Selection(
        PRIORITIES, tracking=True, help="From the customer's tier unless set."
    )
    kind = fields.Selection(COMPLAINT_KINDS, default="customer", required=True)
    source = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("other", "Other"),
        ],
        default="phone",
        required=True,
    )
    category_id = fields.Many2one(
        "care.complaint.category", index="btree_not_null", tracking=True
    )
    received_at = fields.Datetime(
        "Received", required=True, default=fields.Datetime.now, copy=False, index=True
    )
    replied_at = fields.Datetime("Replied", readonly=True, copy=False)
    resolved_at = fields.Datetime("Resolved", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False, tracking=True)
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)
    event_ids = fields.One2many("care.complaint.event", "complaint_id", "Ledger")
    sla_ids = fields.One2many("care.sla.status", "complaint_id", "Clocks")
    sla_deadline = fields.Datetime("Deadline", readonly=True, copy=False)
    sla_warn_at = fields.Datetime(readonly=True, copy=False)
    sla_paused = fields.Boolean(readonly=True, copy=False)
    sla_result = fields.Selection(
        [("met", "In time"), ("missed", "Late")], readonly=True, copy=False
    )
    sla_state = fields.Selection(
        SLA_STATES,
        "Clock",
        compute="_compute_sla_state",
        search="_search_sla_state",
    )

    _open_idx = models.Index("(partner_id) WHERE closed_at IS NULL")
    _queue_idx = models.Index(
        "(sla_deadline, tier_sequence, priority DESC, id DESC) WHERE closed_at IS NULL"
    )

    def _init_column(self, column_name):
        """Stages and teams come after this table when an older version is upgraded; the
        migration gives them to the complaints there are."""
        if column_name in ("stage_id", "team_id"):
            return None
        return super()._init_column(column_name)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = " · ".join(
                filter(None, (complaint.name, complaint.subject))
            )

    @api.depends("team_id")
    def _compute_company_id(self):
        for complaint in self:
            complaint.company_id = (
                complaint.team_id.company_id or complaint.company_id or self.env.company
            )

    @api.depends("partner_id")
    def _compute_other_ids(self):
        """The last complaints of the same customer, to see whether it comes back"""
        for complaint in self:
            complaint.other_ids = self.search(
                [
                    ("partner_id", "=", complaint.partner_id.id),
                    ("id", "!=", complaint._origin.id),
                ],
                order="received_at DESC, id DESC",
                limit=LATEST,
            )

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search(Domain.TRUE)

    # ------------------------------------------------------------
    # State of the clocks
    # ------------------------------------------------------------

    @api.depends("sla_deadline", "sla_warn_at", "sla_paused", "sla_result")
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for complaint in self:
            deadline = complaint.sla_deadline
            if deadline and deadline < now:
                complaint.sla_state = "missed"
            elif deadline:
                warned = complaint.sla_warn_at and complaint.sla_warn_at <= now
                complaint.sla_state = "at_risk" if warned else "on_track"
            elif complaint.sla_paused:
                complaint.sla_state = "paused"
            else:
                complaint.sla_state = complaint.sla_result or "none"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "sla_state":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            """CASE WHEN %(deadline)s < %(now)s THEN 'missed'
                    WHEN %(deadline)s IS NOT NULL AND %(warn)s <= %(now)s THEN 'at_risk'
                    WHEN %(deadline)s IS NOT NULL THEN 'on_track'
                    WHEN %(paused)s THEN 'paused'
                    ELSE COALESCE(%(result)s, 'none') END""",
            deadline=SQL.identifier(alias, "sla_deadline"),
            warn=SQL.identifier(alias, "sla_warn_at"),
            paused=SQL.identifier(alias, "sla_paused"),
            result=SQL.identifier(alias, "sla_result"),
            now=fields.Datetime.now(),
        )

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        running = Domain("sla_deadline", ">=", now)
        risk = Domain("sla_warn_at", "<=", now)
        idle = Domain("sla_deadline", "=", False)
        ended = idle & Domain("sla_paused", "=", False)
        parts = {
            "missed": Domain("sla_deadline", "<", now)
            | (ended & Domain("sla_result", "=", "missed")),
            "at_risk": running & risk,
            "on_track": running & ~risk,
            "paused": idle & Domain("sla_paused", "=", True),
            "met": ended & Domain("sla_result", "=", "met"),
            "none": ended & Domain("sla_result", "=", False),
        }
        return Domain.OR(parts[state] for state in value if state in parts)

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    @api.constrains("received_at")
    def _check_received_at(self):
        for complaint in self:
            if complaint.received_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "A complaint cannot be received in the future. Correct the "
                        "time of reception."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """``event_ids`` may tell what has happened already. That is for data files and
        migrations, which run as superuser: nobody else may create events."""
        self = self._care_without_defaults({*KEPT, "event_ids"})  # noqa: PLW0642
        vals_list = [
            {key: value for key, value in vals.items() if key not in KEPT}
            for vals in vals_list
        ]
        self._prepare_customers(vals_list)
        self._prepare_teams(vals_list)
        self._prepare_tiers(vals_list)
        sequence = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_care.sequence_complaint", raise_if_not_found=True
        )
        numbers = (
            self.env["ir.sequence"].sudo().browse(sequence)._care_next(len(vals_list))
        )
        first = self.default_get(["stage_id"]).get("stage_id")
        for vals, number in zip(vals_list, numbers, strict=True):
            vals["name"] = number
            vals.setdefault("stage_id", first)
        complaints = super().create(vals_list)
        told = [
            complaint.id
            for complaint, vals in zip(complaints, vals_list, strict=True)
            if vals.get("event_ids")
        ]
        complaints._apply_policies(complaints._begin_ledger(self.browse(told)))
        return complaints

    @api.model
    def _prepare_customers(self, vals_list):
        """Who gives a contact person means its company, and that person."""
        given = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        customers = {partner.id: partner.commercial_partner_id for partner in given}
        for vals in vals_list:
            customer = customers.get(vals.get("partner_id"))
            if customer and customer.id != vals["partner_id"]:
                vals.setdefault("contact_id", vals["partner_id"])
                vals["partner_id"] = customer.id

    @api.model
    def _prepare_teams(self, vals_list):
        """Team, company and handler: who records a complaint handles it, unless the
        team has another way to assign."""
        Team = self.env["care.team"]
        waiting = defaultdict(list)
        usual = {}
        for vals in vals_list:
            if "team_id" not in vals:
                company = vals.get("company_id") or self.env.company.id
                if company not in usual:
                    usual[company] = Team._default_of(
                        self.env["res.company"].browse(company)
                    )
                vals["team_id"] = usual[company].id
            team = Team.sudo().browse(vals["team_id"] or [])
            if team:
                vals["company_id"] = team.company_id.id
            vals.setdefault("company_id", self.env.company.id)
            if not vals.get("user_id"):
                waiting[team].append(vals)
        for team, unassigned in waiting.items():
            if team and team.assignment != "manual":
                users = team._assign(len(unassigned))
            else:
                user = self.env.user
                person = user._is_internal() and not user._is_superuser()
                nobody = self.env["res.users"]
                users = [user if person else nobody] * len(unassigned)
            for vals, user in zip(unassigned, users, strict=True):
                vals["user_id"] = user.id

    @api.model
    def _prepare_tiers(self, vals_list):
        """The tier as it is at the reception, in the complaint's company; from it the
        priority, unless somebody has set one."""
        Partner = self.env["res.partner"].sudo()
        scale = (
            self.env["care.tier"]
            .sudo()
            .search_fetch(
                Domain.TRUE, ["sequence", "company_id", "is_key_account", "color"]
            )
        )
        by_company = defaultdict(list)
        for vals in vals_list:
            by_company[vals["company_id"]].append(vals)
        for company, rows in by_company.items():
            customers = Partner.with_company(company).browse(
                {vals["partner_id"] for vals in rows if vals.get("partner_id")}
            )
            tiers = {customer.id: customer.care_tier_id for customer in customers}
            for vals in rows:
                tier = tiers.get(vals.get("partner_id"), scale.browse())
                vals["tier_id"] = tier.id
                vals["tier_sequence"] = tier.sequence if tier else LAST
                vals["priority"] = vals.get("priority") or self._priority_of(
                    tier, scale
                )

    @api.model
    def _priority_of(self, tier, scale):
        """High for the best tier and key accounts, important for the next one"""
        own = scale.filtered(lambda other: other.company_id == tier.company_id)
        rank = own.ids.index(tier.id) if tier in own else len(own)
        if tier.id in self.env["care.tier"]._best_ids():
            return "2"
        return "1" if rank == 1 else "0"

    def write(self, vals):
        if KEPT & set(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "Number, tier and clocks of a complaint follow from its ledger. "
                    "Move the complaint, or enter an event."
                )
            )
        if "stage_id" in vals and not vals["stage_id"]:
            raise UserError(self.env._("A complaint is always in a stage. Choose one."))
        if "received_at" in vals and not self.env.su:
            moment = fields.Datetime.to_datetime(vals["received_at"])
            if any(complaint.received_at != moment for complaint in self):
                raise UserError(
                    self.env._(
                        "The reception has started the clocks and stays as it is. A "
                        "manager of the team can enter an earlier one by hand."
                    )
                )
        stages = (
            {complaint.id: complaint.stage_id for complaint in self}
            if vals.get("stage_id")
            else {}
        )
        result = super().write(vals)
        if stages:
            self._on_stage_change(stages)
        if MATCHING & set(vals):
            self._apply_policies()
        return result

    # ------------------------------------------------------------
    # Ledger
    # ------------------------------------------------------------

    def _ledger(self):
        """{id of a complaint: [(instant, kind)]} in one query"""
        self.env["care.complaint.event"].flush_model()
        ledger = {id_: [] for id_ in self.ids}
        for complaint, at, kind in self.env.execute_query(
            SQL(
                "SELECT complaint_id, at, kind FROM care_complaint_event"
                " WHERE complaint_id = ANY(%s) ORDER BY at, id",
                self.ids,
            )
        ):
            ledger[complaint].append((at, kind))
        return ledger

    def _append(self, rows, reason=None, by_hand=False):
        """Write events of these complaints and let clocks and moments follow.

        :param rows: [(complaint, kind, instant)] in the order they happened
        """
        if rows:
            self._write_events(rows, reason, by_hand)
            changed = self.browse({complaint.id for complaint, _kind, _at in rows})
            changed._replay_sla(anew=by_hand)
        self._set_moments()

    @api.model
    def _write_events(self, rows, reason=None, by_hand=False):
        self.env["care.complaint.event"].sudo().create(
            [
                {
                    "complaint_id": complaint.id,
                    "kind": kind,
                    "at": at,
                    "user_id": self.env.uid,
                    "reason": reason,
                    "by_hand": by_hand,
                }
                for complaint, kind, at in rows
            ]
        )

    def _begin_ledger(self, told=None):
        """The reception, and what the stage means, unless the ledger has it already.

        :param told: those that were created with events
        :return: the ledger of these new complaints, as :meth:`_ledger` reads it
        :raise UserError: an event lies before the reception or in the future
        """
        now = fields.Datetime.now()
        nothing = self.env["care.stage"]
        ledger = defaultdict(list, told._ledger() if told else {})
        rows = []
        for complaint in self:
            events = ledger[complaint.id]
            for at, _kind in events:
                complaint._check_past(at)
            if (complaint.received_at, "received") not in events:
                rows.append((complaint, "received", complaint.received_at))
            known = {kind for _at, kind in events}
            rows += [
                (complaint, kind, now)
                for kind in self._events_between(nothing, complaint.stage_id)
                if kind not in known
            ]
        self._write_events(rows)
        for complaint, kind, at in rows:
            ledger[complaint.id].append((at, kind))
        done = (*RESOLVED_PHASES, *CLOSED_PHASES)
        ended = self.filtered(lambda complaint: complaint.phase in done)
        if moved := ended | (told or self.browse()):
            moved._set_moments(new=True)
        return ledger

    def _check_past(self, at):
        """:raise UserError: it lies before the reception or in the future"""
        if at > fields.Datetime.now():
            raise UserError(self.env._("It cannot have happened in the future."))
        if at < self.received_at:
            raise UserError(
                self.env._("Nothing happens before the complaint was received.")
            )

    @api.model
    def _events_between(self, old, new):
        """What a change of stage means for the clocks"""
        if old.pauses_sla and not new.pauses_sla:
            yield "resumed"
        was, is_now = (stage.phase in RESOLVED_PHASES for stage in (old, new))
        if new.phase == "cancelled" and old.phase != "cancelled":
            yield "cancelled"
        elif is_now and not was:
            yield "resolved"
        elif (was or old.phase == "cancelled") and not (
            is_now or new.phase == "cancelled"
        ):
            yield "reopened"
        if new.pauses_sla and not old.pauses_sla:
            yield "paused"

    def _on_stage_change(self, old):
        now = fields.Datetime.now()
        rows = [
            (complaint, kind, now)
            for complaint in self
            for kind in self._events_between(old[complaint.id], complaint.stage_id)
        ]
        moved = self.filtered(lambda complaint: complaint.stage_id != old[complaint.id])
        moved._message_log_batch(
            {
                complaint.id: f"{old[complaint.id].name} → {complaint.stage_id.name}"
                for complaint in moved
            }
        )
        moved._append(rows)

    def _set_moments(self, new=False):
        """When it was replied to, resolved and closed, and how often reopened: from the
        ledger, and from the stage.

        :param new: their ledger has just begun; who is closed has been so since the
            last event
        """
        now = fields.Datetime.now()
        ledger = self._ledger()
        for complaint in self:
            replied = resolved = None
            reopened = 0
            for at, kind in ledger[complaint.id]:
                if kind == "replied":
                    replied = replied or at
                elif kind == "resolved":
                    resolved = resolved or at
                elif kind == "reopened":
                    reopened += resolved is not None
                    resolved = None
            closed_at = None
            if complaint.phase in CLOSED_PHASES:
                last = ledger[complaint.id][-1][0] if new else now
                closed_at = complaint.closed_at or last
            values = {
                "replied_at": replied,
                "resolved_at": resolved,
                "closed_at": closed_at,
                "reopen_count": reopened,
            }
            for name, value in values.items():
                if (complaint[name] or None) != (value or None):
                    complaint.sudo()[name] = value

    # ------------------------------------------------------------
    # Policies and clocks
    # ------------------------------------------------------------

    def _apply_policies(self, ledger=None):
        """Start the clocks of all policies that match; those that match no longer and
        are still running become cancelled (rule 8).

        :param ledger: that of new complaints, which have no clocks yet
        """
        Status = self.env["care.sla.status"].sudo()
        Policy = self.env["care.sla.policy"]
        policies = Policy._all()
        known = {
            (status.complaint_id.id, status.policy_id.id): status
            for status in Status.search(
                [("complaint_id", "in", [] if ledger is not None else self.ids)]
            )
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
        begun = Status.create(missing)
        (begun | Status.browse(changed))._replay(anew=True, ledger=ledger)
        self._sum_up_sla()

    def _case(self):
        """The complaint as policies see it"""
        return Case(
            company=self.company_id.id,
            team=self.team_id.id or 0,
            tier=self.tier_id.id or 0,
            categories=frozenset(self.category_id._ancestors()),
            kind=self.kind,
            priority=self.priority or "0",
        )

    def _replay_sla(self, anew=False):
        """Replay all clocks of these complaints, and sum them up."""
        clocks = self.env["care.sla.status"].sudo()
        clocks.search([("complaint_id", "in", self.ids)])._replay(anew=anew)
        self._sum_up_sla()

    def _sum_up_sla(self):
        """Deadline and state of complaints, from those of their clocks. A late clock
        counts as open until the customer has what is owed."""
        if not self:
            return
        names = ["sla_deadline", "sla_warn_at", "sla_paused", "sla_result"]
        self.flush_recordset()
        self.env["care.sla.status"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_complaint complaint
                   SET sla_deadline = clocks.deadline, sla_warn_at = clocks.warn_at,
                       sla_paused = clocks.paused, sla_result = clocks.result
                  FROM (SELECT c.id,
                               MIN(s.deadline) FILTER (WHERE s.over IS NOT TRUE)
                                   AS deadline,
                               MIN(s.warn_at) FILTER (WHERE s.over IS NOT TRUE)
                                   AS warn_at,
                               COALESCE(BOOL_OR(s.paused)
                                   FILTER (WHERE s.over IS NOT TRUE), FALSE) AS paused,
                               CASE WHEN BOOL_OR(s.deadline < COALESCE(s.reached_at,
                                                               'infinity'))
                                         FILTER (WHERE s.over) THEN 'missed'
                                    WHEN BOOL_OR(s.reached_at IS NOT NULL
                                                 AND s.cancelled IS NOT TRUE)
                                         THEN 'met' END AS result
                          FROM care_complaint c
                     LEFT JOIN care_sla_status s ON s.complaint_id = c.id
                         WHERE c.id = ANY(%s)
                      GROUP BY c.id) AS clocks
                 WHERE complaint.id = clocks.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(names, flush=False)

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_take(self):
        self.write({"user_id": self.env.uid})

    def action_reply_given(self):
        """For a reply on the phone or at a visit: it counts from now."""
        self.check_access("write")
        now = fields.Datetime.now()
        self._append([(complaint, "replied", now) for complaint in self])

    def action_close(self):
        stage = self.env["care.stage"]._first("closed")
        self.filtered(lambda complaint: not complaint.closed_at).write(
            {"stage_id": stage.id}
        )

    def action_reopen(self):
        stage = self.env["care.stage"]._first("investigate", "record")
        self.filtered(
            lambda complaint: complaint.phase in (*RESOLVED_PHASES, "cancelled")
        ).write({"stage_id": stage.id})

    def _add_event_by_hand(self, kind, at, reason):
        """Enter what happened, back-dated too. It moves no stage.

        :raise AccessError: neither a manager of the team nor an administrator
        :raise UserError: no reason, or it makes no sense
        """
        self.ensure_one()
        self.check_access("write")
        allowed = self.env.user.has_group("customer_care.group_manager") or (
            self.env.user == self.team_id.sudo().manager_id
        )
        if not allowed:
            raise AccessError(
                self.env._(
                    "Events are entered by hand by the manager of the team or an "
                    "administrator of Customer Care."
                )
            )
        if kind not in BY_HAND:
            label = dict(EVENT_KINDS).get(kind, kind)
            raise UserError(self.env._("“%s” cannot be entered by hand.", label))
        if not (reason or "").strip():
            raise UserError(self.env._("Give a reason: it stays in the ledger."))
        if kind != "received":
            self._check_past(at)
        elif at > self.received_at:
            raise UserError(
                self.env._("By hand the reception can only be moved back in time.")
            )
        self._append([(self, kind, at)], reason=reason.strip(), by_hand=True)
        if kind == "received":
            self.sudo().received_at = at

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Who records a complaint and handles it has been subscribed already."""
        if (
            followers_existing_policy == "update"
            and updated_values.get("user_id") == self.env.uid
        ):
            updated_values = {**updated_values, "user_id": False}
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy=followers_existing_policy
        )

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self and self._is_reply(message):
            self._append([(self, "replied", fields.Datetime.now())])
        return message

    def _is_reply(self, message):
        """Rule 5: a message of an internal user that goes to the customer"""
        if (
            message.message_type not in ("comment", "email_outgoing", "notification")
            or message.subtype_id != self.env.ref("mail.mt_comment")
            or message.is_internal
            or self.replied_at
            or not self.env.user._is_internal()
            or self.env.uid == api.SUPERUSER_ID
        ):
            return False
        reached = message.sudo().notified_partner_ids | message.partner_ids
        return self.partner_id in reached.commercial_partner_id
