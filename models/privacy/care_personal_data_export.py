import json
from tempfile import SpooledTemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import api, fields, models
from odoo.models import MAGIC_COLUMNS
from odoo.tools import html2plaintext

PERSON_FIELDS = (
    *("name", "email", "phone", "street", "street2", "zip", "city", "country_id"),
    *("function", "website", "vat", "lang", "comment", "parent_id", "user_id"),
    *("create_date", "is_blacklisted"),
)
"""Odoo's own fields of a contact that are exported, beside those of the app"""
HIDDEN_FIELDS = {"access_token", "invite_token", "message_key"}
MEMORY_LIMIT = 16 * 2**20
"""Larger archives are written to a temporary file."""


class CarePersonalData(models.AbstractModel):
    """A ZIP of what is kept about a contact: ``data.json`` and the files it names."""

    _inherit = "care.personal.data"

    @api.model
    def _export(self, partner):
        """:return: an open file, at its beginning"""
        self._check(partner)
        archive = SpooledTemporaryFile(max_size=MEMORY_LIMIT)  # noqa: SIM115
        with ZipFile(archive, "w", ZIP_DEFLATED) as parts:
            data = self._export_data(partner.sudo())
            for file, name in self._export_files(partner, data.pop("sources")):
                parts.writestr(name, file.raw or b"")
                data["files"].append(name)
            parts.writestr("data.json", json.dumps(data, indent=1, ensure_ascii=False))
        archive.seek(0)
        self.env["care.protection.log"]._log(
            "export",
            1,
            self.env._("Personal data of a contact exported"),
            partner.display_name,
        )
        return archive

    def _export_data(self, partner):
        found = self._collect(partner)
        inputs = found.get("survey.user_input")
        if inputs:
            found["survey.user_input.line"] = inputs.user_input_line_ids
        if complaints := found.get("care.complaint"):
            found["care.complaint.event"] = complaints.event_ids
        records = {
            self.env["ir.model"]._get(name).name: [
                self._export_record(record) for record in rows
            ]
            for name, rows in found.items()
        }
        sources = [partner, *found.values()]
        return {
            "exported_on": fields.Datetime.to_string(fields.Datetime.now()),
            "contact": self._export_record(partner, self._person_fields(partner)),
            "records": records,
            "messages": [self._export_message(m) for m in self._messages(sources)],
            "files": [],
            "sources": sources,
        }

    def _person_fields(self, partner):
        ours = [
            name
            for name, field in partner._fields.items()
            if field._module == "customer_care" and field.store
        ]
        return [name for name in (*PERSON_FIELDS, *ours) if name in partner._fields]

    def _export_record(self, record, names=None):
        """{label of a field: value}; references by name, dates in UTC"""
        names = names or [name for name, field in record._fields.items() if field.store]
        values = {}
        for name in names:
            field = record._fields[name]
            hidden = name in HIDDEN_FIELDS or field.groups == fields.NO_ACCESS
            if hidden or field.type in ("binary", "one2many", "many2one_reference"):
                continue
            value = self._export_value(record, field)
            technical = name in MAGIC_COLUMNS and name not in ("id", "create_date")
            if not technical and value not in (False, None, "", []):
                values[name] = value
        return values

    def _export_value(self, record, field):
        value = record[field.name]
        if field.relational:
            names = value.mapped("display_name")
            return names if field.type == "many2many" else (names or [False])[0]
        if field.type == "html":
            return html2plaintext(value or "")
        if field.type in ("date", "datetime"):
            return field.to_string(value)
        return value

    def _messages(self, sources):
        Message = self.env["mail.message"].sudo()
        messages = Message
        for records in sources:
            messages |= Message.search(
                [
                    ("model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("message_type", "!=", "user_notification"),
                ],
                order="id",
            )
        return messages

    def _export_message(self, message):
        return {
            "date": fields.Datetime.to_string(message.date),
            "on": message.record_name or "",
            "author": message.author_id.name or message.email_from or "",
            "subject": message.subject or "",
            "text": html2plaintext(message.body or ""),
        }

    def _export_files(self, partner, sources):
        """Attachments of all records, and the contact's picture"""
        Attachment = self.env["ir.attachment"].sudo()
        for records in sources:
            for file in Attachment.search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)],
                order="id",
            ):
                place = records._name.replace(".", "_")
                name = (file.name or "file").replace("/", "_").replace("\\", "_")
                yield file, f"files/{place}/{file.id}-{name}"
        for file in Attachment.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", partner.id),
                ("res_field", "=", "image_1920"),
            ]
        ):
            yield file, "files/picture"
