from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..interaction.care_interaction import REPORTED
from ..interaction.care_interaction_sheet import ReportToFile
from .care_phone_report import AlreadyReportedError

ON_TIME_DAYS = 3
"""A report sent so many days after it was written is dated by when it was written;
later ones count as reported when they came, however the phone dates them."""
NOTED_AFTER = timedelta(hours=1)


class Prepared(NamedTuple):
    """A report to be filed, and what the user is told about it"""

    report: ReportToFile
    notes: list
    opened: datetime | None
    now: datetime


class CarePhoneReport(models.Model):
    """What becomes of a report: which customer, which contact, what the user is told
    about what has changed meanwhile."""

    _inherit = "care.phone.report"

    def _prepare(self, report, clock):
        """Read what the report becomes; nothing is written yet."""
        notes = []
        partner = self._customer(report, notes)
        target = self._target(report, partner)
        planned = self._planned(report, partner, target, notes)
        written = clock.true_time(report.written, report.served, report.known)
        values = self._values(report, partner, notes)
        if report.checked_in:
            values["checked_in_at"] = clock.true_time(
                report.checked_in, known=report.known
            )
        if clock.now - written > NOTED_AFTER:
            notes.append(
                self.env._(
                    "Written on the phone on %s, sent when it was online.",
                    format_datetime(self.env, written),
                )
            )
        company = planned.company_id or target.company_id or self._company(report)
        to_file = ReportToFile(values, partner, planned, target, company, written)
        opened = report.opened and clock.true_time(report.opened, known=report.known)
        return Prepared(to_file, notes, opened, clock.now)

    # ------------------------------------------------------------
    # The customer
    # ------------------------------------------------------------

    def _customer(self, report, notes):
        """The customer, or whom it was merged into.

        :raise UserError: deleted, or not to be read by the user
        """
        partner = self.env["care.partner.merged"]._survivor(report.partner_id)
        if not partner:
            raise UserError(
                self.env._("This customer was deleted, so the report has no place.")
            )
        if not partner.has_access("read"):
            raise UserError(
                self.env._(
                    "You have no access to this customer any more. Ask your manager "
                    "where the report belongs."
                )
            )
        customer = partner.commercial_partner_id
        if partner.id != report.partner_id:
            notes.append(
                self.env._(
                    "The customer was merged into %s meanwhile.", customer.display_name
                )
            )
        if not customer.active:
            notes.append(self.env._("The customer was archived meanwhile."))
        self._note_handover(customer, notes)
        return customer

    def _note_handover(self, customer, notes):
        team = customer._care_teams().get(customer.sudo())
        people = self.env["res.users"].browse(self.env.user._care_acting_ids())
        if team and not people & team:
            notes.append(
                self.env._(
                    "%s is looking after this customer now.",
                    team._care_of_own_companies()._care_names(),
                )
            )

    def _company(self, report):
        company = self.env["res.company"].browse(report.company_id or [])
        return company if company in self.env.user.company_ids else self.env.company

    # ------------------------------------------------------------
    # The contact
    # ------------------------------------------------------------

    def _target(self, report, partner):
        target = self.env["care.plan.target"].browse(report.target_id or []).exists()
        target = target._filtered_access("read")
        return target.filtered(lambda row: row.partner_id == partner)

    def _planned(self, report, partner, target, notes):
        """The planned contact of the user that is reported, if there is still one.

        :raise UserError: it was reported elsewhere, unless the user wants another one
        """
        Interaction = self.env["care.interaction"]
        planned = Interaction.browse(report.planned_id or []).exists()
        planned = planned._filtered_access("read").filtered(
            lambda row: row.partner_id == partner and row.user_id == self.env.user
        )
        if planned.state in REPORTED and not report.again:
            raise AlreadyReportedError(
                self.env._(
                    "This contact has been reported already: %s. File it as a further "
                    "contact, or delete it.",
                    planned.display_name,
                )
            )
        if planned.state == "planned":
            return planned
        if planned.state == "cancelled":
            notes.append(self.env._("The planned contact was cancelled meanwhile."))
        if target and not report.again:
            return target._planned_contact()
        return Interaction

    def _values(self, report, partner, notes):
        values = {
            "channel": report.channel,
            "state": report.state,
            "summary": report.summary,
            "satisfaction": report.feeling,
            "promise": report.promise,
            "promise_date": report.promise and report.promise_date,
            "photos": [{"data": photo} for photo in report.photos],
        }
        if person := self._person(report, partner, notes):
            values["contact_id"] = person.id
        if report.position:
            values["latitude"], values["longitude"] = report.position
        if report.next_at and partner.active:
            values["next_date"] = report.next_at
            values["next_topic"] = report.next_topic
        elif report.next_at:
            notes.append(self.env._("The next appointment was not planned."))
        return values

    def _person(self, report, partner, notes):
        if not report.contact_id:
            return None
        person = self.env["care.partner.merged"]._survivor(report.contact_id)
        if person and person.commercial_partner_id == partner:
            return person
        notes.append(
            self.env._("The contact person no longer belongs to this customer.")
        )
        return None

    def _date_report(self, contact, prepared):
        """A report that waited for the network was written in time."""
        written = prepared.report.written
        if prepared.notes:
            contact._message_log(body="\n".join(prepared.notes))
        if prepared.now - written <= timedelta(days=ON_TIME_DAYS):
            contact.sudo().reported_at = max(written, contact.date_start)
