from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .care_reason import TierReasonWords
from .res_partner import SHARED_FIELDS, STATUS_FIELDS


class ResPartner(models.Model):
    """How the tier fields, columns of care.partner.tier, are set and searched."""

    _inherit = "res.partner"

    def _inverse_care_tier_id(self):
        """Set tiers by hand, with history and a chatter message. Only administrators of
        the app may change a value."""
        self._set_care_tier(
            {partner.commercial_partner_id: partner.care_tier_id for partner in self},
            {"code": "by_hand"},
        )

    def _inverse_care_tier_lock(self):
        wanted = {
            partner.commercial_partner_id: (
                partner.care_tier_locked_until,
                partner.care_tier_lock_reason,
            )
            for partner in self
        }
        self._set_care_lock(wanted)

    @api.model
    def _set_care_tier(self, wanted, reason):
        """Give commercial partners a tier in the current company.

        :param wanted: {commercial partner: tier}
        :param reason: a reason as in ``care.reason.mixin``
        :raise AccessError: a tier changes and the user is no administrator of the app
        """
        company = self.env.company
        Status = self.env["care.partner.tier"]
        present = self._care_status_rows([partner.id for partner in wanted], "tier_id")
        changes = [
            (partner, present[partner.id].tier_id, tier)
            for partner, tier in wanted.items()
            if present[partner.id].tier_id != tier
        ]
        if not changes:
            return
        self._check_care_manager(
            self.env._(
                "Only administrators of Customer Care can change a tier manually. "
                "Ask one, or wait for the next review."
            )
        )
        foreign = {tier for tier in wanted.values() if tier.company_id - company}
        if foreign:
            raise ValidationError(
                self.env._(
                    "The tier %(tier)s does not belong to %(company)s. Choose a "
                    "tier of that company.",
                    tier=next(iter(foreign)).display_name,
                    company=company.display_name,
                )
            )
        partners = self.browse(partner.id for partner, _old, _new in changes)
        rows = Status._get_or_create(partners, company)
        for tier in {new for _partner, _old, new in changes}:
            Status.union(
                *(rows[partner] for partner, _old, new in changes if new == tier)
            ).sudo().tier_id = tier
        self.env["care.tier.history"]._record(changes, reason, company)
        self.env["care.plan.target"]._schedule_generation()
        partners._care_card_changed()
        label = self._fields["care_tier_id"]._description_string(self.env)
        none = self.env._("none")
        words = TierReasonWords(self.env).text([reason])
        partners._message_log_batch(
            {
                partner.id: self.env._(
                    "%(field)s: %(old)s → %(new)s (%(reason)s)",
                    field=label,
                    old=old.display_name or none,
                    new=new.display_name or none,
                    reason=words,
                )
                for partner, old, new in changes
            }
        )

    @api.model
    def _set_care_lock(self, wanted):
        """Lock tiers in the current company up to a day, or unlock them.

        :param wanted: {commercial partner: (day or False, reason or False)}
        """
        Status = self.env["care.partner.tier"]
        present = self._care_status_rows(
            [partner.id for partner in wanted], "locked_until", "lock_reason"
        )
        changes = {
            partner: {"locked_until": until, "lock_reason": until and reason}
            for partner, (until, reason) in wanted.items()
            for row in [present[partner.id]]
            if (row.locked_until, row.lock_reason or False) != (until, reason or False)
        }
        if not changes:
            return
        self._check_care_manager(
            self.env._("Only administrators of Customer Care can lock a tier.")
        )
        if any(
            vals["locked_until"] and not vals["lock_reason"]
            for vals in changes.values()
        ):
            raise ValidationError(self.env._("Enter the reason for locking the tier."))
        partners = self.browse(partner.id for partner in changes)
        rows = Status._get_or_create(partners, self.env.company)
        for partner, vals in changes.items():
            rows[partner].sudo().write(vals)
        partners._message_log_batch(
            {
                partner.id: self.env._(
                    "Tier locked until %(date)s: %(reason)s",
                    date=format_date(self.env, vals["locked_until"]),
                    reason=vals["lock_reason"],
                )
                if vals["locked_until"]
                else self.env._("Tier unlocked")
                for partner, vals in changes.items()
            }
        )

    @api.model
    def _check_care_manager(self, message):
        """Check the user even in sudo mode: records that the system creates for a user
        take values from the context, which the user controls."""
        if self.env.uid != api.SUPERUSER_ID and not self.env.user.has_group(
            "customer_care.group_manager"
        ):
            raise AccessError(message)

    def _search_care_status(self, name, operator, value):
        """Condition on a column of ``care.partner.tier`` for the current company;
        customers without a row count as empty."""
        field = self._fields[name]
        self._check_field_access(field, "read")
        if isinstance(value, Domain):
            comodel = self.env[field.comodel_name]
            value = comodel._search(value, active_test=False)
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "care_currency_id":
            return SQL("%s", self.env.company.currency_id.id)
        column = STATUS_FIELDS.get(field_expr)
        if not column or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        Status = self.env["care.partner.tier"].sudo()
        shared = field_expr in SHARED_FIELDS
        customer = super()._field_to_sql(alias, "commercial_partner_id", query)
        row = query.make_alias(alias, f"care_status_{'shared' if shared else 'own'}")
        condition = SQL(
            "%s = %s AND %s = %s",
            Status._field_to_sql(row, "partner_id", query),
            customer,
            Status._field_to_sql(row, "company_id", query),
            self.env.company.id,
        )
        if not shared:
            condition = SQL(
                "%s AND %s = %s", condition, SQL.identifier(alias, "id"), customer
            )
        query.add_join("LEFT JOIN", row, Status._table, condition)
        value = Status._field_to_sql(row, column, query)
        return value if shared else SQL("COALESCE(%s, 0)", value)
