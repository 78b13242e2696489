from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .care_loyalty import LOYALTY_KINDS
from .res_partner import GROUP


class ResPartner(models.Model):
    """Loyalty, referrals and family of a customer."""

    _inherit = "res.partner"

    care_loyalty_kind = fields.Selection(
        LOYALTY_KINDS,
        "Kind of Loyalty",
        compute="_compute_care_loyalty_kind",
        search="_search_care_loyalty_kind",
        groups=GROUP,
        help="Confirmed by the account manager, in the current company.",
    )
    care_referral_count = fields.Integer(
        "Referrals", compute="_compute_care_referral_count", groups=GROUP
    )
    care_family_ids = fields.One2many(
        "care.family.member", "partner_id", "Family", groups=GROUP
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get("care_source_partner_id") for vals in vals_list):
            partners._follow_care_source({})
        return partners

    def write(self, vals):
        if "care_source_partner_id" not in vals:
            return super().write(vals)
        before = {
            partner.id: partner.care_source_partner_id.id for partner in self.sudo()
        }
        result = super().write(vals)
        self._follow_care_source(before)
        return result

    def _follow_care_source(self, before):
        """Keep the referrals of customers in step with "Referred by".

        :param before: {id of partner: id of the source until now}
        """
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        for partner in self.sudo():
            source, old = partner.care_source_partner_id, before.get(partner.id, False)
            if source.id == old or partner.commercial_partner_id != partner:
                continue
            rows = self.env["care.referral"].sudo()._of_customer(partner)
            open_rows = rows.filtered(
                lambda row, old=old: not row.thanked_date and row.referrer_id.id == old
            )
            if not source:
                open_rows.unlink()
            elif source in rows.referrer_id:
                continue
            elif old and open_rows:
                open_rows[0].referrer_id = source
            else:
                rows.create(partner._care_referral_values())

    def _care_referral_values(self):
        """The referral that "Referred by" stands for. Data loaded makes no to-dos."""
        loaded = self.env.uid == SUPERUSER_ID or self.env.context.get("import_file")
        source = self.care_source_partner_id
        people = source.commercial_partner_id.user_id or self.env.user
        return {
            "referrer_id": source.id,
            "referred_id": self.id,
            "date": fields.Date.context_today(self, self.create_date),
            "company_id": (self.company_id or self.env.company).id,
            "user_id": not loaded and people.id,
        }

    @api.depends_context("company", "uid")
    @api.depends("commercial_partner_id")
    def _compute_care_loyalty_kind(self):
        rows = self._care_loyalty_rows()
        none = self.env["care.loyalty"]
        for partner in self:
            customer = partner.commercial_partner_id._origin.id
            partner.care_loyalty_kind = rows.get(customer, none).kind

    def _care_loyalty_rows(self):
        return self._care_own_rows("care.loyalty")

    def _search_care_loyalty_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("company_id", "=", self.env.company.id)
        Loyalty = self.env["care.loyalty"]

        def customers(domain):
            query = Loyalty._search(mine & domain)
            return query.subselect(SQL.identifier(Loyalty._table, "partner_id"))

        kinds = [kind for kind in value if kind]
        found = Domain(
            "commercial_partner_id", "in", customers(Domain("kind", "in", kinds))
        )
        if len(kinds) < len(value):
            known = customers(Domain("kind", "!=", False))
            found |= Domain("commercial_partner_id", "not in", known)
        return found

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "care_loyalty_kind" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        row = self._care_join_own("care.loyalty", ["kind"], alias, query)
        return SQL.identifier(row, "kind")

    def _compute_care_referral_count(self):
        counts = {}
        people = self.commercial_partner_id | self.commercial_partner_id.child_ids
        for referrer, count in self.env["care.referral"]._read_group(
            [("referrer_id", "in", people.ids)], ["referrer_id"], ["__count"]
        ):
            customer = referrer.commercial_partner_id
            counts[customer] = counts.get(customer, 0) + count
        for partner in self:
            partner.care_referral_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_care_referrals(self):
        """Open what the customer has recommended, and who recommended the customer."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.referral_action"
        )
        return action | {
            "domain": [
                "|",
                ("referrer_id", "child_of", customer.id),
                ("referred_id", "child_of", customer.id),
            ],
            "context": {"default_referrer_id": self.id},
        }

    def action_open_care_loyalty(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.loyalty_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    def _care_reasons_to_call(self):
        """What somebody in the family is going to need soon"""
        reasons = super()._care_reasons_to_call()
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return reasons
        Family = self.env["care.family.member"]
        for row in Family.search(Domain("partner_id", "in", self.ids) & Family._due()):
            reasons.setdefault(
                row.partner_id,
                self.env._(
                    "%(person)s needs %(need)s about %(date)s",
                    person=row.display_name,
                    need=row.need,
                    date=format_date(self.env, row.need_date),
                ),
            )
        return reasons

    def _care_card_values(self):
        card = super()._care_card_values()
        if not card["features"]["outlook"]:
            return card
        return card | {"loyalty": self._care_loyalty_card()}

    def _care_loyalty_card(self):
        """Kind of loyalty for the card, False if nothing is known"""
        row = self._care_loyalty_rows().get(self.commercial_partner_id.id)
        kind = row and (row.kind or row.proposed_kind)
        if not kind:
            return False
        words = dict(row._fields["kind"]._description_selection(self.env))
        return {
            "kind": words[kind],
            "confirmed": row.state == "confirmed",
            "reason": row.reason,
        }
