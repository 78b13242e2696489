from odoo import api, fields, models
from odoo.exceptions import ValidationError

NO_LOG = object()
"""Value of ``care_quiet`` in the context of a caller that logs changes itself, or where
there is nothing to log. No client can send it."""
PARTNER_FIELDS = {"salesperson": "user_id", "manager": "care_manager_id"}
"""Field of the customer that a role of some kind is kept in step with."""


class CareAccountMember(models.Model):
    """The person who holds a role for a customer. Being in the team makes the customer
    one of their own."""

    _name = "care.account.member"
    _description = "Account Team Member"
    _order = "role_id, id"
    _rec_name = "user_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    role_id = fields.Many2one(
        "care.role", required=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    user_phone = fields.Char(related="user_id.partner_id.phone", string="Phone")

    _partner_role_uniq = models.UniqueIndex(
        "(partner_id, role_id)",
        "Another user already has this role for the customer, possibly in another "
        "company. Replace that user instead.",
    )
    _user_idx = models.Index("(user_id, partner_id)")

    @api.constrains("user_id")
    def _check_user(self):
        if any(member.user_id.share for member in self):
            raise ValidationError(
                self.env._("Only internal users can be in an account team.")
            )

    def copy(self, default=None):
        self._care_check_copy(default, {"partner_id", "role_id"})
        return super().copy(default)

    @api.model_create_multi
    def create(self, vals_list):
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if partner := Partner.browse(vals.get("partner_id")):
                vals["partner_id"] = partner.commercial_partner_id.id
        members = super().create(vals_list)
        members._spread_change({})
        return members

    def write(self, vals):
        """Check the access rules again after writing, so that nobody moves a row to
        another company."""
        before = {member: (member.partner_id, member.user_id) for member in self}
        roles = {(member.partner_id, member.role_id) for member in self}
        result = super().write(vals)
        if {"partner_id", "user_id"} & set(vals):
            self.check_access("write")
        if {"partner_id", "role_id", "user_id"} & set(vals):
            self._spread_change(before, roles)
        return result

    def unlink(self):
        gone = {(member.partner_id, member.role_id) for member in self}
        changes = [
            (member.partner_id, member.role_id, member.user_id, None) for member in self
        ]
        partners = self.partner_id
        result = super().unlink()
        partners.exists()._care_log_owners(changes)
        for partner, role in gone:
            if name := PARTNER_FIELDS.get(role.kind):
                partner.sudo()[name] = False
        self.env["care.plan.target"]._assign(partners)
        partners.exists()._care_card_changed()
        return result

    def _care_words(self):
        return f"{self.role_id.name}, {self.user_id.name}"

    def _spread_change(self, before, roles=()):
        """Update the customer's salesperson and account manager, its card and its open
        targets."""
        kept = {(member.partner_id, member.role_id) for member in self}
        for partner, role in set(roles) - kept:
            if name := PARTNER_FIELDS.get(role.kind):
                partner.sudo()[name] = False
        for member in self:
            name = PARTNER_FIELDS.get(member.role_id.kind)
            partner = member.partner_id.sudo()
            if name and partner[name] != member.user_id:
                partner[name] = member.user_id
        self._log_change(before)
        partners = self.partner_id.union(*(old[0] for old in before.values()))
        partners._care_card_changed()
        self.env["care.plan.target"]._assign(partners)

    def _log_change(self, before):
        """Log the change in the chatter of the customers and in the protection log."""
        if self.env.context.get("care_quiet") is NO_LOG:
            return
        changes = [
            (member.partner_id, member.role_id, old, member.user_id)
            for member in self.sorted("id")
            for old in [before.get(member, (None, None))[1]]
            if old != member.user_id
        ]
        none = self.env._("nobody")
        bodies = {}
        for partner, role, old, new in changes:
            bodies.setdefault(partner.id, []).append(
                self.env._(
                    "Account team, %(role)s: %(old)s → %(new)s",
                    role=role.name,
                    old=old.name if old else none,
                    new=new.name,
                )
            )
        if bodies:
            Partner = self.env["res.partner"].browse(bodies).sudo()
            Partner._message_log_batch(
                {partner: "; ".join(lines) for partner, lines in bodies.items()}
            )
            Partner._care_log_owners(changes)
