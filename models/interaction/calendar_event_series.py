from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...tools.meetings import pair_by_time
from ..core.care_job import single
from .calendar_event_counted import HORIZON

BATCH = 500


class CalendarEvent(models.Model):
    """Series of meetings. When several meetings of one change, Odoo archives or deletes
    them, revives one, and creates the others anew: contacts go from the former meetings
    to those that take their place."""

    _inherit = "calendar.event"

    def _write_care_series(self, vals):
        """Write on all or the following meetings of a series."""
        series = self.recurrence_id.sudo()
        anchor = series.base_event_id or series._get_first_event()
        events = series.calendar_event_ids
        if vals["recurrence_update"] == "future_events" and self != anchor:
            anchor = self.sudo()
            events = events.filtered(lambda event: event.start >= anchor.start)
        starts = {event.id: event.start for event in events | anchor}
        contacts = (
            self.env["care.interaction"]
            .sudo()
            .search(
                [
                    ("calendar_event_id", "in", events.ids),
                    ("state", "in", ("planned", "done")),
                ]
            )
        )
        former = {row: row.calendar_event_id.start for row in contacts}
        present = anchor._care_presence()[anchor.id]
        result = self.with_context(care_no_interaction=True).write(vals)
        there = (self.sudo() | anchor | events).exists().filtered("active")
        heads = there & (self.sudo() | anchor)
        now = there | heads.recurrence_id.calendar_event_ids
        if anchor.exists():
            shift = anchor.start - starts[anchor.id]
            former = {row: start + shift for row, start in former.items()}
        self._care_relink(former, now)
        now._sync_care_interactions(
            dict.fromkeys(now.ids, present),
            now.filtered(lambda event: starts.get(event.id) not in (None, event.start)),
        )
        return result

    def _care_relink(self, former, events):
        """Give contacts to the meetings that take the place of theirs. What has been
        made or should have been stays in the past; what is ahead and has no place any
        more is cancelled.

        :param former: {contact: start of its meeting, shifted with the series}
        """
        now = fields.Datetime.now()
        past = {event.id: event.start for event in events if event.start <= now}
        ahead = {event.id: event.start for event in events if event.start > now}
        groups = defaultdict(lambda: defaultdict(dict))
        for contact, start in former.items():
            kind = "done" if contact.state == "done" else "planned"
            if start > now:
                kind = "ahead" if kind == "planned" else "kept"
            key = contact.partner_id, contact.user_id
            groups[key][kind][contact.id] = start
        Interaction = self.env["care.interaction"].sudo()
        for kinds in groups.values():
            done = pair_by_time(kinds["done"], past)
            open_past = {
                event: start
                for event, start in past.items()
                if event not in done.values()
            }
            pairs = done | pair_by_time(kinds["planned"], open_past)
            pairs |= pair_by_time(kinds["ahead"], ahead)
            for contact, event in pairs.items():
                row = Interaction.browse(contact)
                if row.calendar_event_id.id != event:
                    row.with_context(care_from_meeting=True).calendar_event_id = event
            Interaction.browse(kinds["ahead"].keys() - pairs.keys()).filtered(
                lambda row: row.state == "planned"
            )._cancel_with_meeting()

    @api.model
    @single
    def _cron_plan_care_meetings(self):
        """Daily: plan the contacts of the meetings of series that have come near."""
        if not self.env["res.groups"]._has_care_feature("visit"):
            return
        now = fields.Datetime.now()
        waiting = self.sudo().search(
            Domain(
                [
                    ("recurrence_id", "!=", False),
                    ("start", ">", now),
                    ("start", "<=", now + HORIZON),
                    ("care_interaction_ids", "=", False),
                ]
            )
            & (
                Domain("partner_ids.partner_share", "=", True)
                | Domain("res_id", "!=", False)
                | Domain("opportunity_id", "!=", False)
            )
        )
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=len(waiting))
        for ids in split_every(BATCH, waiting.ids):
            self.browse(ids)._sync_care_interactions()
            if not Cron._commit_progress(len(ids)):
                break
