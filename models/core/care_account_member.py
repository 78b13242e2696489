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
    _order = "role_id, is_additional, id"
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

    is_additional = fields.Boolean(
        "Additional",
        readonly=True,
        help="Shares the role with the first person, who is responsible for the "
        "contacts due.",
    )

    _partner_role_uniq = models.UniqueIndex(
        "(partner_id, role_id) WHERE is_additional IS NOT TRUE",
        "Another user already has this role for the customer, possibly in another "
        "company. Replace that user instead.",
    )
    _partner_role_user_uniq = models.UniqueIndex(
        "(partner_id, role_id, user_id)",
        "This person already has the role for the customer.",
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
        self._mark_additional(vals_list)
        members = super().create(vals_list)
        members._spread_change({})
        return members

    def write(self, vals):
        """Check the access rules again after writing, so that nobody moves a row to
        another company."""
        vals = self._care_drop_unchanged({"is_additional"}, vals)
        if "is_additional" in vals and not self.env.su:
            raise ValidationError(
                self.env._(
                    "The first person with a role is responsible. Remove that person "
                    "to let the next one take over."
                )
            )
        before = {member: (member.partner_id, member.user_id) for member in self}
        roles = {(member.partner_id, member.role_id) for member in self}
        moved = {"partner_id", "role_id"} & set(vals)
        if moved and any(self.mapped("is_additional")):
            raise ValidationError(
                self.env._(
                    "Remove the additional person and add them again with the other "
                    "role or customer."
                )
            )
        result = super().write(vals)
        if moved:
            self._promote(roles)
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
        self._promote(gone)
        partners.exists()._care_log_owners(changes)
        for partner, role in gone:
            if name := PARTNER_FIELDS.get(role.kind):
                partner.sudo()[name] = False
        self.env["care.plan.target"]._assign(partners)
        partners.exists()._care_card_changed()
        return result

    @api.model
    def _mark_additional(self, vals_list):
        """Where the role allows several people, the second one and all after it are
        additional."""
        shared = (
            self.env["care.role"]
            .sudo()
            .browse({vals.get("role_id") for vals in vals_list} - {None, False})
            .filtered("allows_several")
        )
        wanted = [vals for vals in vals_list if vals.get("role_id") in shared._ids]
        taken = {
            (partner.id, role.id)
            for partner, role in self.sudo()._read_group(
                [
                    ("partner_id", "in", [vals.get("partner_id") for vals in wanted]),
                    ("role_id", "in", shared.ids),
                ],
                ["partner_id", "role_id"],
            )
        }
        for vals in vals_list:
            key = vals.get("partner_id"), vals.get("role_id")
            vals["is_additional"] = key in taken
            if key[1] in shared._ids:
                taken.add(key)

    def _hand_to(self, user):
        """Give these roles to another person. Of those whom the person then has twice
        for a customer, the responsible one stays."""
        mine = set(self.ids)
        places = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("role_id", "in", self.role_id.filtered("allows_several").ids),
            ]
        ).filtered(lambda member: member.id in mine or member.user_id == user)
        double = self.browse()
        for people in places.grouped(
            lambda row: (row.partner_id, row.role_id)
        ).values():
            double |= people.sorted(lambda row: (row.is_additional, row.id))[1:]
        for member in double:
            member.partner_id.sudo()._message_log(
                body=self.env._(
                    "Account team, %(role)s: %(user)s has this role once now.",
                    role=member.role_id.name,
                    user=user.name,
                )
            )
        double.unlink()
        (self - double).user_id = user

    @api.model
    def _promote(self, places):
        """As superuser, let the next person be responsible where the first one has
        gone.

        :param places: pairs of customer and role
        """
        left = self.sudo().search(
            [
                ("partner_id", "in", [partner.id for partner, _role in places]),
                ("role_id", "in", [role.id for _partner, role in places]),
                ("role_id.allows_several", "=", True),
            ]
        )
        for people in left.grouped(lambda row: (row.partner_id, row.role_id)).values():
            if all(people.mapped("is_additional")):
                people.sorted("id")[:1].is_additional = False

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
