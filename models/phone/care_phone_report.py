import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.phone_clock import Clock, from_phone
from ...tools.phone_payload import InvalidReportError, read_key, read_report

_logger = logging.getLogger(__name__)
MAX_BATCH = 50
"""Reports in one upload"""


class AlreadyReportedError(UserError):
    """The user decides: another contact, or the same one again?"""


class CarePhoneReport(models.Model):
    """Reports of the page that works without a network, which come in batches."""

    _inherit = "care.phone.report"

    note = fields.Text(help="What the user was told when it was filed.")
    version = fields.Integer(
        aggregator=None, help="Version of the page that wrote the report."
    )

    @api.model
    def _file(self, payload):
        """File reports with the user's own rights, each in a savepoint of its own.

        A report is ``filed``, or ``refused`` with a message: then the phone keeps it
        and shows it. What is temporary raises, and the phone sends the batch again.

        :param payload: as the phone sends it: ``user``, ``now``, ``version``,
            ``reports``
        :return: [{"key", "state", "id", "note" or "message"}] in the same order
        :raise UserError: another user is logged in, or this is no upload of ours
        """
        reports, phone_now = payload.get("reports"), payload.get("now")
        if payload.get("user") != self.env.uid:
            raise UserError(
                self.env._(
                    "Another user is logged in on this phone. Nothing was sent; log "
                    "in as yourself."
                )
            )
        if (
            not isinstance(reports, list)
            or len(reports) > MAX_BATCH
            or type(phone_now) not in (int, float)
            or not 0 <= phone_now < 4e12
        ):
            raise UserError(self.env._("This upload is not valid. Update the page."))
        version = payload.get("version")
        self = self.with_context(  # noqa: PLW0642
            care_phone_version=version if type(version) is int else 0
        )
        clock = Clock(fields.Datetime.now(), from_phone(phone_now))
        together = self._file_together(reports, clock)
        return [
            together.get(place) or self._file_one(values, clock)
            for place, values in enumerate(reports)
        ]

    def _file_together(self, reports, clock):
        """File what is simple in one go, which takes a third of the time: new reports
        of different customers. If one of them fails, nothing is filed here.

        :return: {place: result} of those that were filed
        """
        chosen, customers = {}, set()
        for place, values in enumerate(reports):
            try:
                report = read_report(values)
            except (InvalidReportError, AttributeError):
                continue
            if report.partner_id not in customers:
                chosen[place] = report
            customers.add(report.partner_id)
        try:
            with self.env.cr.savepoint():
                return self._file_chosen(chosen, clock) if len(chosen) > 1 else {}
        except OperationalError:  # Odoo tries the whole batch again
            raise
        except Exception:
            _logger.info("Reports from a phone are filed one by one", exc_info=True)
            return {}

    def _file_chosen(self, chosen, clock):
        rows = {}
        for place, report in chosen.items():
            row, is_new = self._claim(self.env.uid, report.key)
            if is_new:
                rows[place] = row
        prepared = {place: self._prepare(chosen[place], clock) for place in rows}
        self._file_prepared([(row, prepared[place]) for place, row in rows.items()])
        return {place: rows[place]._answer(chosen[place].key) for place in rows}

    def _file_one(self, values, clock):
        key = code = None
        try:
            key = read_key(values)
            with self.env.cr.savepoint():
                return self._file_once(read_report(values), clock)
        except InvalidReportError as error:
            message = self.env._("“%s” of this report is not valid.", error)
        except AlreadyReportedError as error:
            message, code = str(error), "reported"
        except UserError as error:
            message = str(error)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("A report from a phone was refused")
            message = self.env._(
                "This report could not be stored. Ask your administrator."
            )
        return {"key": key, "state": "refused", "message": message, "code": code}

    def _file_once(self, report, clock):
        row, is_new = self._claim(self.env.uid, report.key)
        if not is_new:
            return row._answer(report.key)
        prepared = self._prepare(report, clock)
        self._file_prepared([(row, prepared)])
        return row._answer(report.key)

    def _file_prepared(self, rows):
        """File them as the report sheet does; the rows remember what became of them.

        :param rows: [(row, :class:`Prepared`)]
        """
        for _row, prepared in rows:
            if prepared.opened:
                prepared.report.partner.care_brief_opened(prepared.opened)
        contacts = self.env["care.interaction"]._file_reports(
            [prepared.report for _row, prepared in rows]
        )
        for (row, prepared), contact in zip(rows, contacts, strict=True):
            self._date_report(contact, prepared)
            row.write(
                {
                    "interaction_id": contact.id,
                    "note": "\n".join(prepared.notes),
                    "version": self.env.context.get("care_phone_version", 0),
                }
            )

    def _answer(self, key):
        return {
            "key": key,
            "state": "filed",
            "id": self.interaction_id.id or False,
            "note": self.note or "",
        }
