from odoo import api, models
from odoo.fields import Domain


class CareOverview(models.AbstractModel):
    """Early warning on the overview: sales at risk by tier, and the hit rate. Everyone
    sees the customers that they may see."""

    _inherit = "care.overview"

    @api.model
    def get_outlook(self):
        """:return: False while the feature is off, else {"tiers": [{"id", "code",
            "color", "count", "amount"}], "count", "amount", "currency_id", "hit_rate",
            "hit_rate_id"}
        :raise AccessError: the user does not use the app
        """
        self._check_user()
        if not self._has_outlook():
            return False
        company = self.env.company
        rows = self.env["care.outlook"]._read_group(
            self._sales_at_risk(),
            ["tier_id"],
            ["__count", "year_amount:sum"],
        )
        rows.sort(key=lambda row: (not row[0], row[0].sequence, row[0].id))
        check = self._last_check()
        return {
            "tiers": [
                {
                    "id": tier.id,
                    "code": tier.code or "",
                    "color": tier.color,
                    "count": count,
                    "amount": amount,
                }
                for tier, count, amount in rows
            ],
            "count": sum(count for _tier, count, _amount in rows),
            "amount": sum(amount for _tier, _count, amount in rows),
            "currency_id": company.currency_id.id,
            "hit_rate": f"{check._period_in_words()} {check.plain_text}"
            if check
            else False,
            "hit_rate_id": check.id if check else False,
        }

    @api.model
    def open_sales_at_risk(self, tier_id=None):
        """:param tier_id: only of this tier; False: only of no tier
        :return: action that lists the customers counted
        """
        self._check_user()
        if not self._has_outlook():
            return False
        domain = self._sales_at_risk()
        if tier_id is not None:
            domain &= Domain("tier_id", "=", tier_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.outlook_risk_action"
        )
        return action | {"domain": list(domain), "context": {}}

    @api.model
    def _has_outlook(self):
        return self.env["res.groups"]._has_care_feature("outlook") and self.env[
            "care.outlook"
        ].has_access("read")

    @api.model
    def _sales_at_risk(self):
        return Domain("at_risk", "=", True) & Domain(
            "company_id", "=", self.env.company.id
        )

    @api.model
    def _last_check(self):
        """Of those who see all customers"""
        Check = self.env["care.outlook.check"]
        if not Check.has_access("read"):
            return Check
        return Check.search([("company_id", "=", self.env.company.id)], limit=1)
