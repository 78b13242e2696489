from odoo import api, fields, models
from odoo.tools.misc import clean_context


class CareProtectionLog(models.Model):
    """Log of exports, changes of owner, moves and deletions of customers. Only the app
    writes it; nobody can change it."""

    _name = "care.protection.log"
    _description = "Protection Log"
    _order = "date desc, id desc"
    _rec_name = "summary"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("export", "Export"),
            ("refused", "Export Refused"),
            ("owner", "Owner Change"),
            ("handover", "Handover"),
            ("archive", "Archiving"),
            ("move", "Move to Another Customer"),
            ("merge", "Merge"),
            ("delete", "Deletion"),
            ("author", "Author Change"),
        ],
        required=True,
        readonly=True,
    )
    count = fields.Integer("Customers", readonly=True)
    summary = fields.Char(readonly=True)
    details = fields.Text(readonly=True)

    _user_idx = models.Index("(user_id, date DESC)")

    @api.model
    def _log(self, kind, count, summary, details=None):
        """Ignores context defaults, such as an old date, which would evade the export
        limit. A company that has switched card protection
        off keeps no log.

        :return: the line, or none
        """
        if not self.env["res.groups"]._has_care_feature("protection"):
            return self
        context = clean_context(self.env.context)
        log = self.sudo().with_context(context)  # pylint: disable=context-overridden
        return log.create(
            {
                "kind": kind,
                "count": count,
                "summary": summary,
                "details": details,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
            }
        )

    @api.model
    def _exported_lately(self):
        """How many customers the user has exported within 24 hours."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=24)
        [(total,)] = self.sudo()._read_group(
            [
                ("kind", "=", "export"),
                ("user_id", "=", self.env.uid),
                ("date", ">=", since),
            ],
            [],
            ["count:sum"],
        )
        return total or 0

    def _notify_manager(self):
        """Schedule an activity about a refused export for the manager of each
        company."""
        Partner = self.env["res.partner"]
        for entry in self:
            manager = entry.company_id._care_manager()
            if manager and manager != entry.user_id:
                self.env["mail.activity"].sudo().create(
                    {
                        "activity_type_id": self.env.ref(
                            "mail.mail_activity_data_warning"
                        ).id,
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": entry.user_id.partner_id.id,
                        "user_id": manager.id,
                        "summary": Partner._care_in_language_of(
                            manager
                        )._care_export_text(entry.user_id, entry.count),
                        "note": entry.details,
                    }
                )
