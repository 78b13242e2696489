import base64
import binascii
from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

PHOTO_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
PHOTO_LIMIT = 10
PHOTO_SIZE = 5 * 1024 * 1024
"""The browser makes a photo of 12 MB smaller than this by far."""
TEXT_LIMIT = 10_000
TEXTS = ("summary", "outcome", "competitor_note", "topic", "promise", "next_topic")
CHECK_IN = ("checked_in_at", "latitude", "longitude")
CHECK_IN_KEEPS = timedelta(hours=24)
"""Until then a report may be written, be it the next morning"""
CHOICES = ("channel", "satisfaction", "next_channel")
AFTERWARDS = timedelta(minutes=10)
"""A report begun so short a time ago is written after the contact, not at it."""


class ReportToFile(NamedTuple):
    """A report with the planned contact that it is of, if there is one"""

    values: dict
    partner: Any
    contact: Any
    target: Any
    company: Any
    written: datetime

    def new_contact(self, vals):
        """The role is that of the target, else the user's own at the customer."""
        of_target = {"role_id": self.target.role_id.id, "target_id": self.target.id}
        return {
            "partner_id": self.partner.id,
            "company_id": self.company.id,
            **(of_target if self.target else {}),
            **{name: value for name, value in vals.items() if value},
        }


class CareInteraction(models.Model):
    """Reports filed at once from plain values, with their photos and a new contact
    person, all with the user's own rights: by the report sheet, and by the page that
    works without a network."""

    _inherit = "care.interaction"

    @api.model
    def report_from_phone(self, values):
        """File the report of a contact that ends now.

        :param dict values: ``key``; ``target_id``, ``interaction_id`` or
            ``partner_id``; fields of the report; ``contact`` with the values of a new
            contact person; ``photos`` as ``{"name", "data", "is_card"}``, base64
        :return: ``id``, ``new`` (false: filed before), ``name``, ``uncounted`` and
            ``next``, the customer to go on with
        """
        self.browse().check_access("create")
        key = values.get("key")
        if not isinstance(key, str) or not 8 <= len(key) <= 64:
            raise UserError(self.env._("This report has no key. Reload the page."))
        claim, is_new = self.env["care.phone.report"]._claim(self.env.uid, key)
        if not is_new:
            return claim.interaction_id.sudo(False)._filed(new=False)
        contact, target = self._contact_to_file(values)
        partner = contact.partner_id or target.partner_id
        partner = partner or self.env["res.partner"].browse(_id(values, "partner_id"))
        self._check_may_report(partner)
        report = ReportToFile(
            values,
            partner.commercial_partner_id,
            contact,
            target,
            contact.company_id or target.company_id or self.env.company,
            fields.Datetime.now().replace(microsecond=0),
        )
        [contact] = self._file_reports([report])
        claim.interaction_id = contact
        return contact._filed(new=True)

    @api.model
    def _file_reports(self, reports):
        """:param reports: [:class:`ReportToFile`], which the user may file
        :return: their contacts in the same order
        """
        read = [self._read_report(report) for report in reports]
        contacts, new = {}, defaultdict(list)
        for place, (report, (vals, _person, _photos)) in enumerate(
            zip(reports, read, strict=True)
        ):
            if report.contact:
                report.contact.write(vals)
                contacts[place] = report.contact
            else:
                new[report.company].append((place, report.new_contact(vals)))
        for company, rows in new.items():
            made = self.with_company(company).create([vals for _place, vals in rows])
            contacts |= {
                place: contact
                for (place, _vals), contact in zip(rows, made, strict=True)
            }
        for place, (_vals, person, photos) in enumerate(read):
            contacts[place]._attach_photos(photos, person)
        return [contacts[place] for place in range(len(reports))]

    def _read_report(self, report):
        """:return: (values of the contact, new contact person, photos)"""
        photos = self._read_photos(report.values.get("photos") or [])
        vals = self._sheet_vals(report.values)
        if person := self._person_of_sheet(report.values, report.partner):
            vals["contact_id"] = person.id
        channel = vals.get("channel") or report.contact.channel or "visit"
        if checked_in := vals.get("checked_in_at"):
            vals["checked_in_at"] = min(checked_in, report.written)
            if not report.contact._is_check_in(
                channel, vals["checked_in_at"], report.written
            ):
                for name in CHECK_IN:
                    vals.pop(name, None)
        vals |= report.contact._sheet_times(
            channel, report.written, vals.get("checked_in_at")
        )
        return vals, person, photos

    def _filed(self, *, new):
        """Of no contact, if one that was filed before has been deleted"""
        following = self.env["care.plan.target"]._next_of_my_day(self.partner_id)
        return {
            "id": self.id,
            "new": new,
            "name": self.partner_id.display_name,
            "uncounted": self.uncounted_reason or False,
            "next": {
                "target_id": following.id,
                "partner_id": following.partner_id.id,
                "name": following.partner_id.display_name,
            }
            if following
            else False,
        }

    # ------------------------------------------------------------
    # Which contact
    # ------------------------------------------------------------

    def _contact_to_file(self, values):
        """:return: (the planned contact or none, the target or none)"""
        target = self.env["care.plan.target"].browse(_id(values, "target_id"))
        target.check_access("read")
        contact = self.browse(_id(values, "interaction_id"))
        if not contact and target:
            contact = target._planned_contact()
        contact.check_access("write")
        if contact and contact.state != "planned":
            raise UserError(
                self.env._(
                    "This contact has been reported already: %s", contact.display_name
                )
            )
        return contact, target

    @api.model
    def _check_may_report(self, partner):
        """Reports are filed on one's own customers, and on those nobody looks after."""
        partner.ensure_one()
        partner.check_access("read")
        team = partner.commercial_partner_id.sudo().care_member_ids.user_id
        if (
            team
            and not set(team.ids) & set(self.env.user._care_acting_ids())
            and not self.env.user.has_group("customer_care.group_user_all")
        ):
            raise AccessError(
                self.env._(
                    "You do not look after %s. Ask your manager to add you to the "
                    "account team.",
                    partner.display_name,
                )
            )

    # ------------------------------------------------------------
    # What is in it
    # ------------------------------------------------------------

    def _sheet_vals(self, values):
        """Values of the report among what was sent, checked."""
        vals = {
            name: str(values[name]).strip()[:TEXT_LIMIT]
            for name in TEXTS
            if values.get(name)
        }
        vals |= self._sheet_choices(values)
        vals["state"] = "not_met" if values.get("state") == "not_met" else "done"
        for name in ("promise_date", "next_date", "checked_in_at"):
            if value := values.get(name):
                vals[name] = self._sheet_moment(name, value)
        for name in ("latitude", "longitude"):
            if isinstance(values.get(name), int | float):
                vals[name] = values[name]
        if contact := _id(values, "contact_id"):
            vals["contact_id"] = contact
        if isinstance(purposes := values.get("purpose_ids"), list):
            chosen = self.env["care.interaction.purpose"].search(
                [("id", "in", [row for row in purposes if type(row) is int])]
            )
            vals["purpose_ids"] = [fields.Command.set(chosen.ids)]
        return vals

    def _sheet_choices(self, values):
        chosen = {name: values[name] for name in CHOICES if values.get(name)}
        for name, choice in chosen.items():
            if choice not in self._fields[name].get_values(self.env):
                raise UserError(self.env._("This is no choice: %s", choice))
        return chosen

    def _sheet_moment(self, name, value):
        kind = fields.Date if self._fields[name].type == "date" else fields.Datetime
        try:
            value = getattr(kind, f"to_{self._fields[name].type}")(value)
        except (TypeError, ValueError):
            raise UserError(self.env._("This is no time: %s", value)) from None
        return min(value, fields.Datetime.now()) if name == "checked_in_at" else value

    def _sheet_times(self, channel, written, checked_in=None):
        """A report is written when the contact has ended. It began with the check-in,
        as planned, or as long ago as usual.

        :param written: now, unless the report has waited for a network
        """
        checked_in = checked_in or self.checked_in_at
        start = checked_in if self._is_check_in(channel, checked_in, written) else None
        begun = bool(self) and self.date_start <= written
        if channel == "onsite":
            return {} if begun and not start else {"date_start": start or written}
        if not start and begun:
            return {
                "date_start": self.date_start,
                "date_end": min(self.date_end or written, written),
            }
        usual = self.new({"channel": channel})._usual_length()
        start = start or self._usual_start(written, usual)
        is_same_day = self._day(start) == self._day(written)
        return {
            "date_start": start,
            "date_end": written if is_same_day else start + usual,
        }

    def _is_check_in(self, channel, checked_in, written):
        """One that is older than a day is not of this contact, unless it is of the day
        for which that was planned, or the contact takes days."""
        if not checked_in or checked_in > written:
            return False
        if channel == "onsite" or written - checked_in <= CHECK_IN_KEEPS:
            return True
        return bool(self) and self._day(checked_in) == self._day(self.date_start)

    def _day(self, moment):
        """In the user's time zone"""
        return fields.Datetime.context_timestamp(self, moment).date()

    def _usual_start(self, now, usual):
        """Not before today"""
        today = self._day(now)
        midnight = self.env.tz.localize(datetime.combine(today, time.min))
        midnight = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        return max(now - usual, min(midnight, now))

    def _person_of_sheet(self, values, customer):
        """A contact person entered with the report"""
        person = values.get("contact") or {}
        name = str(person.get("name") or "").strip()[:200]
        if not name:
            return self.env["res.partner"]
        vals = {
            field: str(person[field]).strip()[:200]
            for field in ("function", "phone", "email")
            if person.get(field)
        }
        role = person.get("decision_role")
        Partner = self.env["res.partner"]
        if role and role in dict(Partner._care_decision_roles()):
            vals["care_decision_role"] = role
        return Partner.create({"name": name, "parent_id": customer.id, **vals})

    # ------------------------------------------------------------
    # Photos
    # ------------------------------------------------------------

    @api.model
    def _read_photos(self, photos):
        """:return: [(bytes, ending, whether it shows a business card)]"""
        if len(photos) > PHOTO_LIMIT:
            raise UserError(self.env._("A report takes up to %s photos.", PHOTO_LIMIT))
        read = []
        for photo in photos:
            try:
                raw = base64.b64decode(photo["data"], validate=True)
            except (KeyError, TypeError, ValueError, binascii.Error):
                raw = b""
            ending = PHOTO_TYPES.get(guess_mimetype(raw)) if raw else None
            if not ending:
                raise UserError(self.env._("A photo of this report is no picture."))
            if len(raw) > PHOTO_SIZE:
                raise UserError(self.env._("A photo of this report is too large."))
            read.append((raw, ending, bool(photo.get("is_card"))))
        return read

    def _attach_photos(self, photos, person):
        """Photos stay with the report, a business card with its person."""
        for number, (raw, ending, is_card) in enumerate(photos, 1):
            owner = person if is_card and person else self
            words = (
                self.env._("Business card")
                if owner == person
                else self.env._("Photo %s", number)
            )
            self.env["ir.attachment"].create(
                {
                    "name": f"{words}.{ending}",
                    "raw": raw,
                    "res_model": owner._name,
                    "res_id": owner.id,
                }
            )

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def action_done(self):
        """A report written after the contact ends when it is filed, not as long after
        it as such contacts usually take."""
        now = fields.Datetime.now().replace(microsecond=0)
        for contact in self.filtered(
            lambda row: row.state == "planned"
            and row.channel != "onsite"
            and row.date_start <= now < (row.date_end or now)
        ):
            start = contact.date_start
            unplanned = not (contact.calendar_event_id or contact.checked_in_at)
            if unplanned and now - start < AFTERWARDS:
                usual = contact.date_end - start
                start = contact._usual_start(now, usual)
            contact.write({"date_start": start, "date_end": now})
        return super().action_done()


def _id(values, name):
    """An id that was sent, or none"""
    number = values.get(name)
    return number if type(number) is int and number > 0 else []
