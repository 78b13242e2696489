import re

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.phone import significant
from .care_call import PICK_UP_SECONDS

EVENTS = ("ringing", "answered", "ended")
STATE_OF_FIRST = {"ringing": "ringing", "answered": "answered", "ended": "missed"}
"""State of a call of which this is the first that is heard"""
WITHHELD = re.compile(
    r"\s*(anonymous|withheld|private|unknown|restricted|unavailable|blocked)?\s*",
    re.IGNORECASE,
)
"""What telephone systems report in place of a number"""
CHANNEL = re.compile(r"(?:\w+/)?([^-@]*)")
"""Asterisk names a channel ``PJSIP/201-0000001a``: the extension is 201."""
MAX_TEXT = 100


class CareCall(models.Model):
    """What a telephone system reports, in whatever order and however often."""

    _inherit = "care.call"

    @api.model
    def _take_event(self, system, values):
        """Note an event of a call, and tell the user at whose extension it rings.

        A repeated event changes nothing. Events that come late fill in what is missing:
        a call that has ended stays so. Moments are the server's.

        :param system: the telephone system, whose key has been checked
        :param values: ``event`` (ringing, answered, ended), ``call`` (the system's name
            of the call), ``number``, ``extension``
        :return: {"call", "state", "user": whether the extension is known}
        :raise ValueError: a value is missing or wrong; says which, to a program
        """
        event = str(values.get("event") or "").strip().lower()
        if event not in EVENTS:
            raise ValueError("event: must be ringing, answered or ended")
        reference = str(values.get("call") or "").strip()[:MAX_TEXT]
        if not reference:
            raise ValueError("call: the unique name of the call is missing")
        extension = _extension(values.get("extension"))
        user = self._user_of(system, extension)
        row = self._note(
            system, event, reference, _number(values.get("number")), extension, user
        )
        if row["new"]:
            self._tell(user, event, row)
        return {"call": row["id"], "state": row["state"], "user": bool(user)}

    @api.model
    def _user_of(self, system, extension):
        Users = self.env["res.users"].sudo()
        if not extension:
            return Users
        return Users.search(
            [
                ("care_extension", "=", extension),
                ("company_ids", "in", system.company_id.ids),
            ],
            limit=1,
        )

    @api.model
    def _note(self, system, event, reference, number, extension, user):
        """Insert or complete the row in one statement, as two events of a call may come
        at the same moment. Of several extensions the one that answers stays.

        :return: {"id", "state", "number", "new": the event changes something}
        """
        now = fields.Datetime.now()
        takes = SQL("%s AND call.answered_at IS NULL", event == "answered")
        [(id_, number, state, new)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO care_call AS call (
                    system_id, company_id, reference, number, extension, user_id,
                    %(moment)s, state, in_time,
                    create_uid, create_date, write_uid, write_date
                )
                VALUES (%(system)s, %(company)s, %(reference)s, %(number)s,
                        %(extension)s, %(user)s, %(now)s, %(state)s, 0,
                        %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (system_id, reference) DO UPDATE
                    SET number = COALESCE(call.number, EXCLUDED.number),
                        extension = CASE WHEN %(takes)s
                            THEN COALESCE(EXCLUDED.extension, call.extension)
                            ELSE COALESCE(call.extension, EXCLUDED.extension) END,
                        user_id = CASE WHEN %(takes)s
                            THEN COALESCE(EXCLUDED.user_id, call.user_id)
                            ELSE COALESCE(call.user_id, EXCLUDED.user_id) END,
                        write_date = EXCLUDED.write_date,
                        %(measured)s
                RETURNING id, number, state, %(moment)s = %(now)s
                """,
                moment=SQL.identifier(f"{event}_at"),
                system=system.id,
                company=system.company_id.id,
                reference=reference,
                number=number or None,
                extension=extension or None,
                user=user.id or None,
                now=now,
                state=STATE_OF_FIRST[event],
                uid=self.env.uid,
                takes=takes,
                measured=_measured(),
            )
        )
        call = self.sudo().browse(id_)
        call.invalidate_recordset(flush=False)
        if user and event == "ringing":  # a call may ring at several extensions
            new = user not in call.rung_user_ids
            call.rung_user_ids |= user
        return {
            "id": id_,
            "state": state,
            "number": number or False,
            "new": bool(new),
        }

    @api.model
    def _tell(self, user, event, row):
        """The browser of the user opens the hotline, which searches the caller with the
        user's own rights."""
        if user and (event == "ringing") == (row["state"] == "ringing"):
            user._bus_send(
                "customer_care.call",
                {"call_id": row["id"], "number": row["number"], "state": row["state"]},
            )


def _measured():
    """Assignments of the moments of a call that is known, the first of each kind, and
    of what follows from them. What has not been measured stays NULL, so that averages
    leave it out; a call that was answered or has ended does not ring any more."""
    answered = SQL("COALESCE(call.answered_at, EXCLUDED.answered_at)")
    ended = SQL("COALESCE(call.ended_at, EXCLUDED.ended_at)")
    ringing = SQL(
        """COALESCE(call.ringing_at, CASE WHEN call.answered_at IS NULL
            AND call.ended_at IS NULL THEN EXCLUDED.ringing_at END)"""
    )
    pick_up = _seconds(ringing, answered)
    return SQL(
        """
        ringing_at = %(ringing)s,
        answered_at = %(answered)s,
        ended_at = %(ended)s,
        state = CASE WHEN %(ended)s IS NULL AND %(answered)s IS NULL THEN 'ringing'
            WHEN %(ended)s IS NULL THEN 'answered'
            WHEN %(answered)s IS NULL THEN 'missed'
            ELSE 'ended' END,
        pick_up_seconds = %(pick_up)s,
        in_time = COALESCE((%(pick_up)s <= %(limit)s)::int, 0),
        talk_minutes = %(talk)s / 60
        """,
        ringing=ringing,
        answered=answered,
        ended=ended,
        pick_up=pick_up,
        limit=PICK_UP_SECONDS,
        talk=_seconds(answered, ended),
    )


def _seconds(start, end):
    """NULL if one of them is missing"""
    return SQL(
        "CASE WHEN %(end)s >= %(start)s THEN EXTRACT(EPOCH FROM %(end)s - %(start)s)"
        " WHEN %(end)s < %(start)s THEN 0 END",
        start=start,
        end=end,
    )


def _number(text):
    """A number as it was reported, or nothing if it is withheld"""
    text = str(text or "").strip()[:MAX_TEXT]
    return "" if WITHHELD.fullmatch(text) or not significant(text) else text


def _extension(text):
    return CHANNEL.match(str(text or "").strip()[:MAX_TEXT]).group(1).strip()
