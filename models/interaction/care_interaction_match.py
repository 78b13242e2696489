from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date

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
    too_soon = fields.Boolean(
        readonly=True,
        copy=False,
        help="Too soon after another contact that counts for the same target, or "
        "reported twice in the same minute.",
    )
    plan_warning = fields.Char(
        compute="_compute_plan_warning",
        help="The contact is planned too late for the contact due it was planned for.",
    )

    @api.depends("state", "date", "target_id")
    @api.depends_context("lang")
    def _compute_plan_warning(self):
        for row in self:
            target = row.target_id
            row.plan_warning = (
                row.state == "planned"
                and target.state == "open"
                and row.date
                and row.date > target.date_end
                and self.env._(
                    "On that day this contact will be missed already: it is due until "
                    "%s. Choose an earlier day, or ask for an excuse.",
                    format_date(self.env, target.date_end),
                )
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
            ["partner_id", "role_id", "company_id", "channel", "date", "date_start"],
        ):
            key = row.partner_id.id, row.role_id.id, row.company_id.id
            if key in keys:
                contacts[key][row.id] = Contact(
                    row.id,
                    row.channel,
                    row.date,
                    row.date_start.replace(second=0, microsecond=0),
                )
        return contacts

    @api.model
    def _write_targets(self, targets):
        """:param targets: {id of a contact: (id of its target or None, came it too
        soon after another one?)}"""
        if not targets:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_interaction contact
                   SET target_id = new.target_id, too_soon = new.too_soon
                  FROM unnest(%s::int[], %s::int[], %s::bool[])
                       AS new(id, target_id, too_soon)
                 WHERE contact.id = new.id
                   AND (contact.target_id IS DISTINCT FROM new.target_id
                        OR COALESCE(contact.too_soon, FALSE) <> new.too_soon)
                """,
                list(targets),
                *(list(column) for column in zip(*targets.values(), strict=True)),
            )
        )
        self.browse(targets).invalidate_recordset(
            ["target_id", "too_soon"], flush=False
        )
        self.env["care.plan.target"].invalidate_model(["interaction_ids"], flush=False)
