from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import estimates, satisfaction, weighting
from ..tier.customer_sales import sql_year_sales
from .care_answer import LEVEL_WORDS


class CareCampaign(models.Model):
    """What the customers who answered buy: results weighted by sales, and sales at risk
    behind low scores. Of anonymous campaigns there is neither."""

    _inherit = "care.campaign"

    def _count_sales(self, answers):
        """Sales of the last 12 months at risk, and what weights by sales need

        :return: (results to show, rows of accounts), both false in an anonymous
            campaign or without answers
        """
        if self.anonymous or not answers:
            return False, []
        accounts, audience = [], {}
        for kind, *values in self.env.execute_query(self._sql_account_sales()):
            if kind == "account":
                accounts.append(values)
            else:
                audience[values[1]] = values[7]
        return self._sales_at_risk(accounts, audience), accounts

    def _sql_account_sales(self):
        """Rows (``account``, tier when asked, tier, score, nps, at risk, count, those
        with sales, sales, their squares, sales of those rated, × perceived,
        × expected), and (``audience``, …) with the sales of each tier. Customers with
        more refunds than sales count as without."""
        campaign = self.sudo().with_company(self.company_id)
        self.env["sale.order"].flush_model()
        self.env["account.move"].flush_model()
        Partner = campaign.env["res.partner"].with_context(active_test=False)
        audience = Partner._search(campaign._audience_domain())
        return SQL(
            """
            WITH sales AS MATERIALIZED (%(sales)s),
            account AS MATERIALIZED (
                SELECT account.*, status.tier_id AS present_tier, %(risk)s AS at_risk,
                       GREATEST(COALESCE(sales.amount, 0), 0)::float8 AS amount
                  FROM (%(accounts)s) AS account
             LEFT JOIN sales ON sales.partner_id = account.account
             LEFT JOIN care_partner_tier status
                    ON status.partner_id = account.account
                   AND status.company_id = %(company)s
            )
            SELECT 'account', tier_id, present_tier, score, nps, at_risk, COUNT(*),
                   COUNT(*) FILTER (WHERE amount > 0), SUM(amount),
                   SUM(amount * amount),
                   SUM(amount) FILTER (WHERE rated),
                   SUM(amount * perceived) FILTER (WHERE rated),
                   SUM(amount * expected) FILTER (WHERE rated)
              FROM account GROUP BY tier_id, present_tier, score, nps, at_risk
             UNION ALL
            SELECT 'audience', NULL, status.tier_id, NULL, NULL, NULL, COUNT(*), 0,
                   SUM(GREATEST(sales.amount, 0))::float8, 0, 0, 0, 0
              FROM sales
         LEFT JOIN care_partner_tier status
                ON status.partner_id = sales.partner_id
               AND status.company_id = %(company)s
             WHERE sales.partner_id IN (%(audience)s)
                OR sales.partner_id IN (SELECT account FROM account)
          GROUP BY status.tier_id
            """,
            sales=sql_year_sales(campaign.company_id),
            accounts=self._sql_accounts(),
            risk=self._sql_account_at_risk(),
            company=self.company_id.id,
            audience=audience.subselect(),
        )

    # ------------------------------------------------------------
    # At risk
    # ------------------------------------------------------------

    def _sales_at_risk(self, accounts, audience):
        """Sums by present tier and in all"""
        tiers = defaultdict(lambda: {"customers": 0, "amount": 0.0})
        answered = 0.0
        for _asked, tier, _score, _nps, at_risk, count, _buyers, amount, *_ in accounts:
            answered += amount
            if at_risk:
                tiers[tier]["customers"] += count
                tiers[tier]["amount"] += amount
        records = self.env["care.tier"].sudo().browse(filter(None, tiers)).sorted()
        total = sum(audience.values())
        return {
            "currency": self.company_id.sudo().currency_id.id,
            "low": self.company_id.sudo().care_low_score,
            "customers": sum(row["customers"] for row in tiers.values()),
            "amount": sum(row["amount"] for row in tiers.values()),
            "answered": answered,
            "audience": total,
            "rows": [
                tiers[key]
                | {
                    "id": key or 0,
                    "name": records.browse(key).display_name
                    if key
                    else self.env._("None"),
                    "audience": audience.get(key, 0.0),
                }
                for key in [*records.ids, *(key for key in tiers if not key)]
            ],
        }

    def action_view_at_risk(self, tier=None):
        """Open the customers behind the sales at risk.

        :param tier: id of their present tier, 0 for those without; all by default
        :raise AccessError: not for users of all customers
        :raise UserError: the campaign is anonymous
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("customer_care.group_user_all"):
            raise AccessError(
                self.env._("Only users who see all customers can see results.")
            )
        if self.anonymous:
            raise UserError(
                self.env._("Answers of an anonymous campaign lead to no customer.")
            )
        self.env["survey.user_input"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT account FROM (%s) AS account WHERE account > 0 AND %s",
                self._sql_accounts(),
                self._sql_account_at_risk(),
            )
        )
        domain = Domain("id", "in", [customer for (customer,) in rows])
        if tier is not None:
            domain &= Domain("care_tier_id", "=", int(tier) or False)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.customer_action"
        )
        return action | {
            "name": self.env._("Sales at Risk"),
            "domain": list(domain),
            "context": {"active_test": False},
        }

    # ------------------------------------------------------------
    # Weights
    # ------------------------------------------------------------

    def _weightings(self, whole, unweighted, levels, accounts):
        """The ways in which answers can be weighted, the usual one first

        :param whole: results by the usual weights
        :param unweighted: score and NPS in which each account counts the same
        :param accounts: rows of :meth:`_sql_account_sales`
        """
        same = {"ratio": whole["ratio"], "levels": levels}
        found = [
            {
                "key": "tier" if whole.get("weighted") else "answer",
                "score": whole["score"],
                "nps": whole["nps"],
            }
            | same
        ]
        if whole.get("weighted"):
            found.append({"key": "answer"} | unweighted | same)
        if by_sales := self._weigh_by_sales(whole, levels, accounts):
            found.append(by_sales)
        return found

    def _weigh_by_sales(self, whole, levels, accounts):
        """Results in which customers count by their sales. Where tiers were drawn with
        different probabilities, each customer stands for as many as its tier has for
        each that answered."""
        factors = self._stratum_factors(accounts)
        tables = {name: {} for name in ("score", "nps", "level")}
        ratio = [0.0, 0.0, 0.0]
        for tier, _now, score, nps, _risk, _count, buyers, *sums in accounts:
            factor = factors.get(tier or 0, 1.0)
            weight, squares = sums[0] * factor, sums[1] * factor * factor
            level = None if score is None else satisfaction.level(score)
            for name, value in (("score", score), ("nps", nps), ("level", level)):
                if value is not None and weight:
                    before = tables[name].get(value, weighting.NO_WEIGHTS)
                    tables[name][value] = before.plus(weight, squares, buyers)
            ratio = [
                a + factor * (b or 0) for a, b in zip(ratio, sums[2:], strict=True)
            ]
        if not tables["score"] and not tables["nps"]:
            return False
        population = self._population()
        scored, told = whole["score"]["count"], whole["nps"]["count"]
        score = weighting.mean(tables["score"], 0, 100, scored, population)
        nps = weighting.mean(tables["nps"], -100, 100, told, population)
        return {
            "key": "sales",
            "score": _plain(score),
            "nps": {name: whole["nps"][name] for name in ("promoters", "detractors")}
            | _plain(nps),
            "ratio": whole["ratio"]
            | {
                "value": satisfaction.ratio(ratio[1] / ratio[0], ratio[2] / ratio[0])
                if ratio[0]
                else None
            },
            "levels": [
                level | self._share_by_sales(tables["level"], key, scored, population)
                for level, (key, _label) in zip(levels, LEVEL_WORDS, strict=True)
            ],
            "without": sum(row[5] - row[6] for row in accounts),
        }

    def _share_by_sales(self, table, key, scored, population):
        share = weighting.share(table, key, scored, population).mean
        return {"percent": share.value or 0.0, "low": share.low, "high": share.high}

    def _stratum_factors(self, accounts):
        """{tier when asked: customers for each that answered}, relative"""
        strata = self._strata()
        if not self.stratified or len(strata) < 2:
            return {}
        answered = defaultdict(int)
        for tier, *values in accounts:
            answered[tier or 0] += values[4]
        return {
            tier: strata[tier] / count
            for tier, count in answered.items()
            if strata.get(tier)
        }


def _plain(weighed):
    return weighed.mean._asdict() | {
        "few": weighed.effective < estimates.FEW_ANSWERS,
        "effective": weighed.effective,
    }
