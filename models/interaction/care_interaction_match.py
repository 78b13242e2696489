from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.matching import Contact


class CareInteraction(models.Model):
    """Match contacts to targets of the same customer and role, by the rules in
    ``tools/matching.py``."""

    _inherit = "care.interaction"

    target_id = fields.Many2one(
        "care.plan.target",
        "Counts for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _match_keys(self):
        return {
            (row.partner_id.id, row.role_id.id, row.company_id.id)
            for row in self
            if row.role_id
        }

    @api.model
    def _contacts_by_key(self, keys):
        """{key: {id: plain values}} of all contacts made that count"""
        contacts = defaultdict(dict)
        for row in self.sudo().search_fetch(
            [
                ("state", "=", "done"),
                ("uncounted_code", "=", False),
                ("partner_id", "in", list({key[0] for key in keys})),
                ("role_id", "in", list({key[1] for key in keys})),
            ],
            ["partner_id", "role_id", "company_id", "channel", "date", "target_id"],
        ):
            key = row.partner_id.id, row.role_id.id, row.company_id.id
            if key in keys:
                contacts[key][row.id] = Contact(row.id, row.channel, row.date)
        return contacts

    @api.model
    def _write_targets(self, targets):
        """:param targets: {id of a contact: id of its target or None}"""
        if not targets:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_interaction contact
                   SET target_id = new.target_id
                  FROM unnest(%s::int[], %s::int[]) AS new(id, target_id)
                 WHERE contact.id = new.id
                   AND contact.target_id IS DISTINCT FROM new.target_id
                """,
                list(targets),
                list(targets.values()),
            )
        )
        self.browse(targets).invalidate_recordset(["target_id"], flush=False)
        self.env["care.plan.target"].invalidate_model(["interaction_ids"], flush=False)
