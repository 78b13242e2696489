from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.mail import generate_tracking_message_id

from .care_complaint_event import EVENT_KINDS
from .care_complaint_stage import CLOSED_PHASES, RESOLVED_PHASES

MANUAL_EVENT_KINDS = {
    "replied",
    "paused",
    "resumed",
    "resolved",
    "reopened",
    "received",
}


class CareComplaint(models.Model):
    """Append-only ledger of what happened to a complaint. Clocks and dates are computed
    from it."""

    _inherit = "care.complaint"

    event_ids = fields.One2many("care.complaint.event", "complaint_id", "Ledger")

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

    def _append(self, rows, reason=None, by_hand=False, anew=False):
        """Add events to the ledger and update clocks and dates.

        :param rows: [(complaint, kind, instant)] in the order they happened
        :param anew: they lie in the past, as those by hand may, and move clocks that
            are late or over too
        """
        changed = self.browse({complaint.id for complaint, _kind, _at in rows})
        self._write_events(rows, reason, by_hand)
        ledger = (self | changed)._ledger()
        # written along with the stage, before clocks are read
        self._set_moments(ledger)
        changed._replay_sla(ledger, anew=by_hand or anew)

    @api.model
    def _write_events(self, rows, reason=None, by_hand=False):
        if not rows:
            return
        ids, kinds, moments = zip(
            *((complaint.id, kind, at) for complaint, kind, at in rows), strict=True
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_complaint_event (
                    complaint_id, kind, at, user_id, reason, by_hand,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT new.id, new.kind, new.at, %(user)s, %(reason)s, %(by_hand)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(ids)s::int[], %(kinds)s::varchar[],
                              %(moments)s::timestamp[])
                       WITH ORDINALITY AS new(id, kind, at, place)
              ORDER BY new.place
                """,
                ids=list(ids),
                kinds=list(kinds),
                moments=list(moments),
                user=self.env.uid,
                reason=reason or None,
                by_hand=by_hand,
                now=fields.Datetime.now(),
            )
        )
        self.browse(ids).invalidate_recordset(["event_ids"], flush=False)

    def _begin_ledger(self, now=None, told=None):
        """Record the reception and the events of the stage, unless they are recorded.

        :param now: naive UTC, when the events of the stage happen
        :param told: complaints that were created with events
        :raise UserError: an event lies before the reception or in the future
        """
        now = now or fields.Datetime.now()
        ledger = told._ledger() if told else {}
        rows = []
        for complaint in self:
            events = ledger.get(complaint.id, ())
            for at, _kind in events:
                complaint._check_past(at)
            rows += [
                (complaint, kind, at)
                for at, kind in complaint._first_events(now, events)
            ]
        self._write_events(rows)
        done = (*RESOLVED_PHASES, *CLOSED_PHASES)
        ended = self.filtered(lambda complaint: complaint.stage_id.phase in done)
        if moved := ended | (told or self.browse()):
            moved._set_moments(moved._ledger(), new=True)

    def _first_events(self, now, known=()):
        """[(instant, kind)] of the reception and of the stage, without known events"""
        received = (self.received_at, "received")
        kinds = {kind for _at, kind in known}
        nothing = self.env["care.complaint.stage"]
        return [received][received in known :] + [
            (now, kind)
            for kind in self._events_between(nothing, self.stage_id)
            if kind not in kinds
        ]

    def _check_past(self, at):
        """:raise UserError: it lies before the reception or in the future"""
        if at > fields.Datetime.now():
            raise UserError(self.env._("An event cannot be in the future."))
        if at < self.received_at:
            raise UserError(
                self.env._("An event cannot be before the complaint was received.")
            )

    @api.model
    def _events_between(self, old, new):
        """Events to record for a change of stage"""
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
        moves = defaultdict(list)
        for complaint in self.sudo():
            if complaint.stage_id != old[complaint.id]:
                moves[old[complaint.id], complaint.stage_id].append(complaint.id)
        rows = []
        for (before, after), ids in moves.items():
            complaints = self.browse(ids)
            complaints._log_alike(f"{before.name} → {after.name}")
            kinds = list(self._events_between(before, after))
            rows += [
                (complaint, kind, now) for complaint in complaints for kind in kinds
            ]
        moved = self.browse(id_ for ids in moves.values() for id_ in ids)
        moved._append(rows, reason=moved._reason_of_move())

    def _reason_of_move(self):
        """Reason recorded in the ledger for a change of stage"""
        return

    def _log_alike(self, text):
        """Log the same note on many complaints: Odoo creates the first, and one
        statement copies it."""
        note = self[:1]._message_log(body=text)
        others = self[1:].ids
        if not others:
            return
        note.flush_recordset()
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in note._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "res_id", "message_id")
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO mail_message (res_id, message_id, %(columns)s)"
                " SELECT other.id, other.message_id, %(columns)s"
                " FROM mail_message AS note,"
                " unnest(%(others)s, %(names)s) AS other(id, message_id)"
                " WHERE note.id = %(note)s",
                columns=columns,
                others=others,
                names=[
                    generate_tracking_message_id(f"{id_}-{self._name}")
                    for id_ in others
                ],
                note=note.id,
            )
        )
        self.invalidate_recordset(["message_ids"], flush=False)

    def _set_moments(self, ledger, new=False):
        """Set the dates of reply, solution and closing and the number of reopenings
        from ledger and stage.

        :param new: the ledgers have just begun; a closed complaint was closed at its
            last event
        """
        now = fields.Datetime.now()
        alike = defaultdict(list)
        for complaint in self.sudo():
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
            if complaint.stage_id.phase in CLOSED_PHASES:
                last = ledger[complaint.id][-1][0] if new else now
                closed_at = complaint.closed_at or last
            values = {
                "replied_at": replied,
                "resolved_at": resolved,
                "closed_at": closed_at,
                "reopen_count": reopened,
            }
            changed = tuple(
                (name, value)
                for name, value in values.items()
                if (complaint[name] or None) != (value or None)
            )
            if changed:
                alike[changed].append(complaint.id)
        for changed, ids in alike.items():
            self.sudo().browse(ids).write(dict(changed))

    def _add_event_by_hand(self, kind, at, reason):
        """Record an event, which may be back-dated. The stage does not change.

        :raise AccessError: neither a manager of the team nor an administrator
        :raise UserError: no reason, or the event is not possible
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_skip():
            raise AccessError(
                self.env._(
                    "Only the team manager or an administrator of Customer Care can "
                    "enter events."
                )
            )
        if kind not in MANUAL_EVENT_KINDS:
            label = dict(EVENT_KINDS).get(kind, kind)
            raise UserError(self.env._("“%s” cannot be entered manually.", label))
        if not (reason or "").strip():
            raise UserError(self.env._("Enter a reason: it is kept in the ledger."))
        if kind != "received":
            self._check_past(at)
        elif at > self.received_at:
            raise UserError(
                self.env._("The reception can only be moved to an earlier time.")
            )
        self._append([(self, kind, at)], reason=reason.strip(), by_hand=True)
        if kind == "received":
            self.sudo().received_at = at
