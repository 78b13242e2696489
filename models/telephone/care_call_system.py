import secrets
from hashlib import sha256

from odoo import api, fields, models

KEY_BYTES = 32


class CareCallSystem(models.Model):
    """A telephone system that reports its calls. Its key opens nothing else."""

    _name = "care.call.system"
    _description = "Telephone System"
    _inherit = ["care.named"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    key_hash = fields.Char(groups=fields.NO_ACCESS, copy=False, index="btree_not_null")
    has_key = fields.Boolean("Has a Key", compute="_compute_has_key")
    last_call_at = fields.Datetime(
        "Last Reported",
        compute="_compute_last_call_at",
        help="When it last reported one.",
    )

    @api.depends("key_hash")
    def _compute_has_key(self):
        for system in self:
            system.has_key = bool(system.sudo().key_hash)

    def _compute_last_call_at(self):
        last = dict(
            self.env["care.call"]
            .sudo()
            ._read_group(
                [("system_id", "in", self.ids)], ["system_id"], ["create_date:max"]
            )
        )
        for system in self:
            system.last_call_at = last.get(system)

    def action_new_key(self):
        """Make a key and show it once: only its hash is kept. An older key is void."""
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_urlsafe(KEY_BYTES)
        self.sudo().key_hash = _hash(key)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %s", self.name),
            "res_model": "care.call.key",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    @api.model
    def _of_key(self, key):
        """The telephone system with this key, as superuser; empty if there is none"""
        return self.sudo().search([("key_hash", "=", _hash(key))], limit=1)


class CareCallKey(models.AbstractModel):
    """Shows a new key. Not stored, as core's keys of users."""

    _name = "care.call.key"
    _description = "Show Key of a Telephone System"

    id = fields.Id()
    key = fields.Char(readonly=True)

    @api.model_create_multi
    def create(self, _vals_list):
        """Nothing: the form saves itself when the page is left."""
        return super().create([])


def _hash(key):
    """A key is as random as a hash, which needs no salt."""
    return sha256(key.encode()).hexdigest()
