from odoo import api, models
from odoo.fields import Domain

from .care_word_frequency import KINDS


class CareComplaint(models.Model):
    """Category and team proposed from earlier complaints."""

    _inherit = "care.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        mails = [vals for vals in vals_list if vals.get("source") == "email"]
        if mails and self.env["res.groups"]._has_care_feature("knowledge"):
            for vals in mails:
                self._propose_for_mail(vals)
        return super().create(vals_list)

    @api.model
    def _propose_for_mail(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id") or [])
        company = (company or self.env.company).sudo()
        if not company.care_propose_mail:
            return
        asked = self.new(
            {"subject": vals.get("subject"), "description": vals.get("description")}
        )._asked()
        for kind, name in KINDS.items():
            if kind == "category" and vals.get(name):
                continue
            record, _share = self._proposed(company, kind, asked)
            if record:
                vals[name] = record.id

    @api.model
    def _proposed(self, company, kind, text):
        """:return: (category or team, confidence); none that is archived, or of a team
        of another company"""
        Frequency = self.env["care.word.frequency"].sudo()
        [(value, share)] = Frequency._propose(company, kind, [text])
        records = self.env[self._fields[KINDS[kind]].comodel_name].sudo()
        domain = Domain("id", "=", value)
        if kind == "team":
            domain &= Domain("company_id", "=", company.id)
        return records.search(domain, limit=1) if value else records, share

    @api.model
    def _proposals(self, text, complaint):
        """:return: [{"field", "label", "id", "name", "share"}] of what is not set yet
        and would be set otherwise"""
        company = (complaint.company_id or self.env.company).sudo()
        rows = []
        for kind, name in KINDS.items():
            record, share = self._proposed(company, kind, text)
            if not record or complaint[name] == record or complaint.closed_at:
                continue
            if kind == "category" and complaint.category_id:
                continue
            rows.append(
                {
                    "field": name,
                    "label": self._fields[name]._description_string(self.env),
                    "id": record.id,
                    "name": record.display_name,
                    "share": int(share),
                }
            )
        return rows

    def care_accept_proposal(self, name):
        """Set what is proposed for the text as it is now.

        :param name: the field
        """
        self.ensure_one()
        self.check_access("write")
        kinds = {field: kind for kind, field in KINDS.items()}
        if name not in kinds:
            return
        record, _share = self._proposed(
            self.company_id.sudo(), kinds[name], self._asked()
        )
        if record:
            self[name] = record.id
