from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.core.care_account_member_proposal import PROPOSAL_SOURCES

ASSIGN_PEOPLE_LIMIT = 5


class CareAssign(models.TransientModel):
    """Give many customers a person for a role of their account team: one person for
    all, or for each the one found on its orders. The rights of the user apply."""

    _name = "care.assign"
    _description = "Assign Customers"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._default_partners(),
        required=True,
    )
    role_id = fields.Many2one(
        "care.role", default=lambda self: self._default_role(), required=True
    )
    source = fields.Selection(
        [
            ("user", "One person for all"),
            ("customer", "The customer's salesperson"),
            ("order", "The salesperson of the last order"),
            ("any", "The first one found: customer, order, opportunity"),
        ],
        "Person",
        default="user",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
    )
    replace = fields.Boolean(
        "Replace Present Persons",
        help="Customers that have somebody in this role get the new person too.",
    )
    summary = fields.Text("What Happens", compute="_compute_summary")

    @api.model
    def _default_partners(self):
        """The customers selected in a list of customers or of contacts due"""
        model = self.env.context.get("active_model")
        if model not in ("res.partner", "care.plan.target"):
            return False
        records = self.env[model].browse(self.env.context.get("active_ids", []))
        if model == "care.plan.target":
            records = records.partner_id
        return records.commercial_partner_id

    @api.model
    def _default_role(self):
        """The role that the selected contacts lack, else the salesperson's"""
        if self.env.context.get("active_model") == "care.plan.target":
            targets = self.env["care.plan.target"].browse(
                self.env.context.get("active_ids", [])
            )
            if role := targets.role_id[:1]:
                return role
        return self.env["care.role"].search([("kind", "=", "salesperson")], limit=1)

    @api.depends("partner_ids", "role_id", "source", "user_id", "replace")
    def _compute_summary(self):
        for wizard in self:
            if wizard.source == "user" and not wizard.user_id:
                wizard.summary = False
                continue
            found, present, nobody = wizard._proposals()
            counts = Counter(found.values())
            lines = [
                self.env._("%(person)s: %(count)s customers", person=user, count=count)
                for user, count in (
                    (user.name, count)
                    for user, count in counts.most_common(ASSIGN_PEOPLE_LIMIT)
                )
            ]
            if len(counts) > ASSIGN_PEOPLE_LIMIT:
                lines.append(
                    self.env._("and %s more people", len(counts) - ASSIGN_PEOPLE_LIMIT)
                )
            if present:
                lines.append(
                    self.env._("%s customers keep the person they have.", present)
                )
            if nobody:
                lines.append(self.env._("Nobody was found for %s customers.", nobody))
            wizard.summary = "\n".join(lines)

    def _proposals(self):
        """:return: ({customer: user}, number of customers that keep their person, and
        of those for whom nobody was found)
        """
        self.ensure_one()
        customers = self.partner_ids._origin.commercial_partner_id
        present = {
            member.partner_id: member.user_id
            for member in self.env["care.account.member"].search(
                [
                    ("partner_id", "in", customers.ids),
                    ("role_id", "=", self.role_id.id),
                    ("is_additional", "=", False),
                ]
            )
        }
        wanted = (
            customers
            if self.replace
            else customers.filtered(lambda customer: customer not in present)
        )
        if self.source == "user":
            user = self.user_id._origin
            found = dict.fromkeys(wanted, user) if user else {}
        else:
            found = self._found(wanted)
        new = {
            customer: user
            for customer, user in found.items()
            if present.get(customer) != user
        }
        nobody = len(wanted) - len(found)
        return new, len(customers) - len(new) - nobody, nobody

    def _found(self, customers):
        if not customers:
            return {}
        sources = PROPOSAL_SOURCES if self.source == "any" else (self.source,)
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, user_id FROM (%s) AS proposal"
                " WHERE user_id IS NOT NULL",
                self.env["care.account.member"]._sql_proposals(
                    SQL("SELECT unnest(%s::int[])", customers.ids),
                    self.env.company,
                    sources,
                ),
            )
        )
        Partner, User = self.env["res.partner"], self.env["res.users"]
        return {Partner.browse(partner): User.browse(user) for partner, user in rows}

    def action_confirm(self):
        """Assign, as the user: access rules decide which customers one may give away.

        :raise UserError: nothing would change
        """
        self.ensure_one()
        self.check_access("write")
        found, _present, _nobody = self._proposals()
        if not found:
            raise UserError(
                self.env._(
                    "Nobody would be assigned. Choose a person or another source, or "
                    "replace present persons."
                )
            )
        Member = self.env["care.account.member"]
        members = {
            member.partner_id: member
            for member in Member.search(
                [
                    ("partner_id", "in", [customer.id for customer in found]),
                    ("role_id", "=", self.role_id.id),
                    ("is_additional", "=", False),
                ]
            )
        }
        for user in set(found.values()):
            Member.union(
                *(members[c] for c, u in found.items() if u == user and c in members)
            )._hand_to(user)
        Member.create(
            [
                {
                    "partner_id": customer.id,
                    "role_id": self.role_id.id,
                    "user_id": user.id,
                }
                for customer, user in found.items()
                if customer not in members
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Assigned customers: %s", len(found)),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
