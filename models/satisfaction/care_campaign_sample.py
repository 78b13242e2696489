from collections import Counter, defaultdict
from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...tools import estimates, sampling, satisfaction
from ..card.care_relationship_history import DECISION_ROLES

MARGINS = {"score": 5, "nps": 10}
"""Points that the preview plans for"""
PLANNED_SPREAD = {"score": 25.0, "nps": 80.0}
"""Standard deviation as long as the company has few answers"""
ASSUMED_RESPONSE = 30.0
"""Percent, as long as the company has closed no campaign"""
EARLIER_CAMPAIGNS = 5


class CareCampaign(models.Model):
    """Drawing the sample: one query finds who can be asked, ``tools/sampling`` draws,
    one statement writes."""

    _inherit = "care.campaign"

    sample_help = fields.Json(compute="_compute_sample_help")

    @api.depends("state", "audience_count", "left_out", "company_id")
    def _compute_sample_help(self):
        for campaign in self:
            campaign.sample_help = (
                campaign._sample_help() if campaign.state == "sampled" else False
            )

    def _sample_help(self):
        """How many answers make figures certain within a margin, and how many have to
        be asked for that at the response rate of earlier campaigns"""
        campaign = self.sudo()
        population = campaign._population()
        earlier = campaign.search(
            Domain("company_id", "=", campaign.company_id.id)
            & Domain("state", "=", "closed")
            & Domain("audience", "=", "customers"),
            order="closed_at desc",
            limit=EARLIER_CAMPAIGNS,
        ).filtered("invited_count")
        rate = satisfaction.average(earlier.mapped("response_rate"))
        spreads = campaign._spreads()
        rows = []
        for measure, margin in MARGINS.items():
            answers = estimates.answers_needed(margin, spreads[measure], population)
            ask = ceil(100 * answers / (rate or ASSUMED_RESPONSE))
            rows.append(
                {
                    "measure": measure,
                    "margin": margin,
                    "answers": answers,
                    "ask": min(ask, population or ask),
                    "enough": population is None or ask <= population,
                }
            )
        return {
            "rows": rows,
            "response": rate or ASSUMED_RESPONSE,
            "assumed": not rate,
        }

    def _spreads(self):
        """Standard deviation of scores and NPS of the company's answers, or one to plan
        with where there are few"""
        [(scored, score, asked, nps)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE care_scored),
                       STDDEV_POP(care_score) FILTER (WHERE care_scored),
                       COUNT(care_nps), STDDEV_POP(care_nps::int)
                  FROM survey_user_input
                 WHERE care_company_id = %s AND state = 'done'
                   AND COALESCE(care_aside_reason, '') = ''
                   AND care_place_id IS NULL
                   AND NOT EXISTS (
                       SELECT FROM care_campaign campaign
                        WHERE campaign.audience = 'colleagues'
                          AND campaign.id IN (care_campaign_id,
                                              care_waiting_campaign_id))
                """,
                self.company_id.id,
            )
        )
        few = estimates.FEW_ANSWERS
        return {
            "score": score if scored >= few and score else PLANNED_SPREAD["score"],
            "nps": nps if asked >= few and nps else PLANNED_SPREAD["nps"],
        }

    def _domain(self):
        return safe_eval(self.domain or "[]", {"uid": self.env.uid})

    def _audience_domain(self):
        """Customers without their contacts, including archived ones, which are counted
        as excluded."""
        self.ensure_one()
        domain = (
            (Domain("parent_id", "=", False) | Domain("is_company", "=", True))
            & Domain("active", "in", (True, False))
            & Domain("company_id", "in", (self.company_id.id, False))
            & Domain("partner_share", "=", True)
            & Domain("ref_company_ids", "=", False)
            & Domain(self._domain())
        )
        if self.tier_ids:
            domain &= Domain("care_tier_id", "in", self.tier_ids.ids)
        if self.region_ids:
            domain &= Domain("care_region_id", "child_of", self.region_ids.ids)
        if self.manager_ids:
            domain &= Domain("care_member_ids.user_id", "in", self.manager_ids.ids)
        return domain

    # ------------------------------------------------------------
    # Sample
    # ------------------------------------------------------------

    def action_sample(self):
        """Draw the sample for the preview; nothing is sent.

        :raise UserError: the campaign has started, or the survey measures nothing
        """
        for campaign in self._checked_sudo():
            if campaign.state not in ("draft", "sampled"):
                raise UserError(
                    self.env._(
                        "The campaign “%s” has started, so its sample cannot be "
                        "changed.",
                        campaign.name,
                    )
                )
            campaign._check_survey()
            campaign._draw()

    def _forget_sample(self):
        self.env["care.invitation"].sudo().search(
            Domain("campaign_id", "in", self.ids) & Domain("state", "=", "pending")
        ).unlink()
        self.sudo().write(
            {
                "state": "draft",
                "sampled_at": False,
                "audience_count": 0,
                "left_out": False,
                "strata": False,
            }
        )

    def _draw(self):
        self.env.flush_all()
        self.lock_for_update()
        self.env.cr.execute(
            SQL("DELETE FROM care_invitation WHERE campaign_id = %s", self.id)
        )
        rows = self.env.execute_query(
            SQL("SELECT * FROM (%s) AS a", self._sql_audience())
        )
        eligible, left_out = self._split(rows)
        chosen = set(self._choose(eligible))
        self._insert_invitations([row for row in rows if row[0] in chosen])
        audience = sum(map(len, eligible.values())) + left_out.total()
        self.write(
            {
                "state": "sampled",
                "sampled_at": fields.Datetime.now(),
                "audience_count": audience,
                "left_out": dict(left_out),
                "seed_fixed": True,
                "strata": {tier or 0: len(group) for tier, group in eligible.items()},
            }
        )
        self.env["care.invitation"].invalidate_model()
        self.invalidate_recordset()

    def _split(self, rows):
        """{tier: customers that can be asked}, and how many are left out for which
        reason. Of customers with the same e-mail only the first is asked."""
        eligible, left_out, seen = defaultdict(list), Counter(), set()
        for customer, tier, hindrance, email, _contact in rows:
            twice = email and email in seen
            if reason := hindrance or (twice and "duplicate"):
                left_out[reason] += 1
            else:
                seen.add(email)
                eligible[tier].append(customer)
        return eligible, left_out

    def _choose(self, eligible):
        """Ids of the customers to ask"""
        available = sum(map(len, eligible.values()))
        wanted = self._wanted(available)
        if self.stratified and self.sample_mode != "all":
            order = sorted(eligible, key=lambda tier: tier or 0)
            drawn = satisfaction.quotas(
                {tier: len(eligible[tier]) for tier in order},
                wanted,
                self.stratum_minimum,
            )
            return [
                customer
                for tier in order
                for customer in sampling.order(self.seed, eligible[tier])[: drawn[tier]]
            ]
        everybody = [customer for group in eligible.values() for customer in group]
        if wanted >= available:
            return everybody
        return sampling.order(self.seed, everybody)[:wanted]

    def _insert_invitations(self, chosen):
        """Create all invitations in one statement.

        :param chosen: rows as of :meth:`_sql_audience`, which need not run again
        """
        if not chosen:
            return
        customers, tiers, _reasons, emails, contacts = map(
            list, zip(*chosen, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_invitation (
                    campaign_id, company_id, partner_id, contact_id, email, channel,
                    tier_id, region_id, user_id, manager_id, state,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(campaign)s, %(company)s, a.id, a.contact, a.email,
                       CASE WHEN %(channel)s <> 'email' THEN %(channel)s
                            WHEN a.email IS NULL THEN 'phone' ELSE 'email' END,
                       a.tier, customer.care_region_id, customer.user_id,
                       COALESCE(manager.user_id, customer.user_id), 'pending',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(customers)s::int[], %(contacts)s::int[],
                              %(tiers)s::int[], %(emails)s::text[])
                       AS a(id, contact, tier, email)
                  JOIN res_partner customer ON customer.id = a.id
             LEFT JOIN care_role role ON role.kind = 'manager'
             LEFT JOIN care_account_member manager
                    ON manager.partner_id = a.id AND manager.role_id = role.id
              ORDER BY a.id
                """,
                campaign=self.id,
                company=self.company_id.id,
                channel=self.channel,
                customers=customers,
                contacts=contacts,
                tiers=tiers,
                emails=emails,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    # ------------------------------------------------------------
    # Who can be asked
    # ------------------------------------------------------------

    def _sql_audience(self, source=None):
        """Rows (id, tier, reason, email, contact): a customer, why it cannot be asked
        if so, and whom to ask: of persons not asked lately the one who decides first.

        :param source: customers as a FROM item ``p``; otherwise the whole audience
        """
        if source is None:
            Partner = self.env["res.partner"].with_company(self.company_id)
            query = Partner.with_context(active_test=False)._search(
                self._audience_domain()
            )
            source = SQL(
                "(%s) AS p(id)", query.select(SQL.identifier(query.table, "id"))
            )
        return SQL(
            """
            WITH %(lists)s, person AS (%(person)s)
            SELECT customer.id, status.tier_id AS tier,
                   CASE WHEN person.refusal IS NOT NULL THEN person.refusal
                        WHEN person.contact IS NULL
                             THEN COALESCE(%(own_refusal)s, %(missing)s)
                        WHEN before.partner_id IS NOT NULL OR person.asked
                             THEN 'quarantine'
                   END AS reason,
                   person.email, person.contact
              FROM audience
              JOIN res_partner customer ON customer.id = audience.id
         LEFT JOIN person ON person.customer = customer.id
         LEFT JOIN care_partner_tier status
                ON status.partner_id = customer.id AND status.company_id = %(company)s
         LEFT JOIN (SELECT DISTINCT partner_id FROM asked) AS before
                ON before.partner_id = customer.id
          ORDER BY customer.id
            """,
            lists=self._sql_lists(source),
            company=self.company_id.id,
            person=self._sql_person(),
            missing="no_address" if self.channel == "email" else "no_phone",
            own_refusal=self._sql_refusal(SQL("customer"), SQL("customer")),
        )

    def _sql_lists(self, source):
        """The lists ``audience`` and ``asked`` that :meth:`_sql_person` reads

        :param source: customers as a FROM item ``p``
        """
        return SQL(
            """
            audience AS MATERIALIZED (SELECT p.id FROM %s),
            asked AS MATERIALIZED (%s)
            """,
            source,
            self._sql_asked_lately(fields.Datetime.now()),
        )

    def _sql_asked_lately(self, now):
        """Rows (partner_id, contact_id, email) of invitations in the quarantine. Those
        of the campaign itself are none: it may ask several persons of a customer.
        Campaigns of customers and those among colleagues do not count for each
        other."""
        complaint_days = self.company_id.care_complaint_quarantine_days
        return SQL(
            """
            SELECT partner_id, contact_id, email FROM care_invitation
             WHERE company_id = %s AND sent_at > %s
               AND (complaint_id IS NULL OR sent_at > %s)
               AND campaign_id IS DISTINCT FROM %s
               AND COALESCE(campaign_id IN (
                       SELECT id FROM care_campaign WHERE audience = 'colleagues'),
                   FALSE) = %s
            """,
            self.company_id.id,
            now - timedelta(days=self.quarantine_days),
            now - timedelta(days=complaint_days),
            self.id,
            self.audience == "colleagues",
        )

    def _sql_person(self, every=False):
        """Rows (customer, contact, email, address, role, refusal, asked) of
        ``audience``: the person to ask, who can be reached, has not refused, was not
        ``asked`` lately, and then decides first.

        :param every: all persons instead
        """
        address = {"phone": "c.phone", "sms": "c.phone_sanitized"}
        return SQL(
            """
                SELECT %(unique)s
                       c.commercial_partner_id AS customer, c.id AS contact,
                       c.email_normalized AS email, %(address)s AS address,
                       c.care_decision_role AS role,
                       %(refusal)s AS refusal,
                       met.contact_id IS NOT NULL OR written.email IS NOT NULL
                           AS asked
                  FROM audience
                  JOIN res_partner firm ON firm.id = audience.id
                  JOIN res_partner c ON c.commercial_partner_id = audience.id
             LEFT JOIN (SELECT DISTINCT contact_id FROM asked) AS met
                    ON met.contact_id = c.id
             LEFT JOIN (SELECT DISTINCT email FROM asked) AS written
                    ON written.email = c.email_normalized
                 WHERE c.active AND (c.id = audience.id OR c.type = 'contact')
                   AND (COALESCE(c.phone, '') <> '' AND %(by_phone)s
                        OR COALESCE(%(address)s, '') <> '')
              ORDER BY c.commercial_partner_id, refusal NULLS FIRST, asked,
                       COALESCE(%(address)s, '') = '', %(rank)s,
                       c.id <> c.commercial_partner_id, c.id
            """,
            unique=SQL() if every else SQL("DISTINCT ON (c.commercial_partner_id)"),
            by_phone=self.phone_without_email,
            address=SQL(address.get(self.channel, "c.email_normalized")),
            rank=self._sql_decision_rank(),
            refusal=self._sql_refusal(SQL("firm"), SQL("c")),
        )

    @api.model
    def _sql_decision_rank(self):
        return SQL(
            "CASE c.care_decision_role %s ELSE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", role, place)
                for place, (role, _label) in enumerate(DECISION_ROLES)
            ),
            len(DECISION_ROLES),
        )

    def _sql_refusal(self, customer, person):
        return self.env["care.invitation"]._sql_refusal(
            customer,
            person,
            SQL("%s::int", self.company_id.id),
            SQL("%s", self.exclude_open_complaints),
            SQL("%s", self.channel != "email"),
        )

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    def _left_out_words(self):
        """{reason: words}"""
        return {
            "complaint": self.env._("Open complaint"),
            "quarantine": self.env._("Asked in the last %s days", self.quarantine_days),
            "opted_out": self.env._("Opted out of surveys"),
            "no_address": self.env._("No e-mail address"),
            "no_phone": self.env._("No phone number"),
            "archived": self.env._("Archived"),
            "internal": self.env._("Address of a colleague"),
            "duplicate": self.env._("Same e-mail address as another customer"),
        }

    def action_view_left_out(self, reason):
        """Open customers that are excluded for a reason, e.g. to call those without
        e-mail. Evaluated now; duplicate addresses are not listed.

        :param reason: a key of :meth:`_left_out_words`
        """
        self.ensure_one()
        self.check_access("read")
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) AS a WHERE reason = %s",
                self.sudo()._sql_audience(),
                reason,
            )
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.customer_action"
        )
        return action | {
            "name": self._left_out_words().get(reason, ""),
            "domain": [("id", "in", [customer for (customer,) in rows])],
            "context": {"active_test": False},
        }
