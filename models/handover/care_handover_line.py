from collections import defaultdict

from odoo import api, fields, models

from ..core.care_account_member import NO_LOG


class CareHandoverLine(models.Model):
    """One record that changed hands."""

    _name = "care.handover.line"
    _description = "Record Handed Over"
    _order = "id"
    _rec_name = "res_model"

    handover_id = fields.Many2one(
        "care.handover", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    kind = fields.Char("What", compute="_compute_kind")
    old_user_id = fields.Many2one(
        "res.users", "From", readonly=True, ondelete="set null"
    )
    new_user_id = fields.Many2one("res.users", "To", readonly=True, ondelete="set null")
    reversed = fields.Boolean("Taken Back", readonly=True)

    @api.model
    def _kinds(self):
        """{model: what its records are called}"""
        return {
            "care.account.member": self.env._("Account team roles"),
            "res.partner": self.env._("Contact persons"),
            "care.complaint": self.env._("Open complaints"),
            "care.interaction": self.env._("Planned contacts"),
            "calendar.event": self.env._("Meetings"),
            "crm.lead": self.env._("Opportunities"),
            "mail.activity": self.env._("Activities"),
        }

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_kind(self):
        kinds = self._kinds()
        for line in self:
            line.kind = kinds.get(line.res_model, line.res_model)

    def _still_there(self):
        """Lines whose record still belongs to the successor"""
        return self.filtered("old_user_id").filtered(
            lambda line: (
                record := self.env[line.res_model].browse(line.res_id)
            ).exists()
            and record.user_id == line.new_user_id
        )

    def _move(self, name):
        """Assign the records to the user in the field ``name``, without sending
        mail."""
        groups = defaultdict(list)
        for line in self:
            groups[line.res_model, line[name]].append(line.res_id)
        for (model, user), ids in groups.items():
            records = (
                self.env[model]
                .sudo()
                .with_context(
                    active_test=False,
                    care_quiet=NO_LOG,
                    care_no_interaction=True,
                    mail_auto_subscribe_no_notify=True,
                    mail_activity_quick_update=True,
                    mail_notrack=True,
                    no_mail_to_attendees=True,
                )
                .browse(ids)
            )
            self._assign(records, user)

    @api.model
    def _assign(self, records, user):
        if records._name == "calendar.event":
            records._care_change_organizer(user)
        elif records._name == "care.account.member":
            records._hand_to(user)
        else:
            records.write({"user_id": user.id})
