from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..core.base import UNLOCKED
from .care_complaint_stage import CLOSED_PHASES

SPLIT_EVENT_KINDS = ("replied", "paused", "resumed")
"""Events that also count for a part that is split off later"""


class CareComplaint(models.Model):
    """Related complaints, and parts that are split off and handled separately."""

    _inherit = "care.complaint"

    linked_ids = fields.Many2many(
        "care.complaint",
        "care_complaint_link_rel",
        "complaint_id",
        "linked_id",
        "Related Complaints",
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
        copy=False,
        check_company=True,
        help="The link is shown on both complaints.",
    )
    split_from_id = fields.Many2one(
        "care.complaint",
        "Part of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        linking = [
            complaint.id
            for complaint, vals in zip(complaints, vals_list, strict=True)
            if vals.get("linked_ids")
        ]
        self.browse(linking)._mirror_links(self.browse())
        return complaints

    def write(self, vals):
        if "linked_ids" not in vals:
            return super().write(vals)
        before = self.sudo().linked_ids.sudo(False)
        result = super().write(vals)
        self._mirror_links(before)
        return result

    def _mirror_links(self, before):
        """Make links symmetric and remove links of a complaint to itself. Users can
        link only complaints that they can read.

        :param before: complaints linked to any of these before the change
        """
        if not self:
            return
        (self.sudo().linked_ids.sudo(False) - before).check_access("read")
        self.flush_recordset(["linked_ids"])
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM care_complaint_link_rel link
                 WHERE link.linked_id = ANY(%(ids)s)
                   AND (link.complaint_id = link.linked_id OR NOT EXISTS (
                           SELECT 1 FROM care_complaint_link_rel other
                            WHERE other.complaint_id = link.linked_id
                              AND other.linked_id = link.complaint_id))
                """,
                ids=self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_complaint_link_rel (complaint_id, linked_id)"
                " SELECT linked_id, complaint_id FROM care_complaint_link_rel"
                " WHERE complaint_id = ANY(%s) ON CONFLICT DO NOTHING",
                self.ids,
            )
        )
        self.invalidate_model(["linked_ids"], flush=False)

    @api.model
    def _split_from(self):
        """{name: value} of new complaints that are split off now"""
        context = self.env.context
        if context.get("care_split") is not UNLOCKED:
            return {}
        return {"split_from_id": context["care_split_from"]}

    def _split(self, subject, description=False, category=None, attachments=()):
        """Split a part off into a complaint of its own. It keeps the time of reception,
        and replies that the customer has had count for it too.

        :param attachments: those of the complaint that are copied to the part
        :return: the new complaint
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_merged()
        if self.phase in CLOSED_PHASES:
            raise UserError(
                self.env._("%s is closed. Reopen it before you split it.", self.name)
            )
        splitting = self.with_context(care_split=UNLOCKED, care_split_from=self.id)
        part = splitting.create(
            {
                "subject": subject,
                "description": description,
                "category_id": category.id if category else False,
                "partner_id": self.partner_id.id,
                "contact_id": self.contact_id.id,
                "team_id": self.team_id.id,
                "company_id": self.company_id.id,
                "user_id": self.user_id.id,
                "kind": self.kind,
                "source": self.source,
                "against_team_id": self.against_team_id.id,
                "order_id": self.order_id.id,
                "invoice_id": self.invoice_id.id,
                "received_at": self.received_at,
                "linked_ids": [Command.link(self.id)],
            }
        )
        part = part.with_env(self.env)
        part._take_over_ledger(self)
        for attachment in attachments:
            attachment.copy({"res_id": part.id, "res_model": self._name})
        self._message_log(body=self.env._("Split off: %s", part._get_html_link()))
        return part

    def _take_over_ledger(self, whole):
        rows = [
            (self, event.kind, event.at)
            for event in whole.event_ids
            if event.kind in SPLIT_EVENT_KINDS
        ]
        if whole.stage_id.pauses_sla and not self.stage_id.pauses_sla:
            rows.append((self, "resumed", fields.Datetime.now()))
        self._append(rows, reason=self.env._("As in %s", whole.name), anew=True)
